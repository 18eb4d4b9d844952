// Tables of error codes, as the tests of all clouds write them, and what every advice has to keep to.
import type { ErrorKind } from "../../provider/base/errors";
import schema from "../../schema.json";

export interface Expected {
  code: string;
  kind: ErrorKind;
  mayHaveHappened: boolean;
}

/**
 * Reads a table. A line at the margin says what the codes below it mean; a line `Class: A B` names `Class.A` and
 * `Class.B`, and `-` stands for the class alone.
 */
export function codesOf(table: string): Expected[] {
  const found: Expected[] = [];
  let meant: Omit<Expected, "code"> | undefined;
  let prefix = "";
  for (const line of table.split("\n").filter((each) => each.trim() !== "")) {
    if (/^\S/.test(line)) {
      const [, kind, happened] = /^(\w+) (may have happened|did not happen)$/.exec(line) ?? [];
      meant = { kind: kind as ErrorKind, mayHaveHappened: happened === "may have happened" };
      continue;
    }
    for (const word of line.trim().split(/\s+/)) {
      if (word.endsWith(":")) prefix = word.slice(0, -1);
      else if (meant) found.push({ code: word === "-" ? prefix : `${prefix}.${word}`, ...meant });
    }
  }
  return found;
}

interface Described {
  type?: string;
  inputProperties?: object;
  properties?: object;
}

const described: [string, Described][] = [
  ...Object.entries(schema.resources),
  ...Object.entries(schema.types),
];

const propertiesOf = (cloud: string) =>
  described
    .filter(([token]) => token.startsWith(`bigdata:${cloud}:`))
    .flatMap(([, { inputProperties, properties }]) => Object.keys({ ...inputProperties, ...properties }));

/** What is wrong with an advice: more or less than a sentence, or a name that a user cannot set. */
export function wrongWith(advice: string, cloud: string): string[] {
  const inputs = propertiesOf(cloud);
  const named = [...advice.matchAll(/`([a-z]\w{2,})`/g)].map(([, name = ""]) => name);
  const keys = [...advice.matchAll(/\b(?:tencent|huawei|volcengine)[A-Z]\w+/g)].map(([name]) => name);
  return [
    ...(/^[A-Z].*\.$/.test(advice) ? [] : ["is no sentence"]),
    ...(/[.!?] [A-Z]/.test(advice) ? ["is more than one sentence"] : []),
    ...named.filter((name) => !inputs.includes(name)).map((name) => `${name} is no input`),
    ...keys.filter((name) => !(name in schema.config.variables)).map((name) => `${name} is no key`),
  ];
}
