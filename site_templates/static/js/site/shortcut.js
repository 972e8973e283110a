/* "/" goes to the search box of the page, or to the search page where there is none. */
(() => {
  const typing = (element) => element.closest("input, select, textarea, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || typing(event.target)) return;
    event.preventDefault();
    const box = document.querySelector("main [role=search] input[type=search]");
    if (box) box.focus();
    else document.querySelector("a[data-search]").click();
  });
})();
