// Makes rows of buttons, for what can be chosen beside the results.
import { el } from "./elements.js";

// Each of `made` as its text, what it does, and what it is called where that says more.
export const chips = (list, made) =>
  list.replaceChildren(
    ...made.map(([text, onclick, called]) =>
      el(
        "li",
        {},
        el("button", { type: "button", class: "chip", onclick, "aria-label": called }, text),
      ),
    ),
  );
