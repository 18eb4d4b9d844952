// The dynamic front door: what Pulumi's dynamic-provider process calls for a resource.
import type { dynamic } from "@pulumi/pulumi";
import { createContext } from "./context";
import { PartialFailure } from "./errors";
import { resourceOf } from "./resources";

type Properties = Record<string, unknown>;

/** Name under which the engine keeps the serialised provider beside a resource's properties. */
const providerKey = "__provider";

/** The methods of the dynamic provider of one type. Config is the stack's, as handed to `configure`. */
export function dynamicProvider(
  type: string,
  request: dynamic.ConfigureRequest,
): Omit<dynamic.ResourceProvider, "configure"> {
  const resource = resourceOf(type);
  const config = (key: string) => request.config.get(`bigdata:${key}`);
  // This process's standard output becomes info lines of the update.
  const context = createContext(config, (message) => console.log(message));
  return {
    async check(_olds: Properties, news: Properties) {
      return resource.check(without(news));
    },
    async diff(_id: string, olds: Properties, news: Properties) {
      const { changes, properties, deleteBeforeReplace } = resource.diff(olds, without(news));
      const replaces = properties.filter(({ replace }) => replace).map(({ property }) => property);
      return { changes, replaces, deleteBeforeReplace };
    },
    async create(news: Properties) {
      const { id, state } = await keeping(news, () => resource.create(context, without(news)));
      return { id, outs: plain(state) };
    },
    async update(id: string, olds: Properties, news: Properties) {
      const state = await keeping(news, () => resource.update(context, id, olds, without(news)));
      return { outs: plain(state) };
    },
    async read(id: string, state: Properties) {
      const seen = await resource.read(context, id, state);
      if (!seen) return { id: "", props: {} };
      return {
        id: seen.id,
        props: plain(seen.state),
        ...(seen.inputs ? { inputs: plain(seen.inputs) } : {}),
      };
    },
    async delete(id: string, olds: Properties) {
      await resource.delete(context, id, olds);
    },
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

/** Hands a partial failure over in the form that saves what exists; the engine needs `__provider` in it. */
async function keeping<T>(news: Properties, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw Object.assign(new Error(error.message), {
      id: error.id,
      properties: { ...plain(error.properties), [providerKey]: news[providerKey] },
      reasons: error.reasons,
    });
  }
}
