// The palette: a search over the page that one is on. shortcut.js loads and opens it.
import { el } from "../search/elements.js";
import { open as openEngine } from "../search/engine.js";
import { readFrom } from "../search/load.js";
import { instead } from "../search/repairs.js";
import { searched } from "../search/typing.js";
import { readNames, SAME } from "./names.js";

// Of these so many are shown.
const PROJECTS = 5;
// Where each may cost a request of its own.
const FROM_CARDS = 3;
const OF_A_KIND = 3;
// Milliseconds; a screen reader would never finish otherwise.
const PAUSE = 700;

const counted = {
  projects: (n) => sayMany(n, "%(count)s project", "%(count)s projects"),
  organisations: (n) => sayMany(n, "%(count)s organisation", "%(count)s organisations"),
  tags: (n) => sayMany(n, "%(count)s tag", "%(count)s tags"),
  languages: (n) => sayMany(n, "%(count)s language", "%(count)s languages"),
  stages: (n) => sayMany(n, "%(count)s stage", "%(count)s stages"),
  kinds: (n) => sayMany(n, "%(count)s kind of organisation", "%(count)s kinds of organisation"),
  people: (n) => sayMany(n, "%(count)s person", "%(count)s people"),
  stories: (n) => sayMany(n, "%(count)s story", "%(count)s stories"),
  talks: (n) => sayMany(n, "%(count)s talk", "%(count)s talks"),
  paths: (n) => sayMany(n, "%(count)s learning path", "%(count)s learning paths"),
  pages: (n) => sayMany(n, "%(count)s page", "%(count)s pages"),
};

let parts;
const make = (address) => {
  const hidden = { class: "visually-hidden" };
  const keys = say("Arrow keys choose, Enter opens, Escape closes.");
  const box = el("input", {
    ...{ name: "q", type: "text", role: "combobox", maxlength: 300, enterkeyhint: "search" },
    ...{ autocomplete: "off", autocapitalize: "off", spellcheck: "false" },
    ...{ "aria-autocomplete": "list", "aria-controls": "palette-found", "aria-expanded": "false" },
    ...{ "aria-label": say("Search"), "aria-describedby": "palette-keys" },
    placeholder: say("Search projects, tags, people and pages"),
  });
  const close = el("button", { type: "button", class: "button quiet" }, say("Close"));
  const form = el("form", { action: address, class: "searchbar", role: "search" }, box, close);
  const notes = el("p", { class: "palette-notes", hidden: true });
  const list = el("div", { id: "palette-found", role: "listbox", "aria-label": say("Results") });
  const spoken = el("p", { ...hidden, role: "status" });
  const help = el("p", { id: "palette-keys", class: "palette-keys" }, keys);
  const inner = el("div", { class: "palette-inner" }, form, notes, list, help, spoken);
  const dialog = el("dialog", { class: "palette", "aria-label": say("Search") }, inner);
  return { dialog, form, box, close, notes, list, spoken };
};

let engine;
let root;
const start = (address) => {
  root = new URL("../", address);
  const load = readFrom(new URL("index/", address));
  const begin = async () => {
    const opened = await openEngine(load);
    return { ...opened, ...readNames(opened.boot, load, opened.typed) };
  };
  engine = () =>
    (engine.begun ??= begin().catch((error) => {
      engine.begun = null;
      throw error;
    }));
};

let options = [];
let at = 0;
const choose = (to) => {
  options[at]?.setAttribute("aria-selected", "false");
  at = (to + options.length) % options.length;
  options[at].setAttribute("aria-selected", "true");
  options[at].scrollIntoView({ block: "nearest" });
  parts.box.setAttribute("aria-activedescendant", options[at].id);
};

const row = ({ text, path, count, note }) => {
  // By their places one sees where each ends; who hears them needs a pause.
  const heard = [text, note, count && counted.projects(count)].filter(Boolean).join(", ");
  const facts = { role: "option", tabindex: "-1", "aria-selected": "false", "aria-label": heard };
  const made = el("a", { ...facts, href: new URL(path, root) }, el("span", {}, text));
  if (note) made.append(" ", el("span", { class: "palette-note" }, note));
  if (count) made.append(" ", el("span", { class: "palette-count" }, counted.projects(count)));
  return made;
};
const group = ({ kind, count, rows }) => {
  const id = `palette-${kind}`;
  const head = el("p", { id, class: "palette-head" }, counted[kind](count));
  return el("div", { role: "group", "aria-labelledby": id }, head, ...rows.map(row));
};
// The last lines lead to the search page, the very last to all results.
const onwards = (said, asked) => {
  const made = row({ text: said, path: `search/?${new URLSearchParams(asked)}` });
  made.className = "palette-all";
  return made;
};
const everything = (q, repaired) => [
  ...(repaired
    ? [onwards(say("Search instead for %(typed)s", { typed: q }), { q, exact: 1 })]
    : []),
  onwards(say("All results for %(words)s", { words: q }), { q }),
];

