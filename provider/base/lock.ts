// One change at a time for each key (a cluster), across all resources of a session, first come first served.
import { perSession, type Session } from "./session";

const tailsOf = perSession(() => new Map<string, Promise<void>>());

export async function withLock<T>(
  session: Session,
  key: string,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  const tails = tailsOf(session);
  const before = tails.get(key);
  if (before) onWait?.();
  let release = () => {};
  const mine = new Promise<void>((resolve) => {
    release = resolve;
  });
  const tail = (before ?? Promise.resolve()).then(() => mine);
  tails.set(key, tail);
  await before;
  try {
    return await work();
  } finally {
    release();
    if (tails.get(key) === tail) tails.delete(key);
  }
}
