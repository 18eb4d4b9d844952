// Every code that is documented for DDM, its gateway and billing, and those that its sibling services are asked again
// for, has a meaning of its own, whatever HTTP status it comes with.
import { expect, test } from "vitest";
import { huaweiError, iamError, meaningOf } from "../../../provider/huawei/errors";
import { wrongWith } from "../errorCodes";

const failed = (code: string, status: number) =>
  huaweiError({ action: "enlarge", code, status, message: "why", requestId: "r-1" });

const busyCodes = [
  "DBS.200011 DBS.200018 DBS.200019 DBS.200047 DBS.200076 DBS.200080 DBS.200086 DBS.200452 DBS.200463",
  "DBS.200611 DBS.201000 DBS.201014 DBS.201015 DBS.201202 DBS.201206 DBS.212033 DBS.216011 DBS.280005",
  "DBS.280011 DBS.280343 DBS.280816 DBS.00010009 DBS.01010337 DBS.01280030 DBS.05000084",
].flatMap((line) => line.split(" "));

const published: [code: string, status: number, kind: string, mayHaveHappened: boolean][] = [
  ["DBS.280001", 400, "fixInput", false],
  ["DBS.280001", 500, "fixInput", false],
  ["DBS.300002", 400, "server", true],
  ["DBS.300005", 400, "fixInput", false],
  ["DBS.300120", 400, "server", true],
  ["DBS.300120", 500, "server", true],
  ["DBS.300133", 400, "busy", false],
  ["DBS.300322", 400, "server", true],
  ["DBS.300323", 400, "busy", false],
  ["DBS.300330", 400, "server", true],
  ["DBS.300346", 400, "server", true],
  ["DBS.300350", 400, "fixInput", false],
  ["DBS.300360", 400, "refused", false],
  ["DBS.300363", 400, "fixInput", false],
  ["DBS.300369", 400, "server", true],
  ["DBS.300370", 400, "refused", false],
  ["DBS.300375", 400, "fixInput", false],
  ["DBS.300377", 400, "bug", false],
  ["DBS.300379", 400, "refused", false],
  ["DBS.300400", 400, "refused", false],
  ["DBS.300400", 404, "refused", false],
  ["DBS.200412", 500, "server", true],
  ["DBS.200001", 400, "fixInput", false],
  ["DBS.200002", 404, "gone", false],
  ["DBS.280110", 404, "gone", false],
  ["DBS.200010", 400, "permission", false],
  ["DBS.200010", 403, "permission", false],
  ["DBS.200025", 400, "fixInput", false],
  ["DBS.200044", 403, "permission", false],
  ["DBS.200046", 413, "soldOut", false],
  ["DBS.200053", 400, "fixInput", false],
  ["DBS.200054", 400, "fixInput", false],
  ["DBS.200056", 400, "fixInput", false],
  ...[400, 403, 409].flatMap((status) =>
    busyCodes.map((code): [string, number, string, boolean] => [code, status, "busy", false]),
  ),
  // A server that fails refuses nothing for certain, whatever it says.
  ...busyCodes.map((code): [string, number, string, boolean] => [code, 500, "busy", true]),
  ["CBC.0100", 400, "refused", false],
  ["CBC.0101", 400, "refused", false],
  ["CBC.0150", 403, "fixInput", false],
  ["CBC.0151", 403, "permission", false],
  ["CBC.0155", 403, "permission", false],
  ["CBC.0156", 403, "fixInput", false],
  ["CBC.0250", 429, "throttled", false],
  ["CBC.0999", 500, "server", true],
  ["CBC.30000010", 400, "gone", false],
  ["APIGW.0101", 404, "refused", false],
  ["APIGW.0103", 404, "server", true],
  ["APIGW.0104", 400, "server", true],
  ["APIGW.0105", 400, "server", true],
  ["APIGW.0106", 400, "server", true],
  ["APIGW.0301", 401, "credentials", false],
  ["APIG.0301", 401, "credentials", false],
  ["APIGW.0302", 403, "permission", false],
  ["APIGW.0303", 401, "credentials", false],
  ["APIGW.0304", 403, "permission", false],
  ["APIGW.0305", 401, "credentials", false],
  ["APIGW.0306", 403, "permission", false],
  ["APIGW.0307", 401, "credentials", false],
  ["APIGW.0308", 429, "throttled", false],
  ["APIG.0308", 429, "throttled", false],
  ["APIGW.0310", 403, "fixInput", false],
  ["APIGW.0311", 401, "credentials", false],
  ["APIGW.0401", 403, "permission", false],
  ["APIGW.0402", 403, "permission", false],
  ["APIGW.0404", 403, "permission", false],
  ["APIGW.0501", 405, "soldOut", false],
  ["APIGW.0502", 405, "soldOut", false],
  ["APIGW.0601", 500, "server", true],
  ["APIGW.0602", 400, "bug", false],
  ["APIGW.0605", 500, "server", true],
  ["APIGW.0606", 500, "server", true],
  ["APIGW.0607", 400, "fixInput", false],
  ["APIGW.0608", 500, "server", true],
  ["APIGW.0609", 500, "server", true],
  ["APIGW.0610", 502, "server", true],
  ["APIGW.0611", 500, "server", true],
  ["APIGW.0612", 500, "server", true],
  ["APIGW.0613", 503, "server", true],
  ["APIGW.0705", 500, "server", true],
  ["APIGW.0801", 403, "refused", false],
  ["APIGW.0802", 403, "permission", false],
];

