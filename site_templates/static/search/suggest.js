// Suggests pages by their name while something is typed: one line of options below the box, which
// the keys reach as the ARIA pattern of a combobox says. Loaded when somebody begins to type.
import { readNames } from "../palette/names.js";
import { $, el } from "./elements.js";

const MOST = 6;
const OF_A_KIND = 3;
// Letters: one begins too many names.
const SHORTEST = 2;

const box = $("q");
const list = $("names");
const { root } = $("search").dataset;
let options = [];
let at = -1;
const choose = (to) => {
  options[at]?.setAttribute("aria-selected", "false");
  at = to;
  options[at]?.setAttribute("aria-selected", "true");
  options[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (at < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", options[at].id);
};
const show = (rows) => {
  options = rows.map(({ kind, text, path }, number) => {
    const facts = {
      role: "option",
      id: `name-${number}`,
      "aria-selected": "false",
      tabindex: "-1",
      "aria-label": `${text}, ${list.dataset[kind]}`,
    };
    const note = el("span", { class: "muted" }, list.dataset[kind]);
    return el("a", { ...facts, class: "chip", href: root + path }, text, " ", note);
  });
  choose(-1);
  list.replaceChildren(...options);
  box.setAttribute("aria-expanded", String(options.length > 0));
};

// The keys that go to the options; all others are those of the page.
const follow = (event) => {
  const { key } = event;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (event.isComposing || !options.length) return;
  if (key === "Escape") show([]);
  else if (key === "Enter" && at >= 0) options[at].click();
  else if (step && at + step >= -1 && at + step < options.length) choose(at + step);
  else {
    // On to the results.
    if (step) choose(-1);
    return;
  }
  event.preventDefault();
  event.stopPropagation();
};

// Of an open engine, and what reads files of its index. What it gives shows suggestions for a text.
export const suggesting = ({ boot, typed, load }) => {
  const { find, titles, nearness } = readNames(boot, load, typed);
  const facts = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id };
  for (const [name, fact] of Object.entries(facts)) box.setAttribute(name, fact);
  box.addEventListener("keydown", follow);
  const projects = async (asked) => {
    const rows = (await titles()) ?? [];
    // What another showcase lists has no page here; it stands among the results, which say so.
    const here = rows.filter(([, path]) => !path.includes("://"));
    return here.map(([text, path]) => ({ text, path, near: nearness(asked, text) }));
  };
  const best = (a, b) => b.near - a.near;
  let turn = 0;
  return async (text) => {
    const mine = ++turn;
    const asked = text.trim().length < SHORTEST ? [] : typed(text);
    const found = asked[0] ? [["projects", await projects(asked)], ...(await find(text))] : [];
    if (mine !== turn) return;
    const rows = found.flatMap(([kind, named]) => {
      const nearest = named.filter(({ near }) => near).sort(best);
      return nearest.slice(0, OF_A_KIND).map((each) => ({ ...each, kind }));
    });
    show(rows.sort(best).slice(0, MOST));
  };
};
