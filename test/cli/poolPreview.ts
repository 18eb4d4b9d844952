// Previews of a pool as `pulumi preview --json` writes them, and the command that reads them.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../package";

export const urn = (name: string, type = "bigdata:tencent:EmrNodePool") =>
  `urn:pulumi:dev::proj::${type}::${name}`;
export const inputs = (count: unknown, more: object = {}) => ({
  clusterId: "emr-5n3l5c83",
  role: "task",
  count,
  poolId: "proj/dev/workers",
  payMode: 0,
  deletionPolicy: "terminate",
  ...more,
});
export const node = (number: number) => ({
  resourceId: `emr-vm-${number}`,
  orderNo: `ins-${number}`,
  ip: `10.0.0.${number}`,
  state: "running",
  zone: "z",
  applyTime: `2026-01-0${number}`,
  chargeType: 0,
  spec: "S5",
});
const state = (count: number, more: object = {}) => ({
  ...inputs(count, more),
  nodes: Array.from({ length: count }, (_, index) => node(index + 1)),
  nodeCount: count,
  privateIps: [],
  region: "ap-guangzhou",
  lastFlow: "",
  lastRequestId: "",
  specHash: "",
});
export const step = (op: string, name: string, from?: number, to?: unknown, more: object = {}) => ({
  op,
  urn: urn(name),
  ...(from === undefined ? {} : { oldState: { type: "x", inputs: inputs(from), outputs: state(from) } }),
  ...(to === undefined ? {} : { newState: { type: "x", inputs: inputs(to) } }),
  detailedDiff: null,
  ...more,
});
export const digest = (...steps: object[]) =>
  JSON.stringify({ config: { "bigdata:tencentRegion": "ap-guangzhou" }, steps, changeSummary: {} });

export function run(input: string, ...args: string[]) {
  const main = join(root, "dist", "cli", "main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "plan", ...args], {
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
