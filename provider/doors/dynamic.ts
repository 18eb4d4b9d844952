// The dynamic front door: what Pulumi's dynamic-provider process calls for a resource.
import { createHash } from "node:crypto";
import type { dynamic } from "@pulumi/pulumi";
import { type Context, createContext, type MessageKind } from "../base/context";
import { failureText, messageOf, PartialFailure, StoppedError } from "../base/errors";
import { printableLines } from "../base/printable";
import { perSession, processSession, type Session } from "../base/session";
import { resourceOf } from "../byName";
import { stoppable } from "../call/cancel";
import { cleaningHeld } from "../call/keys";
import { takeClaims } from "../core/claims";
import { recalled } from "../core/memory";
import { foreseen, planOfChange, planOfCreation, reportPlan } from "../core/plan";
import type { Resource } from "../core/resource";
import { cleanerOf, orderedText, secretsOf } from "../core/schema";
import { endWithEngine } from "./engineWatch";
import { credentialTexts, endpointMessages } from "./plugin/config";
import { Messages } from "./plugin/messages";

type Properties = Record<string, unknown>;

/** Name under which the engine keeps the serialised provider beside a resource's properties. */
const providerKey = "__provider";
/** What the SDK says of a resource beside its inputs; it goes no further than the check. */
const askerKey = "__claimant";

/** A resource as its program has it, which Pulumi tells dynamic providers nothing of. */
interface Asker {
  /** So that two of them can be told apart. */
  name: string;
  urn: string;
  isPreview: boolean;
}

/** Who has which inputs: what the engine calls after the check comes with these, and no name. */
const askersOf = perSession(() => new Map<string, Asker>());

/** Whether it has been told where calls go otherwise than usual. */
const endpointsOf = perSession(() => ({ areTold: false }));

const fingerprint = (type: string, inputs: Properties) =>
  createHash("sha256")
    .update(orderedText([type, inputs]))
    .digest("hex");

/** What the dynamic providers of one engine share. */
export interface DynamicHost {
  session: Session;
  messages: Pick<Messages, "report" | "flush">;
  /** Set off when the engine has gone. */
  stop: AbortSignal;
}

let ofThisProcess: DynamicHost | undefined;

/** The host of a process that serves one engine. */
function processHost(): DynamicHost {
  if (!ofThisProcess) {
    const session = processSession();
    const gone = new AbortController();
    // The engine tells dynamic providers of nothing else: a person's ^C does not reach them.
    endWithEngine(() => gone.abort(new StoppedError("Pulumi has gone: run `pulumi up` again.")));
    ofThisProcess = { session, messages: new Messages(session.run), stop: gone.signal };
  }
  return ofThisProcess;
}

/** Tells it where the resource is shown; standard output would be the stack's, and stay there for good. */
function report(
  { session, messages }: DynamicHost,
  urn: string,
  message: string,
  kind: MessageKind = "step",
): void {
  if (session.run === undefined)
    console.log(`${kind === "warning" ? "warning: " : ""}${printableLines(message)}`);
  else messages.report(urn, message, kind);
}

type Methods = Required<Omit<dynamic.ResourceProvider, "configure">>;

/** The methods of the dynamic provider of one type. Config is the stack's, as handed to `configure`. */
export function dynamicProvider(
  type: string,
  request: dynamic.ConfigureRequest,
  host: DynamicHost = processHost(),
): Methods {
  let loaded: Promise<Methods> | undefined;
  const methods = () => {
    loaded ??= resourceOf(type).then((resource) => methodsOf(resource, request, host));
    return loaded;
  };
  return {
    check: async (...given) => (await methods()).check(...given),
    diff: async (...given) => (await methods()).diff(...given),
    create: async (...given) => (await methods()).create(...given),
    read: async (...given) => (await methods()).read(...given),
    update: async (...given) => (await methods()).update(...given),
    delete: async (...given) => (await methods()).delete(...given),
  };
}

