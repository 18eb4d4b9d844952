// A resource as the engine calls it: `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`.

/** What a resource is called in a program. */
export interface ResourceName {
  project: string;
  stack: string;
  name: string;
}

export const typeIn = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

export function namesIn(urn: string): ResourceName {
  const [head = "", project = "", , ...name] = urn.split("::");
  return { stack: head.split(":")[2] ?? "", project, name: name.join("::") };
}
