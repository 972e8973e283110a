// Rows without doubles, and what all of some sets hold.

export const unique = (items) => [...new Set(items)];

export const narrowed = (numbers, sets) =>
  sets.length ? numbers.filter((number) => sets.every((set) => set.has(number))) : numbers;
