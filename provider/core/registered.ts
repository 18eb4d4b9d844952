// A resource as the doors serve it.
import { recordResolved } from "./resolvedInputs";
import type { Resource } from "./resource";
import { keepWhatWasTakenOver } from "./takeover";

/** How long a refresh goes on looking where the program sets no limit, in milliseconds. */
const refreshPatience = 300_000;

/** The same resource, which looks again for a while where a cloud does not answer. */
const lookingAgain = (resource: Resource): Resource => ({
  ...resource,
  async read(context, id, state) {
    // A limit that the program sets is kept to elsewhere.
    const patience = context.limit ? Number.POSITIVE_INFINITY : refreshPatience;
    const deadline = {
      at: (await context.clock.now()) + patience,
      hint: "Run `pulumi refresh` again later.",
    };
    return resource.read({ ...context, deadline }, id, state);
  },
});

/** Its handlers are reached by name with whatever the engine sends, so that their types end here. */
export function registered<Inputs, State>(resource: Resource<Inputs, State>): Resource {
  return recordResolved(keepWhatWasTakenOver(lookingAgain(resource as unknown as Resource)));
}
