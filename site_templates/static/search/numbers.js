// Reads rows of whole numbers as postings.py writes them.

const VALUES = new Uint8Array(127);
for (let code = 35, n = 0; code < 126; code++) if (code !== 92) VALUES[code] = n++;

// The lowest digits come first; a digit from 45 on says that more follow.
export const numbers = (text) => {
  const found = [];
  let sum = 0;
  let scale = 1;
  for (const sign of text) {
    const digit = VALUES[sign.charCodeAt()];
    sum += (digit % 45) * scale;
    scale *= 45;
    if (digit < 45) {
      found.push(sum);
      sum = 0;
      scale = 1;
    }
  }
  return found;
};

export const rising = (gaps) => {
  let at = -1;
  return gaps.map((gap) => (at += gap + 1));
};

export const posting = (text) => {
  const [rarity, ...rest] = numbers(text);
  const documents = rising(rest.filter((_, i) => 1 - (i % 2)));
  return { rarity, documents, impacts: rest.filter((_, i) => i % 2) };
};
