// What all resource classes share. Pulumi serialises the provider object of a dynamic resource into state as
// source text, so that object is a shell: it holds no secret and no logic, only the name of what to load.
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider object of a type. Its text is the same in every release (a test pins it), so that an upgrade of the
 * package changes no resource. pnpm keeps aside what only a project's dependency depends on, such as this package where a
 * component library uses it. Where the package cannot be loaded every method throws: a missing `delete` would count as a
 * successful one.
 * @public
 */
export function dynamicShell(type: string): pulumi.dynamic.ResourceProvider {
  const shell: Pick<pulumi.dynamic.ResourceProvider, "configure"> = {
    async configure(request) {
      let methods: Omit<pulumi.dynamic.ResourceProvider, "configure">;
      try {
        const paths = [".", "node_modules/.pnpm"];
        methods = require(require.resolve("pulumi-bigdata/provider", { paths })).dynamicProvider(
          type,
          request,
        );
      } catch (error) {
        const fail = () => Promise.reject(error);
        methods = { check: fail, diff: fail, create: fail, read: fail, update: fail, delete: fail };
      }
      Object.assign(this, methods);
    },
  };
  return shell as pulumi.dynamic.ResourceProvider;
}

// How many resources of a type and name a stack has: components can have children of one name.
const named = new WeakMap<object, Map<string, number>>();

/** What the provider hears of a resource no other way, and takes back before anything is recorded. */
function askerOf(type: string, name: string, parent: pulumi.Resource | undefined): Record<string, unknown> {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) return {};
  const counts = named.get(stack) ?? new Map<string, number>();
  named.set(stack, counts);
  const called = `${type.split(":")[1]} ${name}`;
  const count = (counts.get(called) ?? 0) + 1;
  counts.set(called, count);
  return {
    __claimant: {
      name: count === 1 ? called : `${called} (number ${count} of this name)`,
      urn: urnOf(type, name, parent),
      isPreview: pulumi.runtime.isDryRun(),
    },
  };
}

/** The URN that the engine will give it; a promise, since an output would make it depend on its parent. */
async function urnOf(type: string, name: string, parent: pulumi.Resource | undefined): Promise<string> {
  const above = parent ? await new Promise<string>((resolve) => parent.urn.apply(resolve)) : "";
  const types = above.split("::")[2];
  const chain = types === undefined || types === "pulumi:pulumi:Stack" ? "" : `${types}$`;
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${chain}pulumi-nodejs:dynamic/bigdata/${type}::${name}`;
}

/** What a class of the plugin door tells, for the class of the same name here. */
export type OutputsOf<Class> = Omit<Class, keyof pulumi.CustomResource>;

/** Options that Pulumi does not carry through for dynamic resources, and what does the same. */
const ignored = {
  customTimeouts: "the argument `timeouts` sets limits",
  import: "the plugin can import",
  provider: "the arguments `profile` and `region` say which account and where",
  replaceOnChanges: "`pulumi up --replace` replaces",
} as const;

/** Pulumi's options, without those that have no effect on a dynamic resource: the classes of `pulumi-bigdata/plugin` take these too. */
export type DynamicOptions = Omit<pulumi.CustomResourceOptions, keyof typeof ignored>;

/** What a class says of its resource beyond its type. */
export interface DynamicClass {
  /** Every property that the engine sets. */
  outputs: readonly string[];
  /** Inputs that hold secrets. */
  secrets: readonly string[];
  /** Outputs that hold secrets, where the engine does not know that from the inputs. */
  secretOutputs: readonly string[];
  /** Whether the old one goes before a new one comes, unless the options say otherwise. */
  isDeletedFirst: boolean;
  /** Why the options may not say otherwise. */
  neverBesideOld?: string;
  /** Inputs that are proposed where the program leaves them out. */
  defaulted: readonly string[];
  proposals?(name: { project: string; stack: string; name: string }): Record<string, unknown>;
}

type Construction = ConstructorParameters<typeof pulumi.dynamic.Resource>;

/** What `pulumi.dynamic.Resource` is constructed with for a resource of a type. */
export function dynamicClass(
  type: string,
  about: DynamicClass,
): (name: string, args: object, opts?: DynamicOptions) => Construction {
  const shell = dynamicShell(type);
  const [cloud, className] = type.split(":");
  const { neverBesideOld } = about;
  const first = about.isDeletedFirst ? { deleteBeforeReplace: true } : {};
  return (name, args, opts = {}) => {
    if (neverBesideOld !== undefined && opts.deleteBeforeReplace === false) {
      throw new pulumi.ResourceError(
        `${className} ${name}: deleteBeforeReplace cannot be false: ${neverBesideOld}.`,
        undefined,
        true,
      );
    }
    const secretOutputs = [...(opts.additionalSecretOutputs ?? []), ...about.secretOutputs];
    const properties = {
      ...Object.fromEntries(about.outputs.map((output) => [output, undefined])),
      ...args,
      ...secretsIn(args, about),
      ...proposalsFor(name, args, about),
      ...askerOf(type, name, opts.parent),
    };
    const options = dynamicOptions(
      type,
      name,
      { ...first, ...opts },
      {
        ...(neverBesideOld === undefined ? {} : first),
        ...(about.secretOutputs.length > 0 ? { additionalSecretOutputs: secretOutputs } : {}),
      },
    );
    return [shell, name, properties, options, `bigdata/${cloud}`, className];
  };
}

function secretsIn(args: pulumi.Inputs, { secrets }: DynamicClass): pulumi.Inputs {
  const given = secrets.filter((name) => args[name]);
  return Object.fromEntries(given.map((name) => [name, pulumi.secret(args[name])]));
}

function proposalsFor(name: string, args: pulumi.Inputs, about: DynamicClass): pulumi.Inputs {
  const isComplete = about.defaulted.every((input) => args[input] !== undefined);
  const place = { project: pulumi.getProject(), stack: pulumi.getStack(), name };
  return isComplete ? {} : (about.proposals?.(place) ?? {});
}

/** The options of a dynamic resource. Throws a ResourceError for one that would do nothing. */
function dynamicOptions(
  type: string,
  name: string,
  given: DynamicOptions,
  more: DynamicOptions,
): pulumi.CustomResourceOptions {
  // Whoever says which account is meant must not act in another.
  const provider = given.parent?.getProvider(`bigdata:${type}`);
  const told: pulumi.CustomResourceOptions = { ...(provider && { provider }), ...given };
  for (const [option, instead] of Object.entries(ignored)) {
    if (told[option as keyof typeof ignored] === undefined) continue;
    throw new pulumi.ResourceError(
      `${type.split(":")[1]} ${name}: ${option} has no effect on a dynamic resource: ${instead}, or take the class from pulumi-bigdata/plugin, where it works.`,
      undefined,
      true,
    );
  }
  // A stack that had it through the plugin goes on with the same one.
  return { ...given, ...more, aliases: [...(given.aliases ?? []), { type: `bigdata:${type}` }] };
}
