// Reads a resource that the stack does not have yet: by its id alone, with no state and no inputs.
import type { Provider } from "./provider";
import { ProviderError } from "./rpc";
import type { ResourceV3 } from "./types";
import { packageOf, parseUrn } from "./urn";

export async function readForImport(
  provider: Provider,
  urn: string,
  id: string,
  timeout = 0,
): Promise<ResourceV3> {
  const { type } = parseUrn(urn);
  const read = await readOrPartial(provider, urn, id, timeout);
  if (!read.outputs) throw new Error(`resource '${id}' does not exist`);
  if (!read.inputs) {
    throw new Error(
      `provider does not support importing resources; please try updating the '${packageOf(type)}' plugin`,
    );
  }
  return {
    urn,
    custom: true,
    type,
    id: read.id || id,
    importID: id,
    inputs: read.inputs,
    outputs: read.outputs,
    ...(read.initErrors && { initErrors: read.initErrors }),
  };
}

/** A resource that exists but is not as it should be is imported too; its troubles are kept with it. */
async function readOrPartial(provider: Provider, urn: string, id: string, timeout: number) {
  try {
    return { ...(await provider.read(urn, id, undefined, timeout)), initErrors: undefined };
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.partial) throw error;
    const { properties, inputs, reasons } = error.partial;
    return { id: error.partial.id, outputs: properties, inputs, initErrors: reasons };
  }
}
