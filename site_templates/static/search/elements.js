// What the scripts of the search make pages of.

export const $ = (id) => document.getElementById(id);

// Functions are what the element does; what is true or false is there or not.
export const el = (tag, facts, ...children) => {
  const made = document.createElement(tag);
  for (const [name, fact] of Object.entries(facts)) {
    if (typeof fact === "function") made[name] = fact;
    else if (fact || fact === 0 || fact === "") made.setAttribute(name, fact === true ? "" : fact);
  }
  made.append(...children);
  return made;
};
