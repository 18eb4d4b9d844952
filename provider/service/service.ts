// The provider as Pulumi's engine calls it: pulumirpc.ResourceProvider on the SDK's own stubs. What it leaves out is
// answered with UNIMPLEMENTED.
import type {
  handleUnaryCall,
  ServerUnaryCall,
  sendUnaryData,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { ConfigLookup } from "../context";
import { leaves } from "../diff";
import { type CheckFailure, messageOf } from "../errors";
import { CheckedInputsFailed, callFunction } from "../functions";
import { describePlan, previewPlan } from "../plan";
import type { PropertyDiff, Resource, ResourceName } from "../resource";
import { resourceOf } from "../resources";
import { containsUnknown, sameValue } from "../schema";
import { Calls } from "./call";
import { checkConfig, configKeys, configLookup, profilesKey } from "./config";
import type { Messages } from "./messages";
import { failure } from "./reply";
import { type Properties, plainOf, plainProperties, structOf, unknown, wireOf } from "./values";

export interface ServiceOptions {
  version: string;
  /** The package schema as JSON. */
  schema(): string;
  messages: Messages;
}

const secretKeys = [...configKeys, profilesKey].filter(({ isSecret }) => isSecret).map(({ name }) => name);

export class ProviderService {
  private config: ConfigLookup = () => undefined;
  private readonly calls: Calls;

  constructor(private readonly options: ServiceOptions) {
    this.calls = new Calls(() => this.config, options.messages);
  }

  /** What a gRPC server serves. */
  implementation(): UntypedServiceImplementation {
    return {
      handshake: unary((request: messages.ProviderHandshakeRequest) => this.handshake(request)),
      getSchema: unary(async () => new messages.GetSchemaResponse().setSchema(this.options.schema())),
      checkConfig: unary((request: messages.CheckRequest) => this.checkConfig(request)),
      diffConfig: unary((request: messages.DiffRequest) => this.diffConfig(request)),
      configure: unary((request: messages.ConfigureRequest) => this.configure(request)),
      invoke: unary((request: messages.InvokeRequest) => this.invoke(request)),
      check: unary((request: messages.CheckRequest) => this.check(request)),
      diff: unary((request: messages.DiffRequest) => this.diff(request)),
      create: unary((request: messages.CreateRequest) => this.create(request)),
      read: unary((request: messages.ReadRequest) => this.read(request)),
      update: unary((request: messages.UpdateRequest) => this.update(request)),
      delete: unary((request: messages.DeleteRequest) => this.delete(request)),
      cancel: unary(async () => {
        this.calls.cancel();
        return new Empty();
      }),
      getPluginInfo: unary(async () => new PluginInfo().setVersion(this.options.version)),
      attach: unary(async (request: PluginAttach) => {
        this.options.messages.attach(request.getAddress());
        return new Empty();
      }),
    };
  }

  private async handshake(request: messages.ProviderHandshakeRequest) {
    const address = request.getEngineAddress();
    if (address) this.options.messages.attach(address);
    const response = new messages.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptResources(false);
    response.setAcceptOutputs(false);
    return response;
  }

  private async checkConfig(request: messages.CheckRequest) {
    const news = wireOf(request.getNews());
    const response = new messages.CheckResponse();
    // What the user gave, and nothing from the environment, so that state holds no more than that.
    response.setInputs(structOf(plainOf(news) as Properties, [news], secretKeys));
    response.setFailuresList(checkConfig(plainOf(news) as Properties).map(checkFailure));
    return response;
  }

  /** Another configuration is another way to the same things: nothing is ever replaced because of it. */
  private async diffConfig(request: messages.DiffRequest) {
    const olds = plainProperties(request.getOldInputs() ?? request.getOlds());
    const isSame = sameValue(olds, plainProperties(request.getNews()));
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    return new messages.DiffResponse().setChanges(isSame ? DIFF_NONE : DIFF_SOME);
  }

  private async configure(request: messages.ConfigureRequest) {
    // Engines that say no name have one provider for a package.
    const urn = request.getUrn() ?? "";
    const isDefault = urn === "" || /::default(_[^:]*)?$/.test(urn);
    const given = request.hasArgs() ? wireOf(request.getArgs()) : variablesOf(request);
    this.config = configLookup(given, isDefault);
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  private async invoke(request: messages.InvokeRequest) {
    const wire = wireOf(request.getArgs());
    const response = new messages.InvokeResponse();
    const token = request.getTok().replace(/^bigdata:/, "");
    const context = this.calls.contextFor("", (text) => text);
    try {
      response.setReturn(structOf(await callFunction(token, plainOf(wire) as Properties, context)));
    } catch (error) {
      if (!(error instanceof CheckedInputsFailed)) throw error;
      response.setFailuresList(error.failures.map(checkFailure));
    } finally {
      await this.options.messages.flush();
    }
    return response;
  }

  private async check(request: messages.CheckRequest) {
    const resource = resourceFor(request.getUrn());
    const wire = wireOf(request.getNews());
    const olds = plainProperties(request.getOlds());
    const proposals = resource.proposals?.(nameOf(request.getUrn())) ?? {};
    const { inputs, failures } = resource.check({ ...(plainOf(wire) as Properties), ...proposals }, olds);
    const response = new messages.CheckResponse();
    response.setInputs(structOf(inputs, [wire], resource.secrets));
    response.setFailuresList(failures.map(checkFailure));
    return response;
  }

  private async diff(request: messages.DiffRequest) {
    const resource = resourceFor(request.getUrn());
    const olds = plainProperties(request.getOlds());
    const oldInputs = plainProperties(request.getOldInputs());
    const { properties, deleteBeforeReplace } = resource.diff(olds, plainProperties(request.getNews()));
    const ignored = request.getIgnorechangesList().map((path) => path.split(/[.[]/)[0]);
    const differences = properties.filter(({ property }) => !ignored.includes(property));
    const response = new messages.DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    response.setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setHasdetaileddiff(true);
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setReplacesList(differences.filter(({ replace }) => replace).map(({ property }) => property));
    response.setDiffsList(differences.map(({ property }) => property));
    for (const difference of differences) {
      for (const { path, kind } of placesOf(difference)) {
        const place = new messages.PropertyDiff();
        place.setKind(kinds[kind][difference.replace ? "replace" : "change"]);
        // Where the cloud shows something else than what was asked for, that is what the new input is compared with.
        place.setInputdiff(sameValue(difference.before, oldInputs[difference.property]));
        response.getDetaileddiffMap().set(path, place);
      }
    }
    return response;
  }

  private async create(request: messages.CreateRequest) {
    const urn = request.getUrn();
    const resource = resourceFor(urn);
    const wire = wireOf(request.getProperties());
    const news = plainOf(wire) as Properties;
    const call = {
      urn,
      resource,
      wires: [wire],
      timeout: request.getTimeout(),
      operation: "create" as const,
    };
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
      const foreseen = await this.foresee(urn, resource, undefined, news);
      return response.setProperties(structOf(foreseen, [wire], resource.secrets));
    }
    const { id, state } = await this.calls.run(call, (context) => resource.create(context, news));
    return response.setId(id).setProperties(structOf(state, [wire], resource.secrets));
  }

  private async update(request: messages.UpdateRequest) {
    const urn = request.getUrn();
    const resource = resourceFor(urn);
    const wires = [wireOf(request.getNews()), wireOf(request.getOlds())];
    const [news, olds] = wires.map((wire) => plainOf(wire) as Properties) as [Properties, Properties];
    const call = { urn, resource, wires, timeout: request.getTimeout(), operation: "update" as const };
    const response = new messages.UpdateResponse();
    const marked = (state: Properties) => structOf(state, wires.slice(0, 1), resource.secrets);
    if (request.getPreview()) {
      return response.setProperties(marked(await this.foresee(urn, resource, olds, news)));
    }
    const id = request.getId();
    const state = await this.calls.run(call, (context) => resource.update(context, id, olds, news));
    return response.setProperties(marked(state));
  }

  /** What state will hold, as far as it can be told: the plan is told, the rest is unknown. */
  private async foresee(
    urn: string,
    resource: Resource,
    olds: Properties | undefined,
    news: Properties,
  ): Promise<Properties> {
    const context = this.calls.contextFor(urn, (text) => text);
    const plan = previewPlan(() => resource.planFromState(olds, news), news);
    if (plan.steps.length + plan.warnings.length + plan.blocked.length > 0)
      for (const line of describePlan(plan)) context.progress(`${nameOf(urn).name}: plan: ${line}`);
    const outputs = Object.keys(resource.outputs.shape).filter((name) => news[name] === undefined);
    const changesNothing = olds && plan.steps.length + plan.blocked.length === 0 && !containsUnknown(news);
    const staying = outputs.filter((name) => changesNothing || resource.stableOutputs.includes(name));
    const kept = staying.flatMap((name) => (olds?.[name] === undefined ? [] : [[name, olds[name]]]));
    // What only an operation that ends early leaves behind is not expected.
    const isExpected = (name: string) => resource.outputs.shape[name]?._zod.optin === undefined;
    const open = outputs.filter((name) => isExpected(name) && (!staying.includes(name) || !olds));
    // A preview without access is one that knows less, and no failure.
    const told = await resource.foresee?.(context, olds, news).catch(() => ({}));
    await this.options.messages.flush();
    return {
      ...Object.fromEntries(open.map((name) => [name, unknown])),
      ...Object.fromEntries(kept),
      ...news,
      ...(changesNothing ? {} : told),
    };
  }

  private async read(request: messages.ReadRequest) {
    const urn = request.getUrn();
    const resource = resourceFor(urn);
    const id = request.getId();
    const wires = [wireOf(request.getProperties()), wireOf(request.getInputs())];
    const [state, inputs] = wires.map((wire) => plainOf(wire) as Properties) as [Properties, Properties];
    const call = { urn, resource, wires, timeout: request.getTimeout(), operation: "read" as const };
    const response = new messages.ReadResponse();
    const marked = (properties: Properties) => structOf(properties, wires, resource.secrets);
    // An import brings nothing but the id, and `get` at most what the program knows.
    const isRecorded = state["inputsFound"] !== undefined;
    if (!isRecorded) {
      const found = await this.calls.run(call, (context) => resource.find(context, id));
      // No properties at all is how the engine is told that it does not exist.
      if (!found) return response;
      return response.setId(found.id).setProperties(marked(found.state)).setInputs(marked(found.inputs));
    }
    const seen = await this.calls.run(call, (context) => resource.read(context, id, state));
    if (!seen) return response;
    return response
      .setId(seen.id)
      .setProperties(marked(seen.state))
      .setInputs(marked(seen.inputs ?? inputs));
  }

  private async delete(request: messages.DeleteRequest) {
    const urn = request.getUrn();
    const resource = resourceFor(urn);
    const wire = wireOf(request.getProperties());
    const call = {
      urn,
      resource,
      wires: [wire],
      timeout: request.getTimeout(),
      operation: "delete" as const,
    };
    const olds = plainOf(wire) as Properties;
    await this.calls.run(call, (context) => resource.delete(context, request.getId(), olds));
    return new Empty();
  }
}

const { Kind } = messages.PropertyDiff;
const kinds = {
  add: { change: Kind.ADD, replace: Kind.ADD_REPLACE },
  delete: { change: Kind.DELETE, replace: Kind.DELETE_REPLACE },
  update: { change: Kind.UPDATE, replace: Kind.UPDATE_REPLACE },
};

/** A difference in an input is shown where it is; one in what the cloud shows, as a whole. */
function placesOf({ property, kind, before, after }: PropertyDiff) {
  return before === undefined && after === undefined
    ? [{ path: property, kind }]
    : leaves(property, before, after);
}

function resourceFor(urn: string): Resource {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return resourceOf(type.replace(/^bigdata:/, ""));
}

/** `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function nameOf(urn: string): ResourceName {
  const [head = "", project = "", , ...name] = urn.split("::");
  return { stack: head.split(":")[2] ?? "", project, name: name.join("::") };
}

function checkFailure({ property, reason }: CheckFailure): messages.CheckFailure {
  const failed = new messages.CheckFailure();
  failed.setProperty(property);
  failed.setReason(reason);
  return failed;
}

/** The configuration in its older form. */
function variablesOf(request: messages.ConfigureRequest): Properties {
  const variables: Properties = {};
  request.getVariablesMap().forEach((value, name) => {
    variables[name.replace(/^bigdata:config:/, "")] = value;
  });
  return variables;
}

/** A handler as gRPC calls it. Whatever it throws becomes an answer. */
function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
    handle(call.request).then(
      (response) => done(null, response),
      (error: unknown) => done(isAnswer(error) ? error : failure(messageOf(error))),
    );
  };
}

function isAnswer(error: unknown): error is ReturnType<typeof failure> {
  return error instanceof Error && "code" in error && "metadata" in error;
}
