// Workflows. A flow is a list of stages with fixed times; what it shows at a moment is computed from them.

export interface Stage {
  stage: string;
  name: string;
  from: number;
  to: number;
  /** How the stage ends. "partly" and "failed" carry a reason. */
  ends: "done" | "partly" | "failed" | "blocked";
  reason?: string | undefined;
}

export interface Flow {
  flowId: number;
  traceId: string;
  name: string;
  startedAt: number;
  stages: Stage[];
  /** When the flow ends; undefined = it blocks until a person acts. */
  endsAt: number | undefined;
  /** Value of FlowTotalStatus at the end. */
  finalStatus: 2 | 3 | -1;
  description: { PKey: string; PValue: string }[];
}

export function flowStatus(flow: Flow, now: number): number {
  if (flow.endsAt !== undefined && now >= flow.endsAt) return flow.finalStatus;
  if (flow.stages.some((stage) => stage.ends === "blocked" && now >= stage.to)) return -3;
  const first = flow.stages[0];
  return first && now >= first.from && now > flow.startedAt ? 1 : 0;
}

export function flowProgress(flow: Flow, now: number): number {
  const finished = flow.stages.filter((stage) => now >= stage.to && stage.ends !== "blocked").length;
  return Math.round((finished / flow.stages.length) * 100) / 100;
}

/** Status of a stage as the API model numbers it; `notStarted` is disputed and handed in. */
export function stageStatus(flow: Flow, stage: Stage, now: number, notStarted: number): number {
  const ended = flow.endsAt !== undefined && now >= flow.endsAt;
  const last = flow.stages.findIndex((one) => one.ends === "blocked" || one.ends === "failed");
  if (last >= 0 && flow.stages.indexOf(stage) > last && stopsAtFailure(flow)) return notStarted;
  if (now < stage.from && !ended) return notStarted;
  if (now < stage.to && !ended) return 1;
  if (stage.ends === "blocked") return 1;
  return { done: 2, partly: 3, failed: -1 }[stage.ends];
}

function stopsAtFailure(flow: Flow): boolean {
  return flow.finalStatus === -1;
}
