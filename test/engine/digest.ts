// The object of `pulumi preview --json`, in the CLI's own format.
import type { DigestStep, Message, Op, PreviewDigest, StackConfig, Step } from "./types";
import { stackType } from "./urn";

export interface DigestSource {
  config: StackConfig;
  steps: Step[];
  messages: Message[];
  changeSummary: Record<string, number>;
  milliseconds: number;
}

export function makeDigest({
  config,
  steps,
  messages,
  changeSummary,
  milliseconds,
}: DigestSource): PreviewDigest {
  return {
    config: Object.fromEntries(
      Object.entries(config).map(([key, { value, secret }]) => [key, secret ? "[secret]" : value]),
    ),
    steps: steps.filter(isListed).map(digestStep),
    diagnostics: messages
      .filter((message) => message.severity !== "debug" && !message.ephemeral)
      .map(({ urn, message, severity }) => ({ ...(urn !== undefined && { urn }), message, severity })),
    duration: Math.round(milliseconds * 1e6),
    changeSummary,
  };
}

// Unchanged resources are left out, except the stack.
function isListed(step: Step): boolean {
  if (step.failed) return false;
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
    detailedDiff: detailedDiff ?? null,
  };
}
