// The browser's half of the search, module by module, without a browser: `node --test tests/browser`.
// The answers are Python's: tests/search/shared_cases.py writes them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open } from "../../site_templates/static/search/engine.js";
import { readFacets } from "../../site_templates/static/search/facets.js";
import { openIndex } from "../../site_templates/static/search/index.js";
import { numbers, posting, rising } from "../../site_templates/static/search/numbers.js";
import { readQueries } from "../../site_templates/static/search/query.js";
import { rank } from "../../site_templates/static/search/rank.js";
import { narrowed } from "../../site_templates/static/search/sets.js";
import { readTokens } from "../../site_templates/static/search/tokens.js";
import { distance } from "../../site_templates/static/search/unfound.js";

const place = new URL("../cases/search/shared.json", import.meta.url);
const cases = JSON.parse(readFileSync(place, "utf-8"));
const { boot } = cases.index;
// A copy, as a network gives one: what reads an index may write into what it was given.
const load = async (name) => structuredClone(cases.index[name]);

test("numbers are read as Python wrote them", () => {
  for (const [text, held] of cases.numbers) assert.deepEqual(numbers(text), held);
  for (const [text, held] of cases.postings) assert.deepEqual(posting(text), held);
  assert.deepEqual(rising([0, 0, 3]), [0, 1, 5]);
});

test("a text falls into the same words", () => {
  const { tokens, stem } = readTokens(boot);
  for (const [text, found] of cases.tokens) assert.deepEqual(tokens(text), found, text);
  for (const [word, found] of cases.stems) assert.equal(stem(word), found, word);
  const endless = "a".repeat(100_000);
  assert.equal(stem(endless), endless);
});

test("slips are counted the same", () => {
  for (const [one, two, steps] of cases.distances) assert.equal(distance(one, two), steps);
});

test("what is typed is read the same", () => {
  const { parse, telling } = readQueries(boot, readTokens(boot));
  const terms = (words) => words.map(({ term }) => term);
  for (const [text, { words, required, excluded, ...rest }] of cases.queries) {
    const asked = parse(text);
    assert.deepEqual(
      telling(asked.words).map(({ surface }) => surface),
      words,
      text,
    );
    const groups = asked.required.map((group) => group.map(terms));
    assert.deepEqual(groups, required, text);
    assert.deepEqual(asked.excluded.map(terms), excluded, text);
    const { filters, barred, unknown } = asked;
    assert.deepEqual({ filters, barred, unknown }, rest, text);
  }
});

test("an index gives a word where it stands, and nothing for what is none", async () => {
  const index = await openIndex(load);
  await index.need("w", ["funnel", "toString"]);
  assert.ok(index.get("w", "funnel").documents.length);
  assert.equal(index.get("w", "toString"), undefined);
  assert.ok((await index.beginning("fun")).includes("funnel"));
  assert.deepEqual(await index.spellings("\u00e9"), []);
  assert.ok(!(await index.isEnglish("funnels")));
  const [one, other] = await index.cards([3, 0]);
  assert.notEqual(one.k, other.k);
});

test("who holds more of the query comes first, then who stands first", () => {
  const list = (documents, impacts) => ({ factor: 8, documents, impacts });
  const slots = [
    { rarity: 2, matches: [list([0, 1, 2], [5, 5, 5])] },
    { rarity: 3, matches: [list([2], [1]), list([2], [4])] },
  ];
  assert.deepEqual(rank(slots, 4, [80, 8]).ranked, [2, 0, 1]);
  assert.deepEqual(rank([], 4, [80, 8]).ranked, []);
});

test("a facet narrows by its values, and a typed one by its other names too", async () => {
  const facets = readFacets(await openIndex(load), readTokens(boot));
  const chosen = await facets.wanted([], { language: ["R"] });
  const typed = await facets.wanted([["language", "r"]], {});
  assert.deepEqual(chosen, typed);
  assert.deepEqual(narrowed([5, 6], [new Set([6])]), [6]);
  assert.deepEqual(await facets.wanted([], { language: [] }), {});
});

test("every question has the answer that Python gives", async () => {
  const engine = await open(load);
  for (const [{ query, ...options }, answer] of cases.answers) {
    const found = await engine.search(query, options);
    const counts = (await engine.count(found)).map(({ name, values }) => {
      const held = values.filter((each) => each.count);
      return [name, Object.fromEntries(held.map((each) => [each.value, each.count]))];
    });
    const given = {
      hits: found.hits,
      repairs: found.repairs.map(({ surface, shown }) => [surface, shown]),
      unmatched: found.unmatched,
      rarities: found.slots.map(({ rarity }) => rarity),
      ...(answer.counts && { counts: Object.fromEntries(counts) }),
    };
    assert.deepEqual(given, answer, query);
  }
});

test("two engines over one index do not disturb each other", async () => {
  const [one, two] = await Promise.all([open(load), open(load)]);
  const [first, second] = await Promise.all([one.search("funnel"), two.search("funnel")]);
  assert.deepEqual(first.hits, second.hits);
});
