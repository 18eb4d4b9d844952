// What schemas carry for SDKs and pages beyond their form: the names of types that several properties share, and what
// each value of a choice means.
import { z } from "zod";

export interface ChoiceMeta {
  /**
   * Name of the type in the package schema, which belongs to the cloud that it is used for, or to no cloud: `index:Timeouts`.
   * Without one it is made of the resource's and the property's.
   */
  typeName?: string;
  /** What such a type is, where it has a name. */
  typeDescription?: string;
  /** By value: the name of the constant in SDKs, and its meaning. */
  values?: Readonly<Record<string, { name: string; description: string }>>;
}

/** What a schema carries, itself or by what it was made of. */
export function metaOf(schema: z.core.$ZodType): ChoiceMeta {
  return (z.globalRegistry.get(schema) ?? {}) as ChoiceMeta;
}

/** A type of its own name, as which several properties share it. */
export function named<Schema extends z.ZodType>(
  typeName: string,
  typeDescription: string,
  schema: Schema,
): Schema {
  return schema.meta({ typeName, typeDescription });
}

type Names<Values> = { readonly [Value in keyof Values]?: string };

/** One of several texts, by their meanings. `names`: of constants that the text itself does not name well. */
export function choice<const Values extends Readonly<Record<string, string>>>(
  values: Values,
  { names = {}, ...type }: { names?: Names<Values> } & Pick<ChoiceMeta, "typeName" | "typeDescription"> = {},
) {
  type Value = keyof Values & string;
  const texts = Object.keys(values) as [Value, ...Value[]];
  const meta: ChoiceMeta = { ...type, values: constants(values, names) };
  return z.enum(texts).meta({ ...meta });
}

/** One of several numbers of the API, each with the name of its constant and its meaning. */
export function numberChoice<const Value extends number>(
  values: Readonly<Record<Value, readonly [name: string, description: string]>>,
  type: Pick<ChoiceMeta, "typeName" | "typeDescription"> = {},
) {
  const told = Object.entries(values) as [string, readonly [string, string]][];
  const meta: ChoiceMeta = {
    ...type,
    values: Object.fromEntries(told.map(([value, [name, description]]) => [value, { name, description }])),
  };
  return z.literal(told.map(([value]) => Number(value) as Value)).meta({ ...meta });
}

function constants(
  values: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string | undefined>>,
) {
  return Object.fromEntries(
    Object.entries(values).map(([value, description]) => [
      value,
      { name: names[value] ?? constantName(value), description },
    ]),
  );
}

/** `CLOUD_SSD` is called `CloudSsd`, and `scalingOut` `ScalingOut`. */
function constantName(value: string): string {
  return value
    .split("_")
    .map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
