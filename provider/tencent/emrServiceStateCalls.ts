// Brings the processes of an EMR service to what is wanted: what each operation sends, and what is remembered of it.
import { apply, type Call, neverSent, type Work } from "../apply";
import { type Context, warn } from "../context";
import { exclusively, type Limited, type Operation } from "../operation";
import { requestOf } from "../plan";
import type { TencentClient } from "./client";
import { tencentClient } from "./config";
import { startStopServiceOrMonitor } from "./emr";
import { describeCluster, type EmrCluster, usableCluster } from "./emrCluster";
import {
  type EarlierRestart,
  isWorking,
  judgeEarlierOperation,
  judgeEarlierRestart,
  judgeOperation,
  repeats,
  type ServiceOperation,
} from "./emrServiceStateEvidence";
import { type RecalledService, ServiceMemory, usualLimit } from "./emrServiceStateMemory";
import { outputsOf, processKey, type ServiceView, viewService } from "./emrServiceStateObserve";
import { announcedOf, planService, unannounced } from "./emrServiceStatePlan";
import type {
  PendingOperation,
  ProcessOutput,
  ServiceState,
  ServiceStateInputs,
} from "./emrServiceStateSchema";

/** Makes the processes what is wanted, under the cluster's lock. `known` is what state recorded. */
export async function applyService(
  context: Context,
  operation: Operation,
  wanted: ServiceStateInputs,
  known: RecalledService | undefined,
): Promise<ServiceState> {
  const place = { ...wanted, region: known?.region ?? wanted.region };
  const { clusterId, timeouts } = wanted;
  const key = `tencent/${tencentClient(context, place).region}/${clusterId}`;
  return exclusively(context, { key, name: clusterId, operation, timeouts, limit: usualLimit }, (limited) =>
    apply(
      limited,
      serviceWork(limited, tencentClient(limited, place), { operation, wanted, known }),
      known?.lastRequestId,
    ),
  );
}

type Seen = ServiceView & { cluster: EmrCluster };

interface Subject {
  operation: Operation;
  wanted: ServiceStateInputs;
  known: RecalledService | undefined;
}

function serviceWork(
  context: Limited,
  client: TencentClient,
  { operation, wanted, known }: Subject,
): Work<ServiceState, Seen> {
  const { clusterId, service } = wanted;
  const memory = new ServiceMemory(context, client.region, operation, wanted, known);
  const asked = { operation, wanted, known, restarts: memory.restarts };
  let view: ServiceView | undefined;
  let hasForgotten = false;
  const name = `${service} of ${clusterId}`;
  const signatureOf = (processes: readonly (ProcessOutput | undefined)[]) =>
    JSON.stringify(processes.map((process) => [process?.state, process?.maintenance, process?.lastRestart]));

  const operating: Call<Seen, ServiceOperation, "done" | "lost"> = {
    repeats,
    intend(step, seen, sentAt) {
      const { targets = [] } = step;
      const meant = seen.processes.filter((process) => targets.includes(processKey(process)));
      return {
        opType: requestOf(startStopServiceOrMonitor, step).opType,
        sentAt,
        accepted: false,
        targets: meant.map((process) => ({
          key: processKey(process),
          last: memory.lastRestartOf(process),
        })),
      };
    },
    remember: (sent) => memory.rememberOperation(sent),
    async send(step) {
      const request = requestOf(startStopServiceOrMonitor, step);
      const { requestId } = await client.call(startStopServiceOrMonitor, request);
      return { requestId, keep: { accepted: true } };
    },
    isMoving: isWorking,
    signature({ processes }, _, { targets }) {
      const listed = new Map(processes.map((process) => [processKey(process), process]));
      return signatureOf(targets.map(({ key }) => listed.get(key)));
    },
    judge: (sent, look) => judgeOperation(clusterId, sent, look),
    waitingFor: ({ opType, targets }) => `${targets.length} process(es) of ${service} after ${opType}`,
    forget(sent, came) {
      if (came === undefined) memory.operationRefused(sent);
      else if (came === "lost") memory.operationLost(sent);
      else memory.operationDone(sent, view?.processes ?? []);
    },
  };

  const earlier = {
    ...neverSent,
    isMoving: isWorking,
    signature: ({ processes }: Seen) => signatureOf(processes),
  };
  const earlierOperation: Call<Seen, PendingOperation, "done"> = {
    ...earlier,
    judge: judgeEarlierOperation,
    waitingFor: ({ opType }) => `the earlier ${opType} of ${service} to be over`,
    forget: () => memory.settled(outputsOf(view?.processes ?? [])),
  };
  const earlierRestart: Call<Seen, EarlierRestart, "done"> = {
    ...earlier,
    judge: judgeEarlierRestart,
    waitingFor: () => `the earlier restart of ${service} to be over`,
    forget: ({ sentAt }) => memory.restartWatched(sentAt),
  };

  function open() {
    const restart = memory.sentRestart();
    const { pending } = memory;
    if (pending && !(restart && pending.opType === "RestartService"))
      return { call: "earlierOperation", sent: pending, what: `the ${pending.opType} of an earlier run` };
    if (!restart) return undefined;
    const sent: EarlierRestart = { ...restart, name: `${service} on ${clusterId}` };
    return { call: "earlierRestart", sent, what: "the restart that was sent" };
  }

  return {
    name,
    async look(isClose) {
      const cluster = await usableCluster(client, clusterId);
      // While others change the cluster, the service may not be there yet.
      const isEarly = cluster.phase === "busy" && !isClose && !view && !open();
      if (!isEarly) view = await viewService(client, wanted);
      return { ...(view ?? { processes: [], components: [], missingIps: [] }), cluster };
    },
    busy: ({ cluster }) => (cluster.phase === "busy" ? describeCluster(cluster) : undefined),
    open,
    plan(seen) {
      if (!hasForgotten) memory.forgetRestarts(seen.processes);
      hasForgotten = true;
      const restart = memory.stillToRestart(seen.processes);
      const processes = announcedOf(asked, seen.processes);
      return planService(wanted, { ...seen, processes }, restart, operation === "delete");
    },
    mustRecord: () => memory.isRestartRefused,
    calls: { StartStopServiceOrMonitor: operating, earlierOperation, earlierRestart },
    // The inputs as carried out, and the processes as last seen.
    state({ processes }, lastRequestId) {
      const { restartTriggers, ...inputs } = wanted;
      const triggers = memory.isRestartDone ? restartTriggers : known?.restartTriggers;
      return {
        ...inputs,
        ...(triggers ? { restartTriggers: triggers } : {}),
        ...outputsOf(processes),
        region: client.region,
        lastRequestId,
        ...(memory.pending ? { pendingOperation: memory.pending } : {}),
      };
    },
    finish({ processes }) {
      memory.ended(outputsOf(processes));
      const notice = unannounced(asked, processes);
      if (notice) warn(context, notice);
      const unwell = processes.filter(({ state, health }) => state === "running" && health === "unavailable");
      if (unwell.length > 0)
        warn(
          context,
          `started, but unavailable according to the cloud's probe: ${unwell.map(processKey).join(", ")}`,
        );
    },
  };
}
