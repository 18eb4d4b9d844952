// Calls the simulator as a Huawei Cloud client would, signed by the vendor's own signer unless told otherwise.
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { AKSKSigner } from "@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner";
import type { Simulator } from "../../simulator";

export const projectId = "0123456789abcdef0123456789abcdef";
export const instanceId = "28e8841d0b9c4f6a9a30742ee60e1068in09";
export const flavorId = "8f2e696c-a9c1-30bd-af90-25522bc67606";
export const otherFlavorId = "5f0c1a52-7d35-3b1c-a1a9-0d4f5a1f2b01";

export interface HuaweiCallOptions {
  ak?: string;
  sk?: string;
  securityToken?: string;
  /** Instead of a signature. */
  token?: string;
  /** No authentication at all. */
  anonymous?: boolean;
  skewSeconds?: number;
  /** Changes headers after signing; undefined removes one. */
  headers?: Record<string, string | undefined>;
  /** Sent instead of the signed body. */
  sentBody?: string;
}

export interface HuaweiReply {
  status: number;
  headers: Headers;
  /** "ok" or the error code, wherever it stands. */
  outcome: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field.
  body: any;
}

/** `path` may leave the project out: `/v2/-/instances`. */
export async function callHuawei(
  simulator: Simulator,
  method: string,
  path: string,
  data?: unknown,
  options: HuaweiCallOptions = {},
): Promise<HuaweiReply> {
  const url = new URL(path.replace("/-/", `/${projectId}/`), simulator.url);
  const body = data === undefined ? undefined : JSON.stringify(data);
  const plain: Record<string, string> = { "content-type": "application/json" };
  let headers = plain;
  if (options.token !== undefined) headers["X-Auth-Token"] = options.token;
  else if (!options.anonymous) {
    plain["X-Sdk-Date"] = dateText(simulator.clock.now() + (options.skewSeconds ?? 0) * 1000);
    if (url.pathname.includes(projectId)) plain["X-Project-Id"] = projectId;
    if (options.securityToken !== undefined) plain["X-Security-Token"] = options.securityToken;
    headers = AKSKSigner.sign(
      {
        method,
        endpoint: `${url.origin}${url.pathname}`,
        queryParams: Object.fromEntries(url.searchParams),
        headers: plain,
        ...(data === undefined ? {} : { data }),
        // biome-ignore lint/suspicious/noExplicitAny: the signer reads these members only.
      } as any,
      new BasicCredentials()
        .withAk(options.ak ?? "AKIDsimulator")
        .withSk(options.sk ?? "simulatorSecretKey0001")
        .withProjectId(projectId),
    ) as Record<string, string>;
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const sent = options.sentBody ?? body;
  const answer = await fetch(url, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
  const text = await answer.text();
  const json = answer.headers.get("content-type") === "application/json" ? JSON.parse(text) : text;
  const code = json.errCode ?? json.error_code ?? json.error?.code ?? `http ${answer.status}`;
  return {
    status: answer.status,
    headers: answer.headers,
    outcome: answer.ok ? "ok" : String(code),
    body: json,
  };
}

export function enlarge(
  simulator: Simulator,
  changes: Record<string, unknown> = {},
  options?: HuaweiCallOptions,
) {
  const body = { flavor_id: flavorId, node_number: 1, ...changes };
  return callHuawei(simulator, "POST", `/v2/-/instances/${instanceId}/action/enlarge`, body, options);
}

export const get = (simulator: Simulator, path: string, options?: HuaweiCallOptions) =>
  callHuawei(simulator, "GET", path, undefined, options);

export const showInstance = async (simulator: Simulator) =>
  (await get(simulator, `/v1/-/instances/${instanceId}`)).body;

function dateText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, "");
}
