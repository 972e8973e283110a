// Scores documents for the slots of a query in whole numbers, as rank.py does.

export const rank = (slots, count, [HELD_WELL, HELD_STEP]) => {
  const [sums, covered, best] = [0, 0, 0].map(() => new Float64Array(count));
  const found = new Set();
  for (const { rarity, matches } of slots) {
    for (const { factor, documents, impacts } of matches) {
      documents.forEach((number, i) => {
        best[number] = Math.max(best[number], factor * impacts[i]);
      });
    }
    for (const { documents } of matches) {
      for (const number of documents) {
        if (!best[number]) continue;
        sums[number] += rarity * best[number];
        const held = Math.floor(Math.min(best[number], HELD_WELL) / HELD_STEP);
        covered[number] += rarity * Math.max(1, held);
        best[number] = 0;
        found.add(number);
      }
    }
  }
  const scores = sums.map((sum, number) => sum * covered[number]);
  return [...found].sort((a, b) => scores[b] - scores[a] || a - b);
};
