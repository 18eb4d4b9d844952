// DDM as the simulator's core and the cloud's gateway know it.
import { milliseconds, objectOf, type WorldParts } from "../../product";
import type { HuaweiProduct } from "../product";
import { ddmActions } from "./actions";
import { ddmFaults } from "./faults";
import { type DdmSettings, ddmSettings } from "./settings";
import { DdmWorld } from "./world";

export const ddm = {
  path: "huawei/ddm",
  actions: ddmActions,
  settings: ddmSettings,
  faults: ddmFaults,
  takeLock: (ddm, { instance_id: instanceId = "" }, projectId, milliseconds) => {
    if (ddm.find(instanceId, projectId)) ddm.holdLock(instanceId, milliseconds);
  },
  state: (ddm) => ({ instances: ddm.instances(), orders: ddm.orders() }),
  newWorld: ({ clock, settings, ids }: WorldParts<DdmSettings>) => new DdmWorld(clock, settings, ids),
  routes: {
    "POST instances": (ddm, { body }) => ddm.createInstance(objectOf(body)),
    "GET instances": (ddm) => ddm.instances(),
    "GET instances/*": (ddm, { parts: [instanceId = ""] }) => ddm.instance(instanceId),
    "PATCH instances/*": (ddm, { body, parts: [instanceId = ""] }) =>
      ddm.changeInstance(instanceId, objectOf(body)),
    "DELETE instances/*": (ddm, { parts: [instanceId = ""] }) => {
      ddm.destroyInstance(instanceId);
      return {};
    },
    "GET instances/*/purchases": (ddm, { parts: [instanceId = ""] }) => ddm.purchases(instanceId),
    "GET instances/*/nodes": (ddm, { parts: [instanceId = ""] }) => ddm.nodes(instanceId),
    "POST instances/*/nodes": (ddm, { body, parts: [instanceId = ""] }) =>
      ddm.addNode(instanceId, objectOf(body)),
    "PATCH instances/*/nodes/*": (ddm, { body, parts: [instanceId = "", nodeId = ""] }) =>
      ddm.changeNode(instanceId, nodeId, objectOf(body)),
    "DELETE instances/*/nodes/*": (ddm, { parts: [instanceId = "", nodeId = ""] }) => {
      ddm.removeNode(instanceId, nodeId);
      return {};
    },
    "POST instances/*/groups": (ddm, { body, parts: [instanceId = ""] }) =>
      ddm.addGroup(instanceId, objectOf(body)),
    "DELETE instances/*/groups/*": (ddm, { parts: [instanceId = "", groupId = ""] }) => {
      ddm.removeGroup(instanceId, groupId);
      return {};
    },
    "POST instances/*/lock": (ddm, { body, parts: [instanceId = ""] }) => {
      ddm.holdLock(instanceId, milliseconds.parse(body).milliseconds);
      return {};
    },
    "GET orders": (ddm) => ddm.orders(),
    "POST orders/*/pay": (ddm, { parts: [orderId = ""] }) => ddm.payOrder(orderId),
    "POST orders/*/cancel": (ddm, { parts: [orderId = ""] }) => ddm.cancelOrder(orderId),
  },
} satisfies HuaweiProduct<DdmWorld>;
