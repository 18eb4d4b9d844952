// Whether there is a CLI, and how the CLI's events are read. The CLI itself is not needed here.
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { afterEach, expect, test, vi } from "vitest";
import { CliEvents } from "./cliEvents";
import { pulumiOnPath } from "./index";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("the CLI is found on PATH only", () => {
  const directory = mkdtempSync(join(tmpdir(), "path-"));
  vi.stubEnv("PATH", directory);
  expect(pulumiOnPath()).toBe(false);
  const executable = join(directory, process.platform === "win32" ? "pulumi.cmd" : "pulumi");
  writeFileSync(executable, "");
  chmodSync(executable, 0o755);
  expect(pulumiOnPath()).toBe(true);
});

test("events of the CLI become steps and messages", () => {
  const urn = "urn:pulumi:s::p::pulumi-nodejs:dynamic/bigdata/test:Thing::web";
  const provider = "urn:pulumi:s::p::pulumi:providers:pulumi-nodejs::default";
  const state = { urn, type: "t", id: "1", parent: "", inputs: { size: 2 }, outputs: {}, provider };
  const step = { urn, type: "t", provider, keys: [], diffs: ["size"] };
  const events = [
    { diagnosticEvent: { message: "careful\n", color: "never", severity: "warning", urn } },
    { resourcePreEvent: { metadata: { ...step, urn: provider, op: "create" } } },
    { resourcePreEvent: { metadata: { ...step, op: "refresh" } } },
    { resOutputsEvent: { metadata: { ...step, op: "update", new: state } } },
    { resourcePreEvent: { metadata: { ...step, op: "delete" } } },
    { resOpFailedEvent: { metadata: { ...step, op: "delete" }, status: 2, steps: 1 } },
  ] as unknown as EngineEvent[];
  const heard: string[] = [];
  const cli = new CliEvents(({ message }) => heard.push(message));
  for (const event of events) cli.read(event);
  expect(heard).toEqual(["careful"]);
  expect(cli.messages).toEqual([{ severity: "warning", message: "careful", urn }]);
  expect(cli.steps).toMatchObject([
    {
      op: "update",
      name: "web",
      diffReasons: ["size"],
      newState: { inputs: { size: 2 } },
      detailedDiff: null,
    },
    { op: "delete", name: "web", failed: true },
  ]);
});
