// Every input of every resource changes a request that the cloud receives, or the table says why not; and every field that
// a request may have is sent. Inputs and fields come from the schemas, so that a new one is met here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import type { Context } from "../../provider/base/context";
import { messageOf } from "../../provider/base/errors";
import { lowerFirst, renamed } from "../../provider/call/wire";
import * as ddm from "../../provider/huawei/ddm/api";
import { resources } from "../../provider/resources";
import { decode } from "../../provider/tencent/client";
import * as dlc from "../../provider/tencent/dlc/api";
import * as emr from "../../provider/tencent/emr/api";
import { ownerTag, specTag } from "../../provider/tencent/emr/nodePool/schema";
import * as vke from "../../provider/volcengine/emr/api";
import { defaultProjectId, type Simulator, startSimulator } from "../../simulator/index";
import { contextOn } from "../session";
import { type Inputs, notSent, type Subject, subjectsIn } from "./inputSubjects";
import { type Sent, startTap, type Tap } from "./requestTap";
import { holds, pathsOf, valueFor } from "./schemaPaths";

const key = { secretId: "AKIDinputs", secretKey: "inputsSecretKey0001" };
const otherKey = { secretId: "AKIDother", secretKey: "otherSecretKey0001" };

let sim: Simulator;
let tap: Tap;
let subjects: Subject[];
/** Inputs of each resource that change no request. */
const unsent = new Map<string, string[]>();
/** What went wrong where nothing should. */
const failures: string[] = [];
const stopped = new Set<string>();
/** Everything that was sent. */
const all: Sent[] = [];
const directory = mkdtempSync(join(tmpdir(), "inputs-"));

beforeAll(async () => {
  sim = await startSimulator({ credentials: [key, otherKey], timeScale: 0.1 });
  tap = await startTap(sim.url);
  subjects = subjectsIn(sim);
  for (const subject of subjects) {
    const found: string[] = [];
    for (const path of pathsOf(inputsOf(subject)))
      if (!(await changesRequests(subject, path))) found.push(path);
    unsent.set(subject.type, found.sort());
    for (const [first, then] of subject.changes ?? []) await requestsOf(subject, "", first, then);
  }
}, 600_000);

afterAll(async () => {
  tap.close();
  await sim.close();
  rmSync(directory, { recursive: true, force: true });
});

const resourceAt = ({ type }: Subject) => resources.get(type) ?? expect.unreachable(type);
const inputsOf = (subject: Subject) => resourceAt(subject).inputs;

/** The inputs with the first and the second value of the one at a path. */
function variants(subject: Subject, path: string): [Inputs, Inputs] {
  const [name = ""] = path.split(".");
  const schema = inputsOf(subject).shape[name] ?? expect.unreachable(path);
  const beside = subject.beside[path] ?? subject.beside[name] ?? {};
  const variant = (choice: 0 | 1) => {
    const given = {
      ...subject.base,
      ...((Array.isArray(beside) ? beside[choice] : beside) as Inputs),
      [name]: valueFor(schema as z.ZodType, subject.values, name, path, choice),
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  };
  return [variant(0), variant(1)];
}

/** Whether something else is sent with one value of an input than with the other, or when one becomes the other. */
async function changesRequests(subject: Subject, path: string): Promise<boolean> {
  const [first, second] = variants(subject, path);
  const before = await requestsOf(subject, path, first);
  if (before !== (await requestsOf(subject, path, second))) return true;
  const changed = await requestsOf(subject, path, first, second);
  return changed !== undefined && changed !== before;
}

const known = new Map<string, string | undefined>();

/** What a life with these inputs sends, and with `then` after them where they differ. */
async function requestsOf(subject: Subject, path: string, first: Inputs, then = first) {
  const name = JSON.stringify([subject.type, first, then]);
  if (!known.has(name)) known.set(name, await live(subject, path, first, then));
  return known.get(name);
}

let runs = 0;

/**
 * Creates, updates and deletes a resource in a world of its own. Undefined where an input asks for a replacement: that sends
 * everything again, whether the input is among it or not.
 */
async function live(
  subject: Subject,
  path: string,
  first: Inputs,
  then: Inputs,
): Promise<string | undefined> {
  sim.reset();
  tap.clear();
  subject.world(sim, first);
  const resource = resourceAt(subject);
  const journal = join(directory, String(runs));
  const checked = (inputs: Inputs, before: Inputs = {}) => {
    const { inputs: news, failures: mistakes } = resource.check(inputs, before);
    if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes));
    return news;
  };
  try {
    let olds = checked(first);
    const created = await resource.create(contextIn(journal), olds);
    let { state } = created;
    for (const inputs of [then, ...subject.updates(then)]) {
      const news = checked(inputs, olds);
      const { changes, properties } = resource.diff(state, news);
      if (properties.some(({ replace }) => replace)) return undefined;
      if (changes) state = await resource.update(contextIn(journal), created.id, state, news);
      olds = news;
    }
    await resource.delete(contextIn(journal), created.id, state);
  } catch (error) {
    stopped.add(`${subject.type} ${path}`);
    if (!subject.stops.includes(path)) failures.push(`${subject.type} ${path}: ${messageOf(error)}`);
  }
  all.push(...tap.sent);
  return comparable(tap, JSON.stringify([first, then]));
}

