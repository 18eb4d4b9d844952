// A stack over the fixture plugin, with its world: files for things, and a journal of the calls it got.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestEngineDriver, type TestEngineDriver, type TestEngineOptions } from "../drivers/testEngine";
import type { ListedInputs, ListedResource } from "./resourceList";
import type { ResourceV3, UpdateOptions, UpdateResult } from "./types";
import type { Properties } from "./values";

export const pluginFixtures = join(__dirname, "..", "fixtures", "plugin");

export type PluginCall = { method: string; pid: number } & Properties;

export interface PluginFixture {
  driver: TestEngineDriver;
  up(resources: ListedResource[], options?: UpdateOptions): Promise<UpdateResult>;
  preview(resources: ListedResource[], options?: UpdateOptions): Promise<UpdateResult>;
  /** Calls since the last time they were asked for. */
  takeCalls(...methods: string[]): PluginCall[];
  changeThing(id: string, inputs: Properties): void;
  removeThing(id: string): void;
  things(): string[];
  resource(name: string): Promise<ResourceV3 | undefined>;
  dispose(): Promise<void>;
}

export function createPluginFixture(
  options: Partial<TestEngineOptions> & { lacks?: string[] } = {},
): PluginFixture {
  const world = mkdtempSync(join(tmpdir(), "plugin-world-"));
  const { lacks = [], ...engineOptions } = options;
  const driver = createTestEngineDriver({
    programDirectory: join(pluginFixtures, "program"),
    program: { kind: "resources", resources: [] },
    pluginEnv: { PLUGIN_TEST_WORLD: world, FIXTURE_LACKS: lacks.join(",") },
    ...engineOptions,
  });
  const journal = join(world, "journal.jsonl");
  let taken = 0;
  const run = (kind: "up" | "preview", resources: ListedResource[], updateOptions?: UpdateOptions) => {
    driver.setProgram({ kind: "resources", resources });
    return driver[kind](updateOptions);
  };
  return {
    driver,
    up: (resources, updateOptions) => run("up", resources, updateOptions),
    preview: (resources, updateOptions) => run("preview", resources, updateOptions),
    takeCalls: (...methods) => {
      const lines = existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n") : [];
      const calls = lines.slice(taken).map((line) => JSON.parse(line) as PluginCall);
      taken = lines.length;
      return methods.length === 0 ? calls : calls.filter(({ method }) => methods.includes(method));
    },
    changeThing: (id, inputs) => writeFileSync(join(world, `${id}.json`), JSON.stringify(inputs)),
    removeThing: (id) => rmSync(join(world, `${id}.json`)),
    things: () =>
      readdirSync(world)
        .filter((name) => name.endsWith(".json"))
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

/** A thing for list programs. */
export function pluginThing(
  name: string,
  inputs: ListedInputs = {},
  more: Partial<ListedResource> = {},
): ListedResource {
  return { type: "fixture:index:Thing", name, inputs: { label: name, ...inputs }, ...more };
}

/** A provider of its own for list programs. */
export function pluginProvider(
  name: string,
  inputs: ListedInputs = {},
  more: Partial<ListedResource> = {},
): ListedResource {
  return { type: "pulumi:providers:fixture", name, inputs, ...more };
}

export const opsOf = ({ steps }: UpdateResult) =>
  steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
