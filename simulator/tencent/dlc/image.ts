// Versions of engine images: majors ("parents"), each with its minors ("children").
import { z } from "zod";
import { uuidOf } from "../../ids";

export const imageTypes = ["SparkSQL", "PrestoSQL", "SparkBatch", "StandardSpark", "StandardPresto"] as const;
export type ImageType = (typeof imageTypes)[number];

/** 1 initialising, 2 online, 3 offline. */
type ImageState = 1 | 2 | 3;

export interface ChildImage {
  imageVersionId: string;
  imageVersion: string;
}

/** A major version. Tests may change any field; the next answer shows it. */
export interface ParentImage {
  imageVersionId: string;
  /** The name, like "SuperSQL-S 1.0". */
  imageVersion: string;
  description: string;
  engineType: ImageType;
  state: ImageState;
  /** 1 public, 2 private. */
  isPublic: 1 | 2;
  /** Simulator time in milliseconds, as is the next. */
  insertedAt: number;
  updatedAt: number;
  /** The newest comes last. */
  children: ChildImage[];
}

export const imageFixture = z.strictObject({
  imageVersion: z.string(),
  engineType: z.enum(imageTypes),
  /** Default: made from type and name, so that it is the same in every run. */
  imageVersionId: z.string().optional(),
  state: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(2),
  isPublic: z.union([z.literal(1), z.literal(2)]).default(1),
  description: z.string().default(""),
  /** Names of the minors, the newest last. Default: NAME.1 and NAME.2. */
  children: z.array(z.string()).min(1).optional(),
});
export type ImageFixture = z.input<typeof imageFixture>;

export function newImage(given: ImageFixture, now: number): ParentImage {
  const { children, imageVersionId, ...fixture } = imageFixture.parse(given);
  const { imageVersion, engineType } = fixture;
  const names = children ?? [`${imageVersion}.1`, `${imageVersion}.2`];
  return {
    ...fixture,
    imageVersionId: imageVersionId ?? uuidOf(`${engineType} ${imageVersion}`),
    insertedAt: now,
    updatedAt: now,
    children: names.map((name) => newChild(engineType, name)),
  };
}

export function newChild(engineType: ImageType, name: string): ChildImage {
  return { imageVersionId: uuidOf(`${engineType} minor ${name}`), imageVersion: name };
}

const defaultNames: Record<ImageType, { offline: string; online: [string, string] }> = {
  SparkSQL: { offline: "SuperSQL-S 0.9", online: ["SuperSQL-S 1.0", "SuperSQL-S 3.5"] },
  PrestoSQL: { offline: "SuperSQL-P 0.9", online: ["SuperSQL-P 1.0", "SuperSQL-P 1.1"] },
  SparkBatch: { offline: "Spark 2.4", online: ["Spark 3.2", "Spark 3.5"] },
  StandardSpark: { offline: "Standard-S 0.9", online: ["Standard-S 1.0", "Standard-S 1.1"] },
  StandardPresto: { offline: "Standard-P 0.9", online: ["Standard-P 1.0", "Standard-P 1.1"] },
};

const day = 86_400_000;

/** Three majors of each type, the oldest one offline. */
export function defaultImages(now: number): ParentImage[] {
  return imageTypes.flatMap((engineType) => {
    const { offline, online } = defaultNames[engineType];
    return [offline, ...online].map((imageVersion, index) =>
      newImage(
        { imageVersion, engineType, state: imageVersion === offline ? 3 : 2 },
        now - (30 - index) * day,
      ),
    );
  });
}
