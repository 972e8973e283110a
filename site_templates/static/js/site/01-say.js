/* Messages in the language of the site. They stand in English where they are said, and so are said
   where `words`, which comes with a translation, has none. A name in %(name)s is filled: with text,
   or by `sayParts`, which gives the pieces, with an element; %% is a percent sign. */
(() => {
  const piece = (text, named, at) => (at % 2 ? named[text] ?? `%(${text})s` : text.replaceAll("%%", "%"));
  const parts = (text, named) => text.split(/%\((\w+)\)s/).map((text, at) => piece(text, named, at));
  window.sayParts = (message, named) => {
    const said = window.words?.[message];
    return parts(typeof said === "string" ? said : message, named);
  };
  window.say = (message, named = {}) => sayParts(message, named).join("");
  window.sayMany = (count, one, many, named = {}) => {
    const forms = window.words?.[one];
    const said = Array.isArray(forms) ? forms[window.wordsFor(count)] : null;
    const filled = { count: count.toLocaleString(document.documentElement.lang), ...named };
    return parts(said || (count === 1 ? one : many), filled).join("");
  };
})();
