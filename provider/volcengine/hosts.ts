// Where EMR answers. One gateway serves most regions, since the signature says which is meant; some have only a host of
// their own.
import { urlOf } from "../call/endpoint";

const gateway = "https://open.volcengineapi.com";
const ownHost = "https://emr.{region}.volcengineapi.com";

/** Those that the vendor's SDKs never send to the gateway. */
const regionsApart: readonly string[] = [
  "cn-beijing-selfdrive",
  "cn-beijing-autodriving",
  "cn-shanghai-autodriving",
  "ap-southeast-2",
  "ap-southeast-3",
];

export interface Hosts {
  usual: URL;
  /** The region's own, to be asked for what the usual one does not have. */
  regional?: URL;
}

/** `endpoint`: a URL or host that is configured, in which `{region}` stands for the region. Throws where it is none. */
export function hostsOf(endpoint: string | undefined, region: string): Hosts {
  const at = (text: string) => urlOf(text.replaceAll("{region}", region));
  if (endpoint) return { usual: at(endpoint) };
  // A name of another form would lead to somebody else's host.
  if (!/^[a-z0-9-]+$/.test(region)) return { usual: at(gateway) };
  if (regionsApart.includes(region)) return { usual: at(ownHost) };
  return { usual: at(gateway), regional: at(ownHost) };
}
