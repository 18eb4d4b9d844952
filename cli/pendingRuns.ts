// A preview with all that can be known of it here: what this machine remembers, and what the clouds show.
import type { Context } from "../provider/base/context";
import { lookAt } from "./observe";
import type { Preview } from "./preview";
import { type Summary, summarise } from "./summary";

/** What a preview means, by what this machine knows of earlier runs and, where they are to be asked, what the clouds show. */
export async function summariseHere(preview: Preview, context: Context, isLive: boolean): Promise<Summary> {
  const summary = summarise(preview, { context });
  if (!isLive) return summary;
  return summarise(preview, { context, live: await lookAt(summary.changes, context) });
}
