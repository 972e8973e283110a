// Scores documents for the slots of a query in whole numbers, as rank.py does.

export const rank = (slots, count) => {
  const [sums, covered, best] = [0, 0, 0].map(() => new Float64Array(count));
  for (const { rarity, matches } of slots) {
    for (const { factor, documents, impacts } of matches) {
      documents.forEach((number, i) => {
        best[number] = Math.max(best[number], factor * impacts[i]);
      });
    }
    for (const { documents } of matches) {
      for (const number of documents) {
        sums[number] += rarity * best[number];
        covered[number] += best[number] && rarity;
        best[number] = 0;
      }
    }
  }
  // Score and number in one: plain numbers sort fastest.
  const ranked = sums.map((sum, number) => sum * covered[number] * count - number);
  const found = ranked
    .filter((each) => each > 0)
    .sort()
    .reverse();
  return Array.from(found, (each) => (count - (each % count)) % count);
};
