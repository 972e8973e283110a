/* Buttons that copy the text they belong to. Without scripts they stay hidden and the text can
   be selected by hand. <button hidden data-copy="ID OF THE TEXT">Copy</button> */
(() => {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const words = [...button.childNodes];
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.replace(/^\n+|\s+$/g, ""));
      button.textContent = say("Copied");
      setTimeout(() => { button.replaceChildren(...words); }, 2000);
    });
  }
})();
