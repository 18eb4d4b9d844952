// The engine's side of pulumirpc.ResourceProvider. Secrets travel wrapped to a provider that accepts them, and are marked
// again by name in the answers of one that does not.
import { randomBytes } from "node:crypto";
import { status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { RunningProvider } from "./providerProcess";
import { call, fromStruct, ProviderError, toStruct } from "./rpc";
import type { DetailedDiff, DiffKind, ResourceV3 } from "./types";
import { parseUrn } from "./urn";
import { containsUnknown, dropUnknowns, markSecretsLike, type Properties, unwrapSecrets } from "./values";

export interface Checked {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

export interface Difference {
  changes: boolean;
  changedKeys: string[];
  replaceKeys: string[];
  deleteBeforeReplace: boolean;
  detailed: DetailedDiff | null;
}

const kinds: DiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export class Provider {
  private acceptsSecrets = false;
  private supportsPreview = false;
  private hasShaken = false;
  private configured: Promise<void> = Promise.reject(new Error("the provider was not configured"));

  private constructor(
    private readonly process: RunningProvider,
    private readonly preview: boolean,
  ) {
    this.configured.catch(() => {});
  }

  static async start(
    running: RunningProvider,
    engineAddress: string,
    programDirectory: string,
    preview: boolean,
  ): Promise<Provider> {
    const provider = new Provider(running, preview);
    const request = new messages.ProviderHandshakeRequest()
      .setEngineAddress(engineAddress)
      .setProgramDirectory(programDirectory)
      .setConfigureWithUrn(true)
      .setInvokeWithPreview(true);
    const answer = await provider.optional<messages.ProviderHandshakeResponse>("handshake", request);
    if (!answer) return provider;
    provider.hasShaken = true;
    provider.acceptsSecrets = answer.getAcceptSecrets();
    provider.supportsPreview = true;
    return provider;
  }

  cancel = () => this.process.cancel();
  stop = () => this.process.stop();

  async checkConfig(urn: string, olds: Properties | undefined, news: Properties): Promise<Checked> {
    const request = about(new messages.CheckRequest(), urn).setNews(toStruct(unwrapSecrets(news)));
    if (olds) request.setOlds(toStruct(unwrapSecrets(olds)));
    const answer = await this.optional<messages.CheckResponse>("checkConfig", request);
    if (!answer) return { inputs: news, failures: [] };
    return { ...checked(answer), inputs: markSecretsLike(fromStruct(answer.getInputs()), news) };
  }

  /** Goes on in the background; an error comes up when the provider is first used. */
  configure(urn: string, id: string, inputs: Properties): void {
    const request = about(new messages.ConfigureRequest(), urn).setId(id).setArgs(toStruct(inputs));
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(unwrapSecrets(inputs))) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (key !== "version") variables.set(`${parseUrn(urn).type.split(":")[2]}:config:${key}`, text);
    }
    request.setAcceptsecrets(true).setSendsOldInputs(true).setSendsOldInputsToDelete(true);
    this.configured = this.call<messages.ConfigureResponse>("configure", request).then((answer) => {
      if (this.hasShaken) return;
      this.acceptsSecrets = answer.getAcceptsecrets();
      this.supportsPreview = answer.getSupportspreview();
    });
    this.configured.catch(() => {});
  }

  async check(urn: string, olds: Properties | undefined, news: Properties): Promise<Checked> {
    await this.configured;
    const request = about(new messages.CheckRequest(), urn).setRandomseed(randomBytes(32));
    request.setOlds(this.encode(olds ?? {})).setNews(this.encode(news));
    const answer = await this.call<messages.CheckResponse>("check", request);
    return { ...checked(answer), inputs: this.decode(answer.getInputs(), news) };
  }

  async diff(old: ResourceV3, news: Properties, ignoreChanges: string[] = []): Promise<Difference> {
    await this.configured;
    const { urn, id = "", inputs = {}, outputs = {} } = old;
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

  async create({
    urn,
    inputs = {},
    customTimeouts,
  }: ResourceV3): Promise<{ id: string; outputs: Properties }> {
    await this.configured;
    if (this.preview && !this.supportsPreview) return { id: "", outputs: inputs };
    const request = about(new messages.CreateRequest(), urn).setTimeout(customTimeouts?.create ?? 0);
    request.setProperties(this.encode(inputs)).setPreview(this.preview);
    const answer = await this.call<messages.CreateResponse>("create", request, inputs);
    return { id: answer.getId(), outputs: this.decode(answer.getProperties(), inputs) };
  }

  async update(
    old: ResourceV3,
    { inputs = {}, customTimeouts, ignoreChanges }: ResourceV3,
  ): Promise<Properties> {
    await this.configured;
    if (this.preview && !this.supportsPreview) return inputs;
    const request = about(new messages.UpdateRequest(), old.urn)
      .setId(old.id ?? "")
      .setPreview(this.preview);
    request
      .setOlds(this.encode(old.outputs))
      .setOldInputs(this.encode(old.inputs))
      .setNews(this.encode(inputs));
    request.setTimeout(customTimeouts?.update ?? 0).setIgnorechangesList(ignoreChanges ?? []);
    const answer = await this.call<messages.UpdateResponse>("update", request, inputs);
    return this.decode(answer.getProperties(), inputs);
  }

  /** Of a resource that is not in state yet, only the URN and the id are told. */
  async read(urn: string, id: string, state?: ResourceV3) {
    await this.configured;
    const request = about(new messages.ReadRequest(), urn).setId(id);
    request.setTimeout(state?.customTimeouts?.read ?? 0);
    if (state?.outputs) request.setProperties(this.encode(state.outputs));
    if (state?.inputs) request.setInputs(this.encode(state.inputs));
    const answer = await this.call<messages.ReadResponse>("read", request, state?.outputs, state?.inputs);
    const [outputs, inputs] = [answer.getProperties(), answer.getInputs()];
    return {
      id: answer.getId(),
      outputs: outputs && this.decode(outputs, state?.outputs),
      inputs: inputs && this.decode(inputs, state?.inputs),
    };
  }

  async delete(old: ResourceV3): Promise<void> {
    await this.configured;
    const request = about(new messages.DeleteRequest(), old.urn).setId(old.id ?? "");
    request.setProperties(this.encode(old.outputs)).setOldInputs(this.encode(old.inputs));
    await this.call("delete", request.setTimeout(old.customTimeouts?.delete ?? 0));
  }

  private encode(properties: Properties = {}): Struct {
    const known = this.preview ? properties : dropUnknowns(properties);
    return toStruct(this.acceptsSecrets ? known : unwrapSecrets(known));
  }

  private decode(struct: Struct | undefined, original: Properties = {}): Properties {
    const properties = fromStruct(struct);
    // As the real engine does it: outside of a preview an answer that does not know a value is refused.
    if (!this.preview && containsUnknown(properties)) throw new Error("unexpected unknown property value");
    return this.remark(properties, original);
  }

  private remark(properties: Properties, original: Properties = {}): Properties {
    return this.acceptsSecrets ? properties : markSecretsLike(properties, original);
  }

  /** `outputs` and `inputs` are what a partial failure's get their secrets from. */
  private async call<Response>(method: string, request: unknown, outputs?: Properties, inputs?: Properties) {
    try {
      return await call<Response>(this.process.client, method, request);
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      throw new ProviderError(error.message, error.code, {
        ...error.partial,
        outputs: this.remark(error.partial.outputs, outputs),
        ...(error.partial.inputs && { inputs: this.remark(error.partial.inputs, inputs) }),
      });
    }
  }

  private async optional<Response>(method: string, request: unknown): Promise<Response | undefined> {
    try {
      return await this.call<Response>(method, request);
    } catch (error) {
      if (error instanceof ProviderError && error.code === status.UNIMPLEMENTED) return undefined;
      throw error;
    }
  }
}

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

function checked(answer: messages.CheckResponse): Pick<Checked, "failures"> {
  const failures = answer.getFailuresList();
  return { failures: failures.map((each) => ({ property: each.getProperty(), reason: each.getReason() })) };
}
