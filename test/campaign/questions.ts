// The situations in which only a person can go on, and what the provider says in each. A message that is none of these is a
// broken promise: nothing may stop for good without need.
import { dataEngineId, type World } from "./world";

interface Question {
  name: string;
  says: RegExp;
  /** Whether there is need for it. */
  isDue(world: World): boolean;
}

const isAny = () => true;

const questions: Question[] = [
  {
    name: "a pool's new nodes carry no tag: whose they are",
    says: /new on .*carry no tag that says whose they are/,
    isDue: ({ sim, losses }) =>
      !sim.settings.tagsVisible ||
      ["tags", "untagged", "boughtByOthers", "journal", "machine"].some((each) => losses.has(each)),
  },
  {
    name: "nodes carry a pool's name, and neither state nor journal knows of them: whether they are its own",
    says: /carry the name of this pool/,
    isDue: ({ losses }) => losses.has("journal") || losses.has("machine") || losses.has("unsaved"),
  },
  {
    name: "a create that was killed has brought more nodes than are wanted now",
    says: /an earlier run has brought .*creating a pool removes nothing/,
    isDue: isAny,
  },
  {
    name: "a node of a pool is gone, and one that nobody owns has come: whether it takes its place",
    says: /the cloud may have replaced one by the other/,
    isDue: isAny,
  },
  {
    name: "a pool's tags cannot be set",
    says: /ModifyResourcesTags/,
    isDue: ({ sim, losses }) => sim.settings.tagResourceId === "cvm" || losses.has("untagged"),
  },
  {
    name: "a restart may have been carried out or not",
    says: /restart .*(not sent again on a guess)/s,
    isDue: isAny,
  },
  {
    name: "components cannot be seen, and what was sent to them shows no end",
    says: /The (start|stop) of .* was accepted, but does not show|cannot be seen here, and counts as|What it is now cannot be seen here/,
    isDue: ({ sim: { settings } }) =>
      !settings.volcengine.newerVersion || settings.volcengine.deniedActions.length > 0,
  },
  {
    name: "an enlargement has ended, and its nodes are not there",
    says: /was received, but shows no nodes/,
    isDue: ({ losses }) => losses.has("vanished"),
  },
  {
    name: "an engine has failed",
    says: /engine reports has failed/,
    isDue: ({ sim }) => sim.dlc.engine(dataEngineId).state === -1,
  },
  {
    name: "a watchdog brings back what is stopped",
    says: /StopService on .* left .* as they were/,
    isDue: ({ sim: { settings } }) => settings.watchdogRevives,
  },
  {
    name: "the program asks for a change of an engine that is suspended, and does not allow to resume it",
    says: /is suspended, and only a running engine takes a version/,
    isDue: ({ wanted }) => wanted.get("image")?.turn === 1,
  },
  {
    name: "the program begins with fewer nodes than the group has",
    says: /a resource that is only now created removes none of them/,
    isDue: isAny,
  },
  {
    name: "the cloud has no machines left",
    says: /sold out|ResourceInsufficient|NotEnough/i,
    isDue: ({ sim: { settings } }) => settings.stock.task !== null,
  },
  {
    name: "the cloud lets nothing be changed until somebody has looked at it",
    says: /is ERROR .*cannot be changed|holds the cluster|status 302/,
    isDue: ({ sim: { settings } }) =>
      settings.huawei.statusAfterFailure === "ERROR" ||
      settings.failedRestart === "holdsCluster" ||
      !settings.failedClusterAcceptsChanges,
  },
];

/** Which of them each line of an error is; undefined for one that is none. */
export function questionsIn(world: World, error: string): (string | undefined)[] {
  return error
    .split("\n")
    .map((line) => questions.find(({ says, isDue }) => says.test(line) && isDue(world))?.name);
}
