// The provider is killed (SIGKILL) at every call it makes: before the cloud acts, and, where the call changes
// something, after it has acted and before the answer. The next `up` must end with what was declared: nothing bought
// twice, nothing orphaned, nothing foreign touched.
import { expect, test } from "vitest";
import { create, expectHealed, grow, prepare, shrink } from "./kill";

const isRead = (action: string) => action.startsWith("Describe") || action.startsWith("Inquiry");

test.each([create, grow, shrink])("$name", { timeout: 120_000 }, async (operation) => {
  const killedAt: string[] = [];
  // One round for each boundary, until a round ends without having been killed.
  for (;;) {
    const prepared = await prepare(operation);
    const { stand, kill } = prepared;
    let boundary = 0;
    let where = "";
    stand.sim.onCall(({ action, phase }) => {
      if (where || (phase === "acted" && isRead(action)) || boundary++ !== killedAt.length) return undefined;
      where = `${action} ${phase}`;
      kill();
      return "drop";
    });
    const first = await stand.stack.up();
    if (!where) {
      expect(first.error).toBeUndefined();
      break;
    }
    killedAt.push(where);
    expect(first.ok, `killed at call ${killedAt.length}, ${where}`).toBe(false);
    await expectHealed(prepared);
    await stand.sim.close();
  }
  const change = operation === shrink ? "TerminateClusterNodes" : "ScaleOutInstance";
  expect(killedAt).toEqual(expect.arrayContaining([`${change} received`, `${change} acted`]));
  expect(killedAt.length).toBeGreaterThan(8);
});
