// Every code that is documented has a meaning and advice, and errors tell what is needed to act.
import { expect, test } from "vitest";
import { meaningOf, volcengineError } from "../../../provider/volcengine/errors";

test.each([
  ["UndefinedError", 500, "server"],
  ["MissingParameter", 400, "fixInput"],
  ["MissingAuthenticationToken", 401, "bug"],
  ["MissingRequestInfo", 400, "bug"],
  ["MissingSignature", 401, "bug"],
  ["InvalidTimestamp", 400, "clock"],
  ["InvalidTimestamp", 403, "clock"],
  ["ServiceNotFound", 404, "fixInput"],
  ["InvalidActionOrVersion", 404, "refused"],
  ["InvalidAccessKey", 401, "credentials"],
  ["SignatureDoesNotMatch", 401, "credentials"],
  ["LackPolicy", 403, "permission"],
  ["AccessDenied", 403, "permission"],
  ["InternalError", 500, "server"],
  ["FailToConnect", 502, "server"],
  ["InternalServiceTimeout", 504, "server"],
  ["FlowLimitExceeded", 429, "throttled"],
  ["FlowLimitExceeded", 200, "throttled"],
  ["ServiceUnavailableTemp", 503, "server"],
  ["InvalidAuthorization", 400, "bug"],
  ["InvalidCredential", 400, "bug"],
  ["InvalidSecretToken", 401, "credentials"],
  ["AccountFlowLimitExceeded", 400, "throttled"],
  ["SomeOtherFlowLimitExceeded", 400, "throttled"],
  ["InvalidClusterId", 400, "gone"],
  ["InvalidRequest", 400, "permission"],
  ["IllegalOperationForCluster", 400, "busy"],
  ["NeverSeen", 400, "fixInput"],
  ["NeverSeen", 401, "credentials"],
  ["NeverSeen", 403, "permission"],
  ["NeverSeen", 404, "refused"],
  ["NeverSeen", 409, "busy"],
  ["NeverSeen", 429, "throttled"],
  ["NeverSeen", 500, "server"],
])("%s with HTTP %i is %s", (code, status, kind) => {
  expect(meaningOf(code, status).kind).toBe(kind);
  expect(meaningOf(code, status).advice).not.toBe("");
});

test.each([
  [false, true],
  [true, false],
])("an error keeps action, code and RequestId; isRead %s leaves it in doubt: %s", (isRead, inDoubt) => {
  const failed = {
    action: "GetOperation",
    code: "InternalError",
    status: 500,
    message: "boom",
    requestId: "r-1",
    isRead,
  };
  const error = volcengineError(failed);
  expect(error.message).toMatch(
    /Volcengine EMR GetOperation failed: boom\. \(code InternalError, RequestId r-1\) \S/,
  );
  expect(error.mayHaveHappened).toBe(inDoubt);
});
