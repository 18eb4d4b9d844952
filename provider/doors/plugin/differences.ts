// What differs, as the engine wants to hear it: property by property, and place by place.
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type Leaf, leaves } from "../../core/diff";
import type { Diff, PropertyDiff } from "../../core/resource";
import { sameValue } from "../../core/schema";
import type { Properties } from "./values";

const { Kind } = messages.PropertyDiff;
const kinds = {
  add: { change: Kind.ADD, replace: Kind.ADD_REPLACE },
  delete: { change: Kind.DELETE, replace: Kind.DELETE_REPLACE },
  update: { change: Kind.UPDATE, replace: Kind.UPDATE_REPLACE },
};

/** `ignored`: paths that the program has said not to look at. */
export function diffResponse(
  { properties }: Diff,
  deleteBeforeReplace: boolean,
  oldInputs: Properties,
  ignored: readonly string[],
): messages.DiffResponse {
  const differences = properties
    .map((difference) => ({ difference, places: notIgnoredPlaces(difference, ignored) }))
    .filter(({ places }) => places.length > 0);
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deleteBeforeReplace);
  for (const { difference, places } of differences) {
    const { property, replace, before } = difference;
    response.addDiffs(property);
    if (replace) response.addReplaces(property);
    for (const { path, kind } of places) {
      const place = new messages.PropertyDiff();
      place.setKind(kinds[kind][replace ? "replace" : "change"]);
      // Where the cloud shows something else than what was asked for, that is what the new input is compared with.
      place.setInputdiff(sameValue(before, oldInputs[property]));
      response.getDetaileddiffMap().set(path, place);
    }
  }
  return response;
}

/** Where a difference is that the program has not said to ignore. */
function notIgnoredPlaces(difference: PropertyDiff, ignored: readonly string[]): Leaf[] {
  const prefixes = ignored.map(partsOf);
  return placesOf(difference).filter(({ path }) => {
    const parts = partsOf(path);
    return !prefixes.some((prefix) => prefix.every((part, index) => part === "*" || part === parts[index]));
  });
}

/** The inputs, where an input whose difference is ignored is as it is recorded or seen. */
export function notIgnored({ properties }: Diff, news: Properties, ignored: readonly string[]): Properties {
  const kept = properties.filter((difference) => notIgnoredPlaces(difference, ignored).length === 0);
  const { ...wanted } = news;
  for (const { property, before } of kept) {
    if (before === undefined) delete wanted[property];
    else wanted[property] = before;
  }
  return wanted;
}

/** A difference in an input is shown where it is; one in what the cloud shows, as a whole. */
function placesOf({ property, kind, before, after }: PropertyDiff): Leaf[] {
  return before === undefined && after === undefined
    ? [{ path: property, kind }]
    : leaves(property, before, after);
}

/** The parts of a property path: `tags[0].tagKey`, `restartTriggers["a.b"]`, `tags[*]`. */
function partsOf(path: string): string[] {
  return [...path.matchAll(/\["((?:\\.|[^"\\])*)"\]|[^.[\]]+/g)].map(([part, quoted]) =>
    quoted === undefined ? part : (JSON.parse(`"${quoted}"`) as string),
  );
}
