// How the CLI's language host starts a Python program: the project's virtual environment runs a script that the
// CLI ships, which is not part of the SDK; runPython.py stands in for it.
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { root } from "../package";
import { configEnvironment, type ProgramCommand, type ProgramRun } from "./program";

const isWindows = process.platform === "win32";

export function pythonCommand(run: ProgramRun): ProgramCommand {
  const { project } = run;
  const args = [
    join(root, "test", "engine", "runPython.py"),
    ...["--monitor", run.engineAddress, "--engine", run.engineAddress],
    ...["--project", project.name, "--root_directory", project.directory],
    ...["--stack", run.stack, "--pwd", project.directory],
    ...["--dry_run", String(run.preview), "--parallel", String(run.parallel)],
    ...["--organization", run.organization, project.main],
  ];
  const config = configEnvironment(run, (key) => key);
  const { virtualenv } = project.runtimeOptions;
  if (typeof virtualenv !== "string") {
    const command = process.env["PULUMI_PYTHON_CMD"] ?? (isWindows ? "python" : "python3");
    return { command, args, env: config };
  }
  const environment = resolve(project.directory, virtualenv);
  const command = pythonOf(environment);
  if (!existsSync(command)) {
    throw new Error(
      `The 'virtualenv' option in Pulumi.yaml is set to "${virtualenv}", but there is no virtual environment in ${environment}`,
    );
  }
  const PATH = `${binaries(environment)}${delimiter}${run.env["PATH"] ?? process.env["PATH"] ?? ""}`;
  return { command, args, env: { ...config, PATH, VIRTUAL_ENV: environment, PYTHONHOME: undefined } };
}

/** The interpreter of a virtual environment. */
export function pythonOf(environment: string): string {
  return join(binaries(environment), isWindows ? "python.exe" : "python");
}

function binaries(environment: string): string {
  return join(environment, isWindows ? "Scripts" : "bin");
}
