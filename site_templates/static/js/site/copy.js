/* Buttons that copy the text they belong to. Without scripts they stay hidden and the text can
   be selected by hand. <button hidden data-copy="ID OF THE TEXT">Copy</button>
   Code in a README has no button until it is made here; of what was typed at a prompt only the
   commands are copied. */
(() => {
  const copies = (button, text) => {
    const words = [...button.childNodes];
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text().replace(/^\n+|\s+$/g, ""));
      button.textContent = say("Copied");
      setTimeout(() => { button.replaceChildren(...words); }, 2000);
    });
  };

  const typed = (code) => {
    const copy = code.cloneNode(true);
    if (copy.querySelector(".code-prompt")) {
      for (const other of copy.querySelectorAll(".code-prompt, .code-output")) other.remove();
    }
    return copy.textContent;
  };

  for (const button of document.querySelectorAll("button[data-copy]")) {
    copies(button, () => document.getElementById(button.dataset.copy).textContent);
  }

  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll(".readme pre")) {
    const around = document.createElement("div");
    const button = document.createElement("button");
    around.className = "code-copied";
    button.type = "button";
    button.className = "button quiet slight";
    button.textContent = say("Copy");
    button.setAttribute("aria-label", say("Copy this code"));
    block.replaceWith(around);
    around.append(block, button);
    copies(button, () => typed(block));
  }
})();
