// Inputs that a program may leave open, such as a region: their values are found, and state holds them beside those that
// were given. Which is which is recorded, so that a refresh gives back the inputs as the program wrote them.
import { z } from "zod";
import { PartialFailure } from "../base/errors";
import type { Resource } from "./resource";

const inputsFound = z
  .array(z.string())
  .describe("Names of the inputs that the program leaves open, and whose values were found.");

type Properties = Record<string, unknown>;

/** The same resource, whose state records which inputs were found. */
export function recordResolved(resource: Resource): Resource {
  const record = (state: Properties, news: Properties): Properties => ({
    ...state,
    inputsFound: resource.foundWhereAbsent.filter(
      (name) => news[name] === undefined && state[name] !== undefined,
    ),
  });
  const recordFailure = (error: unknown, news: Properties): unknown =>
    error instanceof PartialFailure
      ? new PartialFailure(error.id, record(error.properties, news), error.reasons)
      : error;
  return {
    ...resource,
    outputs: resource.outputs.extend({ inputsFound }),
    async create(context, news) {
      try {
        const { id, state } = await resource.create(context, news);
        return { id, state: record(state, news) };
      } catch (error) {
        throw recordFailure(error, news);
      }
    },
    async update(context, id, olds, news) {
      try {
        return record(await resource.update(context, id, olds, news), news);
      } catch (error) {
        throw recordFailure(error, news);
      }
    },
    // An import finds what its inputs leave open: from then on it is read where it was found.
    async find(context, id, place) {
      const found = await resource.find(context, id, place);
      return found && { ...found, state: record(found.state, found.inputs) };
    },
    async read(context, id, state) {
      const seen = await resource.read(context, id, state);
      if (!seen) return undefined;
      const found = (state["inputsFound"] ?? []) as string[];
      const same = { ...seen, state: { ...seen.state, inputsFound: found } };
      if (!seen.inputs) return same;
      const given = Object.entries(seen.inputs).filter(([name]) => !found.includes(name));
      return { ...same, inputs: Object.fromEntries(given) };
    },
  };
}
