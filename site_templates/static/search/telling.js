// Says what a search found: how many, what was searched instead, what nobody says.
import { el } from "./elements.js";
import { instead } from "./repairs.js";

// What is said of the tiers: holding all words, some, or none and near in meaning.
export const counted = ({ tiers: [all, some, near], slots, little, hits: { length } }) => {
  if (!length) return say("No projects");
  if (slots[1] && all && all < length) {
    return say("%(all)s of %(total)s projects hold all your words", { all, total: length });
  }
  const projects = sayMany(length, "%(count)s project", "%(count)s projects");
  if (little) return say("%(projects)s, with only a little of this", { projects });
  if (slots[1] && some && !all) return say("%(projects)s, none with all your words", { projects });
  return near === length ? say("%(projects)s, near in meaning", { projects }) : projects;
};

// What is said above a result: which words it lacks that others hold, or where only near ones begin.
export const above = ({ hits, tier, slots, tiers: [all, some] }, order, at) => {
  const number = hits[at];
  if (!tier?.(number)) return "";
  if (tier(number) === 2) {
    return at === all + some && order === "relevance" ? say("Near in meaning") : "";
  }
  const holds = ({ near, documents }) => !near && documents.includes(number);
  const lacking = slots.filter(({ matches }) => matches[0] && !matches.some(holds));
  const words = lacking.map(({ surface }) => surface).join(", ");
  return words && say("Without: %(words)s", { words });
};

// The sentences above the results; `exactly` is called by who refuses a repair.
export const notes = (found, exactly) => {
  const { said, repairs, unmatched, common, cut, unknown, hits } = found;
  const strong = (word) => el("strong", {}, word);
  const told = [];
  if (repairs[0]) {
    const shown = strong(instead(said, found));
    told.push(sayParts("Showing results for %(shown)s.", { shown }));
    const typed = said.trim();
    const choice = say("Search instead for %(typed)s", { typed });
    told.push([el("button", { type: "button", onclick: exactly }, choice)]);
  }
  if (hits.length) {
    for (const word of unmatched) {
      told.push(sayParts("Nothing here says %(word)s.", { word: strong(word) }));
    }
  }
  const words = common.join(", ");
  if (words && !hits.length) told.push([say("Too common to search for: %(words)s.", { words })]);
  if (unknown[0]) {
    const named = unknown.map((name) => `${name}:`).join(" ");
    told.push([say("No field is called %(named)s, so it was searched for as words.", { named })]);
  }
  if (cut) told.push([say("Only the beginning of what was typed is searched.")]);
  return told.flatMap((parts) => [...parts, " "]);
};
