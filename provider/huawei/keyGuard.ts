// Five wrong signatures lock an access key. So a key that was refused once is not used again by this session, and one
// that nothing is known of yet is tried by one call at a time.
import { CloudError } from "../base/errors";
import { perSession } from "../base/session";

interface Key {
  isProven: boolean;
  refusal: CloudError | undefined;
  /** The call that is under way while nothing is known. */
  trial: Promise<unknown>;
}

const keysOf = perSession(() => new Map<string, Key>());

export async function oncePerKey<T>(owner: object, name: string, work: () => Promise<T>): Promise<T> {
  const keys = keysOf(owner);
  const key = keys.get(name) ?? { isProven: false, refusal: undefined, trial: Promise.resolve() };
  keys.set(name, key);
  const attempt = async () => {
    if (key.refusal) throw key.refusal;
    try {
      const result = await work();
      key.isProven = true;
      return result;
    } catch (error) {
      if (error instanceof CloudError && error.kind === "credentials") key.refusal = error;
      // Any other answer means that the signature was right, but for its time.
      else if (error instanceof CloudError && !["clock", "network", "unsent", "stopped"].includes(error.kind))
        key.isProven = true;
      throw error;
    }
  };
  if (key.isProven) return attempt();
  const mine = key.trial.then(attempt);
  key.trial = mine.catch(() => {});
  return mine;
}
