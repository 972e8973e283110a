// The search page: what is typed, its address, and when what is shown. engine.js ranks.
import { $ } from "./elements.js";
import { open } from "./engine.js";
import { readFrom } from "./load.js";
import { results } from "./results.js";
import { above, counted, notes } from "./telling.js";

const SHOWN = 10;
// Each card may cost a request of its own, as each word does.
const AT_FIRST = 3;
const CARDS_AND_WORDS = 6;
// Milliseconds; a screen reader would never finish otherwise.
const PAUSE = 700;
const home = $("search");
const box = $("q");
const order = $("order");
const { title } = document;

let begun;
const begin = async () => {
  const load = readFrom(home.dataset.index);
  return { ...(await open(load)), load };
};
// What failed is tried again the next time.
const engine = () =>
  (begun ??= begin().catch((error) => {
    begun = null;
    throw error;
  }));

let state;
let shown;
// How far down somebody was who comes back.
let back;
// The query whose results are on the page.
let drawn;
// Then the last word may be half a word.
let typing = false;
let turn = 0;
const read = () => {
  const asked = new URLSearchParams(location.search);
  const { q = "", sort = "relevance", exact } = Object.fromEntries(asked);
  state = { q, order: sort, exact, filters: { __proto__: null } };
  for (const [name, value] of asked) {
    if (!/^(q|sort|exact)$/.test(name)) (state.filters[name] ??= []).push(value);
  }
  box.value = q;
  ({ shown = SHOWN, back = 0, little: state.little } = history.state ?? {});
};
const write = (how, ...facts) => {
  try {
    history[how](...facts);
  } catch {
    // Safari refuses after a hundred in half a minute; the results come all the same.
  }
};
const keep = () => write("replaceState", { shown, back: scrollY, little: state.little }, "");
const links = () => [...$("results").querySelectorAll(".card-title a")];
const go = (change, half = false) => {
  clearTimeout(keep.timer);
  // What holds only a little waits until it is asked for, each time that something else is typed.
  Object.assign(state, "q" in change && { little: 0 }, change);
  typing = half;
  const { q, order, exact, filters } = state;
  const address = new URLSearchParams(q && { q });
  for (const name in filters) for (const value of filters[name]) address.append(name, value);
  if (order !== "relevance") address.set("sort", order);
  if (exact) address.set("exact", exact);
  write(half ? "replaceState" : "pushState", null, "", `?${address}`);
  suggest(half ? q : "");
  shown = SHOWN;
  back = 0;
  return show();
};
const chosen = (name) => state.filters[name] ?? [];
const toggle = (name, value) => {
  const values = new Set(chosen(name));
  if (!values.delete(value)) values.add(value);
  go({ filters: { ...state.filters, [name]: [...values] } });
};

// Pages by name are a help that comes later: results come all the same where they fail.
let suggesting;
const suggest = (text) => {
  const load = () => Promise.all([import("./suggest.js"), engine()]);
  if (text) suggesting ??= load().then(([{ suggesting }, opened]) => suggesting(opened));
  suggesting?.then((names) => names(text)).catch(() => (suggesting = null));
};

// What was searched lately; it comes when there is time, before anybody leaves for a result.
const recent = () => import("./recent.js");
const remember = () =>
  recent()
    .then((made) => made.remember(state.q))
    .catch(() => {});
const take = (q) => go({ q: (box.value = q) });

const speak = (missed) => {
  clearTimeout(speak.timer);
  speak.timer = setTimeout(() => {
    const names = $("names").childElementCount;
    const texts = ["changed", "count", "nothing"]
      .map($)
      .filter((each) => !each.closest("[hidden]"))
      .map(({ textContent }) => textContent.trim().replace(/\s+/g, " "));
    if (names) texts.push(sayMany(names, "%(count)s suggestion", "%(count)s suggestions"));
    // Each ends with a stop, so that no two are heard as one.
    $("spoken").textContent = texts
      .filter(Boolean)
      .map((text) => text.replace(/[^.!?…]$/, "$&."))
      .join(" ");
    if (missed) document.dispatchEvent(new CustomEvent("search:empty", { detail: state.q }));
  }, PAUSE);
};
const settle = () => {
  typing = false;
  show();
};

