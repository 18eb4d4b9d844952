// Calls to a provider: values on and off the wire, and errors with what their details say.
import { type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "./values";

/** A resource that exists but did not become what was wanted. */
export interface PartialState {
  id: string;
  outputs: Properties;
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

export const toStruct = (properties: Properties) =>
  Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });

export const fromStruct = (struct: Struct | undefined) => (struct?.toJavaScript() ?? {}) as Properties;

type Method<Response> = (
  request: unknown,
  done: (error: ServiceError | null, answer: Response) => void,
) => void;

export function call<Response>(client: object, method: string, request: unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    (client as Record<string, Method<Response>>)[method]?.call(client, request, (error, answer) =>
      error ? reject(providerError(error)) : resolve(answer),
    );
  });
}

function providerError(error: ServiceError): ProviderError {
  const { code, details } = error;
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const all =
    bytes === undefined ? [] : Status.deserializeBinary(Buffer.from(bytes as Buffer)).getDetailsList();
  const failed = all.find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
  if (failed) {
    const state = ErrorResourceInitFailed.deserializeBinary(failed.getValue_asU8());
    const inputs = state.getInputs();
    const reasons = state.getReasonsList();
    return new ProviderError([details, ...reasons.filter((reason) => reason !== details)].join("; "), code, {
      id: state.getId(),
      outputs: fromStruct(state.getProperties()),
      ...(inputs && { inputs: fromStruct(inputs) }),
      reasons,
    });
  }
  const lost = code === status.UNAVAILABLE ? "provider connection lost (UNAVAILABLE): " : "";
  return new ProviderError(`${lost}${details}`, code);
}
