// A provider's schema, as `pulumi package get-schema` shows it: the provider is started for it and not configured.
import type { Providers } from "./providers";

export async function readSchema(providers: Providers, packageName: string): Promise<unknown> {
  const provider = await providers.start(packageName, {});
  return JSON.parse(await provider.schema());
}
