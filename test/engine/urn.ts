// Resource names: urn:pulumi:<stack>::<project>::<parent types$type>::<name>.
export const stackType = "pulumi:pulumi:Stack";

export interface UrnParts {
  stack: string;
  project: string;
  qualifiedType: string;
  type: string;
  name: string;
}

export function makeUrn(parts: {
  stack: string;
  project: string;
  type: string;
  name: string;
  parent?: string;
}): string {
  const parentType = parts.parent ? parseUrn(parts.parent).qualifiedType : "";
  const prefix = parentType === "" || parentType === stackType ? "" : `${parentType}$`;
  return `urn:pulumi:${parts.stack}::${parts.project}::${prefix}${parts.type}::${parts.name}`;
}

export function parseUrn(urn: string): UrnParts {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (!match) throw new Error(`${JSON.stringify(urn)} is not a URN`);
  const [, stack = "", project = "", qualifiedType = "", name = ""] = match;
  return { stack, project, qualifiedType, type: qualifiedType.split("$").at(-1) ?? "", name };
}

/** The URN of a provider reference `<urn>::<id>`. */
export function providerUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** The package that a provider resource is for. */
export function providerPackage(urn: string): string {
  return parseUrn(urn).type.replace("pulumi:providers:", "");
}

/** The engine's own providers, `default` or `default_1_2_3`; people are not shown them. */
export function isDefaultProvider(urn: string): boolean {
  const { type, name } = parseUrn(urn);
  return isProviderType(type) && /^default(_|$)/.test(name);
}

export function matchesAny(urn: string, patterns: string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .split(/\*+/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*");
    return new RegExp(`^${source}$`, "s").test(urn);
  });
}
