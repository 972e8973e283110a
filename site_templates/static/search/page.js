// What is typed and shown; engine.js ranks.
import { open } from "./engine.js";

const $ = (id) => document.getElementById(id);
const home = $("search"), box = $("q"), order = $("order"), SHOWN = 10;
const el = (tag, facts, ...children) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...children);
  return made;
};

const held = {};
let build = "", engine;
const fetched = async (name) => {
  const answer = await fetch(`${home.dataset.index}${name}.json?${build}`, build ? {} : { cache: "no-cache" });
  const data = await answer.json();
  build ||= data.b;
  if (data.b !== build) throw new Error("another build");
  return data;
};
const load = (name) => held[name] ??= fetched(name).catch((error) => {
  delete held[name];
  throw error;
});
const start = () => engine ??= open(load).catch((error) => {
  engine = null;
  throw error;
});

let state, shown = SHOWN, turn = 0;
const read = () => {
  const asked = new URLSearchParams(location.search);
  const { q = "", sort = "relevance", exact } = Object.fromEntries(asked);
  state = { q, order: sort, exact, filters: {} };
  for (const [name, value] of asked) {
    if (!["q", "sort", "exact"].includes(name)) (state.filters[name] ??= []).push(value);
  }
  box.value = q;
};
const go = (change, how = "pushState") => {
  Object.assign(state, change);
  const { q, order, exact, filters } = state, address = new URLSearchParams(q && { q });
  for (const name in filters) for (const value of filters[name]) address.append(name, value);
  if (order !== "relevance") address.set("sort", order);
  if (exact) address.set("exact", exact);
  try { history[how](null, "", `?${address}`); } catch { /* Safari: 100 in 30 s */ }
  shown = SHOWN;
  return show();
};
const toggle = (name, value) => {
  const values = state.filters[name] ?? [], rest = values.filter((each) => each !== value);
  go({ filters: { ...state.filters, [name]: rest.length < values.length ? rest : [...values, value] } });
};

const recent = (change) => {
  try {
    const list = (localStorage.recent ?? "").split("\n").filter(Boolean);
    return change ? localStorage.recent = change(list).slice(0, 6).join("\n") : list;
  } catch { return []; }
};
const remember = () => recent((list) => [...new Set([state.q.trim(), ...list])]);

