// Errors as gRPC carries them. A failure that leaves something behind comes with what exists, so that the engine saves it.
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { printable } from "../../base/printable";

/** Nothing was changed: any code but the three that make the engine doubt its state. */
export function failure(message: string, code = status.FAILED_PRECONDITION): ServiceError {
  const details = printable(message);
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

export function partialFailure(id: string, properties: Struct, reasons: string[]): ServiceError {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(properties);
  detail.setReasonsList(reasons);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = reasons.join(" ");
  const outer = new Status();
  outer.setCode(status.UNKNOWN);
  outer.setMessage(message);
  outer.addDetails(any);
  const error = failure(message, status.UNKNOWN);
  error.metadata.set("grpc-status-details-bin", Buffer.from(outer.serializeBinary()));
  return error;
}