function methodsOf(resource: Resource, request: dynamic.ConfigureRequest, host: DynamicHost): Methods {
  const { type } = resource;
  const { session, messages, stop } = host;
  const askers = askersOf(session);
  const config = (key: string) => request.config.get(`bigdata:${key}`);
  const endpoints = endpointsOf(session);
  const cleanerFor = (...given: Properties[]) =>
    cleaningHeld(session, (held) =>
      cleanerOf(
        given.flatMap((properties) => secretsOf(resource, properties)),
        [...credentialTexts(config), ...held],
      ),
    );
  const nameOf = (inputs: Properties) => resource.claims?.(inputs)[0]?.thing ?? type;

  function contextFor(asker: Asker | undefined, inputs: Properties, ...others: Properties[]): Context {
    const clean = cleanerFor(inputs, ...others);
    const created = createContext(session, config, (message, kind) =>
      report(host, asker?.urn ?? "", clean(asker ? message : `${nameOf(inputs)}: ${message}`, kind), kind),
    );
    return { ...created, ...(asker ? { urn: asker.urn } : {}), clock: stoppable(created.clock, stop), stop };
  }

  const askerOf = (inputs: Properties) => askers.get(fingerprint(type, without(inputs)));

  /** Ids that the engine has read, and not yet compared. */
  const justRead = new Set<string>();
  /** Whose plan has been told in this preview. */
  const told = new Set<string>();

  /** Tells what a preview is about; the `up` after it does not tell it again. */
  async function reportPreview(
    asker: Asker | undefined,
    olds: Properties | undefined,
    news: Properties,
  ): Promise<void> {
    const about = asker?.urn ?? nameOf(news);
    if (asker?.isPreview === false || told.has(about)) return;
    told.add(about);
    const context = { ...contextFor(asker, news, olds ?? {}), onlyLooks: true };
    if (!olds) return reportPlan(context, await planOfCreation(context, resource, news));
    const isReplacement = resource.diff(olds, news).properties.some(({ replace }) => replace);
    reportPlan(context, planOfChange(resource, olds, news, isReplacement));
  }

  async function guarded<T>(
    properties: Properties,
    work: (context: Context) => Promise<T>,
    olds: Properties = {},
  ): Promise<T> {
    const clean = cleanerFor(properties, olds);
    try {
      return await work(contextFor(askerOf(properties), without(properties), olds));
    } catch (error) {
      const plainError = new Error(clean(messageOf(error)));
      // The SDK prints the stack to users, who can do nothing with it.
      plainError.stack = "";
      if (!(error instanceof PartialFailure)) throw plainError;
      // The form that makes the engine save what exists; it needs `__provider` among the properties.
      throw Object.assign(plainError, {
        id: error.id,
        properties: { ...plain(error.properties), [providerKey]: properties[providerKey] },
        reasons: error.reasons.map((reason) => clean(reason)),
      });
    } finally {
      await messages.flush();
    }
  }

  return {
    async check(olds: Properties, given: Properties) {
      const { [askerKey]: asker, ...news } = given as { [askerKey]?: Asker };
      const checked = resource.check(without(news), without(olds));
      const context = contextFor(asker, checked.inputs);
      if (!endpoints.areTold)
        for (const told of endpointMessages(config)) report(host, "", `${told}.`, "plan");
      endpoints.areTold = true;
      if (asker) askers.set(fingerprint(type, checked.inputs), asker);
      if (checked.failures.length === 0 && asker)
        checked.failures.push(...takeClaims(resource, context, asker.name, checked.inputs));
      // Something new gets no diff, so this is where a preview can say what it will be.
      if (checked.failures.length === 0 && Object.keys(olds).length === 0)
        await reportPreview(asker, resource.recall?.(context, undefined, checked.inputs), checked.inputs);
      await messages.flush();
      const clean = cleanerFor(news);
      const failures = checked.failures.map((failure) => ({
        property: "",
        reason: clean(failureText(failure)),
      }));
      return { ...checked, failures };
    },
    async diff(id: string, recorded: Properties, given: Properties) {
      const news = without(given);
      const asker = askerOf(news);
      const olds = recalled(resource, contextFor(asker, news), recorded, news);
      // A refresh asks for the difference right after it has read: it shows what is, and plans nothing.
      const isRefresh = justRead.delete(id) && !process.env["PULUMI_USE_LEGACY_REFRESH_DIFF"];
      const { changes, properties } = resource.diff(olds, news);
      if (changes && !isRefresh) await reportPreview(asker, olds, news);
      await messages.flush();
      const replaces = properties.filter(({ replace }) => replace).map(({ property }) => property);
      // What the plugin has made is recorded without the provider's text, and cannot be deleted by it until it is there.
      const { deleteBeforeReplace } = resource;
      return { changes: changes || recorded[providerKey] === undefined, replaces, deleteBeforeReplace };
    },
    create: (news: Properties) =>
      guarded(news, async (context) => {
        const inputs = without(news);
        const { id, state } = await resource.create(foreseen(context, resource, undefined, inputs), inputs);
        return { id, outs: plain(state) };
      }),
    update: (id: string, olds: Properties, news: Properties) =>
      guarded(
        news,
        async (context) => {
          const inputs = without(news);
          const known = recalled(resource, context, olds, inputs);
          const told = foreseen(context, resource, known, inputs);
          return { outs: plain(await resource.update(told, id, known, inputs)) };
        },
        olds,
      ),
    read: (id: string, state: Properties) =>
      guarded(state, async (context) => {
        justRead.add(id);
        const looking = { ...context, onlyLooks: true };
        const seen = await resource.read(looking, id, recalled(resource, looking, state));
        if (!seen) return { id: "", props: {} };
        return {
          id: seen.id,
          props: plain(seen.state),
          ...(seen.inputs ? { inputs: plain(seen.inputs) } : {}),
        };
      }),
    delete: (id: string, olds: Properties) =>
      guarded(olds, (context) =>
        resource.delete({ ...context, isForeseen: true }, id, recalled(resource, context, olds)),
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
