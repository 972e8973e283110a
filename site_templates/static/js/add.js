/* Writes the entry of the add page while one types. Without this file the page is
   complete: the form sends its fields to the issue form on GitHub.

   Reads:   #entry-form with the fields named repository, summary, organisation,
            stage and tags; its data-edit is the address of registry.yaml in
            GitHub's editor, or empty, and its data-host the GitHub that people visit.
   Fills:   #entry-yaml, the lines to paste.
   Shows:   #entry-result, once the repository is a name; inside it a link
            [data-new-file], made here when data-edit is there, that opens a new
            file on GitHub with the entry already in it.
   Marks:   the repository field as invalid, in words, when it cannot be a name. */

"use strict";

{
  const form = document.getElementById("entry-form");
  const HOST = (form?.dataset.host ?? "").replace(/[^\w-]/g, "\\$&");
  const OWNER_AND_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/[A-Za-z0-9._-]{1,100}$/;
  const PLAIN = /^[A-Za-z0-9][A-Za-z0-9 .,()/+'’–-]*$/;

  /** The repository somebody means by a name or a pasted address; "" when unclear. */
  const meantRepository = (typed) => {
    const name = typed
      .trim()
      .replace(new RegExp(`^(https?://)?(www\\.)?${HOST}/`, "i"), "")
      .replace(new RegExp(`^git@${HOST}:`, "i"), "")
      .replace(/^@/, "")
      .split(/[?#]/)[0]
      .split("/")
      .slice(0, 2)
      .join("/")
      .replace(/\.git$/i, "");
    const usable = OWNER_AND_NAME.test(name) && !/\/\.{1,2}$/.test(name);
    return usable ? name : "";
  };

  /** A text as YAML shows it: bare when that is safe, else in double quotes. */
  const scalar = (text) => (PLAIN.test(text) && !/[.,'’]$/.test(text) ? text : JSON.stringify(text));

  /** A tag as the registry wants it: small letters, digits and hyphens. */
  const tag = (text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/&/g, " and ")
      .replace(/['’]/g, "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");

  const squeezed = (text) => text.replace(/\s+/g, " ").trim();

  /** The lines of the entry, indented as they stand under `projects:`. */
  const entryLines = (fields, repository) => {
    const lines = [`  - repo: ${repository}`];
    for (const name of ["summary", "organisation", "stage"]) {
      const text = squeezed(fields.get(name) ?? "");
      if (text) lines.push(`    ${name}: ${scalar(text)}`);
    }
    const tags = [...new Set((fields.get("tags") ?? "").split(/[,;]/).map(tag).filter(Boolean))];
    if (tags.length) lines.push(`    tags: [${tags.join(", ")}]`);
    return lines;
  };

  /** The address of a new file in registry.d/ with the entry already in it. */
  const newFileAddress = (edit, repository, lines) => {
    const base = edit.replace("/edit/", "/new/").replace(/\/[^/]*$/, "");
    const filename = `registry.d/${repository.replace("/", "--").toLowerCase()}.yaml`;
    const query = new URLSearchParams({ filename, value: `projects:\n${lines.join("\n")}\n` });
    return `${base}?${query}`;
  };

  const linkIn = (result) => {
    const known = result.querySelector("[data-new-file]");
    if (known) return known;
    const paragraph = document.createElement("p");
    const link = document.createElement("a");
    link.dataset.newFile = "";
    link.className = "button quiet";
    link.textContent = say("Propose it as a new file on GitHub");
    paragraph.append(link);
    result.append(paragraph);
    return link;
  };

  const result = document.getElementById("entry-result");
  const yaml = document.getElementById("entry-yaml");

  if (form && result && yaml) {
    const field = form.elements.namedItem("repository");

    const refresh = () => {
      const typed = field.value.trim();
      const repository = meantRepository(typed);
      field.setCustomValidity(
        typed && !repository ? say("Write it as owner/name, as in %(host)s/owner/name.", form.dataset) : "",
      );
      result.hidden = !repository;
      if (!repository) return;
      const lines = entryLines(new FormData(form), repository);
      yaml.textContent = lines.join("\n");
      if (form.dataset.edit) linkIn(result).href = newFileAddress(form.dataset.edit, repository, lines);
    };

    form.addEventListener("input", refresh);
    refresh();
  }
}
