// The way to the cloud: proxies, certificates, and what certainly did not leave.
import { createServer as createTcpServer } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { CloudError } from "../../provider/errors";
import { type HttpRequest, send } from "../../provider/http";
import { createHuaweiClient } from "../../provider/huawei/client";
import { showInstance } from "../../provider/huawei/ddm";
import { createTencentClient } from "../../provider/tencent/client";
import { describeClusterNodes } from "../../provider/tencent/emr";
import { scaleOutInstance } from "../../provider/tencent/emrPurchase";
import { listen, setProxies, startProxy, startServer, startTlsServer, trustAuthority } from "./network";

const never = new AbortController().signal;
const get = (url: string, more: Partial<HttpRequest> = {}, connectTimeout?: number) =>
  send({ method: "GET", url: new URL(url), headers: {}, ...more }, never, connectTimeout);

async function failureOf(work: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  return work.then(
    () => expect.unreachable("it went through"),
    (error: unknown) => error as Record<string, unknown> & Error,
  );
}

const ways = [
  ["a shared connection", false],
  ["a connection of its own", true],
] as const;

describe.each(ways)("over %s", (_, freshConnection) => {
  test.each(["localhost", "127.0.0.1", "127.8.9.10", "[::1]", "LOCALHOST"])(
    "%s is never asked through a proxy",
    async (host) => {
      const proxy = await startProxy();
      setProxies({ HTTP_PROXY: `http://${proxy.address}`, HTTPS_PROXY: `http://${proxy.address}` });
      const port = await startServer((_, response) => void response.end("here"), "127.0.0.1");
      // Not every machine listens on all of them.
      await get(`http://${host}:${port}`, { freshConnection }).catch(() => {});
      await get(`https://${host}:${port}`, { freshConnection }).catch(() => {});
      expect(proxy.asked).toEqual([]);
      const { text } = await get(`http://127.0.0.1:${port}`, { freshConnection });
      expect(text).toBe("here");
    },
  );

  test.each([
    ["HTTPS_PROXY", "", "https", "CONNECT emr.test:443"],
    ["https_proxy", "http://", "https", "CONNECT emr.test:443"],
    ["HTTP_PROXY", "", "https", "CONNECT emr.test:443"],
    ["HTTP_PROXY", "", "http", "GET http://emr.test/v1"],
    ["HTTP_PROXY", "user:pass@", "http", "GET http://emr.test/v1"],
  ])("%s=%s… takes an %s request", async (variable, prefix, scheme, asked) => {
    trustAuthority();
    const listener = (_: unknown, response: { end(text: string): void }) => response.end("cloud");
    const target = await (scheme === "https" ? startTlsServer : startServer)(listener);
    const proxy = await startProxy(target, (_, headers) =>
      prefix.includes("@") && headers["proxy-authorization"] !== "Basic dXNlcjpwYXNz" ? 407 : undefined,
    );
    setProxies({ [variable]: `${prefix}${proxy.address}` });
    expect((await get(`${scheme}://emr.test/v1`, { freshConnection })).text).toBe("cloud");
    expect(proxy.asked).toEqual([asked]);
  });

  test("NO_PROXY is heeded", async () => {
    const proxy = await startProxy();
    setProxies({ HTTPS_PROXY: proxy.address, NO_PROXY: ".test,other" });
    await failureOf(get("https://emr.test:1", { freshConnection }));
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    ["HTTPS_PROXY", "http://"],
    ["https_proxy", "http://user:hidden@proxy:port"],
    ["HTTP_PROXY", "ftp://user:hidden@proxy"],
    ["HTTPS_PROXY", "user:hidden%zz@proxy:3128"],
    ["HTTPS_PROXY", " "],
  ])("%s=%s is told by its name alone", async (variable, value) => {
    setProxies({ [variable]: value });
    const error = await failureOf(get("https://emr.test", { freshConnection }));
    expect(error).toMatchObject({ name: "TransportError", sent: false });
    expect(error.message).toBe(`${variable} does not name a usable proxy`);
    expect(error["remedy"]).toMatch(`Set ${variable} to host:port`);
    expect(JSON.stringify(error)).not.toContain("hidden");
  });

  test.each([403, 407, 502])("HTTP %i at CONNECT is final", async (status) => {
    const proxy = await startProxy(0, () => status);
    setProxies({ HTTPS_PROXY: `http://user:hidden@${proxy.address}` });
    const error = await failureOf(get("https://emr.test", { freshConnection }));
    expect(error).toMatchObject({ sent: false, remedy: expect.stringMatching(/HTTPS_PROXY.*NO_PROXY/) });
    expect(error.message).toBe(`the proxy that HTTPS_PROXY names refused it with HTTP ${status}`);
  });

  test("HTTP 407 is final where the proxy is handed the request itself", async () => {
    const proxy = await startProxy(0, () => 407);
    setProxies({ HTTP_PROXY: proxy.address });
    const error = await failureOf(get("http://emr.test", { freshConnection }));
    expect(error).toMatchObject({ sent: false, remedy: expect.stringMatching(/HTTP_PROXY.*NO_PROXY/) });
  });

  test("a CONNECT without an answer ends as soon as a connection without one", async () => {
    const proxy = await startProxy(0, () => "silence");
    setProxies({ HTTPS_PROXY: proxy.address });
    const error = await failureOf(get("https://emr.test", { freshConnection }, 200));
    expect(error).toMatchObject({
      message: "the proxy that HTTPS_PROXY names did not answer within 0.2 s",
      sent: false,
    });
    // It may answer the next time.
    expect(error["remedy"]).toBeUndefined();
  });

  test("an answer may take longer than the connection", async () => {
    trustAuthority();
    const port = await startTlsServer((_, response) => void setTimeout(() => response.end("late"), 700));
    setProxies({ HTTPS_PROXY: (await startProxy(port)).address });
    expect((await get("https://emr.test", { freshConnection }, 500)).text).toBe("late");
  });

  test("a TLS handshake without an answer ends alike, with and without a proxy", async () => {
    const port = await listen(createTcpServer());
    setProxies({});
    const direct = await failureOf(get(`https://127.0.0.1:${port}`, { freshConnection }, 200));
    expect(direct).toMatchObject({ sent: false });
    const proxy = await startProxy(port);
    setProxies({ HTTPS_PROXY: proxy.address });
    expect(await failureOf(get("https://emr.test", { freshConnection }, 200))).toMatchObject({ sent: false });
  });

  test("a proxy that is not there has not let anything through, and may come back", async () => {
    setProxies({ HTTPS_PROXY: "127.0.0.1:9" });
    const error = await failureOf(get("https://emr.test", { freshConnection }));
    expect(error).toMatchObject({ sent: false, message: expect.stringMatching(/HTTPS_PROXY.*ECONNREFUSED/) });
    expect(error["remedy"]).toBeUndefined();
  });

  test.each(["direct", "through a proxy"])("an untrusted certificate is final, %s", async (way) => {
    const port = await startTlsServer((_, response) => void response.end());
    const proxy = await startProxy(port);
    setProxies(way === "direct" ? {} : { HTTPS_PROXY: proxy.address });
    const url = way === "direct" ? `https://127.0.0.1:${port}` : "https://emr.test";
    const error = await failureOf(get(url, { freshConnection }));
    expect(error).toMatchObject({ sent: false, remedy: expect.stringMatching(/NODE_EXTRA_CA_CERTS/) });
    trustAuthority();
    expect((await get(url, { freshConnection: true })).status).toBe(200);
  });

  test.each(["http", "https"])("so is that of a proxy, for an %s request", async (scheme) => {
    const port = await startTlsServer((_, response) => void response.end());
    setProxies({ HTTP_PROXY: `https://127.0.0.1:${port}` });
    const error = await failureOf(get(`${scheme}://emr.test`, { freshConnection }));
    expect(error).toMatchObject({
      sent: false,
      remedy: expect.stringMatching(/NODE_EXTRA_CA_CERTS.*HTTP_PROXY/),
    });
  });

  test.each([
    ["another host's certificate", "https://other.test"],
    ["TLS with a server that has none", "https://plain.test"],
  ])("%s is final", async (_name, url) => {
    trustAuthority();
    const start = url.includes("plain") ? startServer : startTlsServer;
    const proxy = await startProxy(await start((_, response) => void response.end()));
    setProxies({ HTTPS_PROXY: proxy.address });
    const error = await failureOf(get(url, { freshConnection }));
    expect(error).toMatchObject({ sent: false, remedy: expect.stringMatching(/HTTPS_PROXY/) });
  });

  test.each<[string, string, Record<string, string>]>([
    ["a header with a line break", "http://127.0.0.1:9", { authorization: "a\nb" }],
    ["a header that cannot be", "http://127.0.0.1:9", { "a b": "c" }],
    ["a URL of another kind", "ftp://127.0.0.1", {}],
  ])("%s is final", async (_name, url, headers) => {
    setProxies({});
    const error = await failureOf(get(url, { freshConnection, headers }));
    expect(error).toMatchObject({ sent: false, remedy: expect.any(String) });
  });

  test("what was given up before a connection stood did not leave; later it may have", async () => {
    setProxies({});
    const silent = await listen(createTcpServer());
    const giveUp = new AbortController();
    const send1 = send(
      { method: "GET", url: new URL(`https://127.0.0.1:${silent}`), headers: {}, freshConnection },
      giveUp.signal,
    );
    giveUp.abort(new Error("given up"));
    const early = await failureOf(send1);
    expect([early.message, early["sent"], early["remedy"]]).toEqual(["given up", false, undefined]);

    const late = new AbortController();
    const port = await startServer(() => late.abort(new Error("given up")));
    const request = { method: "GET" as const, url: new URL(`http://127.0.0.1:${port}`), headers: {} };
    expect(await failureOf(send({ ...request, freshConnection }, late.signal))).toMatchObject({ sent: true });
  });

  test("a connection that breaks under a request leaves it in doubt, through a proxy too", async () => {
    trustAuthority();
    const port = await startTlsServer((request) => void request.socket.destroy());
    const proxy = await startProxy(port);
    setProxies({ HTTPS_PROXY: proxy.address });
    const error = await failureOf(get("https://emr.test", { freshConnection }));
    expect(error).toMatchObject({ sent: true });
    expect(error["remedy"]).toBeUndefined();
  });
});

