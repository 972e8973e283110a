// Opens the files of the index, each when it is first needed: index.py writes and explains them.

const VALUES = new Uint8Array(127);
for (let code = 35, n = 0; code < 126; code++) if (code !== 92) VALUES[code] = n++;

export const unique = (items) => [...new Set(items)];

// The lowest digits come first; a digit from 45 on says that more follow.
export const numbers = (text) => {
  const found = [];
  let sum = 0;
  let scale = 1;
  for (const sign of text) {
    const digit = VALUES[sign.charCodeAt()];
    sum += (digit % 45) * scale;
    scale *= 45;
    if (digit < 45) {
      found.push(sum);
      sum = 0;
      scale = 1;
    }
  }
  return found;
};

export const rising = (gaps) => {
  let at = -1;
  return gaps.map((gap) => (at += gap + 1));
};

export const posting = (text) => {
  const [rarity, ...rest] = numbers(text);
  const documents = rising(rest.filter((_, i) => 1 - (i % 2)));
  return { rarity, documents, impacts: rest.filter((_, i) => i % 2) };
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

// `load(name)` gives a file of the index, parsed; it may be asked for the same one again.
export async function openIndex(load) {
  const boot = await load("boot");
  const starts = { w: boot.words.split("|"), m: boot.near?.words.split("|") };
  const files = { ...boot.files };
  const shards = {};

  const place = (kind, key) => {
    let low = 0;
    let high = starts[kind].length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[kind][middle] <= key) low = middle;
      else high = middle;
    }
    return low;
  };
  const named = (kind, at = 0) => `${kind}-${files[kind][at]}`;
  // The names of files that few searches need are in a file of their own.
  const seldom = async () => {
    if (starts.p) return;
    const { pairs, places, files: others } = await load(named("d"));
    Object.assign(files, others);
    Object.assign(starts, { p: pairs.split("|"), l: places.split("|") });
  };
  const holding = (kind, key) => named(kind, place(kind, key));
  const halves = new Set();
  const shard = async (name) => {
    if (shards[name]) return;
    const { t, h } = await load(name);
    shards[name] = t;
    for (const key of h?.split(" ") ?? []) halves.add(key);
  };
  // Words ("w"), pairs ("p"), places ("l") or what is near in meaning ("m") must be fetched before
  // they can be got.
  const need = async (kind, keys) => {
    if (!starts[kind]) await seldom();
    await Promise.all(unique(keys.map((key) => holding(kind, key))).map(shard));
  };
  const get = (kind, key) => {
    const held = shards[holding(kind, key)];
    if (!Object.hasOwn(held, key)) return undefined;
    if (!held[key].rarity) held[key] = posting(held[key]);
    return held[key];
  };
  // Where a word stands: [document, places], for each document that holds it.
  const placesOf = (key) => {
    const held = shards[holding("l", key)];
    const read = Object.hasOwn(held, key) ? numbers(held[key]) : [];
    let at = 0;
    return (read.length ? get("w", key).documents : []).map((document) => [
      document,
      rising(read.slice(at + 1, (at += read[at] + 1))),
    ]);
  };
  const beginning = async (prefix) => {
    const found = [];
    const first = place("w", prefix);
    for (let at = first; at === first || starts.w[at]?.startsWith(prefix); at++) {
      await shard(named("w", at));
      found.push(...Object.keys(shards[named("w", at)]));
    }
    return found.filter((key) => key.startsWith(prefix));
  };

  // Words that begin with a letter: as written here ("s"), or of English ("e").
  const listed = async (kind, letter) => {
    await seldom();
    return files[kind][letter] ? (await load(named(kind, letter))).w.split(" ") : [];
  };

  // What means the same: for each key those that stand beside it and may be led to.
  const [glossary, tasks] = boot.meanings.map(readLines);

  // Whether a word is likely typed on the way to longer ones.
  const isHalf = (key) => halves.has(key);

  let columns;
  const facets = async () =>
    (columns ??= (await load(named("f"))).f.map(([name, values, aliases]) => ({
      name,
      values: values.map(([value, label, held]) => ({ value, label, held: rising(numbers(held)) })),
      alias: (said) => (Object.hasOwn(aliases, said) ? rising(numbers(aliases[said])) : []),
    })));

  const order = async (name) => {
    const orders = await load(named("o"));
    return numbers(orders[name] ?? orders.active);
  };

  const cards = async (wanted) => {
    const at = (number) => Math.floor(number / boot.cards);
    const files = new Map();
    const read = async (n) => files.set(n, (await load(`c${n}`)).c);
    await Promise.all(unique(wanted.map(at)).map(read));
    return wanted.map((number) => files.get(at(number))[number % boot.cards]);
  };

  const told = { boot, glossary, tasks };
  return { ...told, need, get, placesOf, beginning, listed, isHalf, facets, order, cards };
}
