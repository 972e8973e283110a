// Reads what somebody typed, as query.py does: words, "quoted phrases", -left out, field:value.
import { LONGEST_WORD } from "./tokens.js";

export const readQueries = (boot, { typed }) => {
  const stops = new Set(boot.stop.split(" "));
  const [space, chunk] = boot.patterns.slice(-2).map((each) => new RegExp(each, "gu"));
  const [LONGEST, MOST_WORDS] = boot.limits;

  const telling = (words) => {
    const kept = words.filter((word) => word.acronym || !stops.has(word.surface));
    return kept.length ? kept : words;
  };

  const parse = (text) => {
    const words = [];
    const phrases = [];
    const excluded = [];
    const filters = [];
    const signs = [...text];
    let cut = signs.length > LONGEST;
    const said = signs.slice(0, LONGEST).join("").replace(space, " ");
    for (const [, minus, name = "", quoted = "", bare = ""] of said.matchAll(chunk)) {
      const field = name.toLowerCase();
      const value = quoted || bare;
      const all = typed(`${name} ${value}`);
      const found = all.filter(({ surface }) => [...surface].length <= LONGEST_WORD);
      cut ||= found.length < all.length;
      if (minus) excluded.push(found);
      else if (Object.hasOwn(boot.fields, field)) filters.push([boot.fields[field], value]);
      else {
        words.push(...found);
        if (quoted) phrases.push(found);
      }
    }
    const told = (each) => each.length;
    return {
      words: words.slice(0, MOST_WORDS),
      phrases: phrases.filter(told),
      excluded: excluded.filter(told),
      filters,
      cut: cut || words.length > MOST_WORDS,
    };
  };

  return { stops, telling, parse };
};
