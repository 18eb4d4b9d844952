// What resources of this run have taken charge of. A resource that is renamed is created under its new name before the old
// one is deleted: then what it stands for is the new one's business, and must not go with the old. Where its provider is
// another one too, the two happen in different processes, so that it is written down.
import { z } from "zod";
import type { Context } from "../base/context";
import { PartialFailure } from "../base/errors";
import { openJournal } from "../base/journal";
import { perSession } from "../base/session";
import type { Resource } from "./resource";

const takenSchema = z.object({
  /** The run that it was taken in; a later one deletes as it is told. */
  run: z.string().optional(),
  parts: z.array(z.string()),
  at: z.number(),
});

type Taken = z.output<typeof takenSchema>;
type Properties = Record<string, unknown>;

/** How long a record counts: a later run can be at the same address. */
const longestRun = 24 * 3_600_000;

/** The same resource, whose deletion leaves what another resource of this run has taken charge of. */
export function keepWhatWasTakenOver(resource: Resource): Resource {
  const keyOf = (id: string, state: Properties) => resource.keyOf?.(state) ?? id;
  // Holds where nothing can be written.
  const takenIn = perSession(() => new Map<string, Omit<Taken, "at">>());
  const journalOf = ({ journalDirectory }: Context, id: string) =>
    openJournal(journalDirectory, `taken:${resource.type}:${id}`, takenSchema);

  async function take(context: Context, id: string, state: Properties): Promise<void> {
    const taken = { run: context.session.run, parts: resource.partsOf?.(state) ?? [] };
    takenIn(context.session).set(id, taken);
    try {
      if (taken.run) journalOf(context, id).write({ ...taken, at: await context.clock.now() });
    } catch {
      // What was created must be told in any case.
    }
  }

  async function written(context: Context, id: string): Promise<Taken | undefined> {
    try {
      const taken = journalOf(context, id).read();
      return taken && (await context.clock.now()) - taken.at < longestRun ? taken : undefined;
    } catch {
      return undefined;
    }
  }

  async function isTaken(context: Context, id: string, state: Properties): Promise<boolean> {
    const own = resource.partsOf?.(state);
    const isOfThisRun = ({ run, parts }: Omit<Taken, "at">) =>
      run === context.session.run && (own?.some((part) => parts.includes(part)) ?? true);
    return [takenIn(context.session).get(id), await written(context, id)].some(
      (taken) => taken && isOfThisRun(taken),
    );
  }

  return {
    ...resource,
    async create(context, news) {
      try {
        const created = await resource.create(context, news);
        await take(context, keyOf(created.id, created.state), created.state);
        return created;
      } catch (error) {
        if (error instanceof PartialFailure)
          await take(context, keyOf(error.id, error.properties), error.properties);
        throw error;
      }
    },
    async delete(context, id, olds) {
      if (!(await isTaken(context, keyOf(id, olds), olds))) return resource.delete(context, id, olds);
      context.progress(`left as it is: another resource of this program has ${id} now`);
    },
  };
}
