// What a switch is made of: its type and its default, in one.
import { z } from "zod";

export const flag = (preset: boolean) => z.boolean().default(preset);
export const number = (preset: number) => z.number().default(preset);
export const text = (preset: string) => z.string().default(preset);
/** null = no limit. */
export const limit = (preset: number | null = null) => z.number().nullable().default(preset);

/** The first is the default. */
export function oneOf<const Values extends [string | number, ...(string | number)[]]>(...values: Values) {
  return z.literal(values).default(values[0]);
}

export function list<Item extends z.ZodType>(item: Item, preset: z.output<Item>[] = []) {
  return z.array(item).default(() => structuredClone(preset) as never);
}

export function group<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as never);
}
