// Encryption of secrets in stored state. The test engine's own scheme (AES-256-GCM, key from a passphrase);
// it does not read or write the ciphertexts of the Pulumi CLI.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import {
  isSecret,
  mapProperties,
  type Properties,
  secretSignature,
  signatureKey,
  type Value,
} from "./values";

export const secretsProviderType = "pulumi-bigdata-test-engine";

export class SecretsKey {
  private readonly key: Buffer;

  constructor(passphrase: string) {
    this.key = scryptSync(passphrase, secretsProviderType, 32, { N: 1024 });
  }

  encrypt(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, nonce);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return `v1:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64")}`;
  }

  decrypt(ciphertext: string): string {
    if (!ciphertext.startsWith("v1:")) throw new Error("this secret was not encrypted by the test engine");
    const bytes = Buffer.from(ciphertext.slice(3), "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  }

  seal(properties: Properties): Properties {
    return mapProperties(properties, (value) =>
      isSecret(value)
        ? { [signatureKey]: secretSignature, ciphertext: this.encrypt(JSON.stringify(value.value)) }
        : value,
    );
  }

  open(properties: Properties): Properties {
    return mapProperties(properties, (value) => {
      if (!isSecret(value)) return value;
      const { ciphertext, plaintext } = value as unknown as { ciphertext?: string; plaintext?: string };
      const text = ciphertext === undefined ? plaintext : this.decrypt(ciphertext);
      if (text === undefined) return value;
      return { [signatureKey]: secretSignature, value: JSON.parse(text) as Value };
    });
  }
}
