// Each run of neighbours, from every word on.
export const runs = (words, longest) =>
  words.flatMap((_, start) =>
    words.slice(start, start + longest).map((_, extra) => words.slice(start, start + extra + 1)),
  );
