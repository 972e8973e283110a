// Searches for what somebody is still typing, so that results do not come and go with each letter.

// Letters from which something may be a word that nothing holds.
const WHOLE = 3;
// Letters of a further word from which it changes results while it is typed.
const SURE = 4;

// A last word that is perhaps half typed is as if it were not there yet where nothing holds it, and
// while it is short and others stand before it. Gives what was found with `said`, the text that was
// searched; whether nothing is found so far (`waits`); and whether the whole is to be searched once
// typing has paused (`settles`).
export const searched = async ({ search, typed }, text, options, typing) => {
  const found = { ...(await search(text, options)), typed, said: text };
  if (!typing) return found;
  const [half = ""] = text.match(/\S+$/) ?? [];
  const last = typed(half).at(-1)?.surface ?? "";
  const missing = ({ surface, matches: [first] }) => surface === last && !first;
  const known = found.hits.length > 0 && !found.slots.some(missing);
  if (known && (!half || last.length >= SURE)) return found;
  const said = text.slice(0, text.length - half.length);
  const before = half ? await search(said, options) : found;
  if (known && !before.hits.length) return found;
  const settles = known || (!found.common.length && (!half || last.length >= WHOLE));
  return { ...before, typed, said, settles, waits: !before.hits.length };
};
