// The dynamic front door: what Pulumi's dynamic-provider process calls for a resource.
import type { dynamic } from "@pulumi/pulumi";
import { takeClaims } from "./claims";
import { type Context, createContext } from "./context";
import { endWithEngine } from "./engineWatch";
import { messageOf, PartialFailure, StoppedError } from "./errors";
import { recalled } from "./memory";
import { resourceOf } from "./resources";
import { cleanerOf, containsUnknown, secretsOf } from "./schema";
import { stoppable } from "./stop";

type Properties = Record<string, unknown>;

/** Name under which the engine keeps the serialised provider beside a resource's properties. */
const providerKey = "__provider";
/** What the program calls a resource, so that two of them can be told apart; it goes no further than the check. */
const nameKey = "__claimant";

let gone: AbortController | undefined;

/** Set off when the engine has gone. It tells dynamic providers of nothing else: a person's ^C does not reach them. */
function engineGone(): AbortSignal {
  if (!gone) {
    const controller = new AbortController();
    gone = controller;
    endWithEngine(() => controller.abort(new StoppedError("Pulumi has gone: run `pulumi up` again.")));
  }
  return gone.signal;
}

/** The methods of the dynamic provider of one type. Config is the stack's, as handed to `configure`. */
export function dynamicProvider(
  type: string,
  request: dynamic.ConfigureRequest,
): Omit<dynamic.ResourceProvider, "configure"> {
  const resource = resourceOf(type);
  const config = (key: string) => request.config.get(`bigdata:${key}`);
  // This process's standard output becomes info lines of the update.
  const stop = engineGone();
  const created = createContext(config, (message) => console.log(message));
  const context = { ...created, clock: stoppable(created.clock, stop), stop };
  const cleanerFor = (...given: Properties[]) =>
    cleanerOf(given.flatMap((properties) => secretsOf(resource, properties)));
  const cleaned = (clean: (text: string) => string): Context => ({
    ...context,
    progress: (message, kind) => context.progress(clean(message), kind),
  });

  /** Ids that the engine has read, and not yet compared. */
  const justRead = new Set<string>();

  async function guarded<T>(
    properties: Properties,
    work: (context: Context) => Promise<T>,
    olds: Properties = {},
  ): Promise<T> {
    const clean = cleanerFor(properties, olds);
    try {
      return await work(cleaned(clean));
    } catch (error) {
      const plainError = new Error(clean(messageOf(error)));
      // The SDK prints the stack to users, who can do nothing with it.
      plainError.stack = "";
      if (!(error instanceof PartialFailure)) throw plainError;
      // The form that makes the engine save what exists; it needs `__provider` among the properties.
      throw Object.assign(plainError, {
        id: error.id,
        properties: { ...plain(error.properties), [providerKey]: properties[providerKey] },
        reasons: error.reasons.map(clean),
      });
    }
  }

  return {
    async check(olds: Properties, given: Properties) {
      const { [nameKey]: name, ...news } = given;
      const checked = resource.check(without(news), without(olds));
      if (checked.failures.length === 0 && typeof name === "string")
        checked.failures.push(...takeClaims(resource, context, name, checked.inputs));
      const clean = cleanerFor(news);
      // Something new gets no diff, so this is where a preview can say what it will be.
      if (
        checked.failures.length === 0 &&
        Object.keys(olds).length === 0 &&
        !containsUnknown(checked.inputs)
      ) {
        const begun = resource.recall?.(context, undefined, checked.inputs);
        resource.announce(cleaned(clean), begun, checked.inputs);
      }
      const failures = checked.failures.map((failure) => ({ ...failure, reason: clean(failure.reason) }));
      return { ...checked, failures };
    },
    async diff(id: string, recorded: Properties, news: Properties) {
      const olds = recalled(resource, context, recorded, without(news));
      // A refresh asks for the difference right after it has read: it shows what is, and plans nothing.
      const isRefresh = justRead.delete(id) && !process.env["PULUMI_USE_LEGACY_REFRESH_DIFF"];
      if (!isRefresh && !containsUnknown(without(news)))
        resource.announce(cleaned(cleanerFor(olds, news)), olds, without(news));
      const { changes, properties } = resource.diff(olds, without(news));
      const replaces = properties.filter(({ replace }) => replace).map(({ property }) => property);
      // What the plugin has made is recorded without the provider's text, and cannot be deleted by it until it is there.
      const { deleteBeforeReplace } = resource;
      return { changes: changes || recorded[providerKey] === undefined, replaces, deleteBeforeReplace };
    },
    create: (news: Properties) =>
      guarded(news, async (guardedContext) => {
        const { id, state } = await resource.create(guardedContext, without(news));
        return { id, outs: plain(state) };
      }),
    update: (id: string, olds: Properties, news: Properties) =>
      guarded(
        news,
        async (guardedContext) => {
          const known = recalled(resource, guardedContext, olds, without(news));
          return { outs: plain(await resource.update(guardedContext, id, known, without(news))) };
        },
        olds,
      ),
    read: (id: string, state: Properties) =>
      guarded(state, async (guardedContext) => {
        justRead.add(id);
        const seen = await resource.read(guardedContext, id, recalled(resource, guardedContext, state));
        if (!seen) return { id: "", props: {} };
        return {
          id: seen.id,
          props: plain(seen.state),
          ...(seen.inputs ? { inputs: plain(seen.inputs) } : {}),
        };
      }),
    delete: (id: string, olds: Properties) =>
      guarded(olds, (guardedContext) =>
        resource.delete(guardedContext, id, recalled(resource, guardedContext, olds)),
      ),
  };
}

function without(properties: Properties): Properties {
  const { [providerKey]: _, ...rest } = properties;
  return rest;
}

/** Only what the wire can carry: no `undefined`, which its encoder refuses even deep down. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(without(properties))) as Properties;
}
