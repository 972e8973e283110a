// The link below the results of a search: what was typed and what was shown goes into its form, for
// whoever follows it. Until then nothing is put together, and without scripts the form is empty.
const link = document.getElementById("judge");
const empty = link.href;
const top = new URL("../", location).href;
const shown = () =>
  [...document.querySelectorAll("#results .card-title a")]
    // What another showcase lists is judged there.
    .filter(({ href }) => href.startsWith(top))
    .slice(0, 10)
    // projects/OWNER/NAME/
    .map(({ pathname }) => pathname.split("/").slice(-3, -1).map(decodeURIComponent).join("/"));
const fill = () => {
  const said = { searched: document.getElementById("q").value, shown: shown().join("\n") };
  link.href = `${empty}&${new URLSearchParams(said)}`;
};
for (const event of ["pointerover", "focus", "click"]) link.addEventListener(event, fill);
