// DLC as the simulator's core and the cloud's gateway know it.
import { z } from "zod";
import { milliseconds, objectOf, type WorldParts } from "../../product";
import type { TencentProduct } from "../product";
import { dlcActions } from "./actions";
import { dlcFaults } from "./faults";
import { imageFixture } from "./image";
import { type DlcSettings, dlcSettings } from "./settings";
import { DlcWorld } from "./world";

const move = z.strictObject({ imageVersionId: z.string(), childImageVersionId: z.string().optional() });
const child = z.strictObject({ imageVersion: z.string().optional() });

export const dlc = {
  path: "tencent/dlc",
  version: "2021-01-25",
  regionRequired: true,
  actions: dlcActions,
  settings: dlcSettings,
  faults: dlcFaults,
  takeLock: (dlc, { DataEngineId, DataEngineName }, milliseconds) => {
    for (const { dataEngineId, dataEngineName } of dlc.engines()) {
      if (dataEngineId === DataEngineId || dataEngineName === DataEngineName) {
        dlc.holdEngine(dataEngineId, milliseconds);
      }
    }
  },
  state: (dlc) => ({ engines: dlc.engines() }),
  newWorld: ({ clock, settings, ids }: WorldParts<DlcSettings>) => new DlcWorld(clock, settings, ids),
  routes: {
    "POST engines": (dlc, { body }) => dlc.createEngine(objectOf(body)),
    "GET engines": (dlc) => dlc.engines(),
    "GET engines/*": (dlc, { parts: [engineId = ""] }) => dlc.engine(engineId),
    "PATCH engines/*": (dlc, { body, parts: [engineId = ""] }) => dlc.changeEngine(engineId, objectOf(body)),
    "DELETE engines/*": (dlc, { parts: [engineId = ""] }) => {
      dlc.destroyEngine(engineId);
      return {};
    },
    "POST engines/*/version": (dlc, { body, parts: [engineId = ""] }) => {
      const { imageVersionId, childImageVersionId } = move.parse(body);
      dlc.moveVersion(engineId, imageVersionId, childImageVersionId);
      return dlc.engine(engineId);
    },
    "POST engines/*/lock": (dlc, { body, parts: [engineId = ""] }) => {
      dlc.holdEngine(engineId, milliseconds.parse(body).milliseconds);
      return {};
    },
    "GET images": (dlc) => dlc.images(),
    "POST images": (dlc, { body }) => dlc.createImage(imageFixture.parse(body)),
    "DELETE images/*": (dlc, { parts: [imageVersionId = ""] }) => {
      dlc.withdrawImage(imageVersionId);
      return {};
    },
    "POST images/*/children": (dlc, { body, parts: [imageVersionId = ""] }) =>
      dlc.createChildImage(imageVersionId, child.parse(body).imageVersion),
  },
} satisfies TencentProduct<DlcWorld>;
