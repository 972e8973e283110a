// Opens the files of the index, each when it is first needed: index.py explains them.
import { numbers, posting } from "./numbers.js";
import { unique } from "./sets.js";

// `load(name)` gives a file of the index, parsed; it may be asked for the same one again.
export async function openIndex(load) {
  const boot = await load("boot");
  const starts = { w: boot.words.split("|") };
  const files = { ...boot.files };
  // What was read: words ("w"), pairs ("p"), places ("l") and what is near in meaning ("m").
  const held = { w: new Map(), p: new Map(), l: new Map(), m: new Map() };
  // Of each file of words that was read, what else it knows.
  const beside = {};

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
  // Two words stand where they would as one.
  const holding = (kind, key) =>
    named(kind, place(kind, kind === "p" ? key.replace(" ", "") : key));
  const put = (kind, told = {}) => {
    for (const [key, text] of Object.entries(told)) {
      if (!held[kind].has(key)) held[kind].set(key, text);
    }
  };
  // A file of words carries what they lead to: word_files.py says how.
  const shard = async (kind, name) => {
    const { t, a, m, g = {}, j = "", h = "" } = await load(name);
    put(kind, t);
    put(kind, a);
    put("m", m);
    const known = new Set([...Object.keys({ ...t, ...a }), ...j.split(" ")]);
    beside[name] = { known, halves: h.split(" "), meanings: new Map(Object.entries(g)) };
  };
  // Words, pairs or places must be fetched before they can be got; places as they are written.
  const need = async (kind, keys) => {
    if (!starts[kind]) await seldom();
    const names = unique(keys.map((key) => holding(kind, key)));
    await Promise.all(names.map((name) => beside[name] ?? shard(kind, name)));
  };
  const get = (kind, key) => {
    const found = held[kind].get(key);
    if (typeof found === "string" && kind !== "l") held[kind].set(key, posting(found));
    return held[kind].get(key);
  };
  const beginning = async (prefix) => {
    const first = place("w", prefix);
    let last = first + 1;
    while (starts.w[last]?.startsWith(prefix)) last++;
    const names = files.w.slice(first, last).map((_, at) => named("w", first + at));
    await Promise.all(names.map((name) => beside[name] ?? shard("w", name)));
    return [...held.w.keys()].filter((key) => key.startsWith(prefix));
  };

  const home = (key) => beside[holding("w", key)];
  // Whether the file that is read for a word knows another one, or that it is likely half typed.
  const knows = (key, other) => home(key).known.has(other);
  const isHalf = (key, surface) => home(key).halves.includes(surface);
  // The keys that mean the same as one of several words, and those of what does it.
  const meaning = (key) => home(key.split(" ")[0]).meanings.get(key) ?? [[], []];

  // What few searches need: words that begin with a letter, as written here, and whether English has
  // one; and all that means the same.
  const spellings = async (letter) => {
    await seldom();
    return files.s[letter] ? (await load(named("s", letter))).w.split(" ") : [];
  };
  const isEnglish = async (surface) => {
    await seldom();
    return (await load(holding("p", surface))).e.split(" ").includes(surface);
  };
  const meanings = async () => (await load(named("g"))).meanings;

  const facets = async () => (await load(named("f"))).f;

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

  // Whether a word is known to begin so, of the files that were read.
  const begins = (prefix) => [...held.w.keys()].some((key) => key.startsWith(prefix));

  const rare = { seldom, begins, spellings, isEnglish, meanings, facets, order };
  return { boot, need, get, beginning, knows, isHalf, meaning, cards, ...rare };
}
