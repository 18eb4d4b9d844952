// For `npm run campaign`: several at once, beside each other, which need nothing to be set up.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["test/campaign/campaign.test.ts"], testTimeout: 0 } });
