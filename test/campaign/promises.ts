// Lives a life to its end, and says which promises were broken on the way.
import { credentials } from "../scenarios/stand";
import { newVersion, oldVersion } from "../scenarios/subjects";
import { type Life, type StackName, type Step, type Thing, things } from "./life";
import { questionsIn } from "./questions";
import {
  clusterId,
  dataEngineId,
  nodeCountOf,
  pools,
  programSecret,
  versionOf,
  vkeClusterId,
  World,
} from "./world";

export interface Outcome {
  /** Promises that were broken. */
  broken: string[];
  /** What a person was asked at the end, by stack. */
  asked: string[];
  /** Runs, and how many of them were ended early. */
  runs: number;
  ended: number;
}

/** How many runs it may take once nothing goes wrong any more. */
const patience = 3;

export async function live(life: Life, log: (line: string) => void = () => {}): Promise<Outcome> {
  const world = await World.make(life);
  const outcome: Outcome = { broken: [], asked: [], runs: 0, ended: 0 };
  try {
    for (const step of life.steps) {
      const said = await take(world, step, outcome);
      log(`${JSON.stringify(step)}${said}`);
      outcome.broken.push(...brokenAtAnyTime(world).map((text) => `${text} (after ${JSON.stringify(step)})`));
      if (outcome.broken.length > 0) return outcome;
    }
    world.calmDown();
    const errors = await comeToRest(world, outcome, log);
    // A person answers what can be answered by naming nodes, and that is the end of it.
    if (world.answer(Object.values(errors).join("\n")))
      Object.assign(errors, await comeToRest(world, outcome, log));
    outcome.broken.push(...brokenAtAnyTime(world), ...(await brokenInTheEnd(world, errors)));
    for (const error of Object.values(errors)) {
      const questions = questionsIn(world, error);
      outcome.asked.push(...questions.flatMap((question) => question ?? []));
      if (questions.includes(undefined)) outcome.broken.push(`stops without need: ${error}`);
    }
    return outcome;
  } finally {
    await world.close();
  }
}

async function take(world: World, step: Step, outcome: Outcome): Promise<string> {
  const told = ({ error, ended, steps }: Awaited<ReturnType<World["run"]>>) => {
    outcome.runs += 1;
    if (ended !== undefined) outcome.ended += 1;
    const done = steps.filter(({ op, type }) => op !== "same" && type.startsWith("bigdata:"));
    const deeds = done.map(({ op, name, failed }) => `${op} ${name}${failed ? " failed" : ""}`);
    return ` -> ${ended === undefined ? "" : `ended at ${ended}; `}${deeds.join(", ")}; ${error ?? "ok"}`;
  };
  switch (step.do) {
    case "declare":
      world.declare(step.thing, step.wanted);
      return "";
    case "up":
    case "refresh":
    case "preview":
      return told(await world.run(step.stack, step.do, step.end));
    case "import":
      if ((await world.recorded(step.thing)) !== undefined) return " -> is there";
      return told(await world.run(things[step.thing], { import: step.thing }));
    case "rename":
      await world.rename(step.thing);
      return "";
    case "both": {
      const both = await Promise.all([world.run("a", "up", step.end), world.run("b", "up")]);
      return both.map(told).join("");
    }
    case "others":
      world.others(step.deed, step.which);
      return "";
    case "fault":
      world.sim.faults.add(step.fault);
      if (/tagStageFails|partialFill|flowFails/.test(step.fault.kind)) world.losses.add("untagged");
      if (step.fault.kind === "vanishNode") world.losses.add("vanished");
      return "";
    case "wait":
      world.sim.clock.advance(step.minutes * 60_000);
      return "";
    case "forget":
      world.forget(step.machine);
      return "";
    case "move":
      world.move(step.stack);
      return "";
  }
}

/** The errors that are left, by stack. */
async function comeToRest(
  world: World,
  outcome: Outcome,
  log: (line: string) => void,
): Promise<Partial<Record<StackName, string>>> {
  const errors: Partial<Record<StackName, string>> = {};
  for (let round = 0; round < patience; round++) {
    let isAtRest = true;
    for (const stack of ["a", "b"] as const) {
      const { error, steps } = await world.run(stack, "up --refresh");
      isAtRest &&= error === undefined && steps.every(({ op }) => op === "same");
      outcome.runs += 1;
      log(`at rest, ${stack} -> ${error ?? "ok"}`);
      if (error === undefined) delete errors[stack];
      else errors[stack] = error;
    }
    if (isAtRest) break;
    world.sim.clock.advance(1_800_000);
  }
  return errors;
}

