// What runs behind the classes of the SDK.
import "./doors/requireNode";

export { createContext } from "./base/context";
export { CloudError, messageOf, PartialFailure, StoppedError } from "./base/errors";
export { processSession } from "./base/session";
export { CheckedInputsFailed, callFunction } from "./byName";
export { describePlan, type Plan, type Step, totals } from "./core/plan";
export { dynamicProvider } from "./doors/dynamic";
