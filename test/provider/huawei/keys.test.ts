// Five wrong signatures lock a key: what proves a key right, and what does not.
import { expect, test } from "vitest";
import { CloudError, type ErrorKind } from "../../../provider/base/errors";
import { oncePerKey } from "../../../provider/huawei/keyGuard";

const failure = (kind: ErrorKind) =>
  new CloudError({
    cloud: "Huawei DDM",
    action: "ShowInstance",
    code: "c",
    kind,
    message: "m",
    advice: "",
    mayHaveHappened: false,
  });

test.each<[ErrorKind, number]>([
  ["unsent", 1],
  ["network", 1],
  ["stopped", 1],
  ["gone", 3],
])("after a call that ended as %s, a wrong key is tried %i time(s)", async (kind, tries) => {
  const [session, key] = [{}, "key"];
  await expect(oncePerKey(session, key, () => Promise.reject(failure(kind)))).rejects.toMatchObject({ kind });
  let tried = 0;
  const refused = async () => {
    tried += 1;
    throw failure("credentials");
  };
  await Promise.allSettled([1, 2, 3].map(() => oncePerKey(session, key, refused)));
  expect(tried).toBe(tries);
});
