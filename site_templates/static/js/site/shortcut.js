/* "/", Ctrl-K and the "Search" of the menu open the palette over a page, which is loaded then; on the
   search page they go to its box. Where modules cannot be loaded the menu is the link that it is. */
(() => {
  const link = document.querySelector("a[data-search]");
  const box = document.querySelector("#search input[type=search]");
  const opens = link && location.protocol.startsWith("http") && typeof HTMLDialogElement === "function";
  const open = () => {
    if (box) box.focus();
    else if (opens) import("../palette/palette.js").then(({ open }) => open(link.href)).catch(() => location.assign(link.href));
    else if (link) location.assign(link.href);
  };
  const typing = (element) => element.closest("input, select, textarea, [contenteditable]");
  const asks = ({ key, ctrlKey, metaKey, altKey, shiftKey, target }) => {
    if (altKey) return false;
    if (ctrlKey || metaKey) return key.toLowerCase() === "k" && !shiftKey && ctrlKey !== metaKey;
    return key === "/" && !typing(target);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || !asks(event)) return;
    event.preventDefault();
    open();
  });
  if (!opens || box) return;
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    open();
  });
})();
