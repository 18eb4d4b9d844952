// The project's root, from the sources and from what they are compiled to.
import { existsSync } from "node:fs";
import { join } from "node:path";

const above = [join(__dirname, ".."), join(__dirname, "..", "..")];

export const root = above.find((directory) => existsSync(join(directory, "package.json"))) ?? "";
