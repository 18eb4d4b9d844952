// Property values in their wire form: plain JSON in which a secret is a marked object and an unknown a sentinel string.
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

export const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Secret = { [signatureKey]: typeof secretSignature; value: Value };

function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Value | undefined): value is Secret {
  return isObject(value) && value[signatureKey] === secretSignature;
}

export function secret(value: Value): Value {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** Applies `change` to every value, from the inside out. */
export function mapProperties(properties: Properties, change: (value: Value) => Value): Properties {
  const mapped = (value: Value): Value => {
    if (Array.isArray(value)) return change(value.map(mapped));
    return change(isObject(value) ? mapProperties(value, change) : value);
  };
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, mapped(value)]));
}

export const unwrapSecrets = (properties: Properties) =>
  mapProperties(properties, (value) => (isSecret(value) ? value.value : value));

/** Secrets as people see them. */
export const blindSecrets = (properties: Properties) =>
  mapProperties(properties, (value) => (isSecret(value) ? "[secret]" : value));

/**
 * Marks as secret what was secret in `original` under the same name, for a provider that was given plain values: a
 * whole array if any element was secret, objects property by property.
 */
export function markSecretsLike(properties: Properties, original: Properties): Properties {
  const result: Properties = { ...properties };
  for (const [key, before] of Object.entries(original)) {
    const after = result[key];
    if (after === undefined || isSecret(after)) continue;
    const isSecretList = Array.isArray(before) && JSON.stringify(before).includes(secretSignature);
    if (isSecret(before) || isSecretList) result[key] = secret(after);
    else if (isObject(before) && isObject(after)) result[key] = markSecretsLike(after, before);
  }
  return result;
}

export function markSecretKeys(properties: Properties, keys: string[] = []): Properties {
  const marked = Object.entries(properties).filter(([key]) => keys.includes(key));
  return { ...properties, ...Object.fromEntries(marked.map(([key, value]) => [key, secret(value)])) };
}
