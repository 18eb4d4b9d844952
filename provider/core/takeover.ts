// What resources of this run have taken charge of. A resource that is renamed is created under its new name before the old
// one is deleted: then what it stands for is the new one's business, and must not go with the old. Where its provider is
// another one too, the two happen in different processes, so that it is written down.
import { z } from "zod";
import { type Context, warn } from "../base/context";
import { PartialFailure } from "../base/errors";
import type { Resource } from "./resource";
import { runNotes } from "./runNotes";

const takenNote = z.object({ parts: z.array(z.string()), at: z.number() });

type Properties = Record<string, unknown>;

/** How long a note counts: a later run can be at the same address. */
const longestRun = 24 * 3_600_000;

/** The same resource, whose deletion leaves what another resource of this run has taken charge of. */
export function keepWhatWasTakenOver(resource: Resource): Resource {
  const keyOf = (id: string, state: Properties) => resource.keyOf?.(state) ?? id;
  const thing = (id: string) => `taken:${resource.type}:${id}`;

  async function take(context: Context, id: string, state: Properties): Promise<void> {
    const at = await context.clock.now();
    const isShared = runNotes(context).add({ about: thing(id), parts: resource.partsOf?.(state) ?? [], at });
    if (!isShared)
      warn(
        context,
        `${context.journalDirectory} cannot be written: another provider of this run does not learn that this resource has ${id} now. If you have renamed it and moved it to another provider, cancel this run before the old one is deleted`,
      );
  }

  async function isTaken(context: Context, id: string, state: Properties): Promise<boolean> {
    const own = resource.partsOf?.(state);
    const now = await context.clock.now();
    const taken = runNotes(context)
      .about(thing(id))
      .flatMap((note) => takenNote.safeParse(note).data ?? [])
      .filter(({ at }) => now - at < longestRun)
      .at(-1);
    return taken !== undefined && (own?.some((part) => taken.parts.includes(part)) ?? true);
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
