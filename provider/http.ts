// Sends one signed request and says, when no answer came, whether it can have reached the cloud.
import { Agent, Client, type Dispatcher, EnvHttpProxyAgent, request } from "undici";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Use a connection of its own: an idle one that the server has just closed would leave the outcome in doubt. */
  freshConnection?: boolean;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
}

/** No whole answer came. `sent` is false only where the request cannot have reached the cloud. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  constructor(
    message: string,
    readonly sent: boolean,
  ) {
    super(message);
  }
}

const timeouts = { connectTimeout: 10_000, headersTimeout: 60_000, bodyTimeout: 60_000 };

let pool: Dispatcher | undefined;
const viaProxy = () =>
  ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].some((name) => process.env[name]);

function shared(): Dispatcher {
  const options = {
    connect: { timeout: timeouts.connectTimeout },
    headersTimeout: timeouts.headersTimeout,
    bodyTimeout: timeouts.bodyTimeout,
    keepAliveTimeout: 4_000,
  };
  pool ??= viaProxy() ? new EnvHttpProxyAgent(options) : new Agent(options);
  return pool;
}

function fresh(origin: string): Dispatcher {
  if (viaProxy()) return shared();
  return new Client(origin, {
    connect: { timeout: timeouts.connectTimeout },
    headersTimeout: timeouts.headersTimeout,
    bodyTimeout: timeouts.bodyTimeout,
  });
}

/** `signal`: when nobody waits for the answer any more; whether the request arrives is not known then. */
export async function send(outgoing: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const dispatcher = outgoing.freshConnection ? fresh(outgoing.url.origin) : shared();
  try {
    const response = await request(outgoing.url, {
      method: outgoing.method,
      headers: outgoing.headers,
      dispatcher,
      signal,
      ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
    });
    const text = await response.body.text();
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      headers[name] = Array.isArray(value) ? value[0] : value;
    }
    return { status: response.statusCode, headers, text };
  } catch (error) {
    throw transportError(error);
  } finally {
    if (dispatcher instanceof Client) dispatcher.destroy().catch(() => {});
  }
}

const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function transportError(error: unknown): TransportError {
  // Where several addresses were tried, Node hands over an AggregateError with one error each.
  const causes = error instanceof AggregateError ? error.errors : [error];
  const codes = causes.map((cause) => codeOf(cause));
  const sent = !codes.every((code) => code !== undefined && neverSent.has(code));
  const message = error instanceof Error && error.message ? error.message : String(codes[0] ?? error);
  return new TransportError(message, sent);
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : error.cause ? codeOf(error.cause) : undefined;
}
