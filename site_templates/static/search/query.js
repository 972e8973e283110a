// Reads what somebody typed, as query.py does: words, "quoted phrases", -left out, field:value,
// AND, OR and NOT.
import { LONGEST_WORD } from "./tokens.js";

export const readQueries = (boot, { typed }) => {
  const stops = new Set(boot.stop.split(" "));
  const [space, chunk] = boot.patterns.slice(-2).map((each) => new RegExp(each, "gu"));
  const asking = new RegExp(boot.asking, "iu");
  const closing = new RegExp(boot.closing, "iu");
  const [LONGEST, MOST_WORDS] = boot.limits;

  const telling = (words) => {
    const kept = words.filter((word) => word.acronym || !stops.has(word.surface));
    return kept.length ? kept : words;
  };

  const parse = (text) => {
    const words = [];
    const groups = [];
    const excluded = [];
    const filters = [];
    const barred = [];
    const unknown = [];
    const quotes = new Set();
    const same = ({ surface, acronym }) => `${surface} ${acronym}`;
    const signs = [...text];
    let cut = signs.length > LONGEST;
    const said = signs
      .slice(0, LONGEST)
      .join("")
      .replace(space, " ")
      .replace(/^ +| +$/g, "");
    const chunks = [...said.replace(asking, "").replace(closing, "$1$2").matchAll(chunk)];
    let before = "";
    chunks.forEach(([, dash, name = "", quoted = "", bare = ""], at) => {
      // In capitals, and only between two pieces: `OR` alone may be an operating room.
      const joins = !(dash || name || quoted) && chunks[at + 1];
      if (joins && (bare === "NOT" || (at && /^(AND|OR)$/.test(bare)))) {
        before = bare;
        return;
      }
      const by = before;
      before = "";
      const minus = dash || by === "NOT";
      const field = name.toLowerCase();
      if (Object.hasOwn(boot.fields, field)) {
        (minus ? barred : filters).push([boot.fields[field], quoted || bare]);
        return;
      }
      if (name && !bare.startsWith("//")) unknown.push(name);
      const all = typed(`${name} ${quoted || bare}`);
      const found = all.filter(({ surface }) => [...surface].length <= LONGEST_WORD);
      cut ||= found.length < all.length;
      if (!found.length) return;
      if (minus) {
        excluded.push(found);
        return;
      }
      if (quoted) for (const word of found) quotes.add(same(word));
      words.push(...found);
      const last = groups.at(-1);
      if (by === "AND" && last) last.must = true;
      if (by !== "OR" || !last) groups.push({ phrases: [] });
      const group = groups.at(-1);
      group.phrases.push(found);
      group.must ||= !!(quoted || by);
    });
    for (const word of words) word.quoted = quotes.has(same(word));
    return {
      words: words.slice(0, MOST_WORDS),
      required: groups.filter(({ must }) => must).map(({ phrases }) => phrases),
      excluded,
      filters,
      barred,
      unknown,
      cut: cut || words.length > MOST_WORDS,
    };
  };

  return { stops, telling, parse };
};
