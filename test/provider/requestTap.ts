// A server between the provider and a simulated cloud that keeps what goes over the wire, secrets and signatures too.
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A call as the cloud received it. */
export interface Sent {
  /** As the API calls it; method and path where calls have no names. */
  action: string;
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  /** Whose key signed it, and for which region. */
  account: string;
  region: string;
}

export interface Tap {
  url: string;
  sent: Sent[];
  /** The ids that the cloud's answers have told, each under the name of its field and a number. */
  ids: Map<string, string>;
  clear(): void;
  close(): void;
}

export async function startTap(target: string): Promise<Tap> {
  const { port } = new URL(target);
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    tap.sent.push(sentBy(incoming, body.toString("utf8")));
    const { method, headers, url } = incoming;
    const onward = request({ port, host: "127.0.0.1", method, headers, path: url }, async (answer) => {
      const text = await buffer(answer);
      noteIds(tap.ids, parsed(text.toString("utf8")));
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers).end(text);
    });
    onward.on("error", () => outgoing.destroy()).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const tap: Tap = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: [],
    ids: new Map(),
    clear() {
      tap.sent = [];
      tap.ids.clear();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return tap;
}

function sentBy({ method = "", url = "", headers }: IncomingMessage, body: string): Sent {
  const { pathname: path, searchParams } = new URL(url, "http://cloud");
  const query = Object.fromEntries(searchParams);
  const { authorization = "" } = headers;
  const [, account = "", scope = ""] =
    /(?:Credential|Access)=([^/,\s]+)(?:\/\d+\/([^/,]+))?/.exec(authorization) ?? [];
  const action = headers["x-tc-action"] ?? query["Action"] ?? `${method} ${path}`;
  const region = String(headers["x-tc-region"] ?? scope);
  return { action: String(action), method, path, query, body: body ? parsed(body) : {}, account, region };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function noteIds(ids: Map<string, string>, answer: unknown): void {
  if (Array.isArray(answer)) for (const item of answer) noteIds(ids, item);
  if (typeof answer !== "object" || answer === null) return;
  for (const [name, value] of Object.entries(answer)) {
    const isId = /(id|no)$/i.test(name) && (typeof value === "string" || typeof value === "number");
    if (isId && String(value).length >= 6 && !ids.has(String(value))) {
      const number = [...ids.values()].filter((told) => told.startsWith(`${name} `)).length + 1;
      ids.set(String(value), `${name} ${number}`);
    }
    noteIds(ids, value);
  }
}
