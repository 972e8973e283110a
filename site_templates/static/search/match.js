// Finds what each typed word stands for in the index. As match.py does it, in the same order:
// change both or neither.
import { unique } from "./index.js";

// The slips between two words: a letter more, less, changed, or two swapped.
export const distance = (one, two) => {
  let before = [];
  let line = [...Array(two.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    const a = one[i - 1];
    for (let j = 1; j <= two.length; j++) {
      const b = two[j - 1];
      const change = a === b ? 0 : 1;
      let cost = Math.min(line[j] + 1, next[j - 1] + 1, line[j - 1] + change);
      if (i > 1 && j > 1 && a === two[j - 2] && b === one[i - 2]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      next.push(cost);
    }
    before = line;
    line = next;
  }
  return line[two.length];
};

const short = (text) => text.length < 3 && text < "\u0e01";

// Each run of neighbours, from every word on.
const runs = (words, longest) =>
  words.flatMap((_, start) =>
    words.slice(start, start + longest).map((_, extra) => words.slice(start, start + extra + 1)),
  );

export const readMatches = (index, { stem }, { stops, telling }) => {
  const { boot, glossary, tasks, need, get, placesOf, beginning, listed, isHalf } = index;
  const [TYPED, BEGUN, MEANT, GLOSSARY, LONGER, TASK, NEAREST] = boot.factors;
  const [, , MOST_BEGUN, LONGEST_JOIN] = boot.limits;
  const [SHORTEST, LONG] = boot.slips;
  const endings = boot.begun.split(" ");

  const forms = (word) => unique([word.term, word.acronym ? stem(word.surface) : word.surface]);
  const typedKeys = (word) => {
    const found = forms(word).filter((key) => get("w", key));
    return word.acronym ? found.slice(0, 1) : found;
  };
  const same = (run, meanings) => meanings.get(run.map((word) => word.term).join(" ")) ?? [];
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
  const begun = async ({ term, surface }) => {
    if (short(surface)) return [];
    const british = surface.replace(/is(a|at|ati|atio|i|in|)$/, "iz");
    for (const prefix of unique([term, surface, british])) {
      const keys = short(prefix) ? [] : await longer(prefix);
      if (keys.length) return keys;
    }
    for (let length = surface.length - 1; length > 4; length--) {
      const key = surface.slice(0, length);
      const rest = surface.slice(length);
      await need("w", [key]);
      if (get("w", key) && endings.some((ending) => ending.startsWith(rest))) return [key];
    }
    const written = (await listed("s", surface[0])).filter((other) => other.startsWith(surface));
    const stems = unique(written.map(stem)).slice(0, MOST_BEGUN);
    await need("w", stems);
    return stems.filter((key) => get("w", key));
  };
  // The commonest two words that it may be, as a key and as written.
  const asTwoWords = async (surface) => {
    const pairs = [];
    for (let at = 3; at < surface.length - 2; at++) {
      const two = [surface.slice(0, at), surface.slice(at)];
      pairs.push([two.map(stem).join(" "), two.join(" ")]);
    }
    await need(
      "p",
      pairs.map(([key]) => key),
    );
    const rarity = ([key]) => get("p", key).rarity;
    return pairs
      .filter(([key]) => get("p", key))
      .reduce((best, pair) => (!best[0] || rarity(pair) < rarity(best) ? pair : best), []);
  };
  const repaired = async (surface) => {
    let best = "";
    let nearest = surface.length < LONG ? 2 : 3;
    if (surface.length < SHORTEST) return best;
    // A word of English is no slip.
    if ((await listed("e", surface[0])).includes(surface)) return best;
    for (const other of await listed("s", surface[0])) {
      if (Math.abs(other.length - surface.length) < nearest) {
        const steps = distance(surface, other);
        if (steps < nearest) {
          best = other;
          nearest = steps;
        }
      }
    }
    return best;
  };

  // What matches nothing is taken as a beginning, then as two words, then as a slip.
  const unfound = async (word, half) => {
    const { surface } = word;
    const matches = (kind, keys, factor) =>
      keys.map((key) => match(kind, key, factor)).filter(({ rarity }) => rarity);
    const keys = unique([...(await begun(word)), ...half]);
    await need("w", half);
    if (keys.length) return slot(surface, matches("w", keys, BEGUN));
    const [pair, written] = await asTwoWords(surface);
    if (pair) return slot(surface, matches("p", [pair], MEANT), written);
    const meant = await repaired(surface);
    const likely = [stem(meant), meant];
    await need("w", likely);
    return slot(surface, matches("w", unique(likely), MEANT), meant);
  };

  // Words that match nothing may begin the words of a glossary line: `stat proc` leads to SPC.
  const halfTyped = (kept, found) => {
    const half = new Map(kept.map((word) => [word, []]));
    for (const run of runs(kept, LONGEST_JOIN)) {
      if (!run[1] || run.some((word) => found.get(word).size)) continue;
      for (const [key, others] of glossary) {
        const terms = key.split(" ");
        if (run.every(({ surface }, i) => terms[i]?.startsWith(surface))) {
          for (const word of run) half.get(word).push(...others);
        }
      }
    }
    return half;
  };

  // Projects that are near in meaning to a word are helped by it where they hold a word of the
  // query, and found by it where they are very near.
  const nearer = async (said, words, asTyped) => {
    const { factor, alone } = boot.near;
    const asked = words.filter((word) => !asTyped(word)).map(({ term }) => term);
    await need("m", asked);
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
    const joined = runs(words, LONGEST_JOIN)
      .filter((run) => run[1])
      .map((run) => {
        const whole = run.map((word) => word.surface).join("");
        return [run, [whole, stem(whole)]];
      });
    // A run of words counts once as what means the same.
    const meant = runs(kept, kept.length).flatMap((run) => [
      [run, same(run, glossary), Math.max(NEAREST + 1, Math.floor(GLOSSARY / run.length))],
      [run, same(run, tasks), Math.max(1, Math.floor(TASK / run.length))],
    ]);
    const asked = [...joined, ...meant].flatMap(([, keys]) => keys);
    await need("w", [...kept.flatMap(forms), ...asked]);
    const add = (run, keys, factor) => {
      for (const matches of run.map((word) => found.get(word) ?? new Map())) {
        for (const key of keys) {
          if (get("w", key) && !matches.has(key)) matches.set(key, match("w", key, factor));
        }
      }
    };
    for (const word of kept) add([word], typedKeys(word), TYPED);
    for (const [run, keys] of joined) add(run, keys, TYPED);
    for (const [run, keys, factor] of meant) add(run, keys, factor);
    const asTyped = (word) => exact || word.quoted;
    for (const word of kept) {
      if (!asTyped(word) && isHalf(word.surface)) add([word], await longer(word.surface), LONGER);
    }
    const half = halfTyped(kept, found);
    const looked = kept.filter((word) => found.get(word).size || !stops.has(word.surface));
    const said = await Promise.all(
      looked.map((word) => {
        const matches = [...found.get(word).values()];
        return matches.length || asTyped(word)
          ? slot(word.surface, matches)
          : unfound(word, half.get(word));
      }),
    );
    return boot.near ? nearer(said, looked, asTyped) : said;
  };

  // The documents that hold a phrase, or a single word as typed; none of a phrase of small words.
  const holding = async (phrase) => {
    const told = telling(phrase);
    await need("w", told.flatMap(forms));
    const words = told.filter((word) => !stops.has(word.surface) || typedKeys(word)[0]);
    if (!words[1]) {
      return words[0] && new Set(typedKeys(words[0]).flatMap((key) => get("w", key).documents));
    }
    await need("l", words.flatMap(forms));
    let ends;
    for (const word of words) {
      const found = new Map();
      for (const [document, places] of forms(word).flatMap(placesOf)) {
        const on = places.filter((at) => !ends || ends.get(document)?.includes(at - 1));
        if (on[0] + 1) found.set(document, [...(found.get(document) ?? []), ...on]);
      }
      ends = found;
    }
    return new Set(ends.keys());
  };

  return { slots, holding };
};
