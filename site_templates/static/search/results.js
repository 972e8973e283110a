// Draws what was found: for each a copy of the empty card of the page, its words marked.
import { $, el } from "./elements.js";
import { pieces } from "./repairs.js";

const marked = (text, { typed, terms }) =>
  pieces(text, (piece) => {
    const found = typed(piece).some((word) => terms.has(word.term) || terms.has(word.surface));
    return found ? el("mark", {}, piece) : piece;
  });

// The sentence that holds most of the search, unless the summary is the same.
const sentence = ({ s, x = [] }, { typed, slots }) => {
  const worth = (text) => {
    const words = typed(text).flatMap(({ surface, term }) => [surface, term]);
    const said = ({ key }) => key.split(" ").every((word) => words.includes(word));
    return slots.reduce((sum, { rarity, matches }) => sum + (matches.some(said) && rarity), 0);
  };
  const [best] = x.map((text) => [worth(text), text]).sort((a, b) => b[0] - a[0]);
  return best?.[0] && best[1] !== s && best[1];
};

const result = (card, found, root) => {
  const made = $("result").content.cloneNode(true);
  const fill = (name, text, language) => {
    const part = made.querySelector(name);
    if (!text) return part.remove();
    part.append(...marked(text, found));
    if (language) Object.assign(part, { lang: language, dir: "auto" });
  };
  fill(".overline", card.o);
  fill(".card-title a", card.t, card.b);
  fill(".card-summary", card.s || say("No summary yet."), card.w);
  fill(".quote", sentence(card, found), card.v);
  // Of another showcase the page is there; `root` leads to the top of this one.
  made.querySelector("a").href = new URL(card.u, new URL(root, location));
  if (card.f) {
    const showcase = el("strong", {}, card.f);
    const code = el("a", { href: card.h }, say("Repository"));
    const from = sayParts("Listed in %(showcase)s.", { showcase });
    made.querySelector(".meta").before(el("p", { class: "origin" }, ...from, " ", code));
  }
  const reuse = [card.i && el("code", {}, card.i), card.y].filter(Boolean);
  if (reuse.length) {
    const spaced = reuse.flatMap((part) => [part, " "]);
    made.querySelector(".meta").before(el("p", { class: "reusable" }, ...spaced));
  }
  // Each line of the card names the facts that stand in it, by the letters of its file.
  for (const line of made.querySelectorAll("[data-facts]")) {
    const facts = [...line.dataset.facts].flatMap((name) => card[name] ?? []);
    // The space is for who hears it: two facts are no word.
    line.append(...facts.flatMap((fact) => [el("span", {}, fact), " "]));
  }
  made.querySelector(".card-front").className += card.c;
  made.querySelector("path").setAttribute("d", card.d);
  return made;
};

// `above(at)` gives the text over a result, if there is any; `root` is the address of the site.
export const results = (cards, found, above, root) => {
  const keys = found.slots.flatMap(({ matches }) => matches.flatMap(({ key }) => key.split(" ")));
  const marking = { ...found, terms: new Set(keys) };
  return cards.map((card, at) => {
    const made = result(card, marking, root);
    const text = above(at);
    if (text) made.querySelector("li").prepend(el("p", { class: "tier" }, text));
    return made;
  });
};
