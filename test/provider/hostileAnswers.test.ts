// What a cloud, or whatever answers in its place, can send: each client tells it as an error of its own, in time, and what
// must not be done twice is sent once.
import { createServer as createTcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Caller } from "../../provider/base/context";
import { CloudError } from "../../provider/base/errors";
import { createHuaweiClient } from "../../provider/huawei/client";
import { enlarge, listNodes } from "../../provider/huawei/ddm/api";
import { createTencentClient } from "../../provider/tencent/client";
import { describeClusterNodes } from "../../provider/tencent/emr/api";
import { scaleOutInstance } from "../../provider/tencent/emr/purchaseApi";
import { createVolcengineClient } from "../../provider/volcengine/client";
import { listApplications, runApplicationAction } from "../../provider/volcengine/emr/api";
import { listen } from "./network";

type Json = Record<string, unknown>;

const secretKey = "hostileSecretKey+/=01";
const clock = { now: async () => Date.now(), sleep: async () => {} };
/** Its limit has passed, so that a look is repeated twice. */
const looking: Caller = { clock, deadline: { at: 0, hint: "" } };
const changing: Caller = { clock };

interface Cloud {
  read(url: string): Promise<Json>;
  change(url: string): Promise<Json>;
  /** A whole answer with these fields. */
  answer(fields: Json): Json;
  rows: string;
  count: string;
  failure(code: unknown, message: unknown): Json;
}

const clouds: Record<string, Cloud> = {
  tencent: {
    read: (endpoint) =>
      tencent(endpoint, looking).call(describeClusterNodes, { instanceId: "emr-12345678", nodeFlag: "all" }),
    change: (endpoint) =>
      tencent(endpoint, changing).call(scaleOutInstance, {
        ...{ instanceId: "emr-12345678", payMode: 0, timeUnit: "s", timeSpan: 3600 },
        ...{ taskCount: 1, clientToken: "t" },
      }),
    answer: (fields) => ({ Response: { RequestId: "r-1", ...fields } }),
    rows: "NodeList",
    count: "TotalCnt",
    failure: (Code, Message) => ({ Response: { RequestId: "r-1", Error: { Code, Message } } }),
  },
  huawei: {
    read: (endpoint) =>
      huawei(endpoint, looking).call(listNodes, { path: { instance: "i" }, query: { offset: 0, limit: 10 } }),
    change: (endpoint) =>
      huawei(endpoint, changing).call(enlarge, {
        path: { instance: "i" },
        body: { flavor_id: "f", node_number: 1 },
      }),
    answer: (fields) => fields,
    rows: "nodes",
    count: "total",
    failure: (errCode, externalMessage) => ({ errCode, externalMessage }),
  },
  volcengine: {
    read: (endpoint) => volcengine(endpoint, looking).call(listApplications, { clusterId: "c" }),
    change: (endpoint) =>
      volcengine(endpoint, changing).call(runApplicationAction, {
        ...{ clusterId: "c", actionName: "START", actionScope: "COMPONENT" },
        components: [{ applicationName: "a", componentNames: ["b"] }],
      }),
    answer: (Result) => ({ ResponseMetadata: { RequestId: "r-1" }, Result }),
    rows: "Items",
    count: "TotalCount",
    failure: (Code, Message) => ({ ResponseMetadata: { RequestId: "r-1", Error: { Code, Message } } }),
  },
};

const tencent = (endpoint: string, caller: Caller) =>
  createTencentClient(
    { credentials: { secretId: "id", secretKey }, region: "r", endpoint, callsPerSecond: 1e6 },
    caller,
  );
const huawei = (endpoint: string, caller: Caller) =>
  createHuaweiClient(
    {
      credentials: { kind: "key", accessKey: "id", secretKey },
      ...{ region: "r", projectId: "p", endpoint, callsPerSecond: 1e6 },
    },
    caller,
  );
const volcengine = (endpoint: string, caller: Caller) =>
  createVolcengineClient(
    {
      credentials: { accessKey: "id", secretKey },
      ...{ region: "r", hosts: { usual: new URL(endpoint) }, callsPerSecond: 1e6 },
    },
    caller,
  );

