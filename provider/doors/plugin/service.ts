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
import type { ConfigLookup } from "../../base/context";
import { type CheckFailure, failureText, messageOf } from "../../base/errors";
import type { Session } from "../../base/session";
import { namesIn, typeIn } from "../../base/urn";
import { CheckedInputsFailed, callFunction, functionOf, openOn, resourceOf } from "../../byName";
import { takeClaims } from "../../core/claims";
import { recalled } from "../../core/memory";
import { foreseen } from "../../core/plan";
import type { Resource } from "../../core/resource";
import { cleanerOf, sameValue } from "../../core/schema";
import { checkConfig, configKeys, configLookup, endpointMessages, profilesKey } from "./config";
import { diffResponse, notIgnored } from "./differences";
import { previewOutputs } from "./forecast";
import type { Messages } from "./messages";
import { Calls } from "./operationContext";
import { failure } from "./reply";
import { asDeclared } from "./scalars";
import { type Properties, plainOf, plainProperties, secretTexts, structOf, wireOf } from "./values";

export interface ServiceOptions {
  version: string;
  /** The package schema as JSON. */
  schema(): string;
  messages: Messages;
  session: Session;
}

const secretKeys = [...configKeys, profilesKey].filter(({ isSecret }) => isSecret).map(({ name }) => name);

export class ProviderService {
  private config: ConfigLookup = () => undefined;
  private readonly calls: Calls;
  /** What is about to be replaced, by URN: the preview of what comes in its place tells what goes. */
  private readonly replaced = new Map<string, Properties>();

  constructor(private readonly options: ServiceOptions) {
    this.calls = new Calls(options.session, () => this.config, options.messages);
  }

