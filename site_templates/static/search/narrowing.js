// Shows what narrows results: boxes to tick, and a chip for each that is ticked.
import { chips } from "./chips.js";
import { $, el } from "./elements.js";

// Of each facet.
const OFFERED = 60;
// Before the rest is unfolded.
const SEEN = 6;

const named = (name) => $("facets").dataset[name] ?? name;
const facet = ({ name, values }, chosen, toggle) => {
  const on = (value) => chosen(name).includes(value);
  const boxes = values
    .filter(({ value, count }) => count || on(value))
    .sort((a, b) => on(b.value) - on(a.value) || b.count - a.count)
    .slice(0, OFFERED)
    .map(({ value, label, count }) => {
      const onchange = () => toggle(name, value);
      const box = { type: "checkbox", id: `${name}-${value}`, checked: on(value), onchange };
      const counted = el("span", { class: "count" }, count);
      return el("label", {}, el("input", box), el("span", {}, label), counted);
    });
  if (!boxes.length) return [];
  const id = `all-${name}`;
  const rest = boxes.splice(SEEN);
  if (rest.length) {
    const more = el("summary", {}, sayMany(rest.length, "%(count)s more", "%(count)s more"));
    boxes.push(el("details", { id, open: $(id)?.open }, more, ...rest));
  }
  return [el("fieldset", {}, el("legend", {}, named(name)), ...boxes)];
};

// `columns` are the facets with their counts; `chosen(name)` gives the ticked values of one.
export const narrowing = (columns, chosen, toggle) => {
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
  $("facets").replaceChildren(...columns.flatMap((each) => facet(each, chosen, toggle)));
  if (focus) $(focus)?.focus();
};
