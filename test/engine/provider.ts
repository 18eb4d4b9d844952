// A provider: the engine's side of pulumirpc.ResourceProvider. Encodes values by what the provider says it
// accepts, in Handshake or else in its answer to Configure.
import { randomBytes } from "node:crypto";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { checkConfigRequest, configureRequest, diffConfigRequest, handshakeRequest } from "./configRequests";
import { diffInputs, noDiff, type ResourceDiff } from "./diff";
import { type DiffAnswer, diffAnswer } from "./diffAnswer";
import type { ProviderProcess } from "./providerProcess";
import {
  callProvider,
  fromStruct,
  identify,
  isUnimplemented,
  ProviderError,
  refuseUnknowns,
  toStruct,
} from "./rpc";
import type { ResourceV3 } from "./types";
import { containsUnknown, dropUnknowns, markSecretsLike, type Properties, unwrapSecrets } from "./values";

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  inputs: Properties;
  failures: CheckFailure[];
}

export interface UpdateCallOptions {
  timeout: number;
  ignoreChanges: string[];
  preview: boolean;
}

interface Capabilities {
  acceptsSecrets: boolean;
  supportsPreview: boolean;
}

/** Diff cannot be asked for: some of the provider's own configuration is unknown. */
export class DiffUnavailable extends Error {
  constructor() {
    super(
      "The provider for this resource has inputs that are not known during preview.\n" +
        "This preview may not correctly represent the changes that will be applied during an update.",
    );
  }
}

export class Provider {
  private capabilities: Capabilities | undefined;
  private configured: Promise<"known" | "unknown"> | undefined;

  constructor(
    readonly process: ProviderProcess,
    private readonly preview: boolean,
  ) {}

  /** The first call. A provider that answers it is taken to support previews. */
  async handshake(engineAddress: string, directory: string): Promise<void> {
    try {
      const response = await this.call<messages.ProviderHandshakeResponse>(
        "handshake",
        handshakeRequest(engineAddress, directory),
      );
      this.capabilities = { acceptsSecrets: response.getAcceptSecrets(), supportsPreview: true };
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
    }
  }

  async schema(): Promise<string> {
    const request = new messages.GetSchemaRequest().setVersion(0);
    return (await this.call<messages.GetSchemaResponse>("getSchema", request)).getSchema();
  }

  async checkConfig(urn: string, olds: Properties | undefined, news: Properties): Promise<CheckResult> {
    try {
      const request = checkConfigRequest(urn, olds, news, this.preview);
      const response = await this.call<messages.CheckResponse>("checkConfig", request);
      const inputs = fromStruct(response.getInputs());
      if (!this.preview) refuseUnknowns(inputs);
      return { inputs: markSecretsLike(inputs, news), failures: failuresOf(response) };
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
      return { inputs: news, failures: [] };
    }
  }

  async diffConfig(
    urn: string,
    old: { inputs: Properties; outputs: Properties },
    news: Properties,
    ignoreChanges: string[],
  ): Promise<DiffAnswer> {
    try {
      const request = diffConfigRequest(urn, old, news, ignoreChanges);
      return diffAnswer(await this.call<messages.DiffResponse>("diffConfig", request));
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
      return { ...noDiff, unknown: true };
    }
  }

  /** Goes on in the background; an error comes up when the provider is first used. */
  configure(urn: string, id: string, inputs: Properties): void {
    if (this.configured) return;
    this.configured = this.sendConfigure(urn, id, inputs);
    this.configured.catch(() => {});
  }

  private async sendConfigure(urn: string, id: string, inputs: Properties): Promise<"known" | "unknown"> {
    const { version, ...settings } = inputs;
    if (containsUnknown(settings)) return "unknown";
    const response = await this.call<messages.ConfigureResponse>(
      "configure",
      configureRequest(urn, id, inputs),
    );
    this.capabilities ??= {
      acceptsSecrets: response.getAcceptsecrets(),
      supportsPreview: response.getSupportspreview(),
    };
    return "known";
  }

  /** False if the provider could not be configured, because some of its configuration is unknown. */
  private async ready(): Promise<boolean> {
    if (!this.configured) throw new Error("the provider was used before it was configured");
    return (await this.configured) === "known";
  }

  async check(urn: string, olds: Properties | undefined, news: Properties): Promise<CheckResult> {
    if (!(await this.ready())) return { inputs: news, failures: [] };
    const request = new messages.CheckRequest();
    identify(request, urn);
    // Nil olds travel as an empty struct here, and only here.
    request
      .setOlds(this.encode(olds ?? {}))
      .setNews(this.encode(news))
      .setRandomseed(randomBytes(32));
    const response = await this.call<messages.CheckResponse>("check", request);
    return { inputs: this.decode(response.getInputs(), news), failures: failuresOf(response) };
  }

  async diff(
    urn: string,
    id: string,
    old: { inputs: Properties; outputs: Properties },
    news: Properties,
    ignoreChanges: string[],
  ): Promise<ResourceDiff> {
    if (!(await this.ready())) throw new DiffUnavailable();
    const request = new messages.DiffRequest();
    identify(request, urn);
    request.setId(id).setOlds(this.encode(old.outputs)).setOldInputs(this.encode(old.inputs));
    request.setNews(this.encode(news)).setIgnorechangesList(ignoreChanges);
    const { unknown, ...answer } = diffAnswer(await this.call<messages.DiffResponse>("diff", request));
    if (!unknown) return answer;
    const own = diffInputs(old.inputs, news, ignoreChanges);
    return { ...own, replaceKeys: answer.replaceKeys, deleteBeforeReplace: answer.deleteBeforeReplace };
  }

