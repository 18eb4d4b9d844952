// Calls to a provider: values on and off the wire, and gRPC errors with what their details say.
import { type CallOptions, type ServiceError, status } from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { startSeconds } from "./providerProcess";
import { parseUrn } from "./urn";
import { containsUnknown, type Properties } from "./values";

/** A resource that exists but did not become what was wanted. */
export interface PartialState {
  id: string;
  properties: Properties;
  /** What Read found, if it was a read that failed. */
  inputs?: Properties;
  reasons: string[];
}

export class ProviderError extends Error {
  constructor(
    message: string,
    readonly code: number,
    readonly partial?: PartialState,
  ) {
    super(message);
  }
}

export function isUnimplemented(error: unknown): boolean {
  return error instanceof ProviderError && error.code === status.UNIMPLEMENTED;
}

type UnaryMethod<Request, Response> = (
  request: Request,
  options: Partial<CallOptions>,
  done: (error: ServiceError | null, response: Response) => void,
) => void;

/**
 * The generated client has one method a call; all are unary and called in the same way. Calls have no deadline,
 * as in the real engine; only Handshake has one.
 */
export function callProvider<Request, Response>(
  client: ResourceProviderClient,
  method: string,
  request: Request,
): Promise<Response> {
  const methods = client as unknown as Record<string, UnaryMethod<Request, Response>>;
  const options = method === "handshake" ? { deadline: Date.now() + startSeconds * 1000 } : {};
  return new Promise((resolve, reject) => {
    methods[method]?.call(client, request, options, (error, response) => {
      if (error) reject(providerError(error));
      else resolve(response);
    });
  });
}

function providerError(error: ServiceError): ProviderError {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  try {
    for (const any of details === undefined ? [] : detailsOf(Buffer.from(details as Buffer))) {
      const known = detailedError(error, any.getTypeName(), any.getValue_asU8());
      if (known) return known;
    }
  } catch (broken) {
    const text = `${error.details} (its details cannot be read: ${(broken as Error).message})`;
    return new ProviderError(text, error.code);
  }
  const text =
    error.code === status.UNAVAILABLE
      ? `provider connection lost (UNAVAILABLE): ${error.details}`
      : error.details;
  return new ProviderError(text, error.code);
}

function detailsOf(bytes: Uint8Array) {
  return Status.deserializeBinary(bytes).getDetailsList();
}

function detailedError(error: ServiceError, type: string, value: Uint8Array): ProviderError | undefined {
  switch (type) {
    case "pulumirpc.ErrorResourceInitFailed": {
      const failed = messages.ErrorResourceInitFailed.deserializeBinary(value);
      const inputs = failed.getInputs();
      return new ProviderError(error.details, error.code, {
        id: failed.getId(),
        properties: fromStruct(failed.getProperties()),
        ...(inputs && { inputs: fromStruct(inputs) }),
        reasons: failed.getReasonsList(),
      });
    }
    case "pulumirpc.ConfigureErrorMissingKeys": {
      const keys = messages.ConfigureErrorMissingKeys.deserializeBinary(value).getMissingkeysList();
      return new ProviderError(keys.map(missingKey).join("\n"), error.code);
    }
    default:
      return undefined;
  }
}

function missingKey(key: messages.ConfigureErrorMissingKeys.MissingKey): string {
  const [name, description] = [key.getName(), key.getDescription()];
  return (
    `missing required configuration key "${name}": ${description}\n` +
    `Set a value using the command \`pulumi config set ${name} <value>\`.`
  );
}

export function identify(
  request: { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown },
  urn: string,
): void {
  const { name, type } = parseUrn(urn);
  request.setUrn(urn);
  request.setName(name);
  request.setType(type);
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });
}

export function fromStruct(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

/** As the real engine does it: outside of a preview an answer that does not know a value is refused. */
export function refuseUnknowns(properties: Properties): void {
  const key = Object.keys(properties).find((name) => containsUnknown(properties[name]));
  if (key !== undefined) throw new Error(`unexpected unknown property value for ${JSON.stringify(key)}`);
}
