// Answers a query in the steps of engine.py, on the same files.
import { openIndex } from "./index.js";
import { readMatches } from "./match.js";
import { readQueries } from "./query.js";
import { rank } from "./rank.js";
import { narrowed } from "./sets.js";
import { readTokens } from "./tokens.js";

export async function open(load) {
  const index = await openIndex(load);
  const { boot, cards } = index;
  const words = readTokens(boot);
  const queries = readQueries(boot, words);
  const matches = readMatches(index, words, queries);
  // Loaded when something is narrowed or counted, which the first results need not wait for.
  let facets;
  const narrowing = async () =>
    (facets ??= (await import("../search/facets.js")).readFacets(index, words));
  const wanted = async (typed, chosen) =>
    typed.length || Object.values(chosen).flat().length
      ? (await narrowing()).wanted(typed, chosen)
      : {};

  // A word without quotes may stand for others, as it does in the results.
  const holding = async (phrase, slots) => {
    const [{ surface, quoted }, more] = phrase;
    if (more || quoted) return matches.holding(phrase);
    const same = slots.filter((slot) => slot.surface === surface);
    const held = same.flatMap(({ matches }) => matches.filter(({ near }) => !near));
    return same[0] && new Set(held.flatMap(({ documents }) => documents));
  };
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
    const sets = await wanted(asked.filters, filters);
    const otherwise = Object.keys(sets).length || asked.excluded.length || asked.barred.length;
    const {
      ranked: scored,
      tier,
      little,
    } = slots.length ? rank(slots, boot.n, boot.held) : { ranked: [...Array(boot.n).keys()] };
    const must = [];
    for (const group of asked.required) {
      const held = await Promise.all(group.map((phrase) => holding(phrase, slots)));
      if (held.every(Boolean)) must.push(new Set(held.flatMap((each) => [...each])));
    }
    const mustNot = new Set();
    for (const unwanted of asked.excluded) {
      for (const number of (await matches.holding(unwanted)) ?? []) mustNot.add(number);
    }
    for (const one of asked.barred) {
      for (const held of Object.values(await wanted([one], {}))) {
        for (const number of held) mustNot.add(number);
      }
    }
    const ranked = narrowed(scored, must).filter((number) => !mustNot.has(number));
    // Nothing is found where nothing was asked; facets count all the same.
    let hits = slots.length || otherwise ? narrowed(ranked, Object.values(sets)) : [];
    const tiers = [0, 0, 0];
    if (tier) for (const number of hits) tiers[tier(number)]++;
    if (hits.length && (order !== "relevance" || !slots.length)) hits = await ordered(hits, order);
    return {
      ...{ hits, ranked, wanted: sets, slots, tiers, tier },
      // Who says what must be held gets what holds it.
      little: tier && hits.length > 0 && !asked.required.length && hits.every(little),
      ...{ cut: asked.cut, unknown: asked.unknown },
      repairs: slots.filter(({ shown }) => shown),
      unmatched: slots
        .filter(({ matches }) => matches.every(({ near }) => near))
        .map(({ surface }) => surface),
      common: slots.length ? [] : asked.words.map(({ surface }) => surface),
    };
  };

  // How many each choice would leave.
  const count = async (found) => (await narrowing()).count(found);
  return { boot, search, count, cards, typed: words.typed };
}
