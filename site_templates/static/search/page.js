// The search page: what is typed and shown, and its address. engine.js ranks.
import { open } from "./engine.js";

const SHOWN = 10;
const $ = (id) => document.getElementById(id);
const home = $("search");
const box = $("q");
const order = $("order");
const el = (tag, facts, ...children) => {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...children);
  return made;
};

const held = {};
let numbers = "";
// Cards say whose numbers they go by.
const fetched = async (name) => {
  const address = `${home.dataset.index}${name}.json?${numbers}`;
  const answer = await fetch(address, numbers ? {} : { cache: "no-cache" });
  const data = await answer.json();
  numbers ||= data.b;
  if (data.b && data.b !== numbers) throw new Error("another build");
  return data;
};
// What failed is asked for again the next time.
const once = (name, made) =>
  (held[name] ??= made(name).catch((error) => {
    delete held[name];
    throw error;
  }));
const load = (name) => once(name, fetched);
const start = () => once("engine", () => open(load));

let state;
let shown = SHOWN;
let turn = 0;
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
  const { q, order, exact, filters } = state;
  const address = new URLSearchParams(q && { q });
  for (const name in filters) for (const value of filters[name]) address.append(name, value);
  if (order !== "relevance") address.set("sort", order);
  if (exact) address.set("exact", exact);
  try {
    history[how](null, "", `?${address}`);
  } catch {
    // Safari refuses after a hundred in half a minute; the results come all the same.
  }
  shown = SHOWN;
  return show();
};
const chosen = (name) => state.filters[name] ?? [];
const toggle = (name, value) => {
  const values = new Set(chosen(name));
  if (!values.delete(value)) values.add(value);
  go({ filters: { ...state.filters, [name]: [...values] } });
};

const recent = (change) => {
  try {
    const list = (localStorage.recent ?? "").split("\n").filter(Boolean);
    if (change) localStorage.recent = change(list).slice(0, 6).join("\n");
    return list;
  } catch {
    return []; // storage may be off
  }
};
const remember = () => recent((list) => [...new Set([state.q.trim(), ...list])]);

