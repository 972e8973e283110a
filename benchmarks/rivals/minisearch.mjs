// Answers queries with MiniSearch and weighs what a page has to load for it.
//
//     node minisearch.mjs NODE_MODULES DOCUMENTS.jsonl QUERIES.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { lines } from "./lines.mjs";

const [, , modules, documents, queries] = process.argv;
const library = createRequire(`${modules}/`)("minisearch");
const start = process.hrtime.bigint();
const index = new (library.default ?? library)({
  fields: ["title", "summary", "headings", "text"],
  storeFields: ["title", "summary"],
  idField: "key",
  searchOptions: { boost: { title: 3, summary: 2 }, prefix: true, fuzzy: 0.2 },
});
for await (const document of lines(documents)) index.add(document);
const stored = JSON.stringify(index);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;

const weigh = (data) => gzipSync(data, { level: 6 }).length;
const code = weigh(readFileSync(`${modules}/minisearch/dist/umd/index.js`));
const run = {}, bytes = {};
for (const { id, query } of JSON.parse(readFileSync(queries, "utf8"))) {
  run[id] = index.search(query).slice(0, 50).map((found) => found.id);
  bytes[id] = { further: 0 };
}
const first = code + weigh(stored);
for (const id in bytes) bytes[id].first = first;
console.log(JSON.stringify({ run, bytes, seconds }));
