// Fetches files of the index, each once.

// `folder` is the address of the index; what comes of it gives a file by its name, parsed.
export const readFrom = (folder) => {
  const held = {};
  let numbers = "";
  const fetched = async (name) => {
    const asked = numbers ? {} : { cache: "no-cache" };
    const answer = await fetch(`${folder}${name}.json?${numbers}`, asked);
    const data = await answer.json();
    numbers ||= data.b;
    // Cards say whose numbers they go by.
    if (data.b && data.b !== numbers) throw new Error("another build");
    return data;
  };
  // What failed is asked for again the next time.
  return (name) =>
    (held[name] ??= fetched(name).catch((error) => {
      delete held[name];
      throw error;
    }));
};