const WORD = /([\p{L}\p{N}][\p{L}\p{M}\p{N}'’&+#]*)/u;
const marked = (text, { typed, terms }) => {
  const found = (piece) =>
    typed(piece).some((word) => terms.has(word.term) || terms.has(word.surface));
  return text
    .split(WORD)
    .map((piece, i) => (i % 2 && found(piece) ? el("mark", {}, piece) : piece));
};
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
const result = (card, found) => {
  const made = $("result").content.cloneNode(true);
  const fill = (name, text) => {
    const part = made.querySelector(name);
    if (text) part.append(...marked(text, found));
    else part.remove();
  };
  fill(".overline", card.o);
  fill(".card-title a", card.t);
  fill(".card-summary", card.s || say("No summary yet."));
  fill(".quote", sentence(card, found));
  const tongues = { ".card-title a": card.b, ".card-summary": card.w, ".quote": card.v };
  for (const [name, lang] of Object.entries(tongues)) {
    const part = made.querySelector(name);
    if (lang && part) Object.assign(part, { lang, dir: "auto" });
  }
  made.querySelector("a").href = home.dataset.root + card.u;
  const reuse = [card.i && el("code", {}, card.i), card.y].filter(Boolean);
  if (reuse.length) {
    const spaced = reuse.flatMap((part) => [part, " "]);
    made.querySelector(".meta").before(el("p", { className: "reusable" }, ...spaced));
  }
  // Each line of the card names the facts that stand in it, by the letters of its file.
  for (const line of made.querySelectorAll("[data-facts]")) {
    const facts = [...line.dataset.facts].flatMap((name) => card[name] ?? []);
    line.append(...facts.map((fact) => el("span", {}, fact)));
  }
  made.querySelector(".card-front").className += card.c;
  made.querySelector("path").setAttribute("d", card.d);
  return made;
};
const chips = (list, made) =>
  list.replaceChildren(
    ...made.map(([text, onclick, ariaLabel = text]) =>
      el("li", {}, el("button", { type: "button", className: "chip", onclick, ariaLabel }, text)),
    ),
  );
const examples = (id, texts) => {
  $(id).hidden = !texts.length;
  const chip = (q) => [q, () => go({ q: (box.value = q) })];
  chips($(id).querySelector("ul"), texts.map(chip));
};

const named = (name) => $("facets").dataset[name] ?? name;
const facet = ({ name, values }) => {
  const on = (value) => chosen(name).includes(value);
  const boxes = values
    .filter(({ value, count }) => count || on(value))
    .sort((a, b) => on(b.value) - on(a.value) || b.count - a.count)
    .slice(0, 60)
    .map(({ value, label, count }) => {
      const onchange = () => toggle(name, value);
      const ticked = { type: "checkbox", id: `${name}-${value}`, checked: on(value), onchange };
      const counted = el("span", { className: "count" }, count);
      return el("label", {}, el("input", ticked), el("span", {}, label), counted);
    });
  if (!boxes.length) return [];
  const id = `all-${name}`;
  const rest = boxes.splice(6);
  if (rest.length) {
    const more = el("summary", {}, sayMany(rest.length, "%(count)s more", "%(count)s more"));
    boxes.push(el("details", { id, open: $(id)?.open }, more, ...rest));
  }
  return [el("fieldset", {}, el("legend", {}, named(name)), ...boxes)];
};
// What is said of the tiers: holding all words, some, or none and near in meaning.
const told = ({ tiers: [all, some, near], slots, hits: { length } }) => {
  if (slots[1] && all && all < length) {
    return say("%(all)s of %(total)s projects hold all your words", { all, total: length });
  }
  if (slots[1] && some && !all)
    return say("%(some)s projects, none with all your words", { some: length });
  if (near && near === length) return say("%(near)s projects, near in meaning", { near });
  return length ? sayMany(length, "%(count)s project", "%(count)s projects") : say("No projects");
};
// What is said above a result: which words it lacks that others hold, or where only near ones begin.
const above = ({ hits, tier, slots, tiers: [all, some] }, at) => {
  const number = hits[at];
  if (!tier?.(number)) return "";
  if (tier(number) === 2) {
    return at === all + some && state.order === "relevance" ? say("Near in meaning") : "";
  }
  const holds = ({ near, documents }) => !near && documents.includes(number);
  const lacking = slots.filter(({ matches }) => matches[0] && !matches.some(holds));
  const words = lacking.map(({ surface }) => surface).join(", ");
  return words && say("Without: %(words)s", { words });
};
const notes = ({ repairs, unmatched, common, cut, unknown, hits }) => {
  const strong = (word) => el("strong", {}, word);
  const parts = repairs.flatMap(({ surface, shown }) => {
    const told = { typed: strong(surface), shown: strong(shown) };
    return [...sayParts("No results for %(typed)s. Showing %(shown)s.", told), " "];
  });
  const exactly = { onclick: () => go({ exact: 1 }) };
  if (parts.length) parts.push(el("button", exactly, say("Search exactly?")));
  if (hits.length) {
    const unsaid = (word) => sayParts("Nothing here says %(word)s.", { word: strong(word) });
    parts.push(...unmatched.flatMap((word) => [" ", ...unsaid(word)]));
  }
  const words = common.join(", ");
  if (words && !hits.length) parts.push(say("Too common to search for: %(words)s.", { words }));
  if (unknown[0]) {
    const named = unknown.map((name) => `${name}:`).join(" ");
    parts.push(
      " ",
      say("No field is called %(named)s, so it was searched for as words.", { named }),
    );
  }
  if (cut) parts.push(" ", say("Only the beginning of what was typed is searched."));
  $("changed").replaceChildren(...parts);
  $("changed").hidden = !parts.length;
};
const narrowing = (columns) => {
  const focus = document.activeElement.id;
  const removing = columns.flatMap(({ name, values }) =>
    // What has no box, as in an old address, can be taken away as well.
    chosen(name).map((value) => {
      const label = values.find((one) => one.value === value)?.label ?? value;
      const what = say("Remove %(name)s: %(label)s", { name: named(name), label });
      return [`${label} ×`, () => toggle(name, value), what];
    }),
  );
  chips($("chosen"), removing);
  $("facets").replaceChildren(...columns.flatMap(facet));
  if (focus) $(focus)?.focus();
};

const answer = async (mine) => {
  const { search, count, cards, typed, boot } = await start();
  const asked = state.q.trim() || Object.values(state.filters).flat().length;
  const found = await search(state.q, state);
  const list = await cards(found.hits.slice(0, shown));
  if (mine !== turn) return;
  const terms = new Set(
    found.slots.flatMap(({ matches }) => matches.flatMap(({ key }) => key.split(" "))),
  );
  const n = found.hits.length;
  const said = asked ? told(found) : "";
  const made = list.map((card) => result(card, { ...found, typed, terms }));
  made.forEach((each, at) => {
    const text = above(found, at);
    if (text) each.querySelector("li").prepend(el("p", { className: "tier" }, text));
  });
  $("results").replaceChildren(...made);
  $("count").textContent = said;
  notes(found);
  $("nothing").hidden = n;
  $("more").hidden = n <= shown;
  $("found").hidden = !asked;
  $("start").hidden = n;
  $("teach").hidden = asked;
  // Said once typing has paused: a screen reader would never finish otherwise.
  clearTimeout(show.timer);
  show.timer = setTimeout(() => {
    $("spoken").textContent = said;
    if (asked && !n) document.dispatchEvent(new CustomEvent("search:empty", { detail: state.q }));
  }, 700);
  if (!asked) {
    examples("examples", boot.examples);
    examples("recent", recent());
  }
  home.dataset.ready = 1;
  if (!asked) return;
  await new Promise((done) => setTimeout(done, 30)); // the results are painted first
  if (mine !== turn) return;
  const columns = await count(found);
  if (mine === turn) narrowing(columns);
};
async function show() {
  order.value = state.order;
  try {
    await answer(++turn);
  } catch (error) {
    $("failed").hidden = $("start").hidden = false;
    throw error;
  }
}

const links = () => [...$("results").querySelectorAll("a")];
box.oninput = () => go({ q: box.value, exact: null }, "replaceState");
box.form.onsubmit = () => {
  remember();
  go({ q: box.value });
  return false;
};
order.onchange = () => go({ order: order.value });
$("more").onclick = async () => {
  shown += SHOWN;
  await show();
  links()[shown - SHOWN]?.focus();
};
$("results").onclick = remember;
$("forget").onclick = () => {
  recent(() => []);
  box.focus();
  show();
};
home.onkeydown = (event) => {
  const active = document.activeElement;
  const at = links().indexOf(active);
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
  if (step === undefined || (active !== box && at < 0)) return;
  event.preventDefault();
  if (!step) go({ q: (box.value = ""), exact: null });
  ((step && (links()[at + step] ?? (step > 0 && active))) || box).focus();
};
const arrive = () => {
  read();
  show();
};
addEventListener("popstate", arrive);
$("narrow").open = matchMedia("(min-width: 60rem)").matches;
arrive();