function contextIn(journalDirectory: string): Context {
  const account = ({ secretId, secretKey }: typeof key) => ({
    ...{ tencentSecretId: secretId, tencentSecretKey: secretKey },
    ...{ huaweiAccessKey: secretId, huaweiSecretKey: secretKey },
    ...{ volcengineAccessKey: secretId, volcengineSecretKey: secretKey },
  });
  const config: Record<string, string> = {
    ...account(key),
    profiles: JSON.stringify({ other: account(otherKey) }),
    ...{ tencentRegion: "ap-guangzhou", tencentEndpoint: tap.url },
    ...{ huaweiRegion: "eu-west-101", huaweiProjectId: defaultProjectId },
    ...{ huaweiEndpoint: tap.url, huaweiIamEndpoint: tap.url, huaweiBssEndpoint: tap.url },
    ...{ volcengineRegion: "cn-beijing", volcengineEndpoint: tap.url },
  };
  return contextOn(sim, config, { journalDirectory, engineAddress: `127.0.0.1:${++runs}` });
}

const isLook = ({ method, action }: Sent) =>
  method === "GET" || /^(Describe|Inquiry|Check|Get|List)/.test(action);

/**
 * What was sent, as a text that is the same for the same inputs: all changes in order, and each look once, since how often
 * somebody looks depends on the clock. Ids that the cloud has made up have names, unless they are inputs. Fingerprints of
 * all inputs are left out: they are no proof that an input is sent.
 */
function comparable({ sent, ids }: Tap, inputs: string): string {
  const made = [...ids].filter(([id]) => !inputs.includes(id));
  const texts = sent.map((call) => {
    const text = JSON.stringify(call, (name, value: unknown) => {
      if (name === "ClientToken" || /^(start|end)_time$/.test(name)) return undefined;
      const { TagKey } = (value ?? {}) as { TagKey?: string };
      return TagKey === specTag || TagKey === ownerTag ? { TagKey } : value;
    });
    return made.reduce((left, [id, told]) => left.replaceAll(id, told), text);
  });
  const changes = texts.filter((_, index) => !isLook(sent[index] as Sent));
  const looks = new Set(texts.filter((_, index) => isLook(sent[index] as Sent)));
  return JSON.stringify({ changes, looks: [...looks].sort() });
}

test("all goes well, but where the table says that it stops", () => {
  expect([...new Set(failures)]).toEqual([]);
  expect([...stopped].sort()).toEqual(
    subjects.flatMap(({ type, stops }) => stops.map((path) => `${type} ${path}`)).sort(),
  );
});

test("every input changes a request, or the table says why not; and the table says no more", () => {
  const told = subjects.map(({ type, unsent: table }) => [type, Object.keys(table).sort()] as const);
  expect(Object.fromEntries(unsent)).toEqual(Object.fromEntries(told));
  expect([...unsent.keys()].sort()).toEqual([...resources.keys()].sort());
});

test("the tables name nothing that is not an input", () => {
  for (const subject of subjects) {
    const paths = pathsOf(inputsOf(subject));
    const names = Object.keys(inputsOf(subject).shape);
    const told = [...Object.keys(subject.values), ...Object.keys(subject.beside), ...subject.stops];
    expect([subject.type, told.filter((path) => !paths.includes(path) && !names.includes(path))]).toEqual([
      subject.type,
      [],
    ]);
  }
});

/** An action of any cloud, with what its requests may have. */
interface Declared {
  name: string;
  request: z.ZodType;
  /** Huawei Cloud's calls have no names, but these. */
  method?: string;
  path?: string;
}

const isAction = (value: unknown): value is Declared =>
  typeof value === "object" && value !== null && "request" in value && "repeat" in value;

const declared = [emr, dlc, ddm, vke].flatMap((module) => Object.values(module as object).filter(isAction));

/** A request in our spelling, where the call is one of an action's. */
function requestIn(call: Sent, { name, method, path }: Declared): unknown {
  if (path === undefined)
    return call.action !== name
      ? undefined
      : "Action" in call.query
        ? renamed(call.body, lowerFirst)
        : decode(call.body);
  const pattern = path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  const found = new RegExp(`^${pattern}$`).exec(call.path);
  return found && call.method === method
    ? { path: { ...found.groups }, query: call.query, body: call.body }
    : undefined;
}

test("every field that a request may have is sent, or the table says why not; and the table says no more", () => {
  const missing = declared.flatMap((action) => {
    const requests = all.map((call) => requestIn(call, action)).filter((found) => found !== undefined);
    return pathsOf(action.request)
      .filter((path) => !requests.some((found) => holds(found, path.split("."))))
      .map((path) => `${action.name} ${path}`);
  });
  expect(missing.sort()).toEqual(Object.keys(notSent).sort());
});
