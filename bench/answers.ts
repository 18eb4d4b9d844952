// A server in a process of its own, which answers every request with the JSON that is its argument.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const answer = process.argv[2] ?? "";
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(answer) };

const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(200, headers).end(answer));
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
