// What runs behind the classes of the SDK.
import "./requireNode";

export { createContext } from "./context";
export { dynamicProvider } from "./dynamic";
export { CloudError, messageOf, PartialFailure, StoppedError } from "./errors";
export { CheckedInputsFailed, callFunction, functionOf, functions } from "./functions";
export { describePlan, type Plan, type Step, totals } from "./plan";
export { resourceOf, resources } from "./resources";
export { processSession } from "./session";
