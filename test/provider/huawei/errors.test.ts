// Every code that is documented has a meaning and advice.
import { expect, test } from "vitest";
import { huaweiError, meaningOf } from "../../../provider/huawei/errors";

test.each([
  ["DBS.280001", 400, "fixInput"],
  ["DBS.200001", 400, "fixInput"],
  ["DBS.200002", 404, "gone"],
  ["DBS.200019", 400, "busy"],
  ["DBS.200011", 400, "busy"],
  ["DBS.200047", 400, "busy"],
  ["DBS.212033", 409, "busy"],
  ["DBS.200412", 500, "server"],
  ["DBS.300002", 500, "server"],
  ["DBS.300005", 400, "fixInput"],
  ["DBS.300120", 500, "server"],
  ["DBS.300323", 400, "busy"],
  ["DBS.300360", 400, "refused"],
  ["DBS.300370", 400, "refused"],
  ["DBS.300375", 400, "fixInput"],
  ["DBS.300400", 404, "refused"],
  ["APIGW.0101", 404, "refused"],
  ["APIG.0301", 401, "credentials"],
  ["APIGW.0301", 401, "credentials"],
  ["APIGW.0302", 403, "permission"],
  ["APIG.0308", 429, "throttled"],
  ["NEVER.SEEN", 400, "fixInput"],
  ["NEVER.SEEN", 401, "credentials"],
  ["NEVER.SEEN", 403, "permission"],
  ["NEVER.SEEN", 404, "refused"],
  ["NEVER.SEEN", 405, "refused"],
  ["NEVER.SEEN", 409, "busy"],
  ["NEVER.SEEN", 413, "soldOut"],
  ["NEVER.SEEN", 415, "bug"],
  ["NEVER.SEEN", 429, "throttled"],
  ["NEVER.SEEN", 500, "server"],
])("%s with HTTP %i is %s", (code, status, kind) => {
  const { kind: meant, advice } = meaningOf(code, status);
  expect([meant, advice !== ""]).toEqual([kind, true]);
  const error = huaweiError({ action: "enlarge", code, status, message: "why", requestId: "r-1" });
  expect(error.message).toContain(`Huawei DDM enlarge failed: why. (code ${code}, RequestId r-1) ${advice}`);
  expect(error.mayHaveHappened).toBe(kind === "server");
});

test.each([
  ["DBS.280110", 404, "gone"],
  ["DDM.0404", 404, "gone"],
  ["DBS.200019", 404, "gone"],
  ["APIGW.0101", 404, "refused"],
  ["APIG.0101", 404, "refused"],
  ["APIGW.0103", 404, "refused"],
])("%s with HTTP %i, where the service has no such thing, is %s", (code, status, kind) => {
  expect(meaningOf(code, status, true).kind).toBe(kind);
});

test.each([400, 403])("a missing thing's code with HTTP %i does not make it gone", (status) => {
  expect(meaningOf("DBS.200002", status).kind).not.toBe("gone");
});
