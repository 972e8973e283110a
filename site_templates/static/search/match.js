// Finds what each typed word stands for in the index. As match.py does it, in the same order:
// change both or neither.
import { narrowed } from "./facets.js";
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

export const readMatches = ({ boot, need, get, beginning, spellings }, { stem }, { telling }) => {
  const [TYPED, BEGUN, MEANT, GLOSSARY] = boot.factors;
  const [, , MOST_BEGUN, LONGEST_JOIN] = boot.limits;
  const [SHORTEST, LONG] = boot.slips;
  const endings = boot.begun.split(" ");

  const forms = (word) => unique([word.term, word.acronym ? stem(word.surface) : word.surface]);
  const typedKeys = (word) => {
    const found = forms(word).filter((key) => get("w", key));
    return word.acronym ? found.slice(0, 1) : found;
  };
  const same = (run) => {
    const key = run.map((word) => word.term).join(" ");
    return Object.hasOwn(boot.glossary, key) ? boot.glossary[key] : [];
  };

  // A word is weighed by the commonest list as typed, or else by the commonest of all.
  const slot = (surface, matches, shown = "") => {
    const asTyped = matches.filter(({ factor }) => factor === TYPED);
    const weighed = asTyped.length ? asTyped : matches;
    const rarities = weighed.length ? weighed.map(({ rarity }) => rarity) : [boot.unknown];
    return { surface, rarity: Math.min(...rarities), matches, shown: matches.length ? shown : "" };
  };

  const begun = async ({ term, surface }) => {
    if (short(surface)) return [];
    const size = (key) => get("w", key).documents.length;
    const british = surface.replace(/is(a|at|ati|atio|i|in|)$/, "iz");
    for (const prefix of unique([term, surface, british])) {
      const all = short(prefix) ? [] : await beginning(prefix);
      const keys = all.filter((key) => !key.includes(" "));
      keys.sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
      if (keys.length) return keys.slice(0, MOST_BEGUN);
    }
    for (let length = surface.length - 1; length > 4; length--) {
      const key = surface.slice(0, length);
      const rest = surface.slice(length);
      await need("w", [key]);
      if (get("w", key) && endings.some((ending) => ending.startsWith(rest))) return [key];
    }
    return [];
  };
  const asTwoWords = async (surface) => {
    const pairs = [];
    for (let at = 3; at < surface.length - 2; at++) {
      pairs.push(`${stem(surface.slice(0, at))} ${stem(surface.slice(at))}`);
    }
    await need("p", pairs);
    const rarity = (pair) => get("p", pair).rarity;
    return pairs
      .filter((pair) => get("p", pair))
      .reduce((best, pair) => (!best || rarity(pair) < rarity(best) ? pair : best), "");
  };
  const repaired = async (surface) => {
    let best = "";
    let nearest = surface.length < LONG ? 2 : 3;
    if (surface.length < SHORTEST) return best;
    for (const other of await spellings(surface[0])) {
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
      keys.map((key) => ({ key, factor, ...get(kind, key) })).filter(({ rarity }) => rarity);
    const keys = unique([...(await begun(word)), ...half]);
    await need("w", half);
    if (keys.length) return slot(surface, matches("w", keys, BEGUN));
    const pair = await asTwoWords(surface);
    if (pair) return slot(surface, matches("p", [pair], MEANT), pair);
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
      for (const key in boot.glossary) {
        const terms = key.split(" ");
        if (run.every(({ surface }, i) => terms[i]?.startsWith(surface))) {
          for (const word of run) half.get(word).push(...boot.glossary[key]);
        }
      }
    }
    return half;
  };

  // Projects that are near in meaning to a word are helped by it where they hold another one, and
  // found by it where they are very near.
  const nearer = async (said, kept) => {
    const { factor, alone } = boot.near;
    await need(
      "m",
      kept.map(({ term }) => term),
    );
    const held = new Set(said.flatMap(({ matches }) => matches.flatMap((each) => each.documents)));
    return said.map((slot, i) => {
      const { documents = [], impacts = [] } = get("m", kept[i].term) ?? {};
      const counts = (_, at) => held.has(documents[at]) || impacts[at] >= alone;
      const near = { documents: documents.filter(counts), impacts: impacts.filter(counts) };
      if (!near.documents.length) return slot;
      const match = { key: kept[i].term, factor, near: true, ...near };
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
    const glossary = runs(kept, kept.length).map((run) => [run, same(run)]);
    const asked = [...joined, ...glossary].flatMap(([, keys]) => keys);
    await need("w", [...kept.flatMap(forms), ...asked]);
    const add = (run, keys, factor) => {
      for (const matches of run.map((word) => found.get(word) ?? new Map())) {
        for (const key of keys) {
          const held = get("w", key);
          if (held && !matches.has(key)) matches.set(key, { key, factor, ...held });
        }
      }
    };
    for (const word of kept) add([word], typedKeys(word), TYPED);
    for (const [run, keys] of joined) add(run, keys, TYPED);
    for (const [run, keys] of glossary) add(run, keys, GLOSSARY);
    const half = halfTyped(kept, found);
    const said = await Promise.all(
      kept.map((word) => {
        const matches = [...found.get(word).values()];
        return matches.length || exact
          ? slot(word.surface, matches)
          : unfound(word, half.get(word));
      }),
    );
    return exact || !boot.near ? said : nearer(said, kept);
  };

  // The documents that hold a phrase, or a single word as typed.
  const holding = async (phrase) => {
    const words = telling(phrase);
    const pairs = words.slice(1).map((word, i) => `${words[i].term} ${word.term}`);
    if (!pairs.length) {
      await need("w", forms(words[0]));
      return new Set(typedKeys(words[0]).flatMap((key) => get("w", key).documents));
    }
    await need("p", pairs);
    const sets = pairs.map((pair) => new Set(get("p", pair)?.documents));
    return new Set(narrowed([...sets[0]], sets));
  };

  return { slots, holding };
};