const said = /undefined|\[object |NaN|null\b|at file:|\.ts:\d|node:internal/;

/** What must hold whatever happens. */
function brokenAtAnyTime(world: World): string[] {
  const broken: string[] = [];
  for (const thing of pools) {
    const most = world.mostWanted.get(thing) ?? 0;
    const there = world.bought(thing).length;
    if (there > most && !isOnlyForAPerson(world))
      broken.push(`${there} nodes of ${thing}, never more than ${most} wanted`);
  }
  const living = new Set(world.sim.emr.nodes(clusterId).map(({ emrResourceId }) => emrResourceId));
  for (const id of world.foreign) if (!living.has(id)) broken.push(`${id} was not ours, and is gone`);
  const everything = [...world.told.splice(0), world.journals()];
  for (const text of everything) {
    for (const secret of [credentials.secretKey, credentials.token, programSecret])
      if (text.includes(secret)) broken.push(`a secret is told: ${text.slice(0, 300)}`);
  }
  for (const text of everything.slice(0, -1)) {
    if (said.test(text)) broken.push(`not for people: ${text.slice(0, 300)}`);
    if (/\b[A-Z]\w+ failed: /.test(text) && !/\(code [^ )]+|RequestId/.test(text))
      broken.push(`no code: ${text.slice(0, 300)}`);
  }
  // Without a memory nobody can tell a restart of one's own from another's.
  for (const [thing, restarts] of remembersNothing(world) ? [] : restartsOf(world)) {
    const asked = world.turns.get(thing) ?? 0;
    if (restarts > asked) broken.push(`${thing} was restarted ${restarts} times, for ${asked} triggers`);
  }
  return broken;
}

function restartsOf({ sim }: World): [Thing, number][] {
  const services = sim.journal.filter(
    ({ action, acted, request }) =>
      action === "StartStopServiceOrMonitor" &&
      acted &&
      (request as { OpType?: string }).OpType === "RestartService",
  );
  const of = (component: string) =>
    sim.vke
      .actions(vkeClusterId)
      .filter(
        ({ actionName, state, targets }) =>
          actionName === "restart" &&
          state === "SUCCESS" &&
          targets.some((target) => target.component === component),
      );
  return [
    ["yarn", services.length],
    ["operator", of("RayOperator").length],
    ["serving", of("RayCluster").length],
  ];
}

/** Where a stack goes on without what an earlier run has written down. */
const remembersNothing = ({ losses }: World) => losses.has("journal") || losses.has("machine");

/** Where the cloud does not show whose a node is, and nothing else remembers it. */
function isOnlyForAPerson(world: World): boolean {
  const { sim, losses } = world;
  const isShown = sim.settings.tagsVisible;
  return (!isShown || losses.has("tags") || losses.has("untagged")) && remembersNothing(world);
}

/** Where nobody can see what others have done. */
const isUnseen = ({ sim: { settings }, losses }: World) =>
  losses.has("unseen") &&
  (!settings.volcengine.newerVersion || settings.volcengine.deniedActions.includes("ListComponentInstances"));

async function brokenInTheEnd(world: World, errors: Partial<Record<StackName, string>>): Promise<string[]> {
  const { sim } = world;
  const broken: string[] = [];
  const states = await world.states();
  const known = [states, ...Object.values(errors)].join("\n");
  for (const thing of pools) {
    const there = world.bought(thing);
    const recorded = await world.recorded(thing);
    // Taken out of the program before a run could record it: `pulumi-bigdata pending` names the order, as long as there is a
    // journal, and Pulumi the create that was interrupted.
    const isPending =
      recorded === undefined &&
      !world.wanted.has(thing) &&
      (remembersNothing(world) || world.journals().includes(`/${thing}"`));
    for (const id of there) {
      const isKnown = isPending || known.includes(id);
      if (!isKnown && !isOnlyForAPerson(world))
        broken.push(`${id} of ${thing} is billed, and nobody knows of it`);
    }
    if (isPending || errors[things[thing]] !== undefined || isOnlyForAPerson(world)) continue;
    const wanted = world.wanted.get(thing)?.level ?? 0;
    if (there.length !== wanted) broken.push(`${thing}: ${there.length} nodes, ${wanted} wanted`);
  }
  const isWell = (thing: Thing) => errors[things[thing]] === undefined && world.wanted.get(thing);
  const group = isWell("group");
  // Those that nobody has added count, whatever they are.
  const isDoubtful = remembersNothing(world) || world.losses.has("boughtByOthers");
  const areCounted = isDoubtful && sim.settings.huawei.failedNodesListed;
  const isCounted = ({ status }: { status: string }) => status !== "enlargefail" || areCounted;
  const good = world.groupNodes().filter(isCounted);
  if (group && good.length !== nodeCountOf(group))
    broken.push(`group: ${good.length} nodes that work, ${nodeCountOf(group)} wanted`);
  const image = isWell("image");
  const engine = sim.dlc.engine(dataEngineId);
  const version = [oldVersion, newVersion].find(
    (name) => sim.dlc.image(name).imageVersionId === engine.imageVersionId,
  );
  if (image && version !== versionOf(image)) broken.push(`image: ${version}, ${versionOf(image)} wanted`);
  if (errors.a === undefined && (engine.state === 1) !== world.isSuspended)
    broken.push(
      `the engine is in state ${engine.state}, and people left it ${world.isSuspended ? "suspended" : "running"}`,
    );
  for (const [thing, component] of [
    ["operator", "RayOperator"],
    ["serving", "RayCluster"],
  ] as const) {
    const wanted = isWell(thing);
    if (!wanted || isUnseen(world)) continue;
    const state = wanted.level % 2 === 0 ? "STARTED" : "STOPPED";
    const own = sim.vke
      .instances(vkeClusterId, "Ray", component)
      .filter(({ name }) => thing === "operator" || name === "serving");
    const others = own.filter((each) => each.state !== state);
    if (others.length > 0) broken.push(`${thing}: ${others.map((each) => each.state)}, ${state} wanted`);
  }
  const yarn = isWell("yarn");
  const processes = sim.emr.processes(clusterId, { service: "YARN", component: "NodeManager" });
  if (
    yarn &&
    !sim.settings.watchdogRevives &&
    processes.some(({ started }) => started !== (yarn.level % 2 === 0))
  )
    broken.push(`yarn: ${processes.map(({ started }) => started)}`);
  return broken;
}
