#!/usr/bin/env node
// `pulumi-bigdata plan`: what a preview means, for the reviewer of a pull request. `pulumi-bigdata pending`: what this machine
// remembers as open.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs, promisify } from "node:util";
import "../provider/doors/endOnOldNode";
import { type ConfigLookup, createContext } from "../provider/base/context";
import { messageOf } from "../provider/base/errors";
import { printable } from "../provider/base/printable";
import { processSession } from "../provider/base/session";
import { parseObject } from "../provider/call/wire";
import { readDurations } from "../provider/core/measurements";
import { configKeys, endpointMessages } from "../provider/doors/plugin/config";
import { html } from "./html";
import { markdown } from "./markdown";
import { pending } from "./pending";
import { summariseHere } from "./pendingRuns";
import { readRule, violation } from "./policy";
import { PreviewError, readPreview } from "./preview";
import { askPrices } from "./prices";
import { report } from "./report";
import { terminal } from "./terminal";

const usage = `Usage: pulumi-bigdata plan [options] [FILE]
       pulumi-bigdata pending [--format text|json]

plan says what a Pulumi preview means for big-data clusters: calls, purchases, removals, restarts, by cluster.

FILE is what \`pulumi preview --json\` printed; without one it is read from standard input.

  --run                 run \`pulumi preview --json --show-sames\` in this directory instead
  --format FORMAT       text (default), markdown, html, or json
  --out FILE            write there instead of to standard output
  --prices              ask the clouds for prices; credentials come from the environment
  --live                ask the clouds what is there now: drift since the last refresh, clusters that are busy
  --fail-on RULE        destroys, disturbs, spends, or spends>N (purchases per month); may be given several times
  --max-length N        longest Markdown, in characters (default 60000)
  --help                this text

pending lists what this machine remembers as open, for all stacks: purchases and other calls whose outcome is unknown, and
nodes that no state is known to hold, each with what to do. Its exit code is 0 whether something is open or not.

Exit codes: 0 the plan is told, 1 it cannot be, 2 wrong usage, 3 a rule of --fail-on does not let it through.
`;

const options = {
  run: { type: "boolean" },
  format: { type: "string", default: "text" },
  out: { type: "string" },
  prices: { type: "boolean" },
  live: { type: "boolean" },
  "fail-on": { type: "string", multiple: true },
  "max-length": { type: "string", default: "60000" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof readArguments>["values"];

class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [command, file, ...more] = positionals;
  if (command === "pending") return listPending(values, file);
  if (command !== "plan" || more.length > 0)
    throw new UsageError(command ? `unknown: ${positionals.join(" ")}` : "say plan or pending");
  const { format } = values;
  if (!["text", "markdown", "html", "json"].includes(format))
    throw new UsageError(`--format may be text, markdown, html or json, not ${format}`);
  const longest = Number(values["max-length"]);
  if (!Number.isInteger(longest) || longest < 1000)
    throw new UsageError("--max-length must be a whole number from 1000 on");
  const rules = readRules(values["fail-on"] ?? []);
  const preview = readPreview(values.run ? await runPreview() : readInput(file));
  const context = { ...createContext(processSession(), placesIn(preview.config), () => {}), onlyLooks: true };
  const summary = await summariseHere(preview, context, values.live ?? false);
  const prices = values.prices ? await askPrices(summary.changes, context) : undefined;
  const told = report(summary, {
    prices,
    history: readDurations(context.journalDirectory),
    endpoints: endpointMessages(context.config),
  });
  const coloured = values.out === undefined && Boolean(process.stdout.isTTY) && !process.env["NO_COLOR"];
  const forms: Record<string, () => string> = {
    markdown: () => markdown(told, longest),
    html: () => html(told),
    json: () => `${JSON.stringify(told, undefined, 2)}\n`,
    text: () => terminal(told, { width: process.stdout.columns || 100, isColoured: coloured }),
  };
  const text = forms[format]?.() ?? "";
  if (values.out === undefined) process.stdout.write(text);
  else writeFileSync(values.out, text);
  const broken = rules.flatMap((rule) => violation(rule, summary, prices) ?? []);
  for (const reason of broken) process.stderr.write(`not let through: ${printable(reason)}\n`);
  return broken.length > 0 ? 3 : 0;
}

async function listPending(given: Values, more: string | undefined): Promise<number> {
  const { format } = given;
  const isDefault = (name: string, value: unknown) =>
    JSON.stringify(value) ===
    JSON.stringify((options as Record<string, { default?: string }>)[name]?.default);
  const other = Object.entries(given).find(([name, value]) => name !== "format" && !isDefault(name, value));
  if (other || more !== undefined)
    throw new UsageError(`pending takes nothing but --format, not ${other ? `--${other[0]}` : more}`);
  if (format !== "text" && format !== "json")
    throw new UsageError(`--format of pending may be text or json, not ${format}`);
  process.stdout.write(await pending(processSession().journalDirectory, format));
  return 0;
}

/**
 * Regions and endpoints come from the stack's configuration as the preview shows it. Credentials come from the environment
 * only: the preview hides half of them, and halves from two places are no pair.
 */
function placesIn(config: Record<string, string>): ConfigLookup {
  const isCredential = (name: string) => configKeys.some((key) => key.name === name && key.isCredential);
  const profiles = Object.entries(parseObject(config["bigdata:profiles"] ?? "") ?? {}).map(
    ([profile, keys]) => [
      profile,
      Object.fromEntries(Object.entries(keys ?? {}).filter(([name]) => !isCredential(name))),
    ],
  );
  return (name) => {
    if (name === "profiles") return JSON.stringify(Object.fromEntries(profiles));
    return isCredential(name) ? undefined : config[`bigdata:${name}`];
  };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function readRules(texts: readonly string[]) {
  try {
    return texts.map(readRule);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function readInput(file: string | undefined): string {
  try {
    return readFileSync(file === undefined || file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new PreviewError(`The preview cannot be read: ${messageOf(error)}`);
  }
}

async function runPreview(): Promise<string> {
  try {
    const run = promisify(execFile)("pulumi", ["preview", "--json", "--show-sames", "--non-interactive"], {
      maxBuffer: 1 << 30,
    });
    return (await run).stdout;
  } catch (error) {
    // A preview that fails still prints what it knows.
    const { stdout, code } = error as { stdout?: string; code?: unknown };
    if (stdout) return stdout;
    throw new PreviewError(
      code === "ENOENT"
        ? "There is no `pulumi` on PATH to run."
        : `\`pulumi preview\` failed: ${messageOf(error)}`,
    );
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`pulumi-bigdata: ${printable(messageOf(error))}\n${isUsage ? `\n${usage}` : ""}`);
    process.exitCode = isUsage ? 2 : 1;
  },
);
