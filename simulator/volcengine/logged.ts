// A call's body as the journal shows it: configuration values are secret, their files and keys are not.
import { withoutSecrets } from "../journal";

const secret = "[secret]";

export function loggedRequest(body: Buffer): unknown {
  const text = body.toString("utf8");
  if (text === "") return {};
  try {
    return hideConfigs(withoutSecrets(JSON.parse(text)));
  } catch {
    return text.includes("applicationConfigs") ? secret : text;
  }
}

function hideConfigs(request: unknown): unknown {
  if (request === null || typeof request !== "object" || Array.isArray(request)) return request;
  const { ActionParams: params } = request as { ActionParams?: unknown };
  return Array.isArray(params) ? { ...request, ActionParams: params.map(hideParam) } : request;
}

function hideParam(param: unknown): unknown {
  if (param === null || typeof param !== "object") return param;
  const { Key: key, Value: value } = param as { Key?: unknown; Value?: unknown };
  return key === "applicationConfigs" ? { ...param, Value: hideValues(value) } : param;
}

/** The text stays JSON, so that files and keys can be read. */
function hideValues(value: unknown): string {
  try {
    const list: unknown = JSON.parse(String(value));
    if (!Array.isArray(list)) return secret;
    return JSON.stringify(
      list.map((item: unknown) => {
        if (item === null || typeof item !== "object") return secret;
        const { configFileName, configItemKey } = item as Record<string, unknown>;
        return { configFileName, configItemKey, configItemValue: secret };
      }),
    );
  } catch {
    return secret;
  }
}
