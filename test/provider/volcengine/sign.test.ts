// Vectors with made-up credentials, and the vendor's own signer as an oracle.
import { Signer } from "@volcengine/openapi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactDate, sha256 } from "../../../provider/call/signing";
import { signVolcengine } from "../../../provider/volcengine/sign";

const query = { Action: "RunApplicationAction", Version: "2023-12-30" };
const place = { region: "cn-beijing", service: "emr", method: "POST", query };

describe("HMAC-SHA256", () => {
  const body =
    '{"ClusterId":"emr-demo0001","ActionName":"restart","ActionScope":"COMPONENT","Components":[{"ApplicationName":"RAY","ComponentNames":["RayCluster"]}],"ActionParams":[{"Key":"releaseName","Value":"raycluster-a"}]}';
  const names = "content-type;host;x-content-sha256;x-date";

  test.each([
    ["open.volcengineapi.com", undefined, "8171d2664fa2ecd2ce0d154c095e56881d13fc0a530570729e214be90c10d03a"],
    [
      "open.volcengineapi.com",
      "STSEXAMPLETOKEN",
      "448e1ea911dd9e0feadc312c76a135be0a07e33905840f10c8f298f0bda40ef0",
    ],
    ["127.0.0.1:8443", undefined, "0a36bfd9c0abb5ab6f3390ec74e6d735e46b95a089ef8299479d9344ea402eeb"],
    ["127.0.0.1:8443", "STSEXAMPLETOKEN", "82972fe85c1cebc1c64197aa850b50af6d1e123172ab026e543779dd081cd0bd"],
  ])("golden vector: %s, token %s", (host, token, signature) => {
    const headers = {
      "Content-Type": "application/json",
      Host: host,
      "X-Content-Sha256": sha256(body),
      "X-Date": "20260102T030405Z",
      ...(token ? { "X-Security-Token": token } : {}),
    };
    const key = { accessKey: "AKLTEXAMPLEEXAMPLE", secretKey: "ZXhhbXBsZS1zZWNyZXQ=" };
    expect(signVolcengine({ ...key, ...place, headers, body })).toBe(
      `HMAC-SHA256 Credential=AKLTEXAMPLEEXAMPLE/20260102/cn-beijing/emr/request, SignedHeaders=${names}${token ? ";x-security-token" : ""}, Signature=${signature}`,
    );
  });

  test.each([
    [undefined, "e8d7ae639f138608519e5ad48f6e4891be4f157b5bd33c23256c76264f1e549a"],
    ["TOKENEXAMPLE", "4a171f1b20efe3a95878055055dbdb12fdff44f09782731a59bcdf43968f0225"],
  ])("golden vector without a signed content type, token %s", (token, signature) => {
    const shorter =
      '{"ClusterId":"emr-0123","ActionName":"restart","ActionScope":"COMPONENT","Components":[{"ApplicationName":"RAY","ComponentNames":["RayCluster"]}]}';
    const headers = {
      host: "open.volcengineapi.com",
      "x-content-sha256": sha256(shorter),
      "x-date": "20261124T010203Z",
      ...(token ? { "x-security-token": token } : {}),
    };
    const signed = { accessKey: "AKEXAMPLE", secretKey: "SKEXAMPLE", ...place, headers, body: shorter };
    expect(signVolcengine(signed)).toMatch(new RegExp(`Signature=${signature}$`));
  });

  test("agrees byte for byte with the vendor's signer on 300 generated requests", () => {
    const word = (letters: string) =>
      fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 20 });
    const token = fc.option(word("ABCxyz019+/="), { nil: undefined });
    fc.assert(
      fc.property(
        fc.dictionary(word("abcXYZ_"), word("abcXYZ019-_.~ ,+/=*'()é漢"), { maxKeys: 4 }),
        fc.string({ minLength: 1, maxLength: 200 }),
        word("AKLT019"),
        fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 }),
        fc.constantFrom("cn-beijing", "ap-southeast-1"),
        token,
        fc.date({ min: new Date("2024-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
        (more, body, accessKey, secretKey, region, sessionToken, date) => {
          const params = { ...more, ...query };
          const request = {
            region,
            method: "POST",
            params: { ...params },
            headers: { Host: "open.volcengineapi.com" } as Record<string, string>,
            body,
          };
          const credentials = {
            accessKeyId: accessKey,
            secretKey,
            ...(sessionToken ? { sessionToken } : {}),
          };
          new Signer(request, "emr").addAuthorization(credentials as never, date);
          const headers = {
            host: "open.volcengineapi.com",
            "x-content-sha256": sha256(body),
            "x-date": compactDate(date.getTime()),
            ...(sessionToken ? { "x-security-token": sessionToken } : {}),
          };
          const input = {
            accessKey,
            secretKey,
            region,
            service: "emr",
            method: "POST",
            query: params,
            headers,
            body,
          };
          expect(signVolcengine(input)).toBe(request.headers["Authorization"]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
