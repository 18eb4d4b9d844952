// The HTTP server: one port for every cloud, told apart by what their clients send.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Gateway } from "./call";
import { control } from "./control";
import type { Simulator } from "./simulator";

export function createSimulatorServer(simulator: Simulator, gateways: Gateway[]): Server {
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
  gateways: Gateway[],
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
  const call = { method, target: request.url ?? "/", headers: request.headers, body };
  const gateway = gateways.find((one) => one.serves(call));
  if (gateway) {
    const answer = await gateway.answer(call);
    if (!answer) {
      request.socket.destroy();
      return;
    }
    response.sendDate = false;
    response.setHeader("Date", new Date(simulator.clock.now()).toUTCString());
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.statusCode = answer.status;
    response.end(answer.body);
    return;
  }
  send(response, 404, {
    error:
      `No simulated cloud answers ${method} ${url.pathname}. ` +
      "Tencent Cloud calls are POST / with an X-TC-Action header, Volcengine calls are POST / with Action " +
      "and Version in the query, Huawei Cloud calls carry X-Sdk-Date or X-Auth-Token; the control API is " +
      "under /_sim/.",
  });
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