const answer = async (mine) => {
  const opened = await engine();
  const { count, cards, boot } = opened;
  const found = typing
    ? await (await import("./typing.js")).searched(opened, state.q, state, true)
    : { ...(await opened.search(state.q, state)), typed: opened.typed, said: state.q };
  if (mine !== turn) return;
  if (found.settles) settle.timer = setTimeout(settle, PAUSE);
  // What is shown stays while somebody goes on from it.
  if (found.waits && drawn !== undefined && state.q.startsWith(drawn)) {
    home.dataset.ready = state.q;
    return;
  }
  const filtered = Object.values(state.filters).flat().length;
  const asked = !found.waits && (state.q.trim() || filtered);
  const drawing = async (from, to) => {
    const list = await cards(found.hits.slice(from, to));
    const over = (at) => above(found, state.order, from + at);
    return results(list, found, over, home.dataset.root);
  };
  const n = found.hits.length;
  // What matches nothing as typed needs some files of its own.
  const unsure = found.repairs[0] || found.unmatched[0];
  const seen = unsure ? 1 : Math.max(1, Math.min(AT_FIRST, CARDS_AND_WORDS - found.slots.length));
  const most = found.little && !state.little ? 0 : Math.min(n, shown);
  const first = back || links().length ? most : Math.min(most, seen);
  const best = await drawing(0, first);
  if (mine !== turn) return;
  $("results").replaceChildren(...best);
  drawn = state.q;
  $("count").textContent = asked ? counted(found) : "";
  const told = notes(found, () => go({ exact: 1 }));
  $("changed").replaceChildren(...told);
  $("changed").hidden = !told.length;
  $("nothing").hidden = n || !asked;
  $("more").hidden = n === most;
  $("said").hidden = $("found").hidden = !asked;
  $("start").hidden = most;
  $("teach").hidden = asked;
  speak(asked && !most);
  if (!asked) (await recent()).offer(boot.examples, take);
  if (mine !== turn) return;
  home.dataset.ready = state.q;
  if (back) scrollTo(0, back);
  back = 0;
  // The first results are painted before anything else is asked for.
  await new Promise((done) => setTimeout(done, 30));
  if (mine !== turn) return;
  if (first < most) {
    const rest = await drawing(first, most);
    if (mine !== turn) return;
    $("results").append(...rest);
  }
  const columns = $("narrow").open || filtered ? await count(found) : [];
  // Who types next need not wait for it.
  Promise.all([import("./typing.js"), recent()]).catch(() => {});
  const { narrowing } = await import("./narrowing.js");
  if (mine === turn) narrowing(columns, chosen, toggle);
};
async function show(again = false) {
  const mine = ++turn;
  const words = state.q.trim();
  clearTimeout(settle.timer);
  order.value = state.order;
  document.title = words ? say("%(words)s · %(page)s", { words, page: title }) : title;
  try {
    await answer(mine);
    $("failed").hidden = true;
  } catch (error) {
    if (error.stale) {
      begun = null;
      if (!again) return show(true);
    }
    if (mine === turn) $("failed").hidden = $("start").hidden = false;
    throw error;
  }
}

box.oninput = () => go({ q: box.value, exact: null }, true);
box.form.onsubmit = () => {
  remember();
  go({ q: box.value });
  return false;
};
order.onchange = () => go({ order: order.value });
$("more").onclick = async () => {
  const before = links().length;
  if (before) shown += SHOWN;
  else state.little = 1;
  keep();
  await show();
  links()[before]?.focus();
};
$("results").onclick = () => {
  keep();
  remember();
};
$("forget").onclick = async () => {
  (await recent()).forget();
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
  clearTimeout(keep.timer);
  read();
  typing = false;
  suggest("");
  show();
};
addEventListener("popstate", arrive);
addEventListener("online", () => $("failed").hidden || show());
// Where somebody was, for the way back: browsers look for it before there are results.
history.scrollRestoration = "manual";
addEventListener("scroll", () => {
  clearTimeout(keep.timer);
  keep.timer = setTimeout(keep, 200);
});
$("narrow").open = matchMedia("(min-width: 60rem)").matches;
$("narrow").hidden = $("names").hidden = false;
$("narrow").ontoggle = () => drawn === undefined || show();
arrive();