/** A server that answers each request with bytes; gives its URL and what it was asked. */
async function serve(answer: (socket: Socket, asked: number) => void) {
  const asked: string[] = [];
  const server = createTcpServer((socket) => {
    let text = "";
    socket.on("data", (data) => {
      text += data.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + length) return;
      asked.push(text);
      text = "";
      answer(socket, asked.length);
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked };
}

const http = (body: string | Buffer, headers = "", status = "200 OK") => {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${headers}content-length: ${bytes.length}\r\n\r\n`),
    bytes,
  ]);
};

const failureOf = (work: Promise<unknown>) =>
  work.then(
    (value) => expect.unreachable(`it went through: ${JSON.stringify(value)?.slice(0, 200)}`),
    (error: unknown) => error as CloudError,
  );

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** What is sent, and what the error has to say. */
const unusable: Record<string, [(cloud: Cloud, whole: string) => string | Buffer, RegExp]> = {
  "an HTML page": [() => http("<html>Log in here</html>"), /HTTP 200 without a usable body/],
  "an HTML page of a gateway that fails": [
    () => http("<html>Bad Gateway</html>", "", "502 Bad Gateway"),
    /HTTP 502/,
  ],
  "JSON that is cut off": [(_, whole) => http(whole.slice(0, -2)), /without a usable body/],
  "JSON that comes twice": [(_, whole) => http(whole + whole), /without a usable body/],
  "JSON that is no object": [() => http("[1]"), /without a usable body/],
  "invalid UTF-8": [
    (cloud) =>
      http(
        Buffer.from(
          JSON.stringify(cloud.answer({ [cloud.count]: 0, [cloud.rows]: [], X: "\u00ff" })),
          "latin1",
        ),
      ),
    /without a usable body/,
  ],
  "values that are too deep": [
    (cloud) =>
      http(
        JSON.stringify(cloud.answer({ [cloud.rows]: [], [cloud.count]: 0, X: 0 })).replace(
          '"X":0',
          `"X":${nested(100_000)}`,
        ),
      ),
    /deep/,
  ],
  "objects that are too deep": [
    (cloud) =>
      http(
        JSON.stringify(cloud.answer({ [cloud.rows]: [], [cloud.count]: 0, X: 0 })).replace(
          '"X":0',
          `"X":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
        ),
      ),
    /deep/,
  ],
  "an error whose text is too deep": [
    (cloud) => http(JSON.stringify(cloud.failure("C", 0)).replace("0", nested(100_000))),
    /failed/,
  ],
  "an error of odd types": [(cloud) => http(JSON.stringify(cloud.failure("C", { toString: 1 }))), /code C/],
  "an error whose code is of an odd type": [
    (cloud) => http(JSON.stringify(cloud.failure({ toString: 1 }, 7)), "", "400 Bad Request"),
    /failed/,
  ],
  "200 with an error inside": [
    (cloud) => http(JSON.stringify(cloud.failure("C", "no"))),
    /failed: no.*code C/,
  ],
  "a reset in mid-body": [(_, whole) => http(whole).subarray(0, -3), /no answer/],
  "a length that is too great": [
    (_, whole) => `HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${whole}`,
    /no answer/,
  ],
  "a length that is too small": [
    (_, whole) => `HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n${whole}`,
    /without a usable body/,
  ],
  "two lengths": [(_, whole) => http(whole, "content-length: 3\r\n"), /no answer/],
  "a length and chunks": [(_, whole) => http(whole, "transfer-encoding: chunked\r\n"), /no answer/],
  "no HTTP": [() => "SSH-2.0-OpenSSH_9.6\r\n", /no answer/],
  nothing: [() => "", /no answer/],
  "endless headers": [(_, whole) => http(whole, `x: ${"y".repeat(1_000_000)}\r\n`), /no answer/],
  "a switch of protocols": [
    () => "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    /no answer/,
  ],
  "a body that is packed": [
    (_, whole) => http(gzipSync(whole), "content-encoding: gzip\r\n"),
    /without a usable body/,
  ],
  "a body that is far too long": [() => http(Buffer.alloc(80_000_000, " ")), /too long/],
};

