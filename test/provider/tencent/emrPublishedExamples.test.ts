// The answers that the vendor publishes for each EMR action that is called, as our schemas read them.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTencentClient, decode } from "../../../provider/tencent/client";
import * as emr from "../../../provider/tencent/emr";
import { viewService } from "../../../provider/tencent/emrServiceStateObserve";

const examples = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "fixtures", "publishedExamples", "emr.json"), "utf8"),
) as Record<string, { response: Record<string, unknown> }>;

const actions = Object.values(emr).flatMap((each) =>
  typeof each === "object" && "response" in each ? [each] : [],
);

test("there is an example for every action", () => {
  expect(actions.map(({ name }) => name).sort()).toEqual(Object.keys(examples).sort());
});

test.each(actions)("$name: the published answer is read, with nothing of it lost", ({ name, response }) => {
  const answer = decode(examples[name]?.response);
  expect(response.parse(answer)).toMatchObject(answer as object);
});

test("the published processes of HIVE are six, though their addresses are one", async () => {
  const server = createServer((request, response) => {
    const action = String(request.headers["x-tc-action"]);
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const { OperatorStateId, MaintainStateId } = JSON.parse(text);
      const isFiltered = OperatorStateId !== undefined || MaintainStateId !== undefined;
      const none = { TotalCnt: 0, ServiceNodeList: null, RequestId: "r" };
      response.end(JSON.stringify({ Response: isFiltered ? none : examples[action]?.response }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = createTencentClient(
    {
      credentials: { secretId: "AKIDexample", secretKey: "exampleSecretKey0001" },
      region: "ap-guangzhou",
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    { clock: { now: async () => Date.now(), sleep: async () => {} } },
  );
  const { processes } = await viewService(client, { clusterId: "emr-3u", service: "HIVE" });
  expect(
    processes.map(({ component, instance, state, health }) => [component, instance, state, health]),
  ).toEqual(
    ["HiveMetaStore", "HiveServer2", "HiveWebHcat"].flatMap((component) => [
      [component, "master", "running", "良好"],
      [component, "master/2", "running", "良好"],
    ]),
  );
});
