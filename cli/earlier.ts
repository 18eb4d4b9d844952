// What this machine's journals know of earlier runs that the stack's state does not.
import type { Context } from "../provider/context";
import { journalTimes } from "../provider/journal";
import { note } from "../provider/note";
import { lookAt } from "./live";
import type { Preview } from "./preview";
import { type Change, type Summary, summarise } from "./summary";

const warning = note(
  "earlierRun",
  "an earlier run on this machine left a record that is newer than the stack's state: it is looked at first, and less may be left to do",
);

/** What a preview means, by what this machine knows of earlier runs and, where they are to be asked, what the clouds show. */
export async function summariseHere(preview: Preview, context: Context, isLive: boolean): Promise<Summary> {
  const recorded = summarise(preview);
  const summary = isLive ? summarise(preview, await lookAt(recorded.changes, context)) : recorded;
  warnOfEarlierRuns(summary.changes, context.journalDirectory);
  return summary;
}

/** Adds a warning to changes of things whose journal is newer than their state. */
function warnOfEarlierRuns(changes: readonly Change[], directory: string): void {
  const journals = journalTimes(directory);
  for (const change of changes) {
    const parts = journalParts(change);
    const isNewer = journals.some(
      ({ key, at }) => at > (change.modified ?? 0) && parts.every((part) => key.includes(part)),
    );
    if (isNewer) change.plan.warnings.push(warning);
  }
}

/** What the key of the journal of such a thing has in it. */
function journalParts({ type, inputs, olds }: Change): string[] {
  const values: Record<string, unknown> = { ...olds, ...inputs };
  const text = (name: string) => String(values[name]);
  switch (type) {
    case "tencent:EmrNodePool":
      return [text("clusterId"), text("poolId")];
    case "tencent:EmrServiceState":
      return ["service/", text("clusterId"), text("service")];
    case "tencent:DlcEngineImage":
      return ["dlc/", text("dataEngineId")];
    case "huawei:DdmNodeGroup":
      return ["ddm/", text("instanceId")];
    default:
      return ["application/", text("clusterId"), text("application").toLowerCase()];
  }
}
