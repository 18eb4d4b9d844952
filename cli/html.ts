// The report as a page of its own: no script, no request to anywhere, readable on a phone and at a desk, in light and dark.
import { printable } from "../provider/base/printable";
import { textsOf } from "../provider/core/note";
import type { ClusterReport, Report, Row } from "./report";

const style = `
:root { color-scheme: light dark; --text: #1d232b; --quiet: #5a6572; --paper: #fff; --line: #d8dee6; --fold: #f5f7fa; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e8ee; --quiet: #9aa6b4; --paper: #14181d; --line: #333c47; --fold: #1b2027; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--paper); }
main { max-width: 64rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: .5rem 0; padding-left: .75rem; border-left: .4rem solid; }
.safe { border-color: #2e8b57; } .disturbs { border-color: #c98a00; } .spends { border-color: #8a4fc9; } .destroys { border-color: #c9352b; }
section { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; }
h2 { font-size: 1.05rem; margin: 0; padding: .6rem .8rem; border-bottom: 1px solid var(--line); background: var(--fold); border-radius: .5rem .5rem 0 0; }
h2 small, .type, dt { color: var(--quiet); font-weight: normal; font-size: .85rem; }
article { padding: .6rem .8rem; } article + article { border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; } p { margin: .2rem 0; } ul, ol { margin: .2rem 0; padding-left: 1.4rem; }
summary { cursor: pointer; color: var(--quiet); }
`;

export function html(given: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(given.headline)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 class="${given.verdict}">${escaped(given.headline)}</h1>
${items("ul", given.notes)}
${given.clusters.map(clusterSection).join("\n")}
</main>
</body>
</html>
`;
}

function clusterSection({ cluster, duration, rows }: ClusterReport): string {
  return `<section>
<h2>${escaped(cluster)} <small>${escaped(duration)}</small></h2>
${rows.map(rowArticle).join("\n")}
</section>`;
}

function rowArticle(row: Row): string {
  const price = row.price ? `<p>${escaped(row.price)}</p>` : "";
  const details = [
    row.steps.length > 0 ? `<p>Steps</p>${items("ol", row.steps)}` : "",
    row.paths.length > 0 ? `<p>Differs</p>${items("ul", row.paths)}` : "",
  ].join("");
  return `<article>
<h3>${escaped(row.name)} <span class="type">${escaped(row.type)}</span></h3>
<p>${escaped(row.change)}: <strong>${escaped(row.effect)}</strong></p>${price}
${named("Cannot be undone", row.irreversible)}${named("Mind", textsOf(row.warnings))}${named("Blocked", textsOf(row.blocked))}
${details ? `<details><summary>Details</summary>${details}</details>` : ""}
</article>`;
}

function named(title: string, texts: readonly string[]): string {
  return texts.length === 0 ? "" : `<p>${title}</p>${items("ul", texts)}`;
}

function items(list: "ul" | "ol", texts: readonly string[]): string {
  return texts.length === 0
    ? ""
    : `<${list}>${texts.map((text) => `<li>${escaped(text)}</li>`).join("")}</${list}>`;
}

const special: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (letter) => special[letter] ?? letter);
}
