// The way to a host: direct, or through the proxy that the environment names. Nothing of a request leaves before its
// connection stands, so that what fails here has not reached the cloud.
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { messageOf } from "../base/errors";
import { isLoopback } from "./endpoint";
import { TransportError } from "./transportError";

export interface Route {
  dispatcher: Dispatcher;
  /** The environment variable whose proxy it goes through, unless NO_PROXY names the host. */
  variable: string | undefined;
}

const limits = { headersTimeout: 60_000, bodyTimeout: 60_000, keepAliveTimeout: 4_000 };
const shared = new Map<string, Dispatcher>();

/** `isFresh`: connections of its own, which the caller destroys; an idle one may have just been closed by the server. */
export function routeTo(url: URL, connectTimeout: number, isFresh: boolean): Route {
  const proxy = proxyFor(url);
  const variable = proxy?.variable;
  if (isFresh) return { dispatcher: makeDispatcher(proxy, connectTimeout), variable };
  const key = JSON.stringify([proxy, connectTimeout]);
  const dispatcher = shared.get(key) ?? makeDispatcher(proxy, connectTimeout);
  shared.set(key, dispatcher);
  return { dispatcher, variable };
}

interface Proxy {
  variable: string;
  url: string;
}

/** As undici has it: the lower-case variable first, and HTTP_PROXY for https too where nothing else is set. */
function proxyFor({ protocol, hostname }: URL): Proxy | undefined {
  if (isLoopback(hostname)) return undefined;
  const plain = proxyIn("http_proxy", "HTTP_PROXY");
  return protocol === "https:" ? (proxyIn("https_proxy", "HTTPS_PROXY") ?? plain) : plain;
}

function proxyIn(...names: string[]): Proxy | undefined {
  const variable = names.find((name) => process.env[name] !== undefined);
  const value = variable && process.env[variable];
  if (!variable || !value) return undefined;
  // As curl has it, http is meant where no scheme is said.
  return { variable, url: /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}` };
}

function makeDispatcher(proxy: Proxy | undefined, connectTimeout: number): Dispatcher {
  const options = { ...limits, connectTimeout };
  if (!proxy) return new Agent(options);
  try {
    // NO_PROXY is its to read.
    return new EnvHttpProxyAgent({
      ...options,
      httpProxy: proxy.url,
      httpsProxy: proxy.url,
      clientFactory: (origin, given) => tunnels(proxy, connectTimeout, new Pool(origin, given)),
      // What goes through the proxy without a tunnel would have no limits otherwise.
      factory: (origin, given) => new Pool(origin, { ...options, ...given }),
    });
  } catch {
    // Why not is left out: the value may hold a password.
    throw new TransportError(
      `${proxy.variable} does not name a usable proxy`,
      false,
      `Set ${proxy.variable} to host:port or to a URL such as http://proxy.example.com:3128, or unset it.`,
    );
  }
}

/** Connections to a proxy, whose answer to CONNECT is waited for no longer than for a connection. */
function tunnels(proxy: Proxy, connectTimeout: number, pool: Pool): Dispatcher {
  const name = `the proxy that ${proxy.variable} names`;
  const connect = pool.connect.bind(pool);
  pool.connect = (async (request: Dispatcher.ConnectOptions) => {
    const signal = AbortSignal.timeout(connectTimeout);
    const answer = await connect({ ...request, signal }).catch((error: unknown) => {
      if (signal.aborted)
        throw new TransportError(`${name} did not answer within ${connectTimeout / 1000} s`, false);
      throw notReached(error, proxy.variable, `${name}: `);
    });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { ...answer, statusCode: 200 };
    answer.socket.on("error", () => {}).destroy();
    throw refusedByProxy(answer.statusCode, proxy.variable);
  }) as Pool["connect"];
  return pool;
}

export function refusedByProxy(status: number, variable: string): TransportError {
  return new TransportError(
    `the proxy that ${variable} names refused it with HTTP ${status}`,
    false,
    `Check ${variable}, for HTTP 407 its user and password, and which hosts the proxy allows. Name the host in NO_PROXY if it can be reached without the proxy.`,
  );
}

/** What can be over by the next attempt. */
const passing = new Set([
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_SOCKET",
]);
const malformed = new Set(["UND_ERR_INVALID_ARG", "UND_ERR_NOT_SUPPORTED"]);

/** A failure before anything of the request left. */
export function notReached(error: unknown, variable: string | undefined, prefix = ""): TransportError {
  if (error instanceof TransportError) return error;
  const codes = codesOf(error);
  const message = `${prefix}${(error instanceof Error && error.message) || (codes[0] ?? messageOf(error))}`;
  if (codes.every((code) => passing.has(code))) return new TransportError(message, false);
  // Where only the name service is down, that is said with another code.
  if (codes.every((code) => code === "ENOTFOUND"))
    return new TransportError(
      message,
      false,
      "There is no host of this name: check the endpoint and the region.",
    );
  const proxy = variable ? `${variable}, ` : "";
  const remedy = codes.some((code) => malformed.has(code))
    ? "Check the region and the credentials for characters that a request cannot carry."
    : `If this network has a certificate authority of its own, set NODE_EXTRA_CA_CERTS to its PEM file before Pulumi starts. Otherwise check ${proxy}the server's certificate and this machine's clock.`;
  return new TransportError(message, false, remedy);
}

/** Where several addresses were tried, Node hands over an AggregateError with one error each. */
export function codesOf(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(codesOf);
  if (!(error instanceof Error)) return [""];
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string") return [code];
  return error.cause ? codesOf(error.cause) : [""];
}
