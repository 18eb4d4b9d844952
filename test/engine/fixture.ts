// A stack over the fixture provider, with its world: files for things, a journal of calls, faults to order.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestEngineDriver, type TestEngineDriver, type TestEngineOptions } from "../drivers/testEngine";
import type { ProviderStarted } from "./providerProcess";
import type { ListedInputs, ListedResource } from "./resourceList";
import type { ResourceV3 } from "./types";
import type { Properties } from "./values";

const fixtures = join(__dirname, "..", "fixtures", "engine");

export interface Call {
  verb: string;
  id?: string;
  olds?: Properties;
  news?: Properties;
  inputs?: Properties;
}

export interface Fixture {
  driver: TestEngineDriver;
  providers: ProviderStarted[];
  /** Calls since the last time they were asked for. */
  takeCalls(...verbs: string[]): Call[];
  faults(faults: Record<string, "error" | "partial" | "hang" | "empty id">): void;
  thing(id: string): Properties;
  changeThing(id: string, properties: Properties): void;
  removeThing(id: string): void;
  things(): string[];
  resource(name: string): Promise<ResourceV3 | undefined>;
  dispose(): Promise<void>;
}

export function createFixture(options: Partial<TestEngineOptions> & { fixture?: string } = {}): Fixture {
  const world = mkdtempSync(join(tmpdir(), "test-engine-world-"));
  const providers: ProviderStarted[] = [];
  const { fixture = "program", ...engineOptions } = options;
  const driver = createTestEngineDriver({
    programDirectory: join(fixtures, fixture),
    env: { ENGINE_TEST_WORLD: world },
    onProviderStart: (started) => providers.push(started),
    ...engineOptions,
  });
  let taken = 0;
  const journal = () => {
    const file = join(world, "journal.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Call);
  };
  const fileOf = (id: string) => join(world, `${id}.json`);
  const thing = (id: string) => JSON.parse(readFileSync(fileOf(id), "utf8")) as Properties;
  return {
    driver,
    providers,
    takeCalls: (...verbs) => {
      const calls = journal().slice(taken);
      taken += calls.length;
      return verbs.length === 0 ? calls : calls.filter((call) => verbs.includes(call.verb));
    },
    faults: (faults) => writeFileSync(join(world, "faults.json"), JSON.stringify(faults)),
    thing,
    changeThing: (id, properties) =>
      writeFileSync(fileOf(id), JSON.stringify({ ...thing(id), ...properties })),
    removeThing: (id) => rmSync(fileOf(id)),
    things: () =>
      readdirSync(world)
        .filter((name) => name.endsWith(".json") && name !== "faults.json")
        .map((name) => name.replace(".json", ""))
        .sort(),
    resource: async (name) => {
      const { deployment } = await driver.exportState();
      return deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
    },
    dispose: async () => {
      await driver.dispose();
      rmSync(world, { recursive: true, force: true });
    },
  };
}

const providerText = `exports.handler = () => require(${JSON.stringify(join(fixtures, "thing.js"))});`;

/** A thing for list programs. */
export function thing(
  name: string,
  inputs: ListedInputs = {},
  more: Partial<ListedResource> = {},
): ListedResource {
  return {
    type: "pulumi-nodejs:dynamic/bigdata/test:Thing",
    name,
    inputs: { __provider: providerText, label: name, ...inputs },
    ...more,
  };
}
