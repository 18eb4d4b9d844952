// Resource names: urn:pulumi:<stack>::<project>::<parent types$type>::<name>.
export const stackType = "pulumi:pulumi:Stack";

export function makeUrn(stack: string, project: string, type: string, name: string, parent = ""): string {
  const [, , above = stackType] = parent.split("::");
  const prefix = above === stackType ? "" : `${above}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

export function parseUrn(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

export const isProviderType = (type: string) => type.startsWith("pulumi:providers:");

/** The engine's own providers, `default` or `default_1_2_3`; people are not shown them. */
export function isDefaultProvider(urn: string): boolean {
  const { type, name } = parseUrn(urn);
  return isProviderType(type) && /^default(_|$)/.test(name);
}
