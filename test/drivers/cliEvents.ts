// Reads the CLI's engine events into the steps and messages that scenarios see.
import type { DiagnosticEvent, EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { DetailedDiff, Message, ResourceV3, Step } from "./driver";
import { isDefaultProvider, parseUrn } from "./urn";

export class CliEvents {
  readonly steps: Step[] = [];
  readonly messages: Message[] = [];

  constructor(private readonly onMessage: (message: Message) => void) {}

  read(event: EngineEvent): void {
    if (event.diagnosticEvent) this.diagnose(event.diagnosticEvent);
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent) this.end(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent) this.fail(event.resOpFailedEvent.metadata);
  }

  private diagnose({ severity, message: text, urn, ephemeral }: DiagnosticEvent): void {
    // Nobody sees these without --debug: the SDK's own, with whole answers in them.
    if ((severity as string) === "debug") return;
    const message: Message = {
      severity,
      message: text.trimEnd(),
      ...(urn && { urn }),
      ...(ephemeral && { ephemeral }),
    };
    this.messages.push(message);
    this.onMessage(message);
  }

  private begin(metadata: StepEventMetadata): void {
    const step = stepOf(metadata);
    if (!isDefaultProvider(step.urn)) this.steps.push(step);
  }

  private end(metadata: StepEventMetadata): void {
    const step = this.find(metadata);
    // A refresh begins as `refresh` and ends as what it came to.
    if (step) Object.assign(step, stepOf(metadata));
  }

  private fail(metadata: StepEventMetadata): void {
    const step = this.find(metadata);
    if (step) step.failed = true;
  }

  private find({ urn, op }: StepEventMetadata): Step | undefined {
    return this.steps.findLast((step) => step.urn === urn && (step.op === op || step.op === "refresh"));
  }
}

function stepOf(metadata: StepEventMetadata): Step {
  const { urn, op, provider, keys, diffs, old, detailedDiff } = metadata;
  const { name, type } = parseUrn(urn);
  return {
    op,
    urn,
    name,
    type,
    detailedDiff: detailedDiff ? detailedDiffOf(detailedDiff) : null,
    ...(provider && { provider }),
    ...(diffs && diffs.length > 0 && { diffReasons: diffs }),
    ...(keys && keys.length > 0 && { replaceReasons: keys }),
    ...(old && { oldState: old as unknown as ResourceV3 }),
    ...(metadata.new && { newState: metadata.new as unknown as ResourceV3 }),
  };
}

function detailedDiffOf(diff: NonNullable<StepEventMetadata["detailedDiff"]>): DetailedDiff {
  return Object.fromEntries(
    Object.entries(diff).map(([path, { diffKind, inputDiff }]) => [path, { kind: diffKind, inputDiff }]),
  );
}
