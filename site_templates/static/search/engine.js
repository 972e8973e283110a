// Answers a query in the steps of engine.py, on the same files.
import { narrowed, readFacets } from "./facets.js";
import { openIndex } from "./index.js";
import { readMatches } from "./match.js";
import { readQueries } from "./query.js";
import { rank } from "./rank.js";
import { readTokens } from "./tokens.js";

export async function open(load) {
  const index = await openIndex(load);
  const { boot, cards } = index;
  const words = readTokens(boot);
  const queries = readQueries(boot, words);
  const matches = readMatches(index, words, queries);
  const facets = readFacets(index, words);

  const ordered = async (numbers, name) => {
    const places = [];
    (await index.order(name)).forEach((number, at) => {
      places[number] = at;
    });
    return [...numbers].sort((a, b) => places[a] - places[b]);
  };

  const search = async (text, { filters = {}, order = "relevance", exact = false } = {}) => {
    const asked = queries.parse(text);
    const slots = await matches.slots(asked, exact);
    const wanted = await facets.wanted(asked.filters, filters);
    const everything = Object.keys(wanted).length || asked.excluded.length ? boot.n : 0;
    let ranked = slots.length ? rank(slots, boot.n) : [...Array(everything).keys()];
    for (const phrase of asked.phrases) ranked = narrowed(ranked, [await matches.holding(phrase)]);
    for (const unwanted of asked.excluded) {
      const held = await matches.holding(unwanted);
      ranked = ranked.filter((number) => !held.has(number));
    }
    let hits = narrowed(ranked, Object.values(wanted));
    if (hits.length && (order !== "relevance" || !slots.length)) hits = await ordered(hits, order);
    const repairs = slots.filter(({ shown }) => shown);
    const unmatched = slots.filter(({ matches }) => matches.every(({ near }) => near));
    return { hits, ranked, wanted, slots, repairs, unmatched: unmatched.map((s) => s.surface) };
  };

  return { boot, search, count: facets.count, cards, typed: words.typed };
}
