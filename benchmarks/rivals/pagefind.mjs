// Answers queries with Pagefind and weighs what a page fetches for it.
//
//     node pagefind.mjs NODE_MODULES DOCUMENTS.jsonl QUERIES.json BUNDLE
//
// Pagefind answers in Node as in a browser once `fetch` reads its files. Its index is compressed
// already; its scripts are weighed as a server compresses them.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { lines } from "./lines.mjs";

const [, , modules, documents, queries, bundle] = process.argv;
const SHOWN = 10;
const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const page = ({ title, summary, headings, text }) => {
  const parts = headings.split("\n").map((each) => `<h2>${safe(each)}</h2>`).join("");
  return `<html lang="en"><body><h1>${safe(title)}</h1><p>${safe(summary)}</p>${parts}<p>${safe(text)}</p></body></html>`;
};

const { createIndex, close } = await import(pathToFileURL(`${modules}/pagefind/lib/index.js`));
const start = process.hrtime.bigint();
const { index } = await createIndex();
const keys = [];
for await (const document of lines(documents)) {
  const { errors } = await index.addHTMLFile({ url: `/${keys.length}/`, content: page(document) });
  if (errors.length) throw new Error(errors.join(" "));
  keys.push(document.key);
}
await index.writeFiles({ outputPath: bundle });
await close();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;

let fetched = new Map();
globalThis.fetch = async (address) => {
  const path = String(address).replace(/^file:\/\//, "").replace(/\?.*/, "");
  const data = readFileSync(path);
  fetched.set(path, /\.pf_|\.pagefind$/.test(path) ? data.length : gzipSync(data, { level: 6 }).length);
  return new Response(data);
};
const script = `${bundle}/pagefind.js`, code = gzipSync(readFileSync(script), { level: 6 }).length;
const open = async (name) => {
  const pagefind = await import(`${pathToFileURL(script)}?${name}`);
  await pagefind.options({ basePath: `${bundle}/`, baseUrl: "/" });
  return pagefind;
};
const search = async (pagefind, query, shown) => {
  const { results } = await pagefind.search(query);
  return Promise.all(results.slice(0, shown).map((each) => each.data()));
};
const sum = () => [...fetched.values()].reduce((all, size) => all + size, 0);

const asked = JSON.parse(readFileSync(queries, "utf8")), run = {}, bytes = {};
for (const { id, query } of asked) {
  fetched = new Map();
  await search(await open(id), query, SHOWN);
  bytes[id] = { first: code + sum() };
}
const loaded = await open("further");
await search(loaded, "data", SHOWN);
for (const { id, query } of asked) {
  fetched = new Map();
  await search(loaded, query, SHOWN);
  bytes[id].further = sum();
}
for (const { id, query } of asked) {
  const pages = await search(loaded, query, 50);
  run[id] = pages.map(({ url }) => keys[Number(url.split("/").filter(Boolean)[0])]);
}
process.stdout.write(JSON.stringify({ run, bytes, seconds }) + "\n", () => process.exit(0));
