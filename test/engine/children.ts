// What the environments of the program and of the provider have in common.
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node keeps compiled code between runs: half of a child's start is otherwise loading the SDK. */
export function childEnvironment(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(tmpdir(), "pulumi-bigdata-compile-cache"), ...process.env };
}
