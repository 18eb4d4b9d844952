// What all resource classes share. Pulumi serialises the provider object of a dynamic resource into state as
// source text, so that object is a shell: it holds no secret and no logic, only the name of what to load.
import type * as pulumi from "@pulumi/pulumi";

/**
 * The provider object of a type. Its text is the same in every release (a test pins it), so that an upgrade of the
 * package changes no resource. Where the package cannot be loaded every method throws: a missing `delete` would
 * count as a successful one.
 */
export function dynamicShell(type: string): pulumi.dynamic.ResourceProvider {
  const shell: Pick<pulumi.dynamic.ResourceProvider, "configure"> = {
    async configure(request) {
      let methods: Omit<pulumi.dynamic.ResourceProvider, "configure">;
      try {
        methods = require("pulumi-bigdata/provider").dynamicProvider(type, request);
      } catch (error) {
        const fail = () => Promise.reject(error);
        methods = { check: fail, diff: fail, create: fail, read: fail, update: fail, delete: fail };
      }
      Object.assign(this, methods);
    },
  };
  return shell as pulumi.dynamic.ResourceProvider;
}

/** What a dynamic resource is registered with: its arguments, and the names of what the engine is to set. */
export function properties(
  outputs: readonly string[],
  args: object,
  more: Record<string, unknown> = {},
): pulumi.Inputs {
  return { ...Object.fromEntries(outputs.map((name) => [name, undefined])), ...args, ...more };
}
