// What was searched lately, which this browser keeps and tells nobody, and examples to begin with.
import { $, chips } from "./elements.js";

const MOST = 6;

const changed = (change) => {
  try {
    const list = (localStorage.recent ?? "").split("\n").filter(Boolean);
    if (change) localStorage.recent = change(list).slice(0, MOST).join("\n");
    return list;
  } catch {
    // Storage may be off.
    return [];
  }
};

export const kept = () => changed();
export const remember = (q) => changed((list) => [...new Set([q.trim(), ...list])]);
export const forget = () => changed(() => []);

// Shows queries that `take` searches for.
export const examples = (id, texts, take) => {
  $(id).hidden = !texts.length;
  const chip = (q) => [q, () => take(q)];
  chips($(id).querySelector("ul"), texts.map(chip));
};
