// As aggregator/search does it: change both or neither. `load(name)` gives a file of the index.

const VALUES = new Uint8Array(127);
for (let code = 35, n = 0; code < 126; code++) if (code !== 92) VALUES[code] = n++;

// As files.py writes: lowest digits first.
const numbers = (text) => {
  const found = [];
  let sum = 0, scale = 1;
  for (const sign of text) {
    const digit = VALUES[sign.charCodeAt()];
    sum += (digit % 45) * scale;
    if (digit < 45) { found.push(sum); sum = 0; scale = 1; } else scale *= 45;
  }
  return found;
};
const rising = (gaps) => { let at = -1; return gaps.map((gap) => (at += gap + 1)); };
const posting = (text) => {
  const [rarity, ...rest] = numbers(text);
  return { rarity, documents: rising(rest.filter((_, i) => 1 - i % 2)), impacts: rest.filter((_, i) => i % 2) };
};

const has = Object.hasOwn;
const unique = (items) => [...new Set(items)];
const ACRONYM = /^[A-Z][A-Z0-9]{1,5}s?$/;

export async function open(load) {
  const boot = await load("boot");
  const rules = (pairs) => pairs.map(([from, to]) => [new RegExp(from), to]);
  const spellings = rules(boot.spellings), endings = boot.endings.map(rules);
  const stops = new Set(boot.stop.split(" ")), begun = boot.begun.split(" ");
  const starts = { w: boot.words.split("|"), p: boot.pairs.split("|") };
  const [TYPED, BEGUN, MEANT, GLOSSARY] = boot.factors;
  const [LONGEST, MOST_WORDS, MOST_BEGUN, LONGEST_JOIN] = boot.limits;
  const [SHORTEST, LONG] = boot.slips;
  const shards = {}, known = Object.create(null);
  const [DROPPED, APOSTROPHE, TOKEN, UNIT, SPACE, CHUNK] = boot.patterns.map((each) => new RegExp(each, "gu"));

  const tokens = (text) => (text.normalize("NFKD").replace(DROPPED, "").normalize()
    .replace(/[^]/gu, (sign) => boot.fold[sign] ?? sign).replace(APOSTROPHE, "").match(TOKEN) ?? []).flatMap((token) => {
    const units = token.match(UNIT) ?? [];
    return units[1] ? units.slice(1).map((unit, i) => units[i] + unit) : token;
  });

  const stem = (word) => known[word] ??= word.length > 60 ? word : stripped(word);
  const stripped = (word) => {
    if (!/^[a-z]{4,}$/.test(word)) return word;
    for (const [from, to] of spellings) word = word.replace(from, to);
    for (const group of endings) {
      const rule = group.find(([from]) => from.test(word));
      if (rule) word = word.replace(...rule);
    }
    return word;
  };
  const typed = (text) => tokens(text).map((token) => {
    const acronym = ACRONYM.test(token);
    const surface = (acronym ? token.replace(/s$/, "") : token).toLowerCase();
    return { surface, term: acronym ? surface : stem(surface), acronym };
  });
  const telling = (words) => {
    const kept = words.filter((word) => word.acronym || !stops.has(word.surface));
    return kept.length ? kept : words;
  };
  const parse = (text) => {
    const asked = { words: [], phrases: [], excluded: [], filters: [] };
    const cut = [...text].slice(0, LONGEST).join("").replace(SPACE, " ");
    for (const [, minus, name = "", quoted = "", bare = ""] of cut.matchAll(CHUNK)) {
      const field = name.toLowerCase(), value = quoted || bare, found = typed(`${name} ${value}`);
      if (!minus && has(boot.fields, field)) asked.filters.push([boot.fields[field], value]);
      else if (minus) asked.excluded.push(found);
      else {
        asked.words.push(...found);
        if (quoted) asked.phrases.push(found);
      }
    }
    asked.words.splice(MOST_WORDS);
    for (const name of ["phrases", "excluded"]) asked[name] = asked[name].filter((words) => words.length);
    return asked;
  };

  const place = (kind, key) => {
    let low = 0, high = starts[kind].length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[kind][middle] <= key) low = middle; else high = middle;
    }
    return low;
  };
  const shard = async (name) => shards[name] ??= (await load(name)).t;
  const need = (kind, keys) => Promise.all(
    unique(keys.map((key) => kind + place(kind, key))).map(shard));
  const get = (kind, key) => {
    const held = shards[kind + place(kind, key)];
    if (has(held, key)) return held[key].rarity ? held[key] : held[key] = posting(held[key]);
  };

  const forms = (word) => unique([word.term, word.acronym ? stem(word.surface) : word.surface]);
  const typedKeys = (word) => {
    const found = forms(word).filter((key) => get("w", key));
    return word.acronym ? found.slice(0, 1) : found;
  };
  const add = (sources, key, factor) => {
    const held = get("w", key);
    if (held && !sources.has(key)) sources.set(key, { key, factor, ...held });
  };
  const runs = (words, longest) => words.flatMap((_, start) => words.slice(start)
    .map((_, extra) => words.slice(start, start + extra + 1)).slice(0, longest));

  const beginning = async (prefix) => {
    const found = [], first = place("w", prefix);
    for (let at = first; at === first || starts.w[at]?.startsWith(prefix); at++) {
      found.push(...Object.keys(await shard("w" + at)));
    }
    return found.filter((key) => key.startsWith(prefix) && !key.includes(" "));
  };
  const short = (text) => text.length < 3 && text < "\u0e01";
  const begins = async ({ term, surface }) => {
    if (short(surface)) return [];
    for (const prefix of unique([term, surface, surface.replace(/is(a|at|ati|atio|i|in|)$/, "iz")])) {
      const keys = short(prefix) ? [] : await beginning(prefix);
      if (keys.length) {
        const size = (key) => get("w", key).documents.length;
        return keys.sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1)).slice(0, MOST_BEGUN);
      }
    }
    for (let length = surface.length - 1; length > 4; length--) {
      const key = surface.slice(0, length), rest = surface.slice(length);
      await need("w", [key]);
      if (get("w", key) && begun.some((ending) => ending.startsWith(rest))) return [key];
    }
    return [];
  };
  const split = async (surface) => {
    const pairs = [];
    for (let at = 3; at < surface.length - 2; at++) {
      pairs.push(`${stem(surface.slice(0, at))} ${stem(surface.slice(at))}`);
    }
    await need("p", pairs);
    return pairs.filter((pair) => get("p", pair))
      .reduce((best, pair) => (!best || get("p", pair).rarity < get("p", best).rarity ? pair : best), "");
  };
  const distance = (one, two) => {
    let before = [], line = [...Array(two.length + 1).keys()];
    for (let i = 1; i <= one.length; i++) {
      const next = [i], a = one[i - 1];
      for (let j = 1; j <= two.length; j++) {
        const b = two[j - 1], change = a === b ? 0 : 1;
        let cost = Math.min(line[j] + 1, next[j - 1] + 1, line[j - 1] + change);
        if (i > 1 && j > 1 && a === two[j - 2] && b === one[i - 2]) cost = Math.min(cost, before[j - 2] + 1);
        next.push(cost);
      }
      before = line; line = next;
    }
    return line[two.length];
  };
  const repair = async (surface) => {
    if (surface.length < SHORTEST || !boot.letters.includes(surface[0])) return "";
    let best = "", nearest = surface.length < LONG ? 2 : 3;
    for (const other of (await load(`s-${surface[0]}`)).w.split(" ")) {
      if (Math.abs(other.length - surface.length) < nearest) {
        const steps = distance(surface, other);
        if (steps < nearest) { best = other; nearest = steps; }
      }
    }
    return best;
  };
  const slot = (surface, sources, shown = "") => {
    const asTyped = sources.filter(({ factor }) => factor === TYPED);
    const weighed = asTyped.length ? asTyped : sources.length ? sources : [{ rarity: boot.unknown }];
    return { surface, rarity: Math.min(...weighed.map(({ rarity }) => rarity)), sources, shown: sources.length ? shown : "" };
  };
  const finished = async (word, sources, half, exact) => {
    const { surface } = word;
    if (sources.size || exact) return slot(surface, [...sources.values()]);
    const from = (kind, keys, factor) => keys.map((key) => ({ key, factor, ...get(kind, key) }));
    const keys = unique([...await begins(word), ...half]);
    await need("w", half);
    if (keys.length) return slot(surface, from("w", keys, BEGUN));
    const pair = await split(surface);
    if (pair) return slot(surface, from("p", [pair], MEANT), pair);
    const meant = await repair(surface), likely = unique([stem(meant), meant]);
    await need("w", likely);
    return slot(surface, from("w", likely.filter((key) => get("w", key)), MEANT), meant);
  };
  const slots = async (asked, exact) => {
    const kept = telling(asked.words), found = kept.map(() => new Map());
    const joined = runs(asked.words, LONGEST_JOIN).filter((run) => run.length > 1).map((run) => {
      const whole = run.map((word) => word.surface).join("");
      return [run, unique([whole, stem(whole)])];
    });
    const same = runs(kept, kept.length).map((run) => {
      const key = run.map((word) => word.term).join(" ");
      return [run, has(boot.glossary, key) ? boot.glossary[key] : []];
    });
    await need("w", [...kept.flatMap(forms), ...[...joined, ...same].flatMap(([, keys]) => keys)]);
    kept.forEach((word, at) => typedKeys(word).forEach((key) => add(found[at], key, TYPED)));
    for (const [group, factor] of [[joined, TYPED], [same, GLOSSARY]]) {
      for (const [run, keys] of group) {
        for (const word of run) {
          const at = kept.indexOf(word);
          if (at >= 0) keys.forEach((key) => add(found[at], key, factor));
        }
      }
    }
    const half = new Map(kept.map((word) => [word, []]));
    for (const run of runs(kept, LONGEST_JOIN)) {
      if (!run[1] || run.some((word) => found[kept.indexOf(word)].size)) continue;
      for (const key in boot.glossary) {
        const terms = key.split(" ");
        if (run.every(({ surface }, i) => terms[i]?.startsWith(surface))) run.forEach((word) => half.get(word).push(...boot.glossary[key]));
      }
    }
    return Promise.all(kept.map((word, at) => finished(word, found[at], half.get(word), exact)));
  };

  const rank = (list) => {
    const { n } = boot, [sums, covered, best] = [0, 0, 0].map(() => new Float64Array(n));
    for (const { rarity, sources } of list) {
      for (const { factor, documents, impacts } of sources) {
        documents.forEach((number, i) => { best[number] = Math.max(best[number], factor * impacts[i]); });
      }
      for (const { documents } of sources) for (const number of documents) {
        sums[number] += rarity * best[number];
        covered[number] += best[number] && rarity;
        best[number] = 0;
      }
    }
    // Score and number in one: plain numbers sort fastest.
    const ranked = sums.map((sum, number) => sum * covered[number] * n - number);
    return Array.from(ranked.filter((each) => each > 0).sort().reverse(), (each) => (n - each % n) % n);
  };
  const narrow = (numbers, sets) => (
    sets.length ? numbers.filter((number) => sets.every((set) => set.has(number))) : numbers);
  const holding = async (phrase) => {
    const words = telling(phrase);
    const pairs = words.slice(1).map((word, i) => `${words[i].term} ${word.term}`);
    if (!pairs.length) {
      await need("w", forms(words[0]));
      return new Set(typedKeys(words[0]).flatMap((key) => get("w", key).documents));
    }
    await need("p", pairs);
    const sets = pairs.map((pair) => new Set(get("p", pair)?.documents));
    return new Set(narrow([...sets[0]], sets));
  };
  let columns, orders;
  const facets = async () => (columns ??= (await load("f")).f.map(([name, values, aliases]) => ({
    name, aliases, values: values.map(([value, label, held]) => ({ value, label, held: rising(numbers(held)) })),
  })));
  const folded = (text) => tokens(text).map((token) => token.toLowerCase());
  const chosen = ({ values }, text) => {
    const wanted = folded(text), is = (label) => folded(label).join(" ") === wanted.join(" ");
    const same = values.filter(({ value, label }) => is(value) || is(label));
    return same.length || !wanted.length ? same
      : values.filter(({ label }) => wanted.every((word) => folded(label).includes(word)));
  };
  const wantedBy = async (asked, filters) => {
    const wanted = {};
    if (!asked.filters.length && !Object.values(filters).some((values) => values.length)) return wanted;
    for (const facet of await facets()) {
      const said = asked.filters.filter(([name]) => name === facet.name);
      const values = new Set(filters[facet.name] ?? []);
      for (const [, text] of said) chosen(facet, text).forEach(({ value }) => values.add(value));
      if (values.size || said.length) {
        const held = facet.values.map(({ value, held }) => (values.has(value) ? held : []));
        for (const [, text] of said) {
          const name = folded(text).join(" ");
          if (has(facet.aliases, name)) held.push(rising(numbers(facet.aliases[name])));
        }
        wanted[facet.name] = new Set(held.flat());
      }
    }
    return wanted;
  };

  const search = async (text, { filters = {}, order = "relevance", exact = false } = {}) => {
    const asked = parse(text), list = await slots(asked, exact);
    const wanted = await wantedBy(asked, filters);
    const all = Object.keys(wanted).length || asked.excluded.length ? boot.n : 0;
    let ranked = list.length ? rank(list) : [...Array(all).keys()];
    for (const phrase of asked.phrases) ranked = narrow(ranked, [await holding(phrase)]);
    for (const unwanted of asked.excluded) {
      const held = await holding(unwanted);
      ranked = ranked.filter((number) => !held.has(number));
    }
    let hits = narrow(ranked, Object.values(wanted));
    if (hits.length && (order !== "relevance" || !list.length)) {
      orders ??= await load("o");
      const places = [];
      numbers(orders[order] ?? orders.active).forEach((number, at) => { places[number] = at; });
      hits = [...hits].sort((a, b) => places[a] - places[b]);
    }
    return { hits, ranked, wanted, slots: list,
      changes: list.filter(({ shown }) => shown),
      unmatched: list.filter(({ sources }) => !sources.length).map(({ surface }) => surface) };
  };

  // Each value under what the other facets chose.
  const count = async ({ ranked, wanted }) => (await facets()).map(({ name, values }) => {
    const others = Object.keys(wanted).filter((other) => other !== name).map((other) => wanted[other]);
    const under = new Uint8Array(boot.n);
    for (const number of narrow(ranked, others)) under[number] = 1;
    const counted = values.map(({ value, label, held }) => (
      { value, label, count: held.reduce((sum, number) => sum + under[number], 0) }));
    return { name, values: counted };
  });

  const cards = async (numbers) => {
    const at = (number) => Math.floor(number / boot.cards);
    const files = new Map();
    await Promise.all(unique(numbers.map(at)).map(async (n) => files.set(n, (await load(`c${n}`)).c)));
    return numbers.map((number) => files.get(at(number))[number % boot.cards]);
  };

  return { boot, search, count, cards, typed };
}
