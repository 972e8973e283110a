// Turns text into the words that search compares, by the rules of tokens.py, which come in `boot`.

const ACRONYM = /^[A-Z][A-Z0-9]{1,5}s?$/;
export const LONGEST_WORD = 60;

export const readTokens = (boot) => {
  const [dropped, apostrophe, token, unit] = boot.patterns.map((each) => new RegExp(each, "gu"));
  const rules = (pairs) => pairs.map(([from, to]) => [new RegExp(from), to]);
  const spellings = rules(boot.spellings);
  const endings = boot.endings.map(rules);
  const known = Object.create(null);

  const plain = (text) =>
    text
      .normalize("NFKD")
      .replace(dropped, "")
      .normalize()
      .replace(/[^]/gu, (sign) => boot.fold[sign] ?? sign)
      .replace(apostrophe, "");

  // Where no spaces are written, each two signs that stand together are a word.
  const inTwos = (word) => {
    const units = word.match(unit) ?? [];
    return units[1] ? units.slice(1).map((each, i) => units[i] + each) : word;
  };
  const tokens = (text) => (plain(text).match(token) ?? []).flatMap(inTwos);

  const stripped = (word) => {
    if (!/^[a-z]{4,}$/.test(word)) return word;
    for (const [from, to] of spellings) word = word.replace(from, to);
    for (const group of endings) {
      const rule = group.find(([from]) => from.test(word));
      if (rule) word = word.replace(...rule);
    }
    return word;
  };
  const stem = (word) => (known[word] ??= word.length > LONGEST_WORD ? word : stripped(word));

  // The words of a text as typed; an acronym keeps every letter.
  const typed = (text) =>
    tokens(text).map((each) => {
      const acronym = ACRONYM.test(each);
      const surface = (acronym ? each.replace(/s$/, "") : each).toLowerCase();
      return { surface, term: acronym ? surface : stem(surface), acronym };
    });

  return { tokens, stem, typed };
};
