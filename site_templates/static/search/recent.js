// What was searched lately, which this browser keeps and tells nobody, and examples to begin with.
import { chips } from "./chips.js";
import { $ } from "./elements.js";

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

export const remember = (q) => changed((list) => [...new Set([q.trim(), ...list])]);
export const forget = () => changed(() => []);

const show = (id, texts, take) => {
  $(id).hidden = !texts.length;
  const chip = (q) => [q, () => take(q)];
  chips($(id).querySelector("ul"), texts.map(chip));
};

// Shows queries to begin with, which `take` searches for.
export const offer = (examples, take) => {
  show("examples", examples, take);
  show("recent", changed(), take);
};