/** DDM's codes on schemas, accounts and their data, which are never asked for: the meaning of HTTP 400 is right. */
const byStatus = [
  "300100 300101 300102 300103 300104 300106 300107 300108 300109 300110 300112 300113 300114",
  "300115 300116 300117 300118 300121 300122 300123 300125 300127 300128 300129 300130 300131",
  "300132 300134 300135 300300 300301 300302 300305 300306 300307 300309 300310 300311 300312",
  "300313 300314 300315 300316 300327 300328 300329 300331 300332 300333 300334 300335 300336",
  "300337 300338 300339 300340 300341 300342 300343 300344 300345 300347 300348 300349 300351",
  "300352 300353 300354 300355 300356 300357 300358 300362 300364 300365 300366 300367 300368",
  "300371 300372 300376 300401 300402 300405 300406 300407 300408",
].flatMap((line) => line.split(" ").map((digits) => `DBS.${digits}`));

test.each(published)("%s with HTTP %i is %s by its code", (code, status, kind, mayHaveHappened) => {
  const { advice } = meaningOf(code, status);
  // No status of its own would give this meaning.
  expect(meaningOf(code, 415)).toBe(meaningOf(code, status));
  const error = failed(code, status);
  expect(error).toMatchObject({ kind, mayHaveHappened });
  expect(error.message).toContain(`Huawei DDM enlarge failed: why. (code ${code}, RequestId r-1) ${advice}`);
});

test.each(byStatus)("%s is what its HTTP status says", (code) => {
  expect(meaningOf(code, 400)).toBe(meaningOf("", 400));
  expect(failed(code, 400)).toMatchObject({ kind: "fixInput", mayHaveHappened: false });
});

// One code of the gateway stands for a bad request and for a server that cannot be reached.
test.each([
  [400, "bug", false],
  [413, "bug", false],
  [414, "bug", false],
  [494, "bug", false],
  [502, "server", true],
  [504, "server", true],
])("APIGW.0201 with HTTP %i is %s", (status, kind, mayHaveHappened) => {
  expect(failed("APIGW.0201", status)).toMatchObject({ kind, mayHaveHappened });
});

test.each([
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
])("%s with HTTP %i is %s by its status", (code, status, kind) => {
  expect(failed(code, status)).toMatchObject({ kind, mayHaveHappened: kind === "server" });
  expect(meaningOf(code, status).advice).not.toBe("");
});

test.each([
  [400, "credentials"],
  [401, "credentials"],
  [403, "credentials"],
  [404, "credentials"],
  [418, "credentials"],
  [429, "server"],
  [500, "server"],
  [503, "server"],
])("a login that HTTP %i answers is %s, and what needed it was not reached", (status, kind) => {
  const error = iamError({ cloud: "Huawei IAM", status, message: "why" });
  expect(error).toMatchObject({ kind, mayHaveHappened: false, code: `HTTP${status}`, action: "log in" });
  expect(wrongWith(error.advice, "huawei")).toEqual([]);
});

test("each advice can be followed", () => {
  const advices = published.map(([code, status]) => meaningOf(code, status).advice);
  // What locks a key has to be said as well.
  const wrong = advices.filter((advice) => !advice.includes("lock the key"));
  expect(wrong.flatMap((advice) => wrongWith(advice, "huawei").map((why) => [advice, why]))).toEqual([]);
});

test.each([
  ["DBS.280110", 404, "gone"],
  ["DDM.0404", 404, "gone"],
  ["DBS.200019", 404, "gone"],
  ["APIGW.0101", 404, "refused"],
  ["APIG.0101", 404, "refused"],
  ["APIGW.0103", 404, "server"],
])("%s with HTTP %i, where the service has no such thing, is %s", (code, status, kind) => {
  expect(meaningOf(code, status, true).kind).toBe(kind);
});

test.each([400, 403])("a missing thing's code with HTTP %i does not make it gone", (status) => {
  expect(meaningOf("DBS.200002", status).kind).not.toBe("gone");
});
