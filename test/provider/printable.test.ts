// What may be told: no secret in any form, and nothing that a terminal obeys.
import fc from "fast-check";
import { expect, test } from "vitest";
import { printable, withoutSecrets } from "../../provider/base/printable";
import { reportPlan } from "../../provider/core/plan";
import { cleanerOf } from "../../provider/core/schema";
import { credentialTexts } from "../../provider/doors/plugin/config";
import { failure, partialFailure } from "../../provider/doors/plugin/reply";
import { structOf } from "../../provider/doors/plugin/values";

const secret = 'päss/word+"1 2';
const forms: Record<string, string> = {
  plain: secret,
  "JSON-escaped": JSON.stringify(secret),
  "JSON-escaped, slashes too": JSON.stringify(secret).replaceAll("/", "\\/"),
  "URL-encoded": encodeURIComponent(secret),
  "URL-encoded in lower case": encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  "of a form": new URLSearchParams({ a: secret }).toString().slice(2),
  base64: Buffer.from(secret).toString("base64"),
  base64url: Buffer.from(secret).toString("base64url"),
  hex: Buffer.from(secret).toString("hex"),
  "in the base64 of more": Buffer.from(`user:${secret}`).toString("base64"),
  "in the base64 of still more": Buffer.from(`users:${secret}@`).toString("base64"),
};

test.each(Object.entries(forms))("a secret is taken out: %s", (_, form) => {
  const left = withoutSecrets(`it was ${form} there`, [secret]);
  expect(left).toContain("[secret]");
  expect(left).not.toContain(form);
});

test.each(["k", "k1", "p-w", "(", "$&"])(
  "%s is taken out where it stands alone, and leaves words whole",
  (short) => {
    expect(withoutSecrets(`key ${short}, "${short}": kick1 p-ws`, [short])).toBe(
      'key [secret], "[secret]": kick1 p-ws',
    );
  },
);

test("whatever a secret is, none of it is left", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 6 }), fc.string(), (hidden, around) => {
      fc.pre(!around.includes(hidden) && !"[secret]".includes(hidden));
      const encoded = [hidden, JSON.stringify(hidden), Buffer.from(hidden).toString("base64")];
      const left = withoutSecrets([around, ...encoded].join(" "), [hidden]);
      for (const form of encoded) expect(left).not.toContain(form);
    }),
    { seed: 25 },
  );
});

test("the secrets of all accounts are known", () => {
  const config: Record<string, string> = {
    tencentSecretKey: "plain-key",
    tencentSecretId: "no-secret",
    profiles: JSON.stringify({ prod: { huaweiPassword: "pw", tencentRegion: "r" }, bad: 1 }),
  };
  const environment = { HW_SECRET_KEY: "env-key", VOLCENGINE_SESSION_TOKEN_PROD: "env-token", PATH: "no" };
  expect(credentialTexts((key) => config[key], environment).sort()).toEqual(
    ["env-key", "env-token", "plain-key", "pw"].sort(),
  );
  const clean = cleanerOf(["1", "longer-one"], ["pw"]);
  expect(clean("pw 1 longer-one")).toBe("[secret] 1 [secret]");
});

const evil = "a\u001b[2J\u0007b\r\nwarning: c\u202ed\u2028e\u009b1mf";

test("a text does nothing to a terminal, whichever door it leaves by", () => {
  const calm = "a [2J b warning: c d e 1mf";
  expect(printable(evil)).toBe(calm);
  expect(cleanerOf([])(evil)).toBe(calm);
  expect(failure(evil)).toMatchObject({ message: calm, details: calm });
  expect(partialFailure("id", structOf({}), [cleanerOf([])(evil)]).details).toBe(calm);
  expect(printable("half a character \ud800")).toBe("half a character \ufffd");
});

test("a plan has a line for each step, and a name in it adds none", () => {
  const call = (summary: string) =>
    ({ kind: "call", action: "Buy", request: {}, target: "emr-1", summary }) as const;
  const told: string[] = [];
  const clean = cleanerOf(["two\nlines"]);
  reportPlan(
    { progress: (message, kind) => told.push(clean(message, kind)) },
    { steps: [call("buy a\n  9. buy b"), call("remove two\nlines")], warnings: [], blocked: [] },
  );
  expect(told[0]?.split("\n")).toEqual([
    "buy a   9. buy b; remove [secret]",
    "  1. buy a   9. buy b (Buy on emr-1)",
    "  2. remove [secret] (Buy on emr-1)",
  ]);
});
