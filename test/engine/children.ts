// What the environments of the program and of the provider have in common.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../package";

/**
 * Node keeps compiled code between runs: most of a child's start is otherwise loading the SDK. Programs use the
 * inspector, which makes for other code than providers run; each kind has its own cache, or they would undo
 * each other's.
 */
export function childEnvironment(kind: "program" | "provider"): NodeJS.ProcessEnv {
  const lazily = `--require ${JSON.stringify(join(root, "test", "engine", "lazily.cjs"))}`;
  return {
    NODE_COMPILE_CACHE: join(tmpdir(), `pulumi-bigdata-compile-cache-${kind}`),
    ...process.env,
    ...(kind === "provider" ? { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} ${lazily}`.trim() } : {}),
  };
}

/**
 * Fills the compile cache for provider processes, once before a test run. They never do it themselves, because
 * they end by a signal; without its argument the dynamic provider loads everything and exits. `preload` are modules that providers load later.
 */
export function warmUp(directory: string, preload: string[] = []): void {
  const preloads = preload.flatMap((path) => ["--require", path]);
  const entry = resolveFrom(directory, "@pulumi/pulumi/cmd/dynamic-provider");
  spawnSync(process.execPath, [...preloads, entry], { env: childEnvironment("provider"), stdio: "ignore" });
}

/** As the language host does it: `require.resolve` with the program's directory as the starting point. */
export const resolveFrom = (directory: string, module: string) =>
  createRequire(join(directory, "package.json")).resolve(module);
