// How the vendors' published examples are tried: clients of each cloud, and a server that answers as the page says.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Clock } from "../../provider/base/clock";
import { createHuaweiClient } from "../../provider/huawei/client";
import { createTencentClient } from "../../provider/tencent/client";
import { createVolcengineClient } from "../../provider/volcengine/client";
import { hostsOf } from "../../provider/volcengine/hosts";

export const key = { id: "AKIDexample", secret: "exampleSecretKey0001" };
export const projectId = "0123456789abcdef0123456789abcdef";
const still: Clock = { now: async () => Date.now(), sleep: async () => {} };

export const tencent = (endpoint: string) =>
  createTencentClient(
    { credentials: { secretId: key.id, secretKey: key.secret }, region: "ap-guangzhou", endpoint },
    { clock: still },
  );
export const huawei = (endpoint: string) =>
  createHuaweiClient(
    {
      credentials: { kind: "key", accessKey: key.id, secretKey: key.secret },
      region: "eu-west-101",
      projectId,
      endpoint,
    },
    { clock: still },
  );
export const volcengine = (endpoint: string) =>
  createVolcengineClient(
    {
      credentials: { accessKey: key.id, secretKey: key.secret },
      region: "cn-beijing",
      hosts: hostsOf(endpoint, "cn-beijing"),
    },
    { clock: still },
  );

export function substituted<Value>(value: Value, real: Record<string, string> = {}): Value {
  const text = Object.entries(real).reduce(
    (left, [madeUp, name]) => left.replaceAll(JSON.stringify(madeUp), JSON.stringify(name)),
    JSON.stringify(value),
  );
  return JSON.parse(text) as Value;
}

/** A server that gives every call this answer, and keeps what it was sent. */
export async function answering(status: number, body: unknown) {
  const sent: { target: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      sent.push({ target: `${request.method} ${request.url}`, body: JSON.parse(text) });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

export interface Example {
  name: string;
  /** `real`: what takes the place of names that the page has made up. */
  call(endpoint: string, real?: Record<string, string>): Promise<object>;
  target: string;
  request: object;
  answer: object;
  reads: object;
}
