// A stand-in cloud with somebody between it and the provider, who changes answers on their way: what no switch of the
// cloud has, such as a field in a form that is published nowhere.
import { once } from "node:events";
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: answers are changed field by field.
type Change = (answer: any) => void;

export interface Altered {
  url: string;
  /** Changes the answers to calls such as `GET /v1/…/nodes`, from now on. */
  alter(call: RegExp, change: Change): void;
}

export async function alteredCloud(cloud: string): Promise<Altered> {
  const changes: { call: RegExp; change: Change }[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const forwarded = send(new URL(url, cloud), { method, headers, agent: false });
    forwarded.on("error", () => outgoing.destroy());
    forwarded.end(await bodyOf(incoming));
    const [answer] = (await once(forwarded, "response")) as [IncomingMessage];
    let body = (await bodyOf(answer)).toString();
    const path = `${method} ${url.replace(/\?.*/, "")}`;
    for (const { change } of changes.filter(({ call }) => call.test(path))) {
      const parsed = JSON.parse(body);
      change(parsed);
      body = JSON.stringify(parsed);
    }
    const { "content-length": _, "transfer-encoding": __, ...kept } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 500, kept).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    alter: (call, change) => changes.push({ call, change }),
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
