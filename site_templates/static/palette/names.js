// Finds what has a name, such as a tag or a person, in the files that palette.py writes.

// How a name holds what was typed: not at all, somewhere, at its beginning, or word for word.
const [ABSENT, WITHIN, BEGINS] = [0, 1, 2];
export const SAME = 3;

const holds = (words, asked) =>
  asked.every(({ surface, term }) =>
    words.some((word) => word.surface.startsWith(surface) || word.term === term),
  );

export const readNames = (boot, load, typed) => {
  const nearness = (asked, text, note = "") => {
    const words = typed(text);
    if (!holds([...words, ...typed(note)], asked)) return ABSENT;
    const same = asked.every(({ surface }, at) => words[at]?.surface === surface);
    if (same && asked.length === words.length) return SAME;
    return asked.every(({ surface }, at) => words[at]?.surface.startsWith(surface))
      ? BEGINS
      : WITHIN;
  };

  // The file of a letter, or else the one that has no letter of its own.
  const file = async (letter) => {
    const own = boot.names?.indexOf(letter) ?? -1;
    const at = own < 0 ? (boot.names?.indexOf("") ?? -1) : own;
    return at < 0 ? {} : load(`n-${boot.files.n[at]}`);
  };

  // [kind, found] for each kind that has any, those found as { text, path, count, note, near }.
  const find = async (text) => {
    const asked = typed(text);
    if (!asked.length) return [];
    const { projects: _, ...kinds } = await file(asked[0].surface[0]);
    return Object.entries(kinds).flatMap(([kind, rows]) => {
      const found = rows
        .map(([text, path, count, note]) => {
          return { text, path, count, note, near: nearness(asked, text, note) };
        })
        .filter(({ near }) => near)
        .sort((a, b) => b.near - a.near || b.count - a.count);
      return found.length ? [[kind, found]] : [];
    });
  };

  // The titles of projects by their number, where the site is small enough to list them.
  const titles = async () => (boot.names?.[1] ? undefined : (await file("")).projects);

  return { find, titles, nearness };
};
