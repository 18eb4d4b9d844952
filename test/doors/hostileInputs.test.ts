// Whatever stands in a program, in a state file or in a function's arguments: it is refused by the name of a property, before
// any call, and nothing breaks. Through both doors.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import fc from "fast-check";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamicProvider } from "../../provider/doors/dynamic";
import { Messages } from "../../provider/doors/plugin/messages";
import { ProviderService } from "../../provider/doors/plugin/service";
import { functions } from "../../provider/functions";
import { resources } from "../../provider/resources";
import { unwrapSecrets } from "../engine/values";
import { everyType } from "../everyType";
import { root } from "../package";
import { scratch } from "../scratch";
import { sessionOn } from "../session";

type Json = Record<string, unknown>;
type Handler = (call: { request: unknown }, done: (error: Error | null, answer: unknown) => void) => void;

const seed = 25;
const runs = 60;

const journalDirectory = mkdtempSync(join(scratch, "hostile-"));

/** Every connection that anything makes to a cloud. */
let connections = 0;
const cloud = createServer((socket) => {
  connections++;
  socket.destroy();
});
const config: Record<string, string> = {};
beforeAll(async () => {
  await new Promise<void>((resolve) => cloud.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(cloud.address() as { port: number }).port}`;
  const keys = [
    "tencentEndpoint",
    "huaweiEndpoint",
    "huaweiIamEndpoint",
    "huaweiBssEndpoint",
    "volcengineEndpoint",
  ];
  for (const key of keys) config[key] = url;
  for (const name of ["SecretId", "SecretKey", "AccessKey", "Region", "ProjectId"])
    for (const vendor of ["tencent", "huawei", "volcengine"]) config[vendor + name] = "configured-1";
});
afterAll(() => {
  cloud.close();
  rmSync(journalDirectory, { recursive: true });
});

const struct = (value: object) => Struct.fromJavaScript(value as { [key: string]: JavaScriptValue });

/** The plugin's service, in this process. */
function plugin() {
  let now = Date.now();
  const clock = {
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const session = sessionOn({ clock } as never, { journalDirectory });
  const service = new ProviderService({
    ...{ session, messages: new Messages(undefined), version: "0.0.0" },
    schema: () => "{}",
  });
  const handlers = service.implementation() as unknown as Record<string, Handler>;
  const call = <Answer>(method: string, request: unknown) =>
    new Promise<Answer>((resolve, reject) =>
      handlers[method]?.({ request }, (error, answer) => (error ? reject(error) : resolve(answer as Answer))),
    );
  return {
    call,
    configure: () => call("configure", new messages.ConfigureRequest().setArgs(struct(config))),
  };
}

/** A resource's inputs and state as a released version has written them. */
function recorded(type: string): { inputs: Json; outputs: Json } {
  const name = type.split(":")[1];
  const path = join(root, "test", "fixtures", "state", "0.1.0", "plugin", `${name}.rich.json`);
  const { deployment } = JSON.parse(readFileSync(path, "utf8")).deployment as {
    deployment: { resources: { type: string; inputs: Json; outputs: Json }[] };
  };
  const found = deployment.resources.find((each) => each.type === `bigdata:${type}`);
  const opened = (value: Json) =>
    unwrapSecrets(
      JSON.parse(JSON.stringify(value), (_, item) =>
        typeof item?.plaintext === "string" ? JSON.parse(item.plaintext) : item,
      ),
    ) as Json;
  return { inputs: opened(found?.inputs ?? {}), outputs: opened(found?.outputs ?? {}) };
}

/** Any JSON object, of names that mean something and others. */
const anyObject = (names: string[]) =>
  fc.dictionary(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.string() },
      { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "length", "then") },
    ),
    fc.jsonValue({ maxDepth: 4 }),
    { maxKeys: 12 },
  ) as fc.Arbitrary<Json>;

/** What a fault in the program sounds like. */
const broken =
  /cannot read|is not a function|not iterable|is undefined|of undefined|of null|call stack|cannot convert|cannot set|invalid (array|count|time|date|regular)|in JSON|out of range|reduce of empty|not defined|unexpected token|must be of type|assertion/i;

const namesOf = (type: string) => {
  const { inputs, outputs } = resources.get(type) ?? { inputs: { shape: {} }, outputs: { shape: {} } };
  return Object.keys({ ...inputs.shape, ...outputs.shape });
};

/** Fails unless the text names a property, and is nobody's fault. */
function expectNamed(text: string, names: readonly string[]): void {
  expect(text).not.toMatch(broken);
  expect(
    names.some((name) => text.includes(name)),
    text,
  ).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
}

const told = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error.message,
  );

interface Door {
  check(type: string, news: Json, olds: Json): Promise<string[]>;
  /** By the name of a method: what is told where it fails. */
  methods(type: string, state: Json, news: Json): Record<string, () => Promise<string | undefined>>;
}

const urnOf = (type: string) => `urn:pulumi:dev::proj::bigdata:${type}::thing`;

const doors: Record<string, () => Promise<Door>> = {
  plugin: async () => {
    const { call, configure } = plugin();
    await configure();
    return {
      async check(type, news, olds) {
        const request = new messages.CheckRequest()
          .setUrn(urnOf(type))
          .setNews(struct(news))
          .setOlds(struct(olds));
        const answer = await call<messages.CheckResponse>("check", request);
        return answer.getFailuresList().map((each) => each.getReason());
      },
      methods(type, state, news) {
        const urn = urnOf(type);
        const [olds, wanted] = [struct(state), struct(news)];
        const update = () =>
          new messages.UpdateRequest().setUrn(urn).setId("x").setOlds(olds).setNews(wanted);
        return {
          diff: () =>
            told(
              call("diff", new messages.DiffRequest().setUrn(urn).setId("x").setOlds(olds).setNews(wanted)),
            ),
          update: () => told(call("update", update())),
          preview: () => told(call("update", update().setPreview(true))),
          delete: () =>
            told(call("delete", new messages.DeleteRequest().setUrn(urn).setId("x").setProperties(olds))),
          read: () =>
            told(
              call(
                "read",
                new messages.ReadRequest()
                  .setUrn(urn)
                  .setId("x")
                  .setProperties(struct({ inputsFound: [], ...state }))
                  .setInputs(wanted),
              ),
            ),
        };
      },
    };
  },
  dynamic: async () => {
    const of = (type: string) =>
      dynamicProvider(type, {
        config: { get: (key: string) => config[key.replace("bigdata:", "")] },
      } as never);
    return {
      async check(type, news, olds) {
        const { failures = [] } = await of(type).check(olds, news);
        return failures.map(({ reason }) => reason);
      },
      methods: (type, state, news) => ({
        diff: () => told(of(type).diff("x", state, news)),
        update: () => told(of(type).update("x", state, news)),
        read: () => told(of(type).read("x", state)),
        delete: () => told(of(type).delete("x", state)),
      }),
    };
  },
};

describe.each(Object.entries(doors))("the %s door", (_, open) => {
  test.each([...resources.keys()])("%s: any inputs are refused by name", async (type) => {
    const door = await open();
    const before = connections;
    const names = namesOf(type);
    await fc.assert(
      fc.asyncProperty(anyObject(names), anyObject(names), async (news, olds) => {
        const failures = await door.check(type, news, olds);
        expect(failures.length).toBeGreaterThan(0);
        const strange = Object.keys(news).map((name) =>
          name === "" ? '[""]' : JSON.stringify(name).slice(1, -1),
        );
        for (const failure of failures) expectNamed(failure, [...names, ...strange]);
      }),
      { seed, numRuns: runs },
    );
    expect(connections).toBe(before);
  });

  test.each(everyType(Object.fromEntries([...resources.keys()].map((type) => [type, recorded(type)]))))(
    "%s: any state is refused by name",
    async (type, { inputs }) => {
      const door = await open();
      const before = connections;
      const names = namesOf(type);
      await fc.assert(
        fc.asyncProperty(anyObject(names), async (state) => {
          for (const [method, run] of Object.entries(door.methods(type, state, inputs))) {
            const text = await run();
            expect(text, method).toBeDefined();
            expectNamed(text ?? "", names);
          }
        }),
        { seed, numRuns: runs / 4 },
      );
      expect(connections).toBe(before);
    },
  );

  test.each([...resources.keys()])("%s: the state of another resource is refused by name", async (type) => {
    const door = await open();
    const before = connections;
    const { inputs } = recorded(type);
    for (const other of [...resources.keys()].filter((each) => each !== type))
      for (const run of Object.values(door.methods(type, recorded(other).outputs, inputs)))
        expectNamed((await run()) ?? "", namesOf(type));
    expect(connections).toBe(before);
  });

  test.each([...resources.keys()])(
    "%s: an edited state breaks nothing, and a newer one is read",
    async (type) => {
      const door = await open();
      const { inputs, outputs } = recorded(type);
      const newer = { ...outputs, later: { of: ["another version"] } };
      expect(await door.methods(type, newer, inputs)["diff"]?.()).toBeUndefined();
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...Object.keys(outputs)), fc.jsonValue(), async (name, value) => {
          const run = door.methods(type, { ...outputs, [name]: value }, inputs)["diff"];
          const text = await run?.();
          if (text !== undefined) expectNamed(text, [name]);
        }),
        { seed, numRuns: runs / 2 },
      );
    },
  );
});

test.each([...functions.keys()])("%s: any arguments are refused by name", async (token) => {
  const { call, configure } = plugin();
  await configure();
  const names = Object.keys(functions.get(token)?.inputs.shape ?? {});
  await fc.assert(
    fc.asyncProperty(anyObject([...names, "strange"]), async (given) => {
      const before = connections;
      const request = new messages.InvokeRequest().setTok(`bigdata:${token}`).setArgs(struct(given));
      const answer = await call<messages.InvokeResponse>("invoke", request).catch(
        (error: Error) => error.message,
      );
      expect(typeof answer === "string" ? answer : "").not.toMatch(broken);
      if (typeof answer === "string") return;
      const failures = answer.getFailuresList();
      expect(failures.length).toBeGreaterThan(0);
      expect(connections).toBe(before);
      for (const each of failures) expect(each.getProperty()).not.toBe("");
    }),
    { seed, numRuns: runs / 4 },
  );
});
