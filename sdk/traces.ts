// While a resource is constructed, the SDK takes a stack trace for each of its properties, in case a promise of it never
// ends. In a program of some hundred resources that is most of the time that an `up` without changes takes.

/** Switches stack traces off, until it has ended. */
export function withoutTraces() {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const end = () => {
    Error.stackTraceLimit = limit;
  };
  return {
    end,
    /** What was thrown meanwhile, with the trace of the resource. */
    traced(thrown: unknown): unknown {
      end();
      if (thrown instanceof Error) Error.captureStackTrace(thrown);
      return thrown;
    },
  };
}
