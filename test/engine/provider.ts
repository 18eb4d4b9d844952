// The engine's side of pulumirpc.ResourceProvider. The plugin takes secrets wrapped and answers previews; dynamic providers
// do neither: they get plain values, what was secret is marked again by name in their answers, and a preview's result is
// what was asked for.
import { randomBytes } from "node:crypto";
import { type ServiceError, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { DetailedDiff, ResourceV3 } from "../drivers/driver";
import { parseUrn } from "../drivers/urn";
import type { RunningProvider } from "./providerProcess";
import { markSecretsLike, type Properties, unknown, unwrapSecrets } from "./values";

/** A resource that exists but did not become what was wanted. */
interface PartialState {
  id: string;
  outputs: Properties;
  /** What Read found, if it was a read that failed. */
  inputs?: Properties;
  reasons: string[];
}

export class ProviderError extends Error {
  constructor(
    message: string,
    readonly partial?: PartialState,
  ) {
    super(message);
  }
}

export interface Difference {
  changes: boolean;
  changedKeys: string[];
  replaceKeys: string[];
  deleteBeforeReplace: boolean;
  detailed: DetailedDiff | null;
}

const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"] as const;

export const toStruct = (properties: Properties) =>
  Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });

export const fromStruct = (struct: Struct | undefined) => (struct?.toJavaScript() ?? {}) as Properties;

export class Provider {
  constructor(
    private readonly process: RunningProvider,
    private readonly preview: boolean,
    private readonly isDynamic: boolean,
  ) {}

  cancel = () => this.process.cancel();
  stop = () => this.process.stop();

  async handshake(engineAddress: string, programDirectory: string): Promise<void> {
    if (this.isDynamic) return;
    const request = new messages.ProviderHandshakeRequest().setEngineAddress(engineAddress);
    request.setProgramDirectory(programDirectory).setConfigureWithUrn(true).setInvokeWithPreview(true);
    await this.call("handshake", request);
  }

  async checkConfig(urn: string, olds: Properties = {}, news: Properties): Promise<Properties> {
    if (this.isDynamic) return news;
    const request = about(new messages.CheckRequest(), urn).setNews(toStruct(unwrapSecrets(news)));
    request.setOlds(toStruct(unwrapSecrets(olds)));
    return markSecretsLike(accepted(await this.call("checkConfig", request)), news);
  }

  async configure(urn: string, id: string, inputs: Properties): Promise<void> {
    const request = about(new messages.ConfigureRequest(), urn).setId(id).setArgs(toStruct(inputs));
    request.setAcceptsecrets(true).setSendsOldInputs(true).setSendsOldInputsToDelete(true);
    await this.call("configure", request);
  }

  async check(urn: string, olds: Properties | undefined, news: Properties): Promise<Properties> {
    const request = about(new messages.CheckRequest(), urn).setRandomseed(randomBytes(32));
    request.setOlds(this.encode(olds)).setNews(this.encode(news));
    return this.marked(accepted(await this.call("check", request)), news);
  }

  async diff(old: ResourceV3, news: Properties, ignoreChanges: string[] = []): Promise<Difference> {
    const { urn, id = "", inputs, outputs } = old;
    const request = about(new messages.DiffRequest(), urn).setId(id).setIgnorechangesList(ignoreChanges);
    request.setOlds(this.encode(outputs)).setOldInputs(this.encode(inputs)).setNews(this.encode(news));
    const answer = await this.call<messages.DiffResponse>("diff", request);
    const detailed: DetailedDiff = {};
    answer.getDetaileddiffMap().forEach((entry, path) => {
      detailed[path] = { kind: kinds[entry.getKind()] ?? "update", inputDiff: entry.getInputdiff() };
    });
    return {
      changes: answer.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      changedKeys: answer.getDiffsList(),
      replaceKeys: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      detailed: answer.getHasdetaileddiff() ? detailed : null,
    };
  }

  async create(wanted: ResourceV3): Promise<{ id: string; outputs: Properties }> {
    const { urn, inputs = {}, customTimeouts } = wanted;
    if (this.preview && this.isDynamic) return { id: "", outputs: inputs };
    const request = about(new messages.CreateRequest(), urn).setTimeout(customTimeouts?.create ?? 0);
    request.setProperties(this.encode(inputs)).setPreview(this.preview);
    const answer = await this.call<messages.CreateResponse>("create", request, inputs);
    return { id: answer.getId(), outputs: this.decode(answer.getProperties(), inputs) };
  }

