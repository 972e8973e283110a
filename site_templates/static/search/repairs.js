// Texts piece by piece, and what was searched instead of what was typed.

const WORD = /([\p{L}\p{N}][\p{L}\p{M}\p{N}'’&+#]*)/u;

// A text in pieces, what is a word changed by `change`.
export const pieces = (text, change) =>
  text.split(WORD).map((piece, at) => (at % 2 ? change(piece) : piece));

// A query with its repaired words put right.
export const instead = (text, { repairs, typed }) =>
  pieces(text.trim(), (piece) => {
    const [word, more] = typed(piece);
    return (!more && repairs.find(({ surface }) => surface === word?.surface)?.shown) || piece;
  }).join("");
