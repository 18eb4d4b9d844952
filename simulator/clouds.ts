// The simulated clouds, and what they make together: the settings, the faults, the worlds.
import type { z } from "zod";
import { callFaults, type FaultSchemas } from "./faults";
import { huawei } from "./huawei/cloud";
import type { Cloud, Product, World } from "./product";
import { baseSettings, combined } from "./settings";
import { tencent } from "./tencent/cloud";
import { volcengine } from "./volcengine/cloud";

export const clouds = [tencent, volcengine, huawei] as const satisfies Cloud[];

type All = (typeof clouds)[number];
type Joined<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer Both) => void
  ? Both
  : never;
type Products = Joined<All["products"]>;
type AnyProduct = Products[keyof Products];
type SettingsOf<Part> = Part extends { settings: infer Schema extends z.ZodObject }
  ? z.output<Schema>
  : never;
type FaultsOf<Part> = Part extends { faults: infer Kinds extends FaultSchemas } ? Kinds[keyof Kinds] : never;
type AnyFault = FaultsOf<AnyProduct> | (typeof callFaults)[keyof typeof callFaults];

export type Worlds = { [Name in keyof Products]: ReturnType<Products[Name]["newWorld"]> };
export type Settings = z.output<typeof baseSettings> & Joined<SettingsOf<All | AnyProduct>>;
export type Fault = z.input<AnyFault>;
export type PendingFault = z.output<AnyFault>;

export const products: Record<string, Product<World>> = Object.assign(
  {},
  ...clouds.map((cloud) => cloud.products),
);

const parts: (Cloud | Product<World>)[] = [...clouds, ...Object.values(products)];

export const settingsSchema = combined([
  baseSettings,
  ...parts.flatMap(({ settings }) => (settings ? [settings] : [])),
]);

export const faultKinds: FaultSchemas = Object.assign(
  { ...callFaults },
  ...Object.values(products).map(({ faults }) => faults),
);
