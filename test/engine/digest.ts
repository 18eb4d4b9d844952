// The object of `pulumi preview --json`, in the CLI's own format.
import type { DigestStep, Message, PreviewDigest, StackConfig, Step } from "./types";
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

// Unchanged resources are left out, except the stack; so are refreshes before the update.
function isListed(step: Step): boolean {
  if (step.failed || step.op === "refresh") return false;
  return step.op !== "same" || step.type === stackType;
}

function digestStep(step: Step): DigestStep {
  const { op, urn, provider, oldState, newState, diffReasons, replaceReasons, detailedDiff } = step;
  return {
    op,
    urn,
    ...(provider !== undefined && { provider }),
    ...(oldState && { oldState }),
    ...(newState && { newState }),
    ...(diffReasons && { diffReasons }),
    ...(replaceReasons && { replaceReasons }),
    detailedDiff: detailedDiff ?? null,
  };
}
