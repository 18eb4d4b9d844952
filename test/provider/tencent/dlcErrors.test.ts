import { expect, test } from "vitest";
import type { ErrorKind } from "../../../provider/errors";
import { dlcCodes } from "../../../provider/tencent/dlcErrors";
import { meaningOf } from "../../../provider/tencent/errors";

// Every code in the vendor's table of SwitchDataEngineImage, and what a caller has to make of it.
const seedCodes: Record<string, ErrorKind> = {
  FailedOperation: "server",
  "FailedOperation.NoPermissionToUseTheDataEngine": "permission",
  InternalError: "server",
  "InternalError.InternalSystemException": "server",
  "InvalidParameter.DataEngineExecTypeNotMatch": "fixInput",
  "InvalidParameter.DataEnginePayModeTypeNotMatch": "fixInput",
  "InvalidParameter.ImageClusterParametersFormatNotJson": "fixInput",
  "InvalidParameter.ImageEngineTypeNotMatch": "fixInput",
  "InvalidParameter.ImageIsPublicNotMatch": "fixInput",
  "InvalidParameter.ImageParameterNotFound": "fixInput",
  "InvalidParameter.ImageSessionParametersFormatNotJson": "fixInput",
  "InvalidParameter.ImageStateNotMatch": "fixInput",
  "InvalidParameter.ImageUserRecordsTypeNotMatch": "fixInput",
  "InvalidParameter.ParameterNotFoundOrBeNone": "fixInput",
  "ResourceNotFound.DataEngineConfigInstanceNotFound": "refused",
  "ResourceNotFound.DataEngineConfigInstanceNotUnique": "refused",
  "ResourceNotFound.DataEngineNotActivity": "busy",
  "ResourceNotFound.DataEngineNotFound": "gone",
  "ResourceNotFound.DataEngineNotMultiVersion": "refused",
  "ResourceNotFound.ImageSessionConfigNotFound": "refused",
  "ResourceNotFound.ImageSessionConfigNotUnique": "refused",
  "ResourceNotFound.ImageVersionNotActivity": "fixInput",
  "ResourceNotFound.ImageVersionNotFound": "fixInput",
};

test.each(Object.entries(seedCodes))("%s is %s, by its full code, with advice", (code, kind) => {
  expect(dlcCodes[code]).toMatchObject({ kind, advice: expect.stringMatching(/\w.*\.$/) });
});

test.each([
  "FailedOperation.AnotherProcessRunning",
  "FailedOperation.AnotherRequestProcessing",
  "InvalidParameter.InstanceInProcess",
  "ResourceNotFound.DataEngineNotRunning",
])("%s is waited for", (code) => {
  expect(dlcCodes[code]).toMatchObject({ kind: "busy", advice: expect.stringMatching(/\w.*\.$/) });
});

test("only a missing engine is gone, whatever the class", () => {
  const gone = Object.keys(seedCodes).filter((code) => meaningOf("DLC", code).kind === "gone");
  expect(gone).toEqual(["ResourceNotFound.DataEngineNotFound"]);
});
