// One process on one node: what a service calls its component there.
import type { Clock } from "../../clock";
import type { Process } from "./cluster";
import type { Component } from "./components";
import type { EmrSettings } from "./settings";

/** What processes live in. */
interface World {
  clock: Clock;
  settings: EmrSettings;
  scaled(milliseconds: number): number;
}

/** Names some of a cluster's processes; a field that is left out fits all. */
export interface ProcessSelector {
  service?: string | undefined;
  component?: string | undefined;
  ip?: string | undefined;
}

export function newProcess(component: Component, ip: string, startedAt: number | undefined): Process {
  return {
    service: component.service,
    component: component.name,
    listName: component.listName,
    componentId: component.id,
    ip,
    nameService: "",
    started: startedAt !== undefined,
    lastRestartAt: startedAt,
    stoppedAt: undefined,
    maintenance: false,
    probedInMaintenance: false,
    health: 1,
    confStatus: 1,
    dataNodeMaintenance: 0,
  };
}

export function fits(process: Process, { service, component, ip }: ProcessSelector): boolean {
  return (
    (service === undefined || process.service === service) &&
    (component === undefined || process.component === component) &&
    (ip === undefined || process.ip === ip)
  );
}

export function start(process: Process, world: World): void {
  if (!process.started) restart(process, world);
}

export function restart(process: Process, world: World): void {
  process.started = true;
  process.stoppedAt = undefined;
  process.restartBefore = process.lastRestartAt;
  process.lastRestartAt = world.clock.now();
  process.confStatus = 1;
}

export function stop(process: Process, world: World): void {
  if (!process.started) return;
  process.started = false;
  process.stoppedAt = world.clock.now();
  watch(process, world);
}

export function enterMaintenance(process: Process, staysProbed: boolean): void {
  process.maintenance = true;
  process.probedInMaintenance = staysProbed;
}

export function leaveMaintenance(process: Process, world: World): void {
  process.maintenance = false;
  process.probedInMaintenance = false;
  if (!process.started) watch(process, world);
}

/** The watchdog looks after a while, and revives what is down without being in maintenance. */
function watch(process: Process, world: World): void {
  const { stoppedAt } = process;
  world.clock.at(world.clock.now() + world.scaled(world.settings.durations.watchdog), () => {
    const stillDown = !process.started && process.stoppedAt === stoppedAt;
    if (world.settings.watchdogRevives && stillDown && !process.maintenance) restart(process, world);
  });
}

/** `HealthStatus.Code`. Processes that are stopped or in maintenance are not probed. */
export function shownHealth(process: Process): number {
  const probed = process.started && (!process.maintenance || process.probedInMaintenance);
  return probed ? process.health : -4;
}
