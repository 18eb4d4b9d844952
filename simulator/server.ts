// The HTTP server: one port for every cloud, told apart by what their clients send.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { control } from "./control";
import type { HuaweiGateway } from "./huawei/gateway";
import type { Simulator } from "./index";
import type { TencentGateway } from "./tencent/gateway";

export interface Gateways {
  tencent: TencentGateway;
  huawei: HuaweiGateway;
}

export function createSimulatorServer(simulator: Simulator, gateways: Gateways): Server {
  const server = createServer((request, response) => {
    serve(simulator, gateways, request, response).catch((error: unknown) => {
      // A mistake in the simulator itself must not look like a cloud's answer.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`simulator: ${text}\n`);
      if (!response.headersSent) send(response, 500, { error: `The simulator failed: ${text}` });
    });
  });
  // The default of 5 s closes idle connections under clients that are about to use them again.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function serve(
  simulator: Simulator,
  { tencent, huawei }: Gateways,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? "";
  const url = new URL(request.url ?? "/", simulator.url);
  const body = await read(request);
  if (url.pathname === "/_sim" || url.pathname.startsWith("/_sim/")) {
    const { status, body: answer } = await control(simulator, method, url, body.toString("utf8"));
    send(response, status, answer);
    return;
  }
  if (isTencent(request) && url.pathname === "/") {
    const answer = await tencent.answer(method, request.headers, body);
    if (!answer) {
      request.socket.destroy();
      return;
    }
    setDate(simulator, response);
    response.setHeader("Content-Type", answer.contentType);
    response.statusCode = answer.status;
    response.end(answer.body);
    return;
  }
  if (huawei.serves(method, url.pathname, request.headers)) {
    const target = request.url ?? "/";
    const answer = await huawei.answer({ method, target, headers: request.headers, body });
    if (!answer) {
      request.socket.destroy();
      return;
    }
    setDate(simulator, response);
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.statusCode = answer.status;
    response.end(answer.body);
    return;
  }
  send(response, 404, {
    error:
      `No simulated cloud answers ${method} ${url.pathname}. ` +
      "Tencent Cloud calls are POST / with an X-TC-Action header, Huawei Cloud calls carry " +
      "X-Sdk-Date or X-Auth-Token; the control API is under /_sim/.",
  });
}

function setDate(simulator: Simulator, response: ServerResponse): void {
  response.sendDate = false;
  response.setHeader("Date", new Date(simulator.clock.now()).toUTCString());
}

function isTencent(request: IncomingMessage): boolean {
  const authorization = request.headers.authorization ?? "";
  return request.headers["x-tc-action"] !== undefined || authorization.startsWith("TC3-HMAC-SHA256");
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(body));
}
