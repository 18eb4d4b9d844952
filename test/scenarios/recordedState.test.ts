// What earlier versions left behind: their state, and the journal of a run that was killed.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ResourceName, replay, resources, versions } from "./recorded";
import { type Stand, stateOf, stepsOf } from "./stand";

const names = Object.keys(resources) as ResourceName[];
const pending = /^(pending\w+|resumedForChange|vanished|untagged)$/;

/** What is still to do once the open call is over. */
function afterwards(name: ResourceName, hasJournal: boolean): string[] {
  // The engine that was resumed for the switch is suspended again.
  if (name === "DlcEngineImage") return ["SuspendResumeDataEngine"];
  // State does not tell which triggers an open restart is for: only the journal does.
  return name === "EmrServiceState" && !hasJournal ? ["StartStopServiceOrMonitor"] : [];
}

async function subjectIn({ stack }: Stand) {
  const { deployment } = await stack.exportState({ showSecrets: true });
  const { inputs, outputs } = deployment.resources?.find(({ urn }) => urn.endsWith("::subject")) ?? {};
  return { inputs, outputs };
}

describe.each(versions)("state of version %s", (version) => {
  describe.each(names)("%s", (name) => {
    test.each(["plain", "rich"] as const)("%s: nothing to do, and it can be destroyed", async (form) => {
      const { stand, changes } = await replay(version, name, form);
      const { stack } = stand;
      const before = await subjectIn(stand);
      for (const operation of ["preview", "refresh", "preview", "up"] as const) {
        const result = await stack[operation]();
        expect([result.error, stepsOf(result)], operation).toEqual([undefined, []]);
      }
      expect(await subjectIn(stand)).toEqual(before);
      expect(changes()).toEqual([]);
      expect((await stack.destroy()).error).toBeUndefined();
      expect(await stateOf(stand, "subject")).toBeUndefined();
    });

    // The memory of the machine is what a stack without the open call in its state needs.
    const rests = [
      ["killed", true],
      ["open", true],
      ["open", false],
    ] as const;
    test.each(rests)(
      "%s, with the journal: %s: is ended once, and can be destroyed",
      async (form, hasJournal) => {
        const { stand, changes } = await replay(version, name, form);
        const { stack, journalDirectory } = stand;
        if (!hasJournal) rmSync(journalDirectory, { recursive: true });
        const preview = await stack.preview();
        expect([preview.error, stepsOf(preview)]).toEqual([undefined, ["update subject"]]);
        expect(changes()).toEqual([]);
        const up = await stack.up();
        expect([up.error, stepsOf(up)]).toEqual([undefined, ["update subject"]]);
        const rest = afterwards(name, hasJournal);
        expect(changes()).toEqual(rest);
        const state = Object.keys((await stateOf(stand, "subject")) ?? {});
        expect(state.filter((property) => pending.test(property))).toEqual([]);
        expect(stepsOf(await stack.refresh())).toEqual([]);
        expect(stepsOf(await stack.up())).toEqual([]);
        expect(changes()).toEqual(rest);
        expect((await stack.destroy()).error).toBeUndefined();
        expect(await stateOf(stand, "subject")).toBeUndefined();
      },
    );
  });
});
