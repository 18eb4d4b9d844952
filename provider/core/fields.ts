// What a field says of itself beside its form: what a change of it does, whether it is secret, what makes a difference in
// it. All that is known of a resource's fields by their names follows from this.
import { z } from "zod";

/** Another resource takes its place, what exists is changed, or it only counts for what is done from then on. */
export type Change = "replaces" | "inPlace" | "later";

/** What makes no difference. An empty list or object is always the same as none. */
interface Compared {
  /** The order of a list makes none. */
  set?: true;
  /** A value that means the same as none. */
  implied?: unknown;
  /** What a text means. Default: itself. */
  means?: (text: string) => unknown;
}

/** What each input has to say. */
export interface InputFacts extends Compared {
  change: Change;
  /** Sealed in state as a whole, and repeated in no message. */
  secret?: true;
  /** Its value is found where the program leaves it open, as a region is. */
  found?: true;
  /** Required, but proposed by the resource's name where the program leaves it out. */
  proposed?: true;
}

/** What a field inside an input or an output can say. */
export interface PartFacts extends Compared {
  /** It only counts for what is done from then on, whatever the input says that it is in. */
  change?: "later";
  /** `untold`: sealed with what it is in, and repeated in no message. */
  secret?: true | "untold";
}

export interface OutputFacts {
  /** An update leaves it as it is. */
  stable?: true;
  /** `sealed`: in state only, since the provider has written it; messages leave out what is `untold` in it. */
  secret?: true | "sealed";
}

type Facts = Partial<Omit<InputFacts, "secret">> &
  Omit<OutputFacts, "secret"> & { secret?: PartFacts["secret"] | OutputFacts["secret"] };

declare const declaredByInput: unique symbol;
/** A schema that has said what an input has to say. */
export type Declared<Schema> = Schema & { readonly [declaredByInput]: true };

export type InputObject = z.ZodObject & { readonly shape: Readonly<Record<string, Declared<z.ZodType>>> };

export function input<Schema extends z.ZodType>(facts: InputFacts, schema: Schema): Declared<Schema> {
  return schema.meta({ ...facts }) as Declared<Schema>;
}

export function part<Schema extends z.ZodType>(facts: PartFacts, schema: Schema): Schema {
  return schema.meta({ ...facts });
}

export function output<Schema extends z.ZodType>(facts: OutputFacts, schema: Schema): Schema {
  return schema.meta({ ...facts });
}

/** The inputs of a resource, of which none may leave open what it is. */
export function inputObject<Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape & { readonly [Name in keyof Shape]: Declared<Shape[Name]> },
) {
  return z.strictObject<Shape>(shape);
}

type Form = z.core.$ZodTypes["_zod"]["def"];

/** The schema in one that is optional. */
function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const form = schema._zod.def as Form;
  return form.type === "optional" || form.type === "default" ? form.innerType : undefined;
}

/** What values are like, beside being absent. */
export function formOf(schema: z.core.$ZodType): Form {
  const inner = innerOf(schema);
  return inner ? formOf(inner) : (schema._zod.def as Form);
}

/** What a schema says, or the one in it. */
export function factsOf(schema: z.core.$ZodType): Facts {
  const inner = innerOf(schema);
  return { ...(inner && factsOf(inner)), ...z.globalRegistry.get(schema) };
}

/** Names of the fields that say something. */
export function fieldsThat<Shape extends z.core.$ZodShape>(
  { shape }: z.ZodObject<Shape>,
  say: (facts: Facts) => boolean,
): (keyof Shape & string)[] {
  return Object.entries(shape).flatMap(([name, schema]) => (say(factsOf(schema)) ? [name] : []));
}

export const inputsThat = <Shape extends z.core.$ZodShape>(inputs: z.ZodObject<Shape>, change: Change) =>
  fieldsThat(inputs, (facts) => facts.change === change);

export const isSealed = ({ secret }: Facts) => secret === true || secret === "sealed";

/** What a resource tells of its fields, by their names. */
export interface Fields {
  inputs: z.ZodObject;
  outputs: z.ZodObject;
  /** Inputs whose change cannot be applied to what exists. */
  replaceOnChanges: readonly string[];
  /** Required inputs that the SDK fills in where a program leaves them out. */
  defaultedBySdk: readonly string[];
  /** Inputs that a program may leave open, and whose values are found then. */
  foundWhereAbsent: readonly string[];
  /** Inputs and outputs that hold secrets. */
  secrets: readonly string[];
  /** Outputs that an update leaves as they are. */
  stableOutputs: readonly string[];
}

export function fieldsOf(inputs: InputObject, outputs: z.ZodObject): Fields {
  return {
    inputs,
    outputs,
    replaceOnChanges: inputsThat(inputs, "replaces"),
    defaultedBySdk: fieldsThat(inputs, ({ proposed }) => proposed === true),
    foundWhereAbsent: fieldsThat(inputs, ({ found }) => found === true),
    secrets: [...fieldsThat(inputs, isSealed), ...fieldsThat(outputs, isSealed)],
    stableOutputs: fieldsThat(outputs, ({ stable }) => stable === true),
  };
}
