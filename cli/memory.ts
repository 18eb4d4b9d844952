// What this machine remembers of earlier runs that the stack's state does not, for a plan and as a list.
import type { Context } from "../provider/base/context";
import { messageOf } from "../provider/base/errors";
import { journalsIn } from "../provider/base/journal";
import { type Note, note } from "../provider/core/note";
import type { Open, Resource } from "../provider/core/resource";
import { hiddenOutputs, type Shown, type Values } from "./hidden";
import type { Op } from "./plans";
import { isReadable } from "./subject";

/** What is recorded with what this machine remembers beyond it, and what of that no state can hold. */
export function remembered(
  resource: Resource,
  op: Op,
  { olds, news }: Pick<Shown, "olds" | "news">,
  context: Context | undefined,
): { state: Values | undefined; notes: Note[] } {
  if (!context || op === "import") return { state: olds, notes: [] };
  const values = { ...news, ...olds };
  // What is hidden cannot be looked up.
  const canRecall =
    hiddenOutputs(resource, olds).length === 0 &&
    resource.replaceOnChanges.every((name) => resource.secrets.includes(name) || isReadable(values[name]));
  if (!resource.recall || !canRecall)
    return { state: olds, notes: earlierNotes(resource, values, context.journalDirectory) };
  try {
    const begun = resource.recall(context, op === "create" ? undefined : olds, news);
    // Without credentials nobody says in which region something new is: then its name has to do.
    const isUnclear = op === "create" && begun === undefined;
    const notes = isUnclear ? earlierNotes(resource, values, context.journalDirectory) : [];
    return { state: begun ?? olds, notes };
  } catch (error) {
    return { state: olds, notes: [note("earlierRun", messageOf(error))] };
  }
}

function earlierNotes(resource: Resource, values: Values, directory: string): Note[] {
  return resource
    .openOn(journalsIn(directory).journals)
    .filter((open) => open.outcome === "unknown" && mayBeAbout(resource, open, values))
    .map(({ what, on }) =>
      note("earlierRun", `an earlier run on this machine left open on ${on}: ${what}. It is looked at first`),
    );
}

function mayBeAbout({ subject }: Resource, { on, name }: Open, values: Values): boolean {
  const isOther = (property: string | undefined, meant: unknown) => {
    const value = property && values[property];
    return typeof value === "string" && isReadable(value) && value !== meant;
  };
  return !isOther(subject.id, on) && !isOther(subject.part, name);
}
