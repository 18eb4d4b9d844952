// The object of `pulumi preview --json`, in the CLI's own format.
import type { Deployment } from "./deployment";
import type { DigestStep, Op, PreviewDigest, StackConfig, Step } from "./types";
import { stackType } from "./urn";

export function digestOf(config: StackConfig, deployment: Deployment): PreviewDigest {
  const { steps, messages, changeSummary } = deployment;
  return {
    config: Object.fromEntries(
      Object.entries(config).map(([key, { value, secret }]) => [key, secret ? "[secret]" : value]),
    ),
    steps: steps.filter(isListed).map(digestStep),
    diagnostics: messages
      .filter(({ ephemeral }) => !ephemeral)
      .map(({ urn, message, severity }) => ({ ...(urn !== undefined && { urn }), message, severity })),
    duration: 0,
    changeSummary,
  };
}

/** Unchanged resources are left out, except the stack, and the parts of a replacement. */
function isListed(step: Step): boolean {
  if (step.failed || step.op === "create-replacement" || step.op === "delete-replaced") return false;
  return resultOf(step) !== "same" || step.type === stackType;
}

/** A refresh before the update is shown as what it came to. */
function resultOf({ op, newState, diffReasons }: Step): Op {
  if (op !== "refresh") return op;
  return newState === undefined ? "delete" : diffReasons === undefined ? "same" : "update";
}

function digestStep(step: Step): DigestStep {
  const { urn, provider, oldState, newState, diffReasons, replaceReasons, detailedDiff } = step;
  return {
    op: resultOf(step),
    urn,
    ...(provider !== undefined && { provider }),
    ...(oldState && { oldState }),
    ...(newState && { newState }),
    ...(diffReasons && { diffReasons }),
    ...(replaceReasons && { replaceReasons }),
    detailedDiff,
  };
}
