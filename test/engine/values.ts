// Property values in their wire form: plain JSON in which a secret is a marked object and an unknown a
// sentinel string. The engine keeps them in this form throughout.
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownSentinels = new Set([
  unknown,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

type Secret = { [signatureKey]: typeof secretSignature; value: Value };

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Value | undefined): value is Secret {
  return isObject(value) && value[signatureKey] === secretSignature;
}

export function isUnknown(value: Value | undefined): boolean {
  return typeof value === "string" && unknownSentinels.has(value);
}

export function secret(value: Value): Value {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** Applies `change` to every value from the inside out; `undefined` drops the property or element. */
export function mapValues(value: Value, change: (value: Value) => Value | undefined): Value | undefined {
  if (Array.isArray(value)) {
    return change(
      value.map((element) => mapValues(element, change)).filter((element) => element !== undefined),
    );
  }
  if (isObject(value)) return change(mapProperties(value, change));
  return change(value);
}

export function mapProperties(
  properties: Properties,
  change: (value: Value) => Value | undefined,
): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(properties)) {
    const changed = mapValues(value, change);
    if (changed !== undefined) result[key] = changed;
  }
  return result;
}

export function unwrapSecrets(properties: Properties): Properties {
  return mapProperties(properties, (value) => (isSecret(value) ? value.value : value));
}

export function dropUnknowns(properties: Properties): Properties {
  return mapProperties(properties, (value) => (isUnknown(value) ? undefined : value));
}

/** Secrets as people see them. */
export function blindSecrets(properties: Properties): Properties {
  return mapProperties(properties, (value) => (isSecret(value) ? "[secret]" : value));
}

function contains(value: Value | undefined, matches: (value: Value | undefined) => boolean): boolean {
  if (matches(value)) return true;
  if (Array.isArray(value)) return value.some((element) => contains(element, matches));
  return isObject(value) && Object.values(value).some((element) => contains(element, matches));
}

export const containsSecret = (value: Value | undefined) => contains(value, isSecret);
export const containsUnknown = (value: Value | undefined) => contains(value, isUnknown);

/**
 * Marks as secret what was secret in `original` under the same name, for a provider that was given plain
 * values: a whole array if any element was secret, objects property by property.
 */
export function markSecretsLike(properties: Properties, original: Properties): Properties {
  const result: Properties = { ...properties };
  for (const [key, before] of Object.entries(original)) {
    const after = result[key];
    if (after === undefined || isSecret(after)) continue;
    if (isSecret(before) || (Array.isArray(before) && containsSecret(before))) result[key] = secret(after);
    else if (isObject(before) && isObject(after)) result[key] = markSecretsLike(after, before);
  }
  return result;
}

export function markSecretKeys(properties: Properties, keys: string[]): Properties {
  const result: Properties = { ...properties };
  for (const key of keys) {
    const value = result[key];
    if (value !== undefined && key !== "id") result[key] = secret(value);
  }
  return result;
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((element, index) => equal(element, b[index]));
  }
  if (isObject(a)) {
    if (!isObject(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
  }
  return a === b;
}