  /** Everything under way comes to an end. */
  cancel(): void {
    this.calls.cancel();
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
        this.cancel();
        return new Empty();
      }),
      getPluginInfo: unary(async () => new PluginInfo().setVersion(this.options.version)),
      attach: unary(async (request: PluginAttach) => {
        this.attach(request.getAddress());
        return new Empty();
      }),
    };
  }

  private async handshake(request: messages.ProviderHandshakeRequest) {
    const address = request.getEngineAddress();
    if (address) this.attach(address);
    const response = new messages.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptResources(false);
    response.setAcceptOutputs(false);
    return response;
  }

  private attach(address: string): void {
    this.options.session.join(address);
    this.options.messages.attach(address);
    this.calls.renew();
  }

  private async checkConfig(request: messages.CheckRequest) {
    const news = wireOf(request.getNews());
    const response = new messages.CheckResponse();
    // What the user gave, and nothing from the environment, so that state holds no more than that.
    response.setInputs(structOf(plainOf(news) as Properties, [news], secretKeys));
    const failures = checkConfig(plainOf(news) as Properties);
    response.setFailuresList(checkFailures(failures, cleanerOf(secretTexts(news))));
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
    // Engines that say no name have one provider for a package. One that the program calls `default` looks the same.
    const { name } = namesIn(request.getUrn() ?? "");
    const isDefault = name === "" || /^default(_\d+_\d+_\d+.*)?$/.test(name);
    const given = request.hasArgs() ? wireOf(request.getArgs()) : variablesOf(request);
    this.config = configLookup(given, isDefault);
    for (const told of endpointMessages(this.config)) this.options.messages.send("", "info", `${told}.`);
    await this.reportWhatIsOpen(request.getUrn() ?? "");
    const response = new messages.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  /** What this machine remembers as open is told here, since a stack whose state is empty asks for nothing else. */
  private async reportWhatIsOpen(urn: string): Promise<void> {
    const { project, stack } = namesIn(urn);
    if (project === "") return this.options.messages.flush();
    const { journalDirectory } = this.calls.context();
    const left = await openOn(journalDirectory);
    const open = left.open.filter(({ isLost }) => isLost);
    const own = open.filter(({ name }) => name?.startsWith(`${project}/${stack}/`));
    const { messages: told } = this.options;
    for (const { type, on, name, what, since = 0, ids, advice } of own) {
      const known = Object.entries(ids).map(([kind, id]) => `, ${kind} ${id}`);
      told.send(
        "",
        "warning",
        `${type} ${name} on ${on}: an earlier run on this machine left open: ${what} (sent ${new Date(since).toISOString()}${known.join("")}): ${advice}.`,
      );
    }
    for (const { name: file, why } of left.unreadable)
      told.send(
        "",
        "warning",
        `bigdata: ${file} in ${journalDirectory} cannot be read (${why}): what it remembers of earlier runs is not known here.`,
      );
    const others = open.length - own.length;
    if (others > 0)
      told.send(
        "",
        "info",
        `bigdata: this machine remembers ${others} more that ${others === 1 ? "is" : "are"} open, of this stack or of others: \`pulumi-bigdata pending\` lists what is open.`,
      );
    await told.flush();
  }

  private async invoke(request: messages.InvokeRequest) {
    const wire = wireOf(request.getArgs());
    const response = new messages.InvokeResponse();
    const token = request.getTok().replace(/^bigdata:/, "");
    const { inputs, outputs } = await functionOf(token);
    const subject = { inputs, outputs, secrets: [] };
    const call = { urn: "", subject, wires: [wire], timeout: 0, operation: "invoke" as const };
    return this.calls.run(call, async (context) => {
      try {
        const given = asDeclared(inputs, plainOf(wire)) as Properties;
        return response.setReturn(structOf(await callFunction(token, given, context)));
      } catch (error) {
        if (!(error instanceof CheckedInputsFailed)) throw error;
        const clean = this.calls.cleanerFor(call);
        // SDKs put the property behind the reason.
        const failures = error.failures.map(({ property, reason }) =>
          new messages.CheckFailure().setProperty(clean(property)).setReason(clean(reason)),
        );
        return response.setFailuresList(failures);
      }
    });
  }

  private async check(request: messages.CheckRequest) {
    const resource = await resourceFor(request.getUrn());
    const wire = wireOf(request.getNews());
    const olds = plainProperties(request.getOlds());
    const proposals = resource.defaultsFromName?.(namesIn(request.getUrn())) ?? {};
    const given = asDeclared(resource.inputs, plainOf(wire)) as Properties;
    const { inputs, failures } = resource.check({ ...given, ...proposals }, olds);
    const response = new messages.CheckResponse();
    response.setInputs(structOf(inputs, [wire], resource.secrets));
    if (failures.length === 0)
      failures.push(...takeClaims(resource, this.calls.context(), request.getUrn(), inputs));
    response.setFailuresList(
      checkFailures(failures, this.calls.cleanerFor({ subject: resource, wires: [wire] })),
    );
    return response;
  }

  private async diff(request: messages.DiffRequest) {
    const resource = await resourceFor(request.getUrn());
    const olds = plainProperties(request.getOlds());
    const news = plainProperties(request.getNews());
    const known = recalled(resource, this.calls.context(), olds, news);
    const diff = resource.diff(known, news);
    if (diff.properties.some(({ replace }) => replace)) this.replaced.set(request.getUrn(), known);
    return diffResponse(
      diff,
      resource.deleteBeforeReplace,
      plainProperties(request.getOldInputs()),
      request.getIgnorechangesList(),
    );
  }

  private async create(request: messages.CreateRequest) {
    const urn = request.getUrn();
    const resource = await resourceFor(urn);
    const wire = wireOf(request.getProperties());
    const news = plainOf(wire) as Properties;
    const timeout = request.getTimeout();
    const isPreview = request.getPreview();
    const call = { urn, subject: resource, wires: [wire], timeout, operation: "create" as const, isPreview };
    const response = new messages.CreateResponse();
    const marked = (state: Properties) => structOf(state, [wire], resource.secrets);
    if (isPreview) {
      const replaced = this.replaced.get(urn);
      this.replaced.delete(urn);
      const outputs = this.calls.run(call, (context) =>
        previewOutputs(context, resource, resource.recall?.(context, undefined, news), news, replaced),
      );
      return response.setProperties(marked(await outputs));
    }
    const { id, state } = await this.calls.run(call, (context) =>
      resource.create(foreseen(context, resource, undefined, news), news),
    );
    return response.setId(id).setProperties(marked(state));
  }

  private async update(request: messages.UpdateRequest) {
    const urn = request.getUrn();
    const resource = await resourceFor(urn);
    const wires = [wireOf(request.getNews()), wireOf(request.getOlds())];
    const [news, olds] = wires.map((wire) => plainOf(wire) as Properties) as [Properties, Properties];
    const timeout = request.getTimeout();
    const isPreview = request.getPreview();
    const call = { urn, subject: resource, wires, timeout, operation: "update" as const, isPreview };
    const response = new messages.UpdateResponse();
    const marked = (state: Properties) => structOf(state, wires.slice(0, 1), resource.secrets);
    const ignored = request.getIgnorechangesList();
    if (isPreview) {
      const foreseen = this.calls.run(call, async (context) => {
        const known = recalled(resource, context, olds, news);
        const wanted = notIgnored(resource.diff(known, news), news, ignored);
        return previewOutputs(context, resource, known, wanted);
      });
      return response.setProperties(marked(await foreseen));
    }
    const id = request.getId();
    const state = await this.calls.run(call, async (context) => {
      const known = recalled(resource, context, olds, news);
      const wanted = notIgnored(resource.diff(known, news), news, ignored);
      return resource.update(foreseen(context, resource, known, wanted), id, known, wanted);
    });
    return response.setProperties(marked(state));
  }

  private async read(request: messages.ReadRequest) {
    const urn = request.getUrn();
    const resource = await resourceFor(urn);
    const id = request.getId();
    const wires = [wireOf(request.getProperties()), wireOf(request.getInputs())];
    const [state, inputs] = wires.map((wire) => plainOf(wire) as Properties) as [Properties, Properties];
    const timeout = request.getTimeout();
    const call = { urn, subject: resource, wires, timeout, operation: "read" as const };
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
    const seen = await this.calls.run(call, async (context) =>
      resource.read(context, id, recalled(resource, context, state)),
    );
    if (!seen) return response;
    return response
      .setId(seen.id)
      .setProperties(marked(seen.state))
      .setInputs(marked(seen.inputs ?? inputs));
  }

  private async delete(request: messages.DeleteRequest) {
    const urn = request.getUrn();
    const resource = await resourceFor(urn);
    const wire = wireOf(request.getProperties());
    const timeout = request.getTimeout();
    const call = { urn, subject: resource, wires: [wire], timeout, operation: "delete" as const };
    const olds = plainOf(wire) as Properties;
    await this.calls.run(call, async (context) =>
      resource.delete({ ...context, isForeseen: true }, request.getId(), recalled(resource, context, olds)),
    );
    return new Empty();
  }
}

function resourceFor(urn: string): Promise<Resource> {
  return resourceOf(typeIn(urn).replace(/^bigdata:/, ""));
}

/** The engine would put a property's value between its name and the reason, of a nested one always `<nil>`. */
function checkFailures(
  failures: readonly CheckFailure[],
  clean: (text: string) => string,
): messages.CheckFailure[] {
  return failures.map((failure) => new messages.CheckFailure().setReason(clean(failureText(failure))));
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
