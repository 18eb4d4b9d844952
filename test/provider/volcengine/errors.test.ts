// Every code that is documented has a meaning and advice of its own, and errors tell what is needed to act.
import { expect, test } from "vitest";
import { meaningOf, volcengineError } from "../../../provider/volcengine/errors";
import { wrongWith } from "../errorCodes";

const failed = (code: string, status: number, isRead = false) =>
  volcengineError({ action: "GetOperation", code, status, message: "boom", requestId: "r-1", isRead });

const published: [code: string, status: number, kind: string, mayHaveHappened: boolean][] = [
  ["UndefinedError", 500, "server", true],
  ["MissingParameter", 400, "fixInput", false],
  ["MissingAuthenticationToken", 401, "bug", false],
  ["MissingRequestInfo", 400, "bug", false],
  ["MissingSignature", 401, "bug", false],
  ["InvalidTimestamp", 400, "clock", false],
  ["InvalidTimestamp", 403, "clock", false],
  ["ServiceNotFound", 404, "fixInput", false],
  ["InvalidActionOrVersion", 404, "refused", false],
  ["InvalidAccessKey", 401, "credentials", false],
  ["InvalidClientTokenId", 401, "credentials", false],
  ["SignatureDoesNotMatch", 401, "credentials", false],
  ["ServiceShouldCallSelfApi", 403, "credentials", false],
  ["LackPolicy", 403, "permission", false],
  ["AccessDenied", 403, "permission", false],
  ["LackProjectPolicy", 403, "permission", false],
  ["InternalError", 500, "server", true],
  ["InternalServiceError", 500, "server", true],
  ["FailToConnect", 502, "server", true],
  ["InternalServiceTimeout", 504, "server", true],
  ["InnerApiNeedAccountInfo", 400, "credentials", false],
  ["FlowLimitExceeded", 429, "throttled", false],
  ["FlowLimitExceeded", 200, "throttled", false],
  ["ServiceUnavailable", 503, "server", true],
  ["ServiceUnavailableTemp", 503, "server", true],
  ["MethodNotAllowed", 405, "bug", false],
  ["InvalidAuthorization", 400, "bug", false],
  ["InvalidCredential", 400, "bug", false],
  ["InvalidSecretToken", 401, "credentials", false],
  ["AccountFlowLimitExceeded", 400, "throttled", false],
  ["InvalidParameter", 400, "fixInput", false],
  ["InvalidClusterId", 400, "gone", false],
  ["InvalidRequest", 400, "permission", false],
  ["IllegalOperationForCluster", 400, "busy", false],
];

test.each(published)("%s with HTTP %i is %s by its code", (code, status, kind, mayHaveHappened) => {
  // No status of its own would give this meaning to all of them.
  expect(meaningOf(code, 409)).toBe(meaningOf(code, status));
  expect(failed(code, status)).toMatchObject({ kind, mayHaveHappened });
  expect(wrongWith(meaningOf(code, status).advice, "volcengine")).toEqual([]);
});

test.each([
  ["SomeOtherFlowLimitExceeded", 400, "throttled"],
  ["NeverSeen", 400, "fixInput"],
  ["NeverSeen", 401, "credentials"],
  ["NeverSeen", 403, "permission"],
  ["NeverSeen", 404, "refused"],
  ["NeverSeen", 409, "busy"],
  ["NeverSeen", 429, "throttled"],
  ["NeverSeen", 500, "server"],
])("%s with HTTP %i is %s", (code, status, kind) => {
  expect(failed(code, status)).toMatchObject({ kind, mayHaveHappened: kind === "server" });
  expect(wrongWith(meaningOf(code, status).advice, "volcengine")).toEqual([]);
});

test.each([
  [false, true],
  [true, false],
])("an error keeps action, code and RequestId; isRead %s leaves it in doubt: %s", (isRead, inDoubt) => {
  const error = failed("InternalError", 500, isRead);
  expect(error.message).toMatch(
    /Volcengine EMR GetOperation failed: boom\. \(code InternalError, RequestId r-1\) \S/,
  );
  expect(error.mayHaveHappened).toBe(inDoubt);
});
