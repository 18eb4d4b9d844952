// The page in a real browser: readable on a phone and at a desk, in light and dark, alone in the world, and safe.
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { html } from "../../cli/html";
import { readPreview } from "../../cli/preview";
import { report } from "../../cli/report";
import { summarise } from "../../cli/summary";

const executablePath = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
if (executablePath === undefined) {
  if (process.env["CI"] === "true") throw new Error("there is no chromium on PATH");
  console.warn("test/cli/page.test.ts is skipped: there is no chromium on PATH");
}

const hostile = [
  `<script>window.harmed = true</script>`,
  `<img src="http://127.0.0.1:1/x" onerror="window.harmed = true">`,
  `"><svg onload="window.harmed = true">`,
  `</h3></article><style>body{display:none}</style>`,
  `javascript:window.harmed=true`,
  `${"very-long-name-without-any-break-".repeat(8)}`,
];
const inputs = {
  clusterId: "emr-5n3l5c83",
  role: "task",
  poolId: "p",
  payMode: 0,
  deletionPolicy: "terminate",
};
const nodes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    resourceId: `emr-vm-${index}`,
    orderNo: `ins-${index}`,
    applyTime: "",
  }));
const preview = JSON.stringify({
  steps: hostile.map((name, index) => ({
    op: "update",
    urn: `urn:pulumi:dev::proj::bigdata:tencent:EmrNodePool::${name}`,
    oldState: { inputs: { ...inputs, count: 3 }, outputs: { ...inputs, count: 3, nodes: nodes(3) } },
    newState: {
      inputs: { ...inputs, count: index % 2 === 0 ? 1 : 5, clusterId: index > 3 ? name : inputs.clusterId },
    },
    detailedDiff: { count: { kind: "update", inputDiff: true }, [name]: { kind: "add", inputDiff: true } },
  })),
  changeSummary: { update: hostile.length },
  diagnostics: [],
});

describe.skipIf(executablePath === undefined)("the page", () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const text = html(report(summarise(readPreview(preview))));
    server = createServer((request, response) => {
      response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/html" }).end(text);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function open(
    width: number,
    colorScheme: "light" | "dark",
  ): Promise<{ page: Page; asked: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(url);
    for (const fold of await page.locator("summary").all()) await fold.click();
    return { page, asked };
  }

  const views = [
    [390, "light"],
    [390, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ] as const;

  test.each(views)(
    "at %i pixels, %s: nothing sticks out, letters are large and stand out",
    async (width, scheme) => {
      const { page, asked } = await open(width, scheme);
      expect(asked.filter((each) => each !== url && !each.endsWith("/favicon.ico"))).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      const faint = (await page.evaluate(contrasts)) as { text: string; size: number; contrast: number }[];
      expect(faint.length).toBeGreaterThan(10);
      expect(faint.filter(({ size }) => size < 13)).toEqual([]);
      expect(faint.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(background).toBe(scheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 24, 29)");
      await page.close();
    },
  );

  test("names do nothing, and are shown as they are", async () => {
    const { page } = await open(1280, "light");
    expect(await page.evaluate("window.harmed")).toBeUndefined();
    expect(await page.locator("script, img, svg, iframe, link, a").count()).toBe(0);
    const text = await page.locator("body").textContent();
    for (const name of hostile) expect(text).toContain(name);
    expect(await page.locator("h1").textContent()).toMatch(/^Destroys: removes 10 nodes; buys 10 nodes$/);
    await page.close();
  });

  test("details are folded, and unfold without a script", async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(url);
    const steps = page.locator("details ol").first();
    expect(await steps.isVisible()).toBe(false);
    await page.locator("summary").first().click();
    expect(await steps.isVisible()).toBe(true);
    await page.close();
  });
});

/** Runs in the page: size and contrast of every text that is shown, by the formula of WCAG. */
const contrasts = `(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (color !== "rgba(0, 0, 0, 0)") return color;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
    .map((element) => {
      const style = getComputedStyle(element);
      const [a, b] = [light(style.color), light(behind(element))].sort((x, y) => y - x);
      return { text: element.textContent.slice(0, 40), size: parseFloat(style.fontSize), contrast: (a + 0.05) / (b + 0.05) };
    });
})()`;
