// The catalogue of machine classes.

export type Architecture = "X86" | "ARM";
type ZoneStatus = "normal" | "unsupported" | "sellout";

export interface Flavor {
  id: string;
  /** The spec code. */
  code: string;
  architecture: Architecture;
  cpu: number;
  /** Gigabytes. */
  memory: number;
  /** By availability zone. */
  zones: Record<string, ZoneStatus>;
}

export const defaultEngineId = "9a7d2f7e-5c0e-3b55-8b5d-0d5ab57a7e11";
export const defaultFlavorId = "8f2e696c-a9c1-30bd-af90-25522bc67606";
export const defaultZones = ["eu-west-101a", "eu-west-101b", "eu-west-101c"];

/** In the third zone every class but the first is sold out. */
export function defaultFlavors(): Flavor[] {
  const [a = "", b = "", c = ""] = defaultZones;
  const sellout: Record<string, ZoneStatus> = { [a]: "normal", [b]: "normal", [c]: "sellout" };
  const everywhere: Record<string, ZoneStatus> = { [a]: "normal", [b]: "normal", [c]: "normal" };
  return [
    flavor(defaultFlavorId, "ddm.c6.xlarge.2", "X86", 4, 8, everywhere),
    flavor("5f0c1a52-7d35-3b1c-a1a9-0d4f5a1f2b01", "ddm.c6.2xlarge.2", "X86", 8, 16, sellout),
    flavor("5f0c1a52-7d35-3b1c-a1a9-0d4f5a1f2b02", "ddm.c6.4xlarge.2", "X86", 16, 32, sellout),
    flavor("5f0c1a52-7d35-3b1c-a1a9-0d4f5a1f2b03", "ddm.kc1.xlarge.2", "ARM", 4, 8, sellout),
    flavor("5f0c1a52-7d35-3b1c-a1a9-0d4f5a1f2b04", "ddm.kc1.2xlarge.2", "ARM", 8, 16, sellout),
  ];
}

function flavor(
  id: string,
  code: string,
  architecture: Architecture,
  cpu: number,
  memory: number,
  zones: Record<string, ZoneStatus>,
): Flavor {
  return { id, code, architecture, cpu, memory, zones: { ...zones } };
}
