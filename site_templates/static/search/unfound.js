// What a word may stand for that matches nothing as typed, as the second half of match.py finds it.
import { runs } from "./runs.js";
import { unique } from "./sets.js";

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

// Lines of keys that mean the same, as synonyms.py writes them: a dash stands before what no other
// leads to.
const readLines = (text) => {
  const found = new Map();
  for (const line of text.split("\n").map((each) => each.split("|"))) {
    for (const side of line) {
      const others = line.filter((other) => other !== side && other[0] !== "-");
      const key = side.replace(/^-/, "");
      found.set(key, unique([...(found.get(key) ?? []), ...others]));
    }
  }
  return found;
};

const short = (text) => text.length < 3 && text < "\u0e01";

// What comes of it takes all words that are looked up, with what was found of each; what comes of
// that finds something for one of which nothing was.
export const readUnfound = (index, { stem }, { longer, match, slot }) => {
  const { boot, need, get, spellings, isEnglish, meanings } = index;
  const [, BEGUN, MEANT] = boot.factors;
  const [, , MOST_BEGUN, LONGEST_JOIN] = boot.limits;
  const [SHORTEST, LONG] = boot.slips;
  const endings = boot.begun.split(" ");

  // All two words that it may be, and whether English has it, which stands in the same file.
  const needPairs = async (surface) => {
    const pairs = [];
    for (let at = 3; at < surface.length - 2; at++) {
      const two = [surface.slice(0, at), surface.slice(at)];
      pairs.push([two.map(stem).join(" "), two.join(" ")]);
    }
    await need("p", [surface, ...pairs.map(([key]) => key)]);
    return pairs;
  };
  const begun = async ({ term, surface }) => {
    if (short(surface)) return [];
    const british = surface.replace(/is(a|at|ati|atio|i|in|)$/, "iz");
    for (const prefix of unique([term, surface, british])) {
      const keys = short(prefix) ? [] : await longer(prefix);
      if (keys.length) return keys;
    }
    const shorter = [];
    for (let length = surface.length - 1; length > 4; length--) {
      const rest = surface.slice(length);
      if (endings.some((ending) => ending.startsWith(rest))) shorter.push(surface.slice(0, length));
    }
    await need("w", shorter);
    const key = shorter.find((each) => get("w", each));
    if (key) return [key];
    // What is needed if it begins nothing comes at once with what tells that.
    const [listed] = await Promise.all([spellings(surface[0]), needPairs(surface)]);
    const written = listed.filter((other) => other.startsWith(surface));
    const stems = unique(written.map(stem)).slice(0, MOST_BEGUN);
    await need("w", stems);
    return stems.filter((key) => get("w", key));
  };
  // The commonest two words that it may be, as a key and as written.
  const asTwoWords = async (surface) => {
    const pairs = await needPairs(surface);
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
    if (await isEnglish(surface)) return best;
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
  const halfTyped = async (kept, found) => {
    const half = new Map(kept.map((word) => [word, []]));
    for (const run of runs(kept, LONGEST_JOIN)) {
      if (!run[1] || run.some((word) => found.get(word).size)) continue;
      for (const [key, others] of readLines((await meanings())[0])) {
        const terms = key.split(" ");
        if (run.every(({ surface }, i) => terms[i]?.startsWith(surface))) {
          for (const word of run) half.get(word).push(...others);
        }
      }
    }
    return half;
  };

  return async (kept, found) => {
    const half = await halfTyped(kept, found);
    return (word) => unfound(word, half.get(word));
  };
};
