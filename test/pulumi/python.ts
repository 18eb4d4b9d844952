// A virtual environment with the Python SDK, and what checks programs that use it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../package";

const isWindows = process.platform === "win32";

export interface PythonEnvironment {
  /** The interpreter. */
  python: string;
  install(...args: string[]): void;
}

export function pythonEnvironment(directory: string): PythonEnvironment {
  execFileSync(isWindows ? "python" : "python3", ["-m", "venv", directory]);
  const python = join(directory, isWindows ? "Scripts" : "bin", isWindows ? "python.exe" : "python");
  const install = (...args: string[]) => {
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    execFileSync(python, [...pip, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  };
  install("-r", join(root, "test", "requirements.txt"));
  return { python, install };
}
