// The DLC account: engines and image versions, and everything somebody other than our caller can do to them.
import type { Clock } from "../../clock";
import type { Ids } from "../../ids";
import { ApiError } from "../errors";
import {
  type Engine,
  type EngineFixture,
  engineFixture,
  engineStates,
  type ImageRecord,
  type ImageTarget,
  imageTypeOf,
  newEngine,
} from "./engine";
import {
  type ChildImage,
  defaultImages,
  type ImageFixture,
  type ImageType,
  newChild,
  newImage,
  type ParentImage,
} from "./image";
import type { DlcSettings } from "./settings";

export class DlcWorld {
  readonly clock: Clock;
  readonly settings: DlcSettings;
  readonly ids: Ids;
  #engines = new Map<string, Engine>();
  #images: ParentImage[] = [];

  constructor(clock: Clock, settings: DlcSettings, ids: Ids) {
    this.clock = clock;
    this.settings = settings;
    this.ids = ids;
    this.reset();
  }

  createEngine(given: EngineFixture = {}): Engine {
    const fixture = engineFixture.parse(given);
    const dataEngineId = fixture.dataEngineId ?? this.ids.prefixed("DataEngine-");
    const engine = newEngine(fixture, dataEngineId, this.clock.now());
    for (const { dataEngineId: id, dataEngineName: name } of this.engines()) {
      if (id === dataEngineId) throw new Error(`There is an engine ${dataEngineId} already.`);
      if (name === engine.dataEngineName) throw new Error(`There is an engine named "${name}" already.`);
    }
    const target = this.#firstVersion(engine, fixture);
    if (target) this.setVersion(engine, target, "InitImage");
    this.#engines.set(dataEngineId, engine);
    return engine;
  }

  /** All engines, the deleted ones too. */
  engines(): Engine[] {
    this.clock.settle();
    return [...this.#engines.values()];
  }

  /** The engine itself, not a copy; throws if there is none. */
  engine(dataEngineId: string): Engine {
    this.clock.settle();
    const engine = this.#engines.get(dataEngineId);
    if (!engine) throw new Error(`There is no engine ${dataEngineId}.`);
    return engine;
  }

  /** Sets fields of the engine; the same as setting them on the object itself. */
  changeEngine(dataEngineId: string, fields: Partial<Engine>): Engine {
    const engine = this.engine(dataEngineId);
    for (const name of Object.keys(fields)) {
      if (!Object.hasOwn(engine, name)) throw new Error(`An engine has no field "${name}".`);
    }
    return Object.assign(engine, fields);
  }

  /** Somebody deletes the engine. */
  destroyEngine(dataEngineId: string): void {
    const engine = this.engine(dataEngineId);
    engine.state = engineStates.deleted;
    engine.change = undefined;
    engine.updatedAt = this.clock.now();
  }

  /** Something of the cloud's own keeps the engine for a while: it takes no change. */
  holdEngine(dataEngineId: string, milliseconds: number): void {
    this.engine(dataEngineId).heldUntil = this.clock.now() + milliseconds;
  }

  /** Somebody switched the engine in the console, and the switch is over. Newest minor unless one is named. */
  moveVersion(dataEngineId: string, imageVersionId: string, childImageVersionId?: string): void {
    const engine = this.engine(dataEngineId);
    const image = this.image(imageVersionId);
    const child =
      childImageVersionId === undefined ? this.newestChild(image) : childOf(image, childImageVersionId);
    const target = { imageVersionId: image.imageVersionId, childImageVersionId: child.imageVersionId };
    this.setVersion(engine, target, "SwitchImage");
  }

  /** All majors of the type, or of all types. The oldest comes first. */
  images(engineType?: ImageType): ParentImage[] {
    return this.#images.filter((image) => engineType === undefined || image.engineType === engineType);
  }

  /** The major with this id or, if it is the only one, this name; itself, not a copy; throws if there is none. */
  image(idOrName: string): ParentImage {
    const found = this.#images.filter((image) =>
      [image.imageVersionId, image.imageVersion].includes(idOrName),
    );
    const [image] = found;
    if (!image) throw new Error(`There is no image version ${idOrName}.`);
    if (found.length > 1) throw new Error(`There are ${found.length} image versions named "${idOrName}".`);
    return image;
  }

  /** The vendor publishes a major version. */
  createImage(fixture: ImageFixture): ParentImage {
    const image = newImage(fixture, this.clock.now());
    if (this.#images.some((one) => one.imageVersionId === image.imageVersionId)) {
      throw new Error(`There is an image version ${image.imageVersionId} already.`);
    }
    this.#images.push(image);
    return image;
  }

  /** The vendor retires a major version for good; engines that run it go on. */
  withdrawImage(imageVersionId: string): void {
    const { imageVersionId: id } = this.image(imageVersionId);
    this.#images = this.#images.filter((image) => image.imageVersionId !== id);
  }

