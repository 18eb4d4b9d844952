// What a DLC engine's image may be told, and what it tells.
import { z } from "zod";
import { choice } from "../choice";
import { input, inputObject, output } from "../fields";
import { profileInput, regionInput } from "../placeInputs";
import type { Rule } from "../schema";
import { timeoutProblems, timeoutsInput } from "../timeouts";

export const engineImageInputs = inputObject({
  region: regionInput,
  profile: profileInput,
  dataEngineId: input(
    { change: "replaces", found: true },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "Id of the engine, such as `DataEngine-0a1b2c3d`; give this or `dataEngineName`. Another engine replaces the resource. API: `DataEngineId`.",
      ),
  ),
  dataEngineName: input(
    { change: "replaces", found: true },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "Name of the engine; give this or `dataEngineId`. An edition of the API without DescribeDataEngines finds an engine by its name alone. API: `DataEngineName`.",
      ),
  ),
  imageVersionId: input(
    { change: "inPlace", found: true },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "Id of the major version that the engine shall run; give this or `imageVersion`. API: `NewImageVersionId`.",
      ),
  ),
  imageVersion: input(
    { change: "inPlace", found: true },
    z
      .string()
      .min(1)
      .optional()
      .describe(
        "Name of the major version that the engine shall run, such as `SuperSQL-S 1.0`; give this or `imageVersionId`. It must be among those on offer for the engine's type.",
      ),
  ),
  childVersion: input(
    { change: "inPlace" },
    choice({
      track: "The minor version that the engine has.",
      latest: "The newest minor version of the major version.",
    })
      .default("track")
      .describe(
        "Minor version: `track` takes what the engine has, `latest` upgrades to the newest of the major version. Default `track`. API: UpgradeDataEngineImage.",
      ),
  ),
  allowSuspended: input(
    { change: "later" },
    z
      .boolean()
      .default(false)
      .describe(
        "A suspended engine takes no version. `true` resumes it (which bills it) for the change and suspends it again; `false` stops with an error. Default `false`. API: SuspendResumeDataEngine.",
      ),
  ),
  onDelete: input(
    { change: "later" },
    choice({
      leave: "The version stays as it is.",
      restorePrevious: "The version that the engine had before the resource was created.",
    })
      .default("leave")
      .describe(
        "What deleting the resource does: `leave` the version as it is, or `restorePrevious`, the one before the resource was created. A version that is no longer on offer cannot be restored: the engine stays as it is, and a warning says so. Default `leave`.",
      ),
  ),
  timeouts: timeoutsInput("30m"),
});

export type EngineImageInputs = z.output<typeof engineImageInputs>;

/** A switch that was sent, and of which no run has seen the end. */
export const pendingSwitch = z.object({
  imageVersionId: z.string().describe("Id of the version that the engine was sent to."),
  imageVersion: z.string().describe("Name of that version; empty if it is not known."),
  sentAt: z.number().describe("When it was sent, in milliseconds since the epoch."),
});

export const engineImageOutputs = z.object({
  dataEngineId: output({ stable: true }, z.string().describe("Id of the engine.")),
  dataEngineName: output({ stable: true }, z.string().describe("Name of the engine.")),
  imageVersionId: z.string().describe("Id of the major version that the engine runs. API: `ImageVersionId`."),
  imageVersion: z
    .string()
    .describe("Name of the major version that the engine runs. API: `ImageVersionName`."),
  childImageVersionId: z
    .string()
    .describe(
      "Id of the minor version that the engine runs; it moves by itself. API: `ChildImageVersionId`.",
    ),
  upgradeAvailable: z
    .boolean()
    .describe("Whether a newer minor version was on offer when the engine was last looked at."),
  previousImageVersionId: output(
    { stable: true },
    z
      .string()
      .describe(
        "Id of the major version before the resource was created; what `restorePrevious` goes back to.",
      ),
  ),
  engineState: z
    .string()
    .describe("`running`, `suspended`, `initialising`, `failed`, `deleting` or `unknown`. API: `State`."),
  region: output({ stable: true }, z.string().describe("Region of the engine.")),
  lastRequestId: z
    .string()
    .describe("RequestId of the latest call that changed something; empty if there was none."),
  resumedForChange: z
    .boolean()
    .optional()
    .describe(
      "`true` where a change that did not finish resumed the engine, which runs and is billed until the next `up` suspends it again.",
    ),
  pendingSwitch: pendingSwitch
    .optional()
    .describe(
      "A switch that was sent by a run that did not see its end. The next `up` looks what became of it.",
    ),
});

export type EngineImageState = EngineImageInputs & z.output<typeof engineImageOutputs>;

/** An engine is named in one of two ways. */
export const engineRule: Rule<Pick<EngineImageInputs, "dataEngineId" | "dataEngineName">> = {
  property: "dataEngineId",
  reads: ["dataEngineId", "dataEngineName"],
  problem: ({ dataEngineId, dataEngineName }) =>
    (dataEngineId === undefined) === (dataEngineName === undefined)
      ? "or dataEngineName is required, and only one of the two"
      : undefined,
};

export const engineImageRules: readonly Rule<EngineImageInputs>[] = [
  engineRule,
  {
    property: "imageVersion",
    reads: ["imageVersion", "imageVersionId"],
    problem: ({ imageVersion, imageVersionId }) =>
      (imageVersion === undefined) === (imageVersionId === undefined)
        ? "or imageVersionId is required, and only one of the two"
        : undefined,
  },
  {
    property: "timeouts",
    reads: ["timeouts"],
    problem: ({ timeouts: limits }) => timeoutProblems(limits),
  },
];
