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

export function matchesAny(urn: string, patterns: string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .split(/\*+/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*");
    return new RegExp(`^${source}$`, "s").test(urn);
  });
}
