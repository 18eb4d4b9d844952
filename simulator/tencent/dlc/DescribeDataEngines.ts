import { ApiError } from "../errors";
import { type Call, defineAction, nullIfEmpty } from "./action";
import type { Engine } from "./engine";
import { engineRow } from "./engineRow";

interface Request {
  Filters?: { Name: string; Values: string[] }[];
  SortBy?: string;
  Sorting?: string;
  Offset?: number;
  Limit?: number;
  ExcludePublicEngine?: boolean;
  AccessTypes?: string[];
  EngineExecType?: string;
  EngineType?: string;
  EngineGeneration?: string;
  EngineTypeDetail?: string;
}

const defaultLimit = 10;
const largestLimit = 100;
const sharedMode = 0;

export const DescribeDataEngines = defineAction<Request>(
  {
    Offset: { type: "integer" },
    Filters: {
      type: "objects",
      fields: { Name: { type: "string", required: true }, Values: { type: "strings", required: true } },
    },
    SortBy: { type: "string" },
    Sorting: { type: "string" },
    Limit: { type: "integer" },
    DatasourceConnectionName: { type: "string" },
    ExcludePublicEngine: { type: "boolean" },
    AccessTypes: { type: "strings" },
    EngineExecType: { type: "string" },
    EngineType: { type: "string" },
    DatasourceConnectionNameSet: { type: "strings" },
    EngineGeneration: { type: "string" },
    EngineTypeDetail: { type: "string" },
    ListHasListener: { type: "boolean", edition: "mainland" },
  },
  (call) => {
    const { request, region, world } = call;
    const { Offset = 0, Limit = defaultLimit } = request;
    if (Offset < 0 || Limit < 0 || Limit > largestLimit) throw invalid("Offset or Limit");
    const engines = sorted(request, withFilters(request, withKind(call, world.visible(region))));
    const { enginesShown, looseTypes } = world.settings;
    const shown = engines.slice(0, enginesShown ?? engines.length);
    return {
      answer: {
        DataEngines: nullIfEmpty(
          shown.slice(Offset, Offset + Limit).map((engine) => engineRow(engine, world)),
        ),
        TotalCount: looseTypes ? String(engines.length) : engines.length,
      },
      changed: false,
    };
  },
);

/** What the request's own fields ask for; a field that is left out has a default that hides engines. */
function withKind({ request, world }: Call<Request>, engines: Engine[]): Engine[] {
  const { AccessTypes = [], ExcludePublicEngine, EngineType, EngineTypeDetail } = request;
  const byId = request.Filters?.some((filter) => filter.Name === "engine-id") ?? false;
  const { engineListDefaults } = world.settings;
  const hides = engineListDefaults === "always" || (engineListDefaults === "notWithEngineId" && !byId);
  const execType = request.EngineExecType || (hides ? "SQL" : undefined);
  const generation = request.EngineGeneration || (hides ? "SuperSQL" : undefined);
  return engines.filter(
    (engine) =>
      (EngineType ? engine.engineType === EngineType : engine.engineType !== "kyuubi") &&
      (execType === undefined || engine.engineExecType === execType) &&
      (generation === undefined || engine.engineGeneration === generation) &&
      (!EngineTypeDetail || engine.engineTypeDetail === EngineTypeDetail) &&
      (!ExcludePublicEngine || engine.mode !== sharedMode) &&
      AccessTypes.every((access) => engine.permissions.includes(access)),
  );
}

const filters: Record<string, (engine: Engine, value: string) => boolean> = {
  "data-engine-name": (engine, value) => engine.dataEngineName === value,
  "engine-type": (engine, value) => engine.engineType === value,
  state: (engine, value) => String(engine.state) === value,
  mode: (engine, value) => String(engine.mode) === value,
  "create-time": (engine, value) => String(Math.floor(engine.createdAt / 1000)) === value,
  message: (engine, value) => engine.message === value,
  "cluster-type": (engine, value) => engine.clusterType === value,
  "engine-id": (engine, value) => engine.dataEngineId === value,
  "key-word": (engine, value) =>
    [engine.dataEngineName, engine.clusterType, engine.message].some((text) => text.includes(value)),
  "engine-exec-type": (engine, value) => engine.engineExecType === value,
  "engine-network-id": (engine, value) => engine.networkId === value,
};

function withFilters(request: Request, engines: Engine[]): Engine[] {
  return (request.Filters ?? []).reduce((left, { Name, Values }) => {
    const fits = Object.hasOwn(filters, Name) ? filters[Name] : undefined;
    if (!fits) throw invalid(`Filters.Name ${Name}`);
    return left.filter((engine) => Values.some((value) => fits(engine, value)));
  }, engines);
}

function sorted(request: Request, engines: Engine[]): Engine[] {
  const { SortBy = "create-time", Sorting = "asc" } = request;
  if (SortBy !== "create-time") throw invalid("SortBy");
  if (Sorting !== "asc" && Sorting !== "desc") throw invalid("Sorting");
  const direction = Sorting === "asc" ? 1 : -1;
  return [...engines].sort((a, b) => direction * (a.createdAt - b.createdAt));
}

function invalid(name: string): ApiError {
  return new ApiError("InvalidParameter", `Invalid parameter: ${name}.`);
}
