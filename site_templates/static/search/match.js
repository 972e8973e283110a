// Finds what each typed word stands for in the index. As match.py does it, in the same order:
// change both or neither.
import { runs } from "./runs.js";
import { unique } from "./sets.js";

export const readMatches = (index, { stem }, { stops, telling }) => {
  const { boot, need, get, beginning, knows, isHalf, meaning } = index;
  const [TYPED, , , GLOSSARY, LONGER, TASK, NEAREST] = boot.factors;
  const [, , MOST_BEGUN, LONGEST_JOIN] = boot.limits;

  const forms = (word) => unique([word.term, word.acronym ? stem(word.surface) : word.surface]);
  // The file of what is compared carries how the word is written, but of an acronym.
  const needWords = (words) =>
    need(
      "w",
      words.flatMap((word) => (word.acronym ? forms(word) : word.term)),
    );
  const knownForms = (word) => forms(word).filter((key) => get("w", key));
  const typedKeys = (word) => knownForms(word).slice(0, word.acronym ? 1 : 2);
  const match = (kind, key, factor) => ({
    key,
    factor,
    near: factor <= NEAREST,
    ...get(kind, key),
  });

  // A word is weighed by the commonest list as typed, or else by the commonest of all.
  const slot = (surface, matches, shown = "") => {
    const asTyped = matches.filter(({ factor }) => factor === TYPED);
    const weighed = asTyped.length ? asTyped : matches;
    const rarities = weighed.length ? weighed.map(({ rarity }) => rarity) : [boot.unknown];
    return { surface, rarity: Math.min(...rarities), matches, shown: matches.length ? shown : "" };
  };

  // The commonest keys that begin so.
  const longer = async (prefix) => {
    const size = (key) => get("w", key).documents.length;
    const keys = (await beginning(prefix)).filter((key) => !key.includes(" "));
    return keys.sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1)).slice(0, MOST_BEGUN);
  };
  // What to do with words that match nothing: few searches need it, so it is loaded when one does,
  // and with it where the files for slips are, unless the words seem to be half typed.
  const helped = async (missing) => {
    const half = missing.every(({ term }) => index.begins(term));
    const [part] = await Promise.all([import("../search/unfound.js"), half || index.seldom()]);
    return part.readUnfound(index, { stem }, { longer, match, slot });
  };

  // Projects that are near in meaning to a word are helped by it where they hold a word of the
  // query, and found by it where they are very near.
  const nearer = (said, words, asTyped) => {
    const { factor, alone } = boot.near;
    const holding = said.flatMap(({ matches }) => matches.filter(({ near }) => !near));
    const held = new Set(holding.flatMap(({ documents }) => documents));
    return said.map((slot, i) => {
      const key = words[i].term;
      const { documents, impacts } = (!asTyped(words[i]) && get("m", key)) || { documents: [] };
      const counts = (_, at) => held.has(documents[at]) || impacts[at] >= alone;
      if (!documents.some(counts)) return slot;
      const told = { documents: documents.filter(counts), impacts: impacts.filter(counts) };
      const match = { key, factor, near: factor <= NEAREST, ...told };
      return { ...slot, matches: [...slot.matches, match] };
    });
  };

  const slots = async ({ words }, exact) => {
    const kept = telling(words);
    const found = new Map(kept.map((word) => [word, new Map()]));
    await needWords(kept);
    // The file that was read for the first of neighbours knows the name that they make.
    const joined = runs(words, LONGEST_JOIN).flatMap((run) => {
      const first = run[1] && run.find((word) => found.has(word));
      if (!first) return [];
      const whole = run.map((word) => word.surface).join("");
      return [[run, [whole, stem(whole)].filter((key) => knows(first.term, key)), TYPED]];
    });
    // A run of words counts once as what means the same.
    const meant = runs(kept, kept.length).flatMap((run) => {
      const [same, done] = meaning(run.map(({ term }) => term).join(" "));
      return [
        [run, same, Math.max(NEAREST + 1, Math.floor(GLOSSARY / run.length))],
        [run, done, Math.max(1, Math.floor(TASK / run.length))],
      ];
    });
    const led = [...joined, ...meant];
    const asked = led.flatMap(([, keys]) => keys);
    await need(
      "w",
      asked.filter((key) => !get("w", key)),
    );
    const add = (run, keys, factor) => {
      for (const matches of run.map((word) => found.get(word) ?? new Map())) {
        for (const key of keys) {
          if (get("w", key) && !matches.has(key)) matches.set(key, match("w", key, factor));
        }
      }
    };
    for (const word of kept) add([word], typedKeys(word), TYPED);
    for (const [run, keys, factor] of led) add(run, keys, factor);
    const asTyped = (word) => exact || word.quoted;
    for (const word of kept) {
      if (asTyped(word) || !isHalf(word.term, word.surface)) continue;
      add([word], await longer(word.surface), LONGER);
    }
    const looked = kept.filter((word) => found.get(word).size || !stops.has(word.surface));
    const missing = looked.filter((word) => !found.get(word).size && !asTyped(word));
    const instead = missing[0] && (await (await helped(missing))(kept, found));
    const said = await Promise.all(
      looked.map((word) =>
        missing.includes(word) ? instead(word) : slot(word.surface, [...found.get(word).values()]),
      ),
    );
    return boot.near ? nearer(said, looked, asTyped) : said;
  };

  // Phrases in quotes, and what is left out, are looked up by a part that is loaded for them.
  const looking = { needWords, knownForms, typedKeys, stops, telling };
  const holding = async (phrase) =>
    (await import("../search/phrases.js")).holding(index, phrase, looking);

  return { slots, holding };
};