const show = (text, groups = [], repaired = false) => {
  const { box, list } = parts;
  list.replaceChildren(...groups.map(group), ...(text ? everything(text, repaired) : []));
  options = [...list.querySelectorAll("[role=option]")];
  options.forEach((option, number) => {
    option.id = `palette-${number}`;
  });
  at = 0;
  box.setAttribute("aria-expanded", String(options.length > 0));
  if (options.length) choose(0);
  else box.removeAttribute("aria-activedescendant");
};
const note = (...told) => {
  parts.notes.replaceChildren(...told);
  parts.notes.hidden = !told.length;
};
const speak = (text) => {
  clearTimeout(speak.timer);
  speak.timer = setTimeout(() => {
    parts.spoken.textContent = text;
  }, PAUSE);
};

const meant = (text, found) => {
  const shown = el("strong", {}, instead(text, found));
  return sayParts("Showing results for %(shown)s.", { shown });
};
const few = ({ little, hits: { length } }) =>
  little && say("%(projects)s, with only a little of this", { projects: counted.projects(length) });
const projectsOf = async (text, found, { titles, cards, nearness, typed }) => {
  const hits = found.little ? [] : found.hits;
  const all = await titles();
  const read = async () =>
    all
      ? hits.slice(0, PROJECTS).map((number) => all[number])
      : (await cards(hits.slice(0, FROM_CARDS))).map(({ t, u, o, f }) => [t, u, f ?? o]);
  const rows = (await read()).map(([text, path, note]) => ({ text, path, note }));
  const near = rows.map((each) => nearness(typed(text), each.text));
  return { kind: "projects", count: hits.length, rows, near: Math.max(0, ...near) };
};

let turn = 0;
const answer = async (typing = true) => {
  const mine = ++turn;
  const { value } = parts.box;
  const text = value.trim();
  clearTimeout(answer.timer);
  if (!text) {
    show("");
    note();
    speak("");
    return;
  }
  const opened = await engine();
  const asked = searched(opened, value, {}, typing);
  const [found, named] = await Promise.all([asked, opened.find(text)]);
  const projects = await projectsOf(text, found, opened);
  if (mine !== turn) return;
  if (found.settles) answer.timer = setTimeout(() => answer(false).catch(failed), PAUSE);
  const groups = named.map(([kind, rows]) => {
    return { kind, count: rows.length, rows: rows.slice(0, OF_A_KIND), near: rows[0].near };
  });
  if (projects.count) groups.unshift(projects);
  // What is called just so comes first, whatever it is; the sort leaves all others as they were.
  groups.sort((a, b) => (b.near === SAME) - (a.near === SAME));
  const repaired = found.repairs.length > 0;
  show(text, groups, repaired);
  const counts = groups.map(({ kind, count }) => counted[kind](count));
  const nothing = found.waits ? [] : [few(found) || say("Nothing here matches.")];
  note(...(repaired ? meant(text, found) : groups.length ? [] : nothing));
  speak([parts.notes.textContent, counts.join(", ")].filter(Boolean).join(" "));
};
const failed = (error) => {
  if (error.stale) engine.begun = null;
  const text = parts.box.value.trim();
  show(text);
  note(say("The search could not be loaded. Please load this page again."));
  speak(parts.notes.textContent);
  throw error;
};

let answered = Promise.resolve();
const handle = () => {
  const { dialog, form, box, close, list } = parts;
  box.oninput = () => {
    answered = answer().catch(failed);
  };
  box.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing || !options.length) return;
    event.preventDefault();
    choose(at + step);
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const follow = () => options[at]?.click();
    answered.then(follow, follow);
  };
  close.onclick = () => dialog.close();
  dialog.onclick = ({ target }) => {
    if (target === dialog) dialog.close();
  };
  list.onclick = ({ ctrlKey, metaKey, shiftKey }) => {
    // Back from the page that it leads to, the palette would stand over this one.
    if (!ctrlKey && !metaKey && !shiftKey) dialog.close();
  };
};

// Styles are asked for first, so that nothing is seen without them.
const dress = () =>
  new Promise((done) => {
    const href = new URL("../css/palette.css", import.meta.url);
    const sheet = el("link", { rel: "stylesheet", href });
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });

// `address` is that of the search page. What had the focus gets it back when the palette closes.
export async function open(address) {
  if (!parts) {
    start(address);
    parts = make(address);
    handle();
    document.body.append(parts.dialog);
    // Who types hears of it.
    engine().catch(() => {});
    await dress();
  }
  const { dialog, box } = parts;
  if (dialog.open) return;
  dialog.showModal();
  box.focus();
  box.select();
}
