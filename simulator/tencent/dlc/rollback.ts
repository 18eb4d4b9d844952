// What a rollback would undo: the latest recorded change, unless that was a rollback itself.
import type { Engine, ImageRecord } from "./engine";

export function rollbackOf(engine: Engine): { from: ImageRecord; to: ImageRecord } | undefined {
  const from = engine.records.at(-1);
  const to = engine.records.at(-2);
  if (!from || !to || from.operate === "RollbackImage") return undefined;
  return { from, to };
}
