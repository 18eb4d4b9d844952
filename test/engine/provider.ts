// A configured provider: the engine's side of pulumirpc.ResourceProvider. Encodes values by what the provider
// says it accepts, and turns gRPC errors into ProviderError.
import { randomBytes } from "node:crypto";
import { type ServiceError, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { diffInputs, type ResourceDiff } from "./diff";
import type { ProviderProcess } from "./providerProcess";
import type { DetailedDiff, DiffKind, ResourceV3 } from "./types";
import { parseUrn } from "./urn";
import { dropUnknowns, markSecretsLike, type Properties, unwrapSecrets } from "./values";

const kinds: DiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export interface PartialState {
  id: string;
  properties: Properties;
  reasons: string[];
}

export class ProviderError extends Error {
  constructor(
    message: string,
    readonly code: number,
    /** Set if the resource exists but did not become what was wanted. */
    readonly partial?: PartialState,
  ) {
    super(message);
  }
}

export interface CheckResult {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

export class Provider {
  private acceptsSecrets = false;
  supportsPreview = false;

  constructor(
    readonly process: ProviderProcess,
    readonly reference: string,
  ) {}

  async configure(args: Properties, packageName: string): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(toStruct(args));
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(unwrapSecrets(args))) {
      variables.set(
        `${packageName}:config:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      );
    }
    request.setAcceptsecrets(true).setAcceptresources(true);
    request.setSendsOldInputs(true).setSendsOldInputsToDelete(true);
    const response = await this.call<messages.ConfigureRequest, messages.ConfigureResponse>(
      "configure",
      request,
    );
    this.acceptsSecrets = response.getAcceptsecrets();
    this.supportsPreview = response.getSupportspreview();
  }

  async check(urn: string, olds: Properties | undefined, news: Properties): Promise<CheckResult> {
    const request = new messages.CheckRequest();
    identify(request, urn);
    // Nil olds travel as an empty struct here, and only here.
    request
      .setOlds(this.encode(olds ?? {}))
      .setNews(this.encode(news))
      .setRandomseed(randomBytes(32));
    const response = await this.call<messages.CheckRequest, messages.CheckResponse>("check", request);
    return {
      inputs: this.decode(response.getInputs(), news),
      failures: response
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  async diff(
    urn: string,
    id: string,
    old: { inputs: Properties; outputs: Properties },
    news: Properties,
    ignoreChanges: string[],
  ): Promise<ResourceDiff> {
    const request = new messages.DiffRequest();
    identify(request, urn);
    request.setId(id).setOlds(this.encode(old.outputs)).setOldInputs(this.encode(old.inputs));
    request.setNews(this.encode(news)).setIgnorechangesList(ignoreChanges);
    const response = await this.call<messages.DiffRequest, messages.DiffResponse>("diff", request);
    const answer: ResourceDiff = {
      changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
      changedKeys: response.getDiffsList(),
      replaceKeys: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      detailed: response.getHasdetaileddiff() ? detailedDiff(response) : null,
    };
    if (response.getChanges() !== messages.DiffResponse.DiffChanges.DIFF_UNKNOWN) return answer;
    const own = diffInputs(old.inputs, news, ignoreChanges);
    return { ...own, replaceKeys: answer.replaceKeys, deleteBeforeReplace: answer.deleteBeforeReplace };
  }

  async create(urn: string, inputs: Properties, timeout: number, preview: boolean) {
    const request = new messages.CreateRequest();
    identify(request, urn);
    request.setProperties(this.encode(inputs)).setTimeout(timeout).setPreview(preview);
    const response = await this.call<messages.CreateRequest, messages.CreateResponse>(
      "create",
      request,
      inputs,
    );
    return { id: response.getId(), outputs: this.decode(response.getProperties(), inputs) };
  }

  async update(
    urn: string,
    old: ResourceV3,
    news: Properties,
    options: UpdateCallOptions,
  ): Promise<Properties> {
    const request = new messages.UpdateRequest();
    identify(request, urn);
    request
      .setId(old.id ?? "")
      .setOlds(this.encode(old.outputs ?? {}))
      .setOldInputs(this.encode(old.inputs ?? {}));
    request.setNews(this.encode(options.preview ? news : dropUnknowns(news)));
    request
      .setTimeout(options.timeout)
      .setIgnorechangesList(options.ignoreChanges)
      .setPreview(options.preview);
    const response = await this.call<messages.UpdateRequest, messages.UpdateResponse>(
      "update",
      request,
      news,
    );
    return this.decode(response.getProperties(), news);
  }

  /** State is absent for an import; the request then carries no properties and no inputs at all. */
  async read(urn: string, id: string, state: ResourceV3 | undefined, timeout: number) {
    const request = new messages.ReadRequest();
    identify(request, urn);
    request.setId(id).setTimeout(timeout);
    if (state?.outputs) request.setProperties(this.encode(dropUnknowns(state.outputs)));
    if (state?.inputs) request.setInputs(this.encode(dropUnknowns(state.inputs)));
    const response = await this.call<messages.ReadRequest, messages.ReadResponse>(
      "read",
      request,
      state?.outputs,
    );
    const inputs = response.getInputs();
    const outputs = response.getProperties();
    return {
      id: response.getId(),
      ...(outputs && { outputs: this.decode(outputs, state?.outputs ?? {}) }),
      ...(inputs && { inputs: this.decode(inputs, state?.inputs ?? {}) }),
    };
  }

  async delete(old: ResourceV3): Promise<void> {
    const request = new messages.DeleteRequest();
    identify(request, old.urn);
    request.setId(old.id ?? "").setProperties(this.encode(dropUnknowns(old.outputs ?? {})));
    request
      .setOldInputs(this.encode(dropUnknowns(old.inputs ?? {})))
      .setTimeout(old.customTimeouts?.delete ?? 0);
    await this.call("delete", request);
  }

  private encode(properties: Properties): Struct {
    return toStruct(this.acceptsSecrets ? properties : unwrapSecrets(properties));
  }

  private decode(struct: Struct | undefined, original: Properties): Properties {
    const properties = fromStruct(struct);
    return this.acceptsSecrets ? properties : markSecretsLike(properties, original);
  }

  // The generated client has one method a call; all are unary and called in the same way. No deadline: the
  // real engine sets none.
  private call<Request, Response>(
    method: string,
    request: Request,
    original: Properties = {},
  ): Promise<Response> {
    const client = this.process.client as unknown as Record<
      string,
      (request: Request, done: (error: ServiceError | null, response: Response) => void) => void
    >;
    return new Promise((resolve, reject) => {
      client[method]?.call(client, request, (error, response) => {
        if (error) reject(this.providerError(error, original));
        else resolve(response);
      });
    });
  }

  private providerError(error: ServiceError, original: Properties): ProviderError {
    const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
    if (details !== undefined) {
      for (const any of Status.deserializeBinary(Buffer.from(details as Buffer)).getDetailsList()) {
        if (any.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
        const failed = messages.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
        return new ProviderError(error.details, error.code, {
          id: failed.getId(),
          properties: this.decode(failed.getProperties(), original),
          reasons: failed.getReasonsList(),
        });
      }
    }
    const text =
      error.code === status.UNAVAILABLE
        ? `provider connection lost (UNAVAILABLE): ${error.details}`
        : error.details;
    return new ProviderError(text, error.code);
  }
}

export interface UpdateCallOptions {
  timeout: number;
  ignoreChanges: string[];
  preview: boolean;
}

function identify(
  request: { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
  urn: string,
): void {
  const { name, type } = parseUrn(urn);
  request.setUrn(urn);
  request.setName(name);
  request.setType(type);
}

function detailedDiff(response: messages.DiffResponse): DetailedDiff {
  const result: DetailedDiff = {};
  response.getDetaileddiffMap().forEach((entry, path) => {
    result[path] = { kind: kinds[entry.getKind()] ?? "update", inputDiff: entry.getInputdiff() };
  });
  return result;
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });
}

export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}
