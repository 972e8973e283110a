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

// `load(name)` gives a file of the index, parsed; it may be asked for the same one again.
export async function openIndex(load) {
  const boot = await load("boot");
  const starts = { w: boot.words.split("|"), p: boot.pairs.split("|") };
  if (boot.near) starts.m = boot.near.words.split("|");
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
  const named = (kind, at = 0) => `${kind}-${boot.files[kind][at]}`;
  const holding = (kind, key) => named(kind, place(kind, key));
  const shard = async (name) => (shards[name] ??= (await load(name)).t);
  // Words ("w"), pairs ("p") or what is near in meaning ("m") must be fetched before they can be got.
  const need = (kind, keys) =>
    Promise.all(unique(keys.map((key) => holding(kind, key))).map(shard));
  const get = (kind, key) => {
    const held = shards[holding(kind, key)];
    if (!Object.hasOwn(held, key)) return undefined;
    if (!held[key].rarity) held[key] = posting(held[key]);
    return held[key];
  };
  const beginning = async (prefix) => {
    const found = [];
    const first = place("w", prefix);
    for (let at = first; at === first || starts.w[at]?.startsWith(prefix); at++) {
      found.push(...Object.keys(await shard(named("w", at))));
    }
    return found.filter((key) => key.startsWith(prefix));
  };

  const spellings = async (letter) =>
    boot.files.s[letter] ? (await load(named("s", letter))).w.split(" ") : [];

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

  return { boot, need, get, beginning, spellings, facets, order, cards };
}
