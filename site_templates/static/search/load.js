// Fetches files of the index, each once.

// `folder` is the address of the index; what comes of it gives a file by its name, parsed. An error
// is `stale` where the site was published anew meanwhile: who begins again finds the new one.
export const readFrom = (folder) => {
  const held = {};
  let numbers = "";
  const fetched = async (name) => {
    const asked = numbers ? {} : { cache: "no-cache" };
    const answer = await fetch(`${folder}${name}.json?${numbers}`, asked);
    const data = answer.status === 404 ? { b: "none" } : await answer.json();
    numbers ||= data.b;
    // Cards say whose numbers they go by.
    if (data.b && data.b !== numbers) throw Object.assign(new Error(name), { stale: true });
    return data;
  };
  // What failed is asked for again the next time.
  return (name) =>
    (held[name] ??= fetched(name).catch((error) => {
      delete held[name];
      throw error;
    }));
};
