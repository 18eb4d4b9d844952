// An `up` without changes of many pools by the real CLI, beside as many trivial resources through the same door.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "../scripts/root";
import { startSimulator } from "../simulator/index";
import { interleaved, type Measure, type Row } from "./measure";

const count = 300;
const clusters = 20;
const rounds = 3;

const properties = `{ clusterId: "emr-bench" + (i % ${clusters}), role: "task", count: 0 }`;
const many = (statement: string) => `for (let i = 0; i < ${count}; i++) ${statement};\n`;

/** Programs by name. */
const programs = {
  plugin: `const { tencent } = require("pulumi-bigdata/plugin");\n${many(`new tencent.EmrNodePool("pool" + i, ${properties})`)}`,
  pluginPeer: `const { CustomResource } = require("@pulumi/pulumi");\n${many(`new CustomResource("bare:index:Thing", "thing" + i, ${properties})`)}`,
  dynamic: `const { tencent } = require("pulumi-bigdata");\n${many(`new tencent.EmrNodePool("pool" + i, ${properties})`)}`,
  dynamicPeer: `const { dynamic } = require("@pulumi/pulumi");
const provider = { create: async (outs) => ({ id: "id", outs }), diff: async () => ({ changes: false }) };
${many(`new dynamic.Resource(provider, "thing" + i, ${properties})`)}`,
};

type Name = keyof typeof programs;

// The simulator is in this process, which has to answer meanwhile.
const execute = promisify(execFile);

const hasCli = (environment: NodeJS.ProcessEnv) =>
  execute("pulumi", ["version"], { env: environment }).then(
    () => true,
    () => false,
  );

export const noChange: Measure = {
  name: "noChange",
  async run() {
    const work = join(root, ".work");
    mkdirSync(work, { recursive: true });
    const scratch = mkdtempSync(join(work, "bench-"));
    const sim = await startSimulator({ clock: "real" });
    for (let index = 0; index < clusters; index++) sim.emr.createCluster({ clusterId: `emr-bench${index}` });
    const environment = {
      ...process.env,
      // Language hosts of our own, where there are no others.
      PATH: [process.env["PATH"], join(root, "test", "pulumi", "bin")].join(delimiter),
      PULUMI_HOME: join(scratch, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(scratch, "backend")).href,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_BIGDATA_STATE_DIR: join(scratch, "state"),
      TENCENTCLOUD_SECRET_ID: sim.credentials[0]?.secretId,
      TENCENTCLOUD_SECRET_KEY: sim.credentials[0]?.secretKey,
      TENCENTCLOUD_REGION: "ap-guangzhou",
    };
    const pulumi = async (name: Name, ...args: string[]) => {
      const options = { cwd: join(scratch, name), env: environment, maxBuffer: 64 * 1024 * 1024 };
      return (await execute("pulumi", [...args, "--non-interactive"], options)).stdout;
    };
    const up = (name: Name) => pulumi(name, "up", "--yes", "--skip-preview");
    try {
      if (!(await hasCli(environment))) {
        process.stderr.write(
          "noChange: left out, since there is no pulumi on PATH (npm run pulumi builds it)\n",
        );
        return [];
      }
      mkdirSync(join(scratch, "backend"), { recursive: true });
      for (const [name, program] of Object.entries(programs) as [Name, string][]) {
        const directory = join(scratch, name);
        mkdirSync(join(directory, "node_modules"), { recursive: true });
        symlinkSync(root, join(directory, "node_modules", "pulumi-bigdata"));
        writeFileSync(join(directory, "index.js"), program);
        writeFileSync(join(directory, "package.json"), JSON.stringify({ name, main: "index.js" }));
        const plugins = `plugins:\n  providers:\n    - { name: bigdata, path: ${root} }\n    - { name: bare, path: ${join(root, "bench", "bare")} }\n`;
        writeFileSync(join(directory, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n${plugins}`);
        await pulumi(name, "stack", "init", "bench");
        await pulumi(name, "config", "set", "bigdata:tencentEndpoint", sim.url);
        await up(name);
      }
      const seconds = (name: Name) => async () => {
        const started = performance.now();
        const text = await up(name);
        if (!text.includes(`${count + 1} unchanged`)) throw new Error(text);
        return (performance.now() - started) / 1000;
      };
      const names = Object.keys(programs) as Name[];
      const times = await interleaved(
        rounds,
        Object.fromEntries(names.map((name) => [name, seconds(name)])) as Record<Name, () => Promise<number>>,
      );
      const row = (door: "plugin" | "dynamic"): Row => {
        const [own, peer] = [times[door], times[`${door}Peer`]];
        return {
          what: `An up without changes of ${count} pools, ${door} door, real CLI`,
          figure: `${own.toFixed(1)} s`,
          against: `${count} trivial resources of that door: ${peer.toFixed(1)} s`,
          ...{ ratio: own / peer, target: { atMost: 1.3 }, how: `median of ${rounds}, interleaved` },
        };
      };
      return [row("plugin"), row("dynamic")];
    } finally {
      await sim.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
