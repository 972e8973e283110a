/* Dates say how long ago they are, and a banner appears when the facts of too many projects were
   last confirmed too long ago: a nightly job that died, or that reaches few repositories, exposes
   itself. The clock is the visitor's; the build has none and gives dates with counts. */
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

  // A single repository that does not answer is told on its own page; a fifth is everybody's.
  const ENOUGH = 0.2;
  const { confirmed, staleAfter } = root.dataset;
  const banner = document.getElementById("stale");
  if (confirmed && banner) {
    const groups = confirmed.split(" ").map((group) => {
      const [then, count] = group.split("=");
      return { days: Math.floor((Date.now() - Date.parse(then)) / DAY), count: Number(count) };
    });
    const sum = (some) => some.reduce((before, { count }) => before + count, 0);
    const stale = groups.filter(({ days }) => days >= Number(staleAfter));
    const [old, total] = [sum(stale), sum(groups)];
    if (old && old >= ENOUGH * total) {
      const days = Math.min(...stale.map((group) => group.days));
      const projects = total === 1 ? "the one project" : `${old === total ? "all" : `${old} of`} ${total} projects`;
      banner.querySelector("[data-stale]").textContent = projects;
      const since = `${days} ${days === 1 ? "day" : "days"} ago`;
      banner.querySelector("[data-days]").textContent = stale.length > 1 ? `${since} or earlier` : since;
      banner.hidden = false;
    }
  }
})();