  async create(urn: string, inputs: Properties, timeout: number, preview: boolean) {
    if (!(await this.ready())) return { id: "", outputs: {} };
    if (preview && !this.capabilities?.supportsPreview) return { id: "", outputs: { ...inputs } };
    const request = new messages.CreateRequest();
    identify(request, urn);
    request.setProperties(this.encode(preview ? inputs : dropUnknowns(inputs)));
    request.setTimeout(timeout).setPreview(preview);
    const response = await this.call<messages.CreateResponse>("create", request, inputs);
    return { id: response.getId(), outputs: this.decode(response.getProperties(), inputs) };
  }

  async update(
    urn: string,
    old: ResourceV3,
    news: Properties,
    options: UpdateCallOptions,
  ): Promise<Properties> {
    const { preview, timeout, ignoreChanges } = options;
    if (!(await this.ready())) return {};
    if (preview && !this.capabilities?.supportsPreview) return { ...news };
    const request = new messages.UpdateRequest();
    identify(request, urn);
    request.setId(old.id ?? "").setOlds(this.encode(dropUnknowns(old.outputs ?? {})));
    request.setOldInputs(this.encode(dropUnknowns(old.inputs ?? {})));
    request.setNews(this.encode(preview ? news : dropUnknowns(news)));
    request.setTimeout(timeout).setIgnorechangesList(ignoreChanges).setPreview(preview);
    const response = await this.call<messages.UpdateResponse>("update", request, news);
    return this.decode(response.getProperties(), news);
  }

  /** State is absent for an import; the request then carries no properties and no inputs at all. */
  async read(
    urn: string,
    id: string,
    state: ResourceV3 | undefined,
    timeout: number,
  ): Promise<{ id: string; outputs?: Properties; inputs?: Properties }> {
    if (!(await this.ready())) return { id, outputs: {}, inputs: {} };
    const request = new messages.ReadRequest();
    identify(request, urn);
    request.setId(id).setTimeout(timeout);
    if (state?.outputs) request.setProperties(this.encode(dropUnknowns(state.outputs)));
    if (state?.inputs) request.setInputs(this.encode(dropUnknowns(state.inputs)));
    const response = await this.call<messages.ReadResponse>("read", request, state?.outputs, state?.inputs);
    const inputs = response.getInputs();
    const outputs = response.getProperties();
    return {
      id: response.getId(),
      ...(outputs && { outputs: this.decode(outputs, state?.outputs ?? {}, false) }),
      ...(inputs && { inputs: this.decode(inputs, state?.inputs ?? {}, false) }),
    };
  }

  async delete(old: ResourceV3): Promise<void> {
    await this.ready();
    const request = new messages.DeleteRequest();
    identify(request, old.urn);
    request.setId(old.id ?? "").setProperties(this.encode(dropUnknowns(old.outputs ?? {})));
    request
      .setOldInputs(this.encode(dropUnknowns(old.inputs ?? {})))
      .setTimeout(old.customTimeouts?.delete ?? 0);
    await this.call("delete", request);
  }

  async invoke(
    token: string,
    args: Properties,
    preview: boolean,
  ): Promise<{ returned: Properties; failures: CheckFailure[] }> {
    if (!(await this.ready())) return { returned: {}, failures: [] };
    const request = new messages.InvokeRequest().setTok(token).setArgs(this.encode(dropUnknowns(args)));
    const response = await this.call<messages.InvokeResponse>("invoke", request.setPreview(preview));
    return { returned: fromStruct(response.getReturn()), failures: failuresOf(response) };
  }

  private encode(properties: Properties): Struct {
    return toStruct(this.capabilities?.acceptsSecrets ? properties : unwrapSecrets(properties));
  }

  private decode(struct: Struct | undefined, original: Properties, allowUnknowns = this.preview): Properties {
    const properties = fromStruct(struct);
    if (!allowUnknowns) refuseUnknowns(properties);
    return this.remark(properties, original);
  }

  private remark(properties: Properties, original: Properties): Properties {
    return this.capabilities?.acceptsSecrets ? properties : markSecretsLike(properties, original);
  }

  /** `outputs` and `inputs` are what a partial failure's properties and inputs get their secrets from. */
  private async call<Response>(
    method: string,
    request: unknown,
    outputs: Properties = {},
    inputs: Properties = {},
  ): Promise<Response> {
    try {
      return await callProvider<unknown, Response>(this.process.client, method, request);
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.partial) throw error;
      throw new ProviderError(error.message, error.code, {
        ...error.partial,
        properties: this.remark(error.partial.properties, outputs),
        ...(error.partial.inputs && { inputs: this.remark(error.partial.inputs, inputs) }),
      });
    }
  }
}

function failuresOf(response: { getFailuresList(): messages.CheckFailure[] }): CheckFailure[] {
  return response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}
