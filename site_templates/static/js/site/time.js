/* Dates say how long ago they are, and a banner appears when GitHub was last heard from too long
   ago: a nightly job that died exposes itself. The clock is the visitor's; the build has none. */
(() => {
  const DAY = 86400000;
  const root = document.documentElement;
  const speak = new Intl.RelativeTimeFormat(root.lang || "en", { numeric: "auto" });
  const full = new Intl.RelativeTimeFormat(root.lang || "en");
  const age = (then) => {
    const days = Math.round((Date.parse(then) - Date.now()) / DAY);
    if (days > -45) return speak.format(days, "day");
    // Whole months and years that have passed, never rounded up: nothing looks older than it is.
    if (days > -548) return speak.format(Math.ceil(days / 30.44), "month");
    return full.format(Math.ceil(days / 365.25), "year");
  };
  for (const time of document.querySelectorAll("time[data-age]")) time.title = age(time.dateTime);
  for (const slot of document.querySelectorAll("[data-ago]")) slot.textContent = age(slot.dataset.ago);

  const { fetchedAt, staleAfter } = root.dataset;
  const banner = document.getElementById("stale");
  if (fetchedAt && banner) {
    const days = Math.floor((Date.now() - Date.parse(fetchedAt)) / DAY);
    if (days >= Number(staleAfter)) {
      banner.querySelector("[data-days]").textContent = `${days} days ago`;
      banner.hidden = false;
    }
  }
})();