const marked = (text, { typed, terms }) => text.split(/([\p{L}\p{N}][\p{L}\p{M}\p{N}'’&+#]*)/u).map((piece, i) => (
  i % 2 && typed(piece).some(({ surface, term }) => terms.has(term) || terms.has(surface))
    ? el("mark", {}, piece) : piece));
const sentence = ({ s, x = [] }, { typed, slots }) => {
  const worth = (text) => {
    const words = typed(text).flatMap(({ surface, term }) => [surface, term]);
    return slots.reduce((sum, { rarity, sources }) => sum
      + (sources.some(({ key }) => key.split(" ").every((word) => words.includes(word))) && rarity), 0);
  };
  const [best] = x.map((text) => [worth(text), text]).sort((a, b) => b[0] - a[0]);
  return best?.[0] && best[1] !== s && best[1];
};
const result = (card, found) => {
  const line = (className, text, tag = "p") => (text ? [el(tag, { className }, ...marked(text, found))] : []);
  const facts = [card.l, card.g, card.p && `last change ${card.p}`].filter(Boolean);
  return el("li", {}, el("article", { className: "card" },
    ...line("overline", card.o),
    el("h3", { className: "card-title" }, el("a", { href: home.dataset.root + card.u }, ...marked(card.t, found))),
    ...line("card-summary", card.s || "No summary yet."),
    ...line("quote", sentence(card, found)),
    el("p", { className: "meta" }, ...facts.map((fact) => el("span", {}, fact)))));
};
const chips = (list, made) => list.replaceChildren(...made.map(([text, onclick, ariaLabel]) => (
  el("li", {}, el("button", { type: "button", className: "chip", onclick, ariaLabel: ariaLabel ?? text }, text)))));
const examples = (id, texts) => {
  $(id).hidden = !texts.length;
  chips($(id).querySelector("ul"), texts.map((q) => [q, () => { box.value = q; go({ q }); }]));
};

const facet = ({ name, values }) => {
  const on = (value) => (state.filters[name] ?? []).includes(value);
  const boxes = values.filter(({ value, count }) => count || on(value))
    .sort((a, b) => on(b.value) - on(a.value) || b.count - a.count).slice(0, 60)
    .map(({ value, label, count }) => el("label", {},
      el("input", { type: "checkbox", id: `${name}-${value}`, checked: on(value), onchange: () => toggle(name, value) }),
      el("span", {}, label), el("span", { className: "count" }, count)));
  if (!boxes.length) return [];
  const id = `all-${name}`, rest = boxes.splice(6);
  if (rest.length) boxes.push(el("details", { id, open: $(id)?.open }, el("summary", {}, `${rest.length} more`), ...rest));
  return [el("fieldset", {}, el("legend", {}, name), ...boxes)];
};
const notes = ({ changes, unmatched, hits }) => {
  const strong = (word) => el("strong", {}, word), parts = [];
  for (const { surface, shown } of changes) parts.push("No results for ", strong(surface), ". Showing ", strong(shown), ". ");
  if (changes.length) parts.push(el("button", { onclick: () => go({ exact: 1 }) }, "Search exactly?"));
  if (hits.length) for (const word of unmatched) parts.push(" Nothing here says ", strong(word), ".");
  $("changed").replaceChildren(...parts);
  $("changed").hidden = !parts.length;
};

async function show() {
  const mine = ++turn;
  order.value = state.order;
  try {
    const { search, count, cards, typed, boot } = await start();
    const asked = state.q.trim() || Object.values(state.filters).some((values) => values.length);
    const found = await search(state.q, state);
    const list = await cards(found.hits.slice(0, shown));
    if (mine !== turn) return;
    const terms = new Set(found.slots.flatMap(({ sources }) => sources.flatMap(({ key }) => key.split(" "))));
    const n = found.hits.length, said = asked ? `${n || "No"} ${n === 1 ? "project" : "projects"}` : "";
    $("results").replaceChildren(...list.map((card) => result(card, { ...found, typed, terms })));
    $("count").textContent = said;
    notes(found);
    $("nothing").hidden = n;
    $("more").hidden = n <= shown;
    $("found").hidden = !asked;
    $("start").hidden = n;
    $("teach").hidden = asked;
    clearTimeout(show.timer);
    show.timer = setTimeout(() => {
      $("spoken").textContent = said;
      if (asked && !n) document.dispatchEvent(new CustomEvent("search:empty", { detail: state.q }));
    }, 700);
    if (!asked) { examples("examples", boot.examples); examples("recent", recent()); }
    home.dataset.ready = 1;
    if (!asked) return;
    await new Promise((done) => setTimeout(done, 30));
    if (mine !== turn) return;
    const columns = await count(found);
    if (mine !== turn) return;
    const focus = document.activeElement.id;
    chips($("chosen"), columns.flatMap(({ name, values }) => values
      .filter(({ value }) => state.filters[name]?.includes(value))
      .map(({ value, label }) => [`${label} ×`, () => toggle(name, value), `Remove ${name}: ${label}`])));
    $("facets").replaceChildren(...columns.flatMap(facet));
    if (focus) $(focus)?.focus();
  } catch (error) {
    $("failed").hidden = $("start").hidden = false;
    throw error;
  }
}

const links = () => [...$("results").querySelectorAll("a")];
box.oninput = () => go({ q: box.value, exact: null }, "replaceState");
box.form.onsubmit = () => { remember(); go({ q: box.value }); return false; };
order.onchange = () => go({ order: order.value });
$("more").onclick = async () => { shown += SHOWN; await show(); links()[shown - SHOWN]?.focus(); };
$("results").onclick = remember;
$("forget").onclick = () => { recent(() => []); box.focus(); show(); };
home.onkeydown = (event) => {
  const active = document.activeElement, at = links().indexOf(active);
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
  if (step === undefined || (active !== box && at < 0)) return;
  event.preventDefault();
  if (!step) { box.value = ""; go({ q: "", exact: null }); }
  (step && (links()[at + step] ?? (step > 0 && active)) || box).focus();
};
onpopstate = () => { read(); show(); };
$("narrow").open = matchMedia("(min-width: 60rem)").matches;
read();
show();