describe.each(Object.entries(clouds))("%s", (_, cloud) => {
  const whole = JSON.stringify(cloud.answer({ [cloud.rows]: [], [cloud.count]: 0 }));
  const sure = { [cloud.rows]: [], [cloud.count]: 0 };

  test.each(Object.entries(unusable))("%s is told, and not asked for again", async (_name, [make, said]) => {
    const { url, asked } = await serve((socket) => void socket.end(make(cloud, whole)));
    for (const call of [cloud.read, cloud.change]) {
      asked.length = 0;
      const error = await failureOf(call(url));
      expect(error).toBeInstanceOf(CloudError);
      expect(error.message).toMatch(said);
      expect(error.message.length).toBeLessThan(3_000);
      expect(asked.length).toBeLessThanOrEqual(call === cloud.read ? 3 : 1);
      expect(typeof error.code).toBe("string");
    }
  });

  test.each([301, 302, 307, 308])("HTTP %i is never followed", async (status) => {
    const other = await serve((socket) => void socket.end(http(whole)));
    const { url, asked } = await serve(
      (socket) => void socket.end(http("", `location: ${other.url}/\r\n`, `${status} Moved`)),
    );
    expect((await failureOf(cloud.change(url))).message).toMatch(`HTTP ${status}`);
    await failureOf(cloud.read(url));
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(other.asked).toEqual([]);
  });

  test("names that mean something to JavaScript are nothing special", async () => {
    const bad = JSON.stringify({ bad: true, toString: 1 });
    const body = whole.replace(
      /\}+$/,
      (end) => `,"__proto__":${bad},"constructor":${bad},"hasOwnProperty":1${end}`,
    );
    const { url } = await serve((socket) => void socket.end(http(body)));
    const answer = await cloud.read(url);
    expect(answer["bad"]).toBeUndefined();
    expect(({} as Json)["bad"]).toBeUndefined();
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
    const inside = await serve((socket) => void socket.end(http(`{"__proto__":${whole}}`)));
    expect(await failureOf(cloud.read(inside.url))).toBeInstanceOf(CloudError);
  });

  test("an answer that neither has rows nor counts them is no empty list", async () => {
    const { url } = await serve(
      (socket) => void socket.end(http(JSON.stringify(cloud.answer({ Other: 1 })))),
    );
    expect(await failureOf(cloud.read(url))).toMatchObject({ code: "UnexpectedAnswer" });
  });

  test.each([1e300, -1, "9".repeat(400), 1.5, {}, [], true, "-1"])(
    "a count of %j counts nothing",
    async (count) => {
      const body = JSON.stringify(cloud.answer({ ...sure, [cloud.rows]: [], [cloud.count]: count }));
      const { url } = await serve((socket) => void socket.end(http(body)));
      const answer = (await cloud.read(url)) as Json;
      const [name = ""] = [cloud.count.charAt(0).toLowerCase() + cloud.count.slice(1)];
      expect(answer[name]).toBeUndefined();
    },
  );

  test("a body that trickles ends, and so does one that begins with endless informational answers", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    for (const start of ["HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", ""]) {
      const { url } = await serve((socket) => {
        socket.write(start);
        const drip = setInterval(() => {
          vi.advanceTimersByTime(10_000);
          socket.write(start === "" ? "HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" : " ");
        }, 2);
        socket.on("close", () => clearInterval(drip));
      });
      const error = await failureOf(cloud.change(url));
      expect(error.message).toMatch(/no answer.*too long/);
      expect(error.mayHaveHappened).toBe(true);
    }
  });

  test("what comes behind an answer is no answer to the next question", async () => {
    const forged = JSON.stringify(cloud.failure("Forged", "forged"));
    const { url } = await serve((socket) => void socket.write(Buffer.concat([http(whole), http(forged)])));
    await cloud.read(url);
    await cloud.read(url);
  });

  test("the cloud's words are cut short, on one line, and without what a terminal obeys", async () => {
    const evil = `\u001b[2J\u001b]0;x\u0007\r\nwarning: all is well\u202e${"x".repeat(1_000_000)}`;
    const { url } = await serve((socket) => void socket.end(http(JSON.stringify(cloud.failure(evil, evil)))));
    const { message, code } = await failureOf(cloud.change(url));
    expect(message).toContain("warning: all is well");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(message + code).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(message.length).toBeLessThan(3_000);
  });

  test("a cloud that repeats the key, in whatever form, tells it nobody", async () => {
    const forms = [
      secretKey,
      encodeURIComponent(secretKey),
      Buffer.from(secretKey).toString("base64"),
      Buffer.from(secretKey).toString("base64url"),
      Buffer.from(secretKey).toString("hex"),
      secretKey.replaceAll("/", "\\/"),
    ];
    const { url, asked } = await serve((socket) => {
      const signature = /signature=([^\s,]+)/i.exec(asked.at(-1) ?? "")?.[1];
      socket.end(http(JSON.stringify(cloud.failure("C", [...forms, signature].join(" ")))));
    });
    const { message } = await failureOf(cloud.change(url));
    expect(message).toMatch(/failed: (\[secret\] ?)+\./);
  });
});

afterEach(() => void vi.useRealTimers());
