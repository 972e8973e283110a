// Scores documents for the slots of a query in whole numbers, as rank.py does.

// Gives all that hold a word, best first; the tier of each: 0 holds all, 1 some, 2 none; and which
// hold something, and only a little, of what was typed.
export const rank = (slots, count, [HELD_WELL, HELD_STEP, LITTLE]) => {
  const [sums, covered, best, holds, words] = Array.from(Array(5), () => new Float64Array(count));
  const found = new Set();
  let asked = 0;
  for (const { rarity, matches } of slots) {
    asked += rarity;
    for (const { factor, documents, impacts, near } of matches) {
      documents.forEach((number, i) => {
        best[number] = Math.max(best[number], factor * impacts[i]);
        if (!near) holds[number] = 1;
      });
    }
    for (const { documents } of matches) {
      for (const number of documents) {
        if (!best[number]) continue;
        sums[number] += rarity * best[number];
        const held = Math.floor(Math.min(best[number], HELD_WELL) / HELD_STEP);
        covered[number] += rarity * Math.max(1, held);
        words[number] += holds[number] && rarity;
        best[number] = holds[number] = 0;
        found.add(number);
      }
    }
  }
  const tier = (number) => (words[number] === asked ? 0 : words[number] ? 1 : 2);
  const scores = sums.map((sum, number) => sum * covered[number]);
  const last = (number) => tier(number) === 2;
  const before = (a, b) => last(a) - last(b) || scores[b] - scores[a] || a - b;
  const little = (number) => words[number] && words[number] * LITTLE < asked;
  return { ranked: [...found].sort(before), tier, little };
};
