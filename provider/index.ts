// What runs behind the classes of the SDK.
import "./nodeVersion";

export { dynamicProvider } from "./dynamic";
export { CloudError, PartialFailure, StoppedError } from "./errors";
export { describePlan, type Plan, type Step, totals } from "./plan";
export { resourceOf, resources } from "./resources";
