// Servers and proxies on this machine, for tests of the way to the cloud.
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { onTestFinished, vi } from "vitest";

/** Starts a server that ends with the test, and gives its port. */
export async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  await once(server.listen(0, host), "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export const startServer = (listener: Listener, host?: string) => listen(createServer(listener), host);
export const startTlsServer = (listener: Listener) => listen(createTlsServer(authority, listener));

export interface TestProxy {
  /** Such as 127.0.0.1:3128. */
  address: string;
  /** What it was asked for: `CONNECT host:port`, or a method with a whole URL and the name of Tencent's action. */
  asked: string[];
  /** What it answers to the requests that come; undefined: it lets them through to `target`. */
  refusal: (asked: string, headers: IncomingMessage["headers"]) => number | "silence" | undefined;
}

/** A proxy that brings all hosts to one port of this machine. */
export async function startProxy(target = 0, refusal: TestProxy["refusal"] = () => undefined) {
  const proxy: TestProxy = { address: "", asked: [], refusal };
  const ask = (what: string, { headers }: IncomingMessage) => {
    const text = [what, headers["x-tc-action"] ?? []].flat().join(" ");
    proxy.asked.push(text);
    return proxy.refusal(text, headers);
  };
  const server = createServer((incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const refused = ask(`${method} ${url}`, incoming);
    if (refused === "silence") return;
    if (refused !== undefined) return void outgoing.writeHead(refused).end("refused by the proxy");
    const { pathname, search } = new URL(url);
    const onward = request({ port: target, method, headers, path: pathname + search }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward.on("error", () => outgoing.destroy()));
  });
  server.on("connect", (incoming, socket) => {
    const refused = ask(`CONNECT ${incoming.url}`, incoming);
    if (refused === "silence") return;
    if (refused !== undefined)
      return void socket.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 2\r\n\r\nno`);
    const onward = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  proxy.address = `127.0.0.1:${await listen(server)}`;
  return proxy;
}

/** Sets these variables and none of the other proxy variables, until the test ends. */
export function setProxies(variables: Record<string, string>): void {
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]) {
    vi.stubEnv(name, variables[name]);
    vi.stubEnv(name.toLowerCase(), variables[name.toLowerCase()]);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Trusts the test servers' certificate until the test ends, as NODE_EXTRA_CA_CERTS does. */
export function trustAuthority(): void {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, authority.cert]);
  onTestFinished(() => setDefaultCACertificates(before));
}

/** Signed by itself, for emr.test and 127.0.0.1, until 2120. Nothing but these tests knows it. */
const authority = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRKGxxWEhdGNuVHUO
mKBrvCmFugKdxB6q39xVifLlsvWhRANCAARTdYdz4iI8pE/hiU7M+to6mRT+yKpH
6SXEl9HxOMELqiRTiM3IhvlVTEKDiTdhqKYSiluvU5VgrdGvhETK4/JX
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBdjCCAR2gAwIBAgIUcvWxYHD6euJ806bWC0MHF8cb1UYwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIZW1yLnRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEw
MDAwMDBaMBMxETAPBgNVBAMMCGVtci50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEU3WHc+IiPKRP4YlOzPraOpkU/siqR+klxJfR8TjBC6okU4jNyIb5VUxC
g4k3YaimEopbr1OVYK3Rr4REyuPyV6NNMEswDwYDVR0TAQH/BAUwAwEB/zAZBgNV
HREEEjAQgghlbXIudGVzdIcEfwAAATAdBgNVHQ4EFgQU0NIfSCGlf3dU7xU5cn6w
+w+6+p8wCgYIKoZIzj0EAwIDRwAwRAIgc5dQiXjDMz6T7HzTvRjJFaaoRfvMMtBc
p9EknqDZcrECIDPaU4ZEhFFRzFYkBtgMpBq+5e6uU0XUWjQ4TKPoe4s6
-----END CERTIFICATE-----`,
};
