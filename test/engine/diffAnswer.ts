// What a provider answered to Diff or DiffConfig.
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceDiff } from "./diff";
import type { DetailedDiff, DiffKind } from "./types";

const kinds: DiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export interface DiffAnswer extends ResourceDiff {
  /** The provider does not know whether anything changed. */
  unknown: boolean;
}

export function diffAnswer(response: messages.DiffResponse): DiffAnswer {
  const { DIFF_SOME, DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
  return {
    unknown: response.getChanges() === DIFF_UNKNOWN,
    changes: response.getChanges() === DIFF_SOME,
    changedKeys: response.getDiffsList(),
    replaceKeys: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed: response.getHasdetaileddiff() ? detailedDiff(response) : null,
  };
}

function detailedDiff(response: messages.DiffResponse): DetailedDiff {
  const result: DetailedDiff = {};
  response.getDetaileddiffMap().forEach((entry, path) => {
    result[path] = { kind: kinds[entry.getKind()] ?? "update", inputDiff: entry.getInputdiff() };
  });
  return result;
}
