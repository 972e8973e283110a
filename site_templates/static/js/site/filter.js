/* A long list of groups can be cut down by typing; what is left out is hidden, headings with it. */
(() => {
  const form = document.querySelector("form[data-filter]");
  const sections = [...document.querySelectorAll("[data-filtered]")];
  const rows = sections.flatMap((section) => [...section.querySelectorAll("li")]);
  if (!form || rows.length < 12) return;
  const box = form.querySelector("input");
  const told = form.querySelector("[role=status]");
  const plain = (text) => text.normalize("NFKD").toLowerCase();
  const words = rows.map((row) => plain(row.textContent));
  const show = () => {
    const wanted = plain(box.value).split(/\s+/);
    let left = 0;
    rows.forEach((row, at) => {
      row.hidden = !wanted.every((word) => words[at].includes(word));
      left += !row.hidden;
    });
    for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])");
    told.textContent = box.value ? say("%(left)s of %(all)s", { left, all: rows.length }) : "";
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  if (box.value) show();
})();