  /** The vendor publishes a minor version, which is the major's newest from now on. */
  createChildImage(imageVersionId: string, name?: string): ChildImage {
    const image = this.image(imageVersionId);
    const child = newChild(image.engineType, name ?? `${image.imageVersion}.${image.children.length + 1}`);
    image.children.push(child);
    image.updatedAt = this.clock.now();
    return child;
  }

  reset(): void {
    this.#engines.clear();
    this.#images = defaultImages(this.clock.now());
  }

  // From here on: for the actions.

  /** What an API call sees: engines of other regions do not exist, deleted ones only if settings say so. */
  visible(region: string): Engine[] {
    return this.engines().filter(
      (engine) =>
        engine.region === region &&
        (engine.state !== engineStates.deleted || this.settings.deletedEnginesListed),
    );
  }

  /** The engine with this id, as the calls that change it look it up. */
  requireById(dataEngineId: string, region: string): Engine {
    if (dataEngineId === "") throw new ApiError("InvalidParameter.ParameterNotFoundOrBeNone");
    return this.#require(
      this.engines().find((engine) => engine.dataEngineId === dataEngineId),
      region,
    );
  }

  requireByName(dataEngineName: string, region: string): Engine {
    return this.#require(
      this.engines().find((engine) => engine.dataEngineName === dataEngineName),
      region,
    );
  }

  /** Throws while something else keeps the engine. */
  requireFree(engine: Engine): void {
    if (this.clock.now() < engine.heldUntil) throw new ApiError(this.settings.heldEngineCode);
  }

  /** The major with this id, without an error. */
  findImage(imageVersionId: string | null): ParentImage | undefined {
    return this.#images.find((image) => image.imageVersionId === imageVersionId);
  }

  /** The major that has a minor with this id. */
  findParentOf(childImageVersionId: string): ParentImage | undefined {
    return this.#images.find((image) =>
      image.children.some((child) => child.imageVersionId === childImageVersionId),
    );
  }

  newestChild(image: ParentImage): ChildImage {
    const child = image.children.at(-1);
    if (!child) throw new Error(`Image version ${image.imageVersion} has no minor versions.`);
    return child;
  }

  setVersion(engine: Engine, target: ImageTarget, operate: ImageRecord["operate"]): void {
    engine.imageVersionId = target.imageVersionId;
    engine.childImageVersionId = target.childImageVersionId;
    engine.updatedAt = this.clock.now();
    engine.records.push({ recordId: this.ids.uuid(), operate, ...target });
  }

  /**
   * The engine is busy for a while: in its present state for `lingers` milliseconds, then in `state`. `atEnd`
   * runs when it is over, unless somebody deleted the engine.
   */
  startChange(
    engine: Engine,
    plan: { operate: string; duration: number; lingers?: number; state: number; atEnd: () => void },
  ): void {
    const begins = this.clock.now() + this.scaled(plan.lingers ?? 0);
    const change = { operate: plan.operate, endsAt: begins + this.scaled(plan.duration) };
    engine.change = change;
    const ifStillOn = (run: () => void) => () => {
      if (engine.change === change) run();
    };
    const begin = ifStillOn(() => {
      engine.state = plan.state;
      engine.updatedAt = this.clock.now();
    });
    if (plan.lingers) this.clock.at(begins, begin);
    else begin();
    this.clock.at(
      change.endsAt,
      ifStillOn(() => {
        engine.change = undefined;
        engine.updatedAt = this.clock.now();
        plan.atEnd();
      }),
    );
  }

  scaled(milliseconds: number): number {
    return milliseconds * this.settings.timeScale;
  }

  /** A time as the API writes it. */
  timeText(milliseconds: number): string {
    const local = new Date(milliseconds + this.settings.timeZoneOffsetMinutes * 60_000);
    return local.toISOString().slice(0, 19).replace("T", " ");
  }

  #require(engine: Engine | undefined, region: string): Engine {
    if (!engine || engine.region !== region || engine.state === engineStates.deleted) {
      throw new ApiError("ResourceNotFound.DataEngineNotFound");
    }
    return engine;
  }

  #firstVersion(engine: Engine, fixture: EngineFixture): ImageTarget | undefined {
    const type = imageTypeOf(engine);
    if (fixture.imageVersion === null || type === undefined) return undefined;
    const image =
      fixture.imageVersion === undefined
        ? this.images(type).find((one) => one.state === 2)
        : this.image(fixture.imageVersion);
    if (!image) throw new Error(`There is no image version for engines of type ${type}.`);
    const child =
      fixture.childImageVersion === undefined
        ? this.newestChild(image)
        : childOf(image, fixture.childImageVersion);
    return { imageVersionId: image.imageVersionId, childImageVersionId: child.imageVersionId };
  }
}

function childOf(image: ParentImage, idOrName: string): ChildImage {
  const child = image.children.find((one) => [one.imageVersionId, one.imageVersion].includes(idOrName));
  if (!child) throw new Error(`Image version ${image.imageVersion} has no minor version ${idOrName}.`);
  return child;
}
