import { AKSKSigner } from "@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactDate } from "../../../provider/call/signing";
import { signHuawei } from "../../../provider/huawei/sign";

const project = "0123456789abcdef0123456789abcdef";
const key = { accessKey: "AKEXAMPLE0000000001", secretKey: "SKexample-secret-value-01" };
const headers = {
  "X-Sdk-Date": "20260102T030405Z",
  host: "ddm.eu-west-101.myhuaweicloud.eu",
  "content-type": "application/json",
  "X-Project-Id": project,
};

describe("SDK-HMAC-SHA256", () => {
  test.each([
    {
      name: "enlarge",
      request: {
        method: "POST",
        path: `/v2/${project}/instances/1f5c9fd6cd984056ba89c8c87cc03278in09/action/enlarge`,
        query: {},
        headers,
        body: '{"flavor_id":"8f2e696c-a9c1-30bd-af90-25522bc67606","node_number":1}',
      },
      names: "content-type;host;x-project-id;x-sdk-date",
      signature: "81b4e390403e96379307ea1b22172fca09bb8890c7c4ff6a729b60ed10bc2df3",
    },
    {
      name: "flavours, with a query and temporary keys",
      request: {
        method: "GET",
        path: `/v3/${project}/flavors`,
        query: { engine_id: "e-1", available_zones: "az1,az2", offset: "0", limit: "10" },
        headers: { ...headers, "X-Security-Token": "tok/en+EX==" },
        body: "",
      },
      names: "content-type;host;x-project-id;x-sdk-date;x-security-token",
      signature: "8264044f8e50dc50f5a17a3380e836d3c35ae4fcc5e67f72a11a7e882a2b4c53",
    },
  ])("golden vector: $name", ({ request, names, signature }) => {
    expect(signHuawei({ ...key, ...request })).toBe(
      `SDK-HMAC-SHA256 Access=${key.accessKey}, SignedHeaders=${names}, Signature=${signature}`,
    );
  });

  test("the date has the form that is signed", () => {
    expect(compactDate(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe("20260102T030405Z");
  });

  test("agrees byte for byte with the vendor's signer on 300 generated requests", () => {
    const word = fc.string({
      unit: fc.constantFrom(..."abcXYZ019-_.~ ,+/=é漢"),
      minLength: 1,
      maxLength: 20,
    });
    // The vendor's signer takes paths that are encoded already, and encodes them again: ids need neither.
    const segment = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_~"), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom("GET", "POST", "PUT", "DELETE"),
        fc.array(segment, { minLength: 1, maxLength: 5 }),
        fc.dictionary(fc.string({ unit: fc.constantFrom(..."abcxyz_"), minLength: 1, maxLength: 8 }), word, {
          maxKeys: 4,
        }),
        fc.option(fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean())), { nil: undefined }),
        fc.string({ unit: fc.constantFrom(..."ABC019"), minLength: 10, maxLength: 20 }),
        fc.string({ minLength: 1, maxLength: 40 }),
        (method, segments, query, data, accessKey, secretKey) => {
          const path = `/${segments.join("/")}`;
          const vendorHeaders: Record<string, string> = { ...headers };
          const signed = AKSKSigner.sign(
            {
              endpoint: `https://${headers.host}${path}`,
              url: path,
              method,
              queryParams: query,
              headers: vendorHeaders,
              data: data ?? "",
            } as never,
            { getAk: () => accessKey, getSk: () => secretKey } as never,
          ) as Record<string, string>;
          const sent = { ...headers, "X-Sdk-Date": String(signed["X-Sdk-Date"] ?? headers["X-Sdk-Date"]) };
          const body = data === undefined ? "" : JSON.stringify(data);
          expect(signHuawei({ accessKey, secretKey, method, path, query, headers: sent, body })).toBe(
            signed["Authorization"],
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
