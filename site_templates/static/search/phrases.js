// Finds phrases in quotes, as `holding` in match.py does. Loaded when somebody types one, or leaves
// something out.
import { numbers, rising } from "./numbers.js";

// Where a word stands: [document, places], for each document that holds it.
const placesOf = ({ get }, key) => {
  const read = numbers(get("l", key) ?? "");
  let at = 0;
  return (read.length ? get("w", key).documents : []).map((document) => [
    document,
    rising(read.slice(at + 1, (at += read[at] + 1))),
  ]);
};

// The documents that hold a phrase, or a single word as typed; none of a phrase of small words.
export const holding = async (index, phrase, words) => {
  const { needWords, knownForms, typedKeys, stops, telling } = words;
  const { need, get } = index;
  const told = telling(phrase);
  await needWords(told);
  const asked = told.filter((word) => !stops.has(word.surface) || typedKeys(word)[0]);
  if (!asked[1]) {
    return asked[0] && new Set(typedKeys(asked[0]).flatMap((key) => get("w", key).documents));
  }
  await need("l", asked.flatMap(knownForms));
  let ends;
  for (const word of asked) {
    const found = new Map();
    for (const [document, places] of knownForms(word).flatMap((key) => placesOf(index, key))) {
      const on = places.filter((at) => !ends || ends.get(document)?.includes(at - 1));
      if (on[0] + 1) found.set(document, [...(found.get(document) ?? []), ...on]);
    }
    ends = found;
  }
  return new Set(ends.keys());
};
