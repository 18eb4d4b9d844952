// The requests that set a provider up: Handshake, CheckConfig, DiffConfig and Configure.
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { identify, toStruct } from "./rpc";
import { providerPackage } from "./urn";
import { dropUnknowns, type Properties, unwrapSecrets } from "./values";

/** Says only what this engine does: no views, no refresh before updates, no byte strings, no mappers. */
export function handshakeRequest(
  engineAddress: string,
  directory: string,
): messages.ProviderHandshakeRequest {
  return new messages.ProviderHandshakeRequest()
    .setEngineAddress(engineAddress)
    .setRootDirectory(directory)
    .setProgramDirectory(directory)
    .setConfigureWithUrn(true)
    .setInvokeWithPreview(true);
}

/** Secrets are unwrapped, for no provider has said yet that it accepts them. */
export function checkConfigRequest(
  urn: string,
  olds: Properties | undefined,
  news: Properties,
  preview: boolean,
): messages.CheckRequest {
  const request = new messages.CheckRequest();
  identify(request, urn);
  if (olds) request.setOlds(toStruct(unwrapSecrets(olds)));
  return request.setNews(toStruct(unwrapSecrets(preview ? news : dropUnknowns(news))));
}

export function diffConfigRequest(
  urn: string,
  old: { inputs: Properties; outputs: Properties },
  news: Properties,
  ignoreChanges: string[],
): messages.DiffRequest {
  const request = new messages.DiffRequest();
  identify(request, urn);
  return request
    .setOlds(toStruct(unwrapSecrets(old.outputs)))
    .setOldInputs(toStruct(unwrapSecrets(old.inputs)))
    .setNews(toStruct(unwrapSecrets(news)))
    .setIgnorechangesList(ignoreChanges);
}

/** `args` keep their secrets wrapped, whatever the provider accepts; the older `variables` are plain text. */
export function configureRequest(urn: string, id: string, inputs: Properties): messages.ConfigureRequest {
  const request = new messages.ConfigureRequest();
  identify(request, urn);
  request.setId(id).setArgs(toStruct(inputs));
  const variables = request.getVariablesMap();
  for (const [key, value] of Object.entries(unwrapSecrets(inputs))) {
    if (key === "version") continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    variables.set(`${providerPackage(urn)}:config:${key}`, text);
  }
  request.setAcceptsecrets(true).setAcceptresources(true);
  return request.setSendsOldInputs(true).setSendsOldInputsToDelete(true);
}