  async update(old: ResourceV3, wanted: ResourceV3): Promise<Properties> {
    const { inputs = {}, customTimeouts, ignoreChanges = [] } = wanted;
    if (this.preview && this.isDynamic) return inputs;
    const request = about(new messages.UpdateRequest(), old.urn).setId(old.id ?? "");
    request.setOlds(this.encode(old.outputs)).setOldInputs(this.encode(old.inputs));
    request.setNews(this.encode(inputs)).setPreview(this.preview).setIgnorechangesList(ignoreChanges);
    request.setTimeout(customTimeouts?.update ?? 0);
    const answer = await this.call<messages.UpdateResponse>("update", request, inputs);
    return this.decode(answer.getProperties(), inputs);
  }

  /** Of a resource that is not in state yet, only the URN and the id are told. */
  async read(urn: string, id: string, state?: ResourceV3) {
    const request = about(new messages.ReadRequest(), urn).setId(id);
    request.setTimeout(state?.customTimeouts?.read ?? 0);
    if (state) request.setProperties(this.encode(state.outputs)).setInputs(this.encode(state.inputs));
    const like = { ...state?.outputs, ...state?.inputs };
    const answer = await this.call<messages.ReadResponse>("read", request, like);
    const [outputs, inputs] = [answer.getProperties(), answer.getInputs()];
    return {
      id: answer.getId(),
      outputs: this.decode(outputs, like),
      inputs: inputs && this.decode(inputs, like),
    };
  }

  async delete(old: ResourceV3): Promise<void> {
    const request = about(new messages.DeleteRequest(), old.urn).setId(old.id ?? "");
    request.setProperties(this.encode(old.outputs)).setOldInputs(this.encode(old.inputs));
    await this.call("delete", request.setTimeout(old.customTimeouts?.delete ?? 0));
  }

  private encode(properties: Properties = {}): Struct {
    return toStruct(this.isDynamic ? unwrapSecrets(properties) : properties);
  }

  private decode(struct: Struct | undefined, like: Properties): Properties {
    const properties = fromStruct(struct);
    // As the real engine does it: outside of a preview an answer that does not know a value is refused.
    if (!this.preview && JSON.stringify(properties).includes(unknown))
      throw new Error("unexpected unknown property value");
    return this.marked(properties, like);
  }

  private marked(properties: Properties, like: Properties): Properties {
    return this.isDynamic ? markSecretsLike(properties, like) : properties;
  }

  /** A partial failure's values get their secrets from `like`. */
  private call<Response>(method: string, request: unknown, like: Properties = {}): Promise<Response> {
    const methods = this.process.client as Record<string, Method<Response>>;
    return new Promise((resolve, reject) => {
      methods[method]?.call(methods, request, (error, answer) =>
        error ? reject(this.errorOf(error, like)) : resolve(answer),
      );
    });
  }

  private errorOf({ code, details, metadata }: ServiceError, like: Properties): ProviderError {
    const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
    const all = bytes ? Status.deserializeBinary(Buffer.from(bytes as Buffer)).getDetailsList() : [];
    const failed = all.find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
    if (!failed) {
      const lost = code === status.UNAVAILABLE ? "provider connection lost (UNAVAILABLE): " : "";
      return new ProviderError(`${lost}${details}`);
    }
    const state = messages.ErrorResourceInitFailed.deserializeBinary(failed.getValue_asU8());
    const inputs = state.getInputs();
    const reasons = state.getReasonsList();
    return new ProviderError([details, ...reasons.filter((reason) => reason !== details)].join("; "), {
      id: state.getId(),
      outputs: this.marked(fromStruct(state.getProperties()), like),
      ...(inputs && { inputs: this.marked(fromStruct(inputs), like) }),
      reasons,
    });
  }
}

type Method<Response> = (
  request: unknown,
  done: (error: ServiceError | null, answer: Response) => void,
) => void;

interface Request {
  setUrn(urn: string): unknown;
  setName(name: string): unknown;
  setType(type: string): unknown;
}

function about<Message extends Request>(request: Message, urn: string): Message {
  const { name, type } = parseUrn(urn);
  request.setUrn(urn);
  request.setName(name);
  request.setType(type);
  return request;
}

function accepted(answer: messages.CheckResponse): Properties {
  const failures = answer.getFailuresList().map((each) => {
    const property = each.getProperty();
    return property ? `${property}: ${each.getReason()}` : each.getReason();
  });
  if (failures.length > 0) throw new Error(`resource is not valid: ${failures.join("; ")}`);
  return fromStruct(answer.getInputs());
}
