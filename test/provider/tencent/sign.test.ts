import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signingKey, signTencent } from "../../../provider/tencent/sign";

// The vendor's own signer; its package types only the default export.
const { default: VendorSign } = require("tencentcloud-sdk-nodejs-common/tencentcloud/common/sign") as {
  default: {
    sign3(request: {
      method: string;
      url: string;
      payload: unknown;
      timestamp: number;
      service: string;
      secretId: string;
      secretKey: string;
      headers: Record<string, string>;
    }): string;
  };
};

const bodyA = '{"InstanceId":"emr-test0001","NodeFlag":"task","Limit":100,"Offset":0}';
const bodyB =
  '{"DataEngineId":"DataEngine-sim00001","NewImageVersionId":"00000000-0000-4000-8000-000000000002"}';
const charset = "application/json; charset=utf-8";

const vectors = [
  {
    name: "reproduced with the vendor's signer",
    service: "emr",
    timestamp: 1735689600,
    headers: { "Content-Type": "application/json", Host: "emr.tencentcloudapi.com" },
    body: bodyA,
    key: "38c56ef514ceb42f72a649782ccb2079f459ec22dc12f58b4e8aa7308210d4c8",
    signature: "6b822709b83df85ba017a53fbb8867bc36660dbd0304af558afad83e273007d4",
  },
  {
    name: "with a charset and the action signed",
    service: "emr",
    timestamp: 1735689600,
    headers: {
      "Content-Type": charset,
      Host: "emr.tencentcloudapi.com",
      "X-TC-Action": "DescribeClusterNodes",
    },
    body: bodyA,
    key: "38c56ef514ceb42f72a649782ccb2079f459ec22dc12f58b4e8aa7308210d4c8",
    signature: "6caa2eedbb5145591e1d90b6c5f8bda27d9295223c15d3026c38975ee684c86a",
  },
  {
    name: "the last second of a year, another product",
    service: "dlc",
    timestamp: 1767225599,
    headers: {
      "Content-Type": charset,
      Host: "dlc.tencentcloudapi.com",
      "X-TC-Action": "SwitchDataEngineImage",
    },
    body: bodyB,
    key: "d55290bfd66f66a1b2bc6e2ed35744d4a395e55c0102ae04b1274b43396d57f4",
    signature: "7bc731194512d82b1b7cbc583cfd88b3089d098b85194a29e8dac6d679419fc7",
  },
];

const secretKey = "simulatorSecretKey0001";

describe("TC3-HMAC-SHA256", () => {
  test.each(vectors)("golden vector: $name", ({ service, timestamp, headers, body, key, signature }) => {
    const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
    expect(signingKey(secretKey, date, service).export().toString("hex")).toBe(key);
    const header = signTencent({ secretId: "AKIDx", secretKey, service, timestamp, headers, body });
    expect(header).toContain(`Credential=AKIDx/${date}/${service}/tc3_request, `);
    expect(header).toMatch(new RegExp(`, Signature=${signature}$`));
  });

  test("agrees byte for byte with the vendor's signer on 500 generated requests", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 200 });
    const payload = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.dictionary(
          fc.string({ minLength: 1 }),
          fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text)),
        ),
      },
      { weight: 1, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.nat({ max: 64 }).map((kib) => ({ large: "大".repeat(kib * 1024) })) },
    );
    fc.assert(
      fc.property(
        payload,
        fc.integer({ min: 946684800, max: 4102444799 }),
        fc.constantFrom("emr", "dlc", "cvm"),
        fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 64 }),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 64 }),
        (body, timestamp, service, secretId, key) => {
          const bytes = Buffer.from(JSON.stringify(body));
          const host = `${service}.tencentcloudapi.com`;
          const ours = signTencent({
            secretId,
            secretKey: key,
            service,
            timestamp,
            headers: { "content-type": "application/json", host },
            body: bytes,
          });
          const theirs = VendorSign.sign3({
            method: "POST",
            url: `https://${host}/`,
            payload: bytes,
            timestamp,
            service,
            secretId,
            secretKey: key,
            headers: { "Content-Type": "application/json" },
          });
          expect(ours).toBe(theirs);
        },
      ),
      { numRuns: 500 },
    );
  });
});
