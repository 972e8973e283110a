/* Messages in the language of the site. They stand in English where they are said, and so are said
   where `words`, which comes with a translation, has none. A name in %(name)s is filled: with text,
   or by `sayParts`, which gives the pieces, with an element. */
(() => {
  const parts = (text, named) => text.split(/%\((\w+)\)s/).map((part, at) => (at % 2 ? named[part] ?? `%(${part})s` : part));
  window.sayParts = (message, named) => parts(window.words?.[message] ?? message, named);
  window.say = (message, named = {}) => sayParts(message, named).join("");
  window.sayMany = (count, one, many, named = {}) => {
    const forms = window.words?.[one];
    const said = forms ? forms[window.wordsFor(count)] : count === 1 ? one : many;
    return parts(said, { count: count.toLocaleString(document.documentElement.lang), ...named }).join("");
  };
})();
