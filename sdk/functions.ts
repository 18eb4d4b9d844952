// Functions in a program: they ask the clouds from the program's own process, with the stack's config and the
// environment, and need no plugin.
import * as pulumi from "@pulumi/pulumi";

type Provider = typeof import("../provider/index");

// A stack is one run of a program; its clients and what they learn are shared by its calls.
const contexts = new WeakMap<object, ReturnType<Provider["createContext"]>>();

function contextOf(provider: Provider): ReturnType<Provider["createContext"]> {
  const stack = pulumi.runtime.getStackResource();
  const known = stack && contexts.get(stack);
  if (known) return known;
  const config = new pulumi.Config("bigdata");
  const context = provider.createContext(
    provider.processSession(),
    (key) => config.get(key),
    () => {},
  );
  if (stack) contexts.set(stack, context);
  return context;
}

/** Whether the program runs under `pulumi.runtime.setMocks`. */
function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}

/** Asks a function by its token. A program under test is answered by its mocks. */
export async function ask<Result>(token: string, args: object): Promise<Result> {
  if (isMocked()) return pulumi.runtime.invoke(`bigdata:${token}`, { ...args });
  const provider = require("pulumi-bigdata/provider") as Provider;
  try {
    return (await provider.callFunction(token, { ...args }, contextOf(provider))) as Result;
  } catch (error) {
    // The way in which a program ends with a message instead of a stack trace.
    throw Object.assign(new pulumi.RunError(provider.messageOf(error)), { cause: error });
  }
}

/** The same with arguments that may be outputs. What is made of secrets is secret. */
export function askOutput<Result>(token: string, args: object): pulumi.Output<Result> {
  return pulumi.output({ ...args }).apply((known) => ask<Result>(token, known));
}
