// Property values between the wire and the handlers. On the wire a secret is a marked object and an unknown a sentinel
// text; handlers see plain values, in which unknowns stay, and secrets are marked again on the way out.
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { textsIn, unknownValue } from "../schema";

export type Properties = Record<string, unknown>;

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The values of a message as they are on the wire. */
export function wireOf(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

/** The same without marks. */
export function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (!isObject(value)) return value;
  if (value[signatureKey] === secretSignature) return plainOf(value["value"]);
  // An output value without a value is not known yet.
  if (value[signatureKey] === outputSignature)
    return value["value"] === undefined ? unknownValue : plainOf(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainOf(item)]));
}

export const plainProperties = (struct: Struct | undefined) => plainOf(wireOf(struct)) as Properties;

function isSecret(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    value[signatureKey] === secretSignature ||
    (value[signatureKey] === outputSignature && value["secret"] === true)
  );
}

function containsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isObject(value) && Object.values(value).some(containsSecret);
}

export function secret(value: unknown): unknown {
  return { [signatureKey]: secretSignature, value };
}

/**
 * Marks as secret what was secret at the same place on the wire; a list of another length as a whole. What is marked
 * already is marked once.
 */
export function markedLike(value: unknown, wire: unknown): unknown {
  if (value === undefined || isSecret(value)) return value;
  if (isSecret(wire)) return secret(plainOf(value));
  if (Array.isArray(wire)) {
    if (!containsSecret(wire)) return value;
    if (!Array.isArray(value) || value.length !== wire.length) return secret(plainOf(value));
    return value.map((item, index) => markedLike(item, wire[index]));
  }
  if (!isObject(wire) || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, markedLike(item, wire[key])]));
}

/** The texts that are secret on the wire, so that no message repeats them. */
export function secretTexts(wire: unknown): string[] {
  if (isSecret(wire)) return textsIn(plainOf(wire));
  if (Array.isArray(wire)) return wire.flatMap(secretTexts);
  return isObject(wire) ? Object.values(wire).flatMap(secretTexts) : [];
}

/**
 * A message's values: marked like those of `wires`, and as a whole where a property's name is among `secrets`. Only what
 * the wire can carry: no `undefined`, which its encoder refuses even deep down.
 */
export function structOf(
  properties: Properties,
  wires: readonly Properties[] = [],
  secrets: readonly string[] = [],
): Struct {
  const plain = JSON.parse(JSON.stringify(properties)) as Properties;
  const marked = Object.fromEntries(
    Object.entries(plain).map(([key, value]) => {
      if (secrets.includes(key)) return [key, secret(value)];
      return [key, wires.reduce<unknown>((left, wire) => markedLike(left, wire[key]), value)];
    }),
  );
  return Struct.fromJavaScript(marked as { [key: string]: JavaScriptValue });
}
