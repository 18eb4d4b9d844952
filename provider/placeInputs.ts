// The inputs that say in which account and region a resource is.
import { z } from "zod";
import { input } from "./fields";

export const regionInput = input(
  { change: "replaces", found: true },
  z
    .string()
    .regex(/^[a-z0-9-]+$/, "must be the name of a region, such as ap-guangzhou")
    .optional()
    .describe("Region. Default: the configured one. Changing it replaces the resource."),
);

export const profileInput = input(
  { change: "inPlace" },
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be a name of letters, digits and hyphens, such as prod")
    .optional()
    .describe(
      "Whose credentials are used: the profile of this name in `bigdata:profiles`. Default: the credentials that are configured without a profile.",
    ),
);

/** The same for functions, which replace nothing. */
export const askedPlace = {
  region: regionInput.describe("Region that is asked. Default: the configured one."),
  profile: profileInput,
};
