/* Messages in the language of the site. They stand in English where they are said, and so are said
   where `words`, which comes with a translation, has none. A name in %(name)s is filled. */
(() => {
  const filled = (text, named) => text.replace(/%\((\w+)\)s/g, (whole, name) => named[name] ?? whole);
  window.say = (message, named = {}) => filled(window.words?.[message] ?? message, named);
  window.sayMany = (count, one, many, named = {}) => {
    const forms = window.words?.[one];
    const said = forms ? forms[window.wordsFor(count)] : count === 1 ? one : many;
    return filled(said, { count: count.toLocaleString(document.documentElement.lang), ...named });
  };
})();
