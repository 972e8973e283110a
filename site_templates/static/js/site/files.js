/* Read from a folder on disk, there is no server to turn "tags/" into "tags/index.html". */
(() => {
  if (location.protocol !== "file:") return;
  for (const link of document.querySelectorAll("a[href]")) {
    if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }
  for (const form of document.querySelectorAll("form[action]")) {
    const action = form.getAttribute("action");
    if (action.endsWith("/")) form.setAttribute("action", `${action}index.html`);
  }
  // Browsers let no page of a folder read the files beside it, so the search cannot begin.
  document.getElementById("unserved")?.removeAttribute("hidden");
  document.getElementById("search")?.setAttribute("data-ready", "");
})();
