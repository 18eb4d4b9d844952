// Keys that requests of a day are signed with: they are the same for many requests, and deriving one takes longer than a
// signature.
export function createKeyCache(derive: (secretKey: string, ...scope: string[]) => Buffer): typeof derive {
  const keys = new Map<string, Buffer>();
  return (...parts) => {
    const name = JSON.stringify(parts);
    const key = keys.get(name) ?? derive(...parts);
    if (keys.size >= 100) keys.clear();
    keys.set(name, key);
    return key;
  };
}
