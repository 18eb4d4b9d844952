// Where tests have their journals: in memory where the system has such a place, since each entry is forced to the disk.
import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";

const memory = "/dev/shm";

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export const scratch = isWritable(memory) ? memory : tmpdir();