test("a call that must not be made twice gets a tunnel of its own", async () => {
  trustAuthority();
  const proxy = await startProxy(await startTlsServer((_, response) => void response.end()));
  setProxies({ HTTPS_PROXY: proxy.address });
  for (const freshConnection of [false, false, true, true]) {
    await get("https://emr.test", { freshConnection });
    // The shared one becomes free for the next a moment later.
    await setImmediate();
  }
  expect(proxy.asked).toHaveLength(3);
});

describe("a call that cannot reach the cloud", () => {
  const slept: number[] = [];
  afterEach(() => void slept.splice(0));
  const clock = { now: async () => Date.now(), sleep: async (time: number) => void slept.push(time) };
  const client = () =>
    createTencentClient(
      {
        credentials: { secretId: "i", secretKey: "k" },
        region: "ap-guangzhou",
        endpoint: "https://emr.test",
      },
      { clock },
    );
  const purchase = { instanceId: "emr-1", payMode: 0, timeUnit: "s" as const, timeSpan: 3600, taskCount: 1 };
  const calls = {
    read: () => client().call(describeClusterNodes, { instanceId: "emr-1", nodeFlag: "all" }),
    purchase: () => client().call(scaleOutInstance, { ...purchase, clientToken: "t" }),
  };

  test.each(["read", "purchase"] as const)("is made once and did not happen: %s", async (call) => {
    const proxy = await startProxy(0, () => 403);
    setProxies({ HTTPS_PROXY: proxy.address });
    const error = await failureOf(calls[call]());
    expect(error).toBeInstanceOf(CloudError);
    expect(error).toMatchObject({ kind: "unsent", mayHaveHappened: false });
    expect(error.message).toMatch(
      /emr\.test was not reached: .*HTTP 403.* did not reach the cloud\. Check HTTPS_PROXY.*bigdata:tencentEndpoint/,
    );
    expect([proxy.asked.length, slept]).toEqual([1, []]);
  });

  test("an unusable proxy is told once", async () => {
    setProxies({ HTTPS_PROXY: "socks4://proxy" });
    const error = await failureOf(calls.read());
    expect(error).toMatchObject({
      kind: "unsent",
      message: expect.stringMatching(/HTTPS_PROXY does not name/),
    });
    expect(slept).toEqual([]);
  });

  test("Huawei's login goes the same way", async () => {
    const proxy = await startProxy(0, () => 407);
    setProxies({ HTTPS_PROXY: proxy.address });
    const huawei = createHuaweiClient(
      {
        credentials: { kind: "password", userName: "u", password: "hidden", domainName: "d" },
        region: "eu-west-101",
        projectId: "p",
        endpoint: "https://ddm.test",
        iamEndpoint: "https://iam.test",
      },
      { clock },
    );
    const error = await failureOf(huawei.call(showInstance, { path: { instance: "i" } }));
    expect(error).toMatchObject({ cloud: "Huawei IAM", kind: "unsent", mayHaveHappened: false });
    expect([proxy.asked, slept]).toEqual([["CONNECT iam.test:443"], []]);
  });
});
