// A provider ends with the engine that started it.
import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { endWithEngine } from "../../provider/doors/engineWatch";

async function engine() {
  const server = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("what is under way is cancelled first, then the process ends; both once", async () => {
  const { server, address } = await engine();
  const happened: string[] = [];
  const ended = new Promise<void>((done) => {
    const exit = () => {
      happened.push("exit");
      done();
    };
    endWithEngine(() => happened.push("cancel"), [address], { every: 10, grace: 50, exit, streams: [] });
  });
  // It is looked for, and found.
  await once(server, "connection");
  expect(happened).toEqual([]);
  server.close();
  await ended;
  expect(happened).toEqual(["cancel", "exit"]);
});

test("what nobody reads any more says the same, and is written to no more", async () => {
  const { address } = await engine();
  const stream = new EventEmitter();
  const ended = new Promise<void>((exit) => {
    endWithEngine(() => {}, [address], { every: 10_000, grace: 10, exit, streams: [stream] });
  });
  stream.emit("error", new Error("EPIPE"));
  stream.emit("error", new Error("EPIPE"));
  await ended;
});
