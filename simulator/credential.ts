// A key pair as every cloud has them.

export interface Credential {
  secretId: string;
  secretKey: string;
  /** Makes the pair temporary: the request's security token must equal it. */
  token?: string;
}
