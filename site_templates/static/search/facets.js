// Narrows results and counts what each choice would leave, as the second half of facets.py does.
import { numbers, rising } from "./numbers.js";
import { narrowed } from "./sets.js";

export const readFacets = (index, { tokens }) => {
  const { boot } = index;
  let columns;
  const facets = async () =>
    (columns ??= (await index.facets()).map(([name, values, aliases]) => ({
      name,
      values: values.map(([value, label, held]) => ({ value, label, held: rising(numbers(held)) })),
      alias: (said) => (Object.hasOwn(aliases, said) ? rising(numbers(aliases[said])) : []),
    })));
  const folded = (text) => tokens(text).map((token) => token.toLowerCase());

  const ofName = ({ values }, said) => {
    const is = (label) => folded(label).join(" ") === said;
    return values.filter(({ value, label }) => is(value) || is(label));
  };
  // The documents that a typed value means: those of its values and of its other names.
  const meant = (facet, text) => {
    const asked = folded(text);
    const said = asked.join(" ");
    let found = ofName(facet, said);
    if (asked.length && !found.length) {
      const all = (label) => asked.every((word) => folded(label).includes(word));
      found = facet.values.filter(({ label }) => all(label));
    }
    return [...found.map(({ held }) => held), facet.alias(said)].flat();
  };
  // Those of a chosen one that has no box, as in an old address: of what is called exactly so.
  const called = (facet, name) => {
    const said = folded(name).join(" ");
    return [...ofName(facet, said).map(({ held }) => held), facet.alias(said)].flat();
  };

  // For each facet that narrows, the documents with one of its wanted values.
  const wanted = async (typed, chosen) => {
    const found = {};
    for (const facet of await facets()) {
      const texts = typed.filter(([name]) => name === facet.name).map(([, text]) => text);
      const values = chosen[facet.name] ?? [];
      if (!values.length && !texts.length) continue;
      const boxes = new Map(facet.values.map(({ value, held }) => [value, held]));
      const held = values.map((value) => boxes.get(value) ?? called(facet, value));
      found[facet.name] = new Set([...held, ...texts.map((text) => meant(facet, text))].flat());
    }
    return found;
  };

  // Each value under what the other facets chose.
  const count = async ({ ranked, wanted }) =>
    (await facets()).map(({ name, values }) => {
      const { [name]: _, ...others } = wanted;
      const under = new Uint8Array(boot.n);
      for (const number of narrowed(ranked, Object.values(others))) under[number] = 1;
      const counted = values.map(({ value, label, held }) => {
        return { value, label, count: held.reduce((sum, number) => sum + under[number], 0) };
      });
      return { name, values: counted };
    });

  return { wanted, count };
};
