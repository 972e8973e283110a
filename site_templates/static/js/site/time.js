/* Dates say how long ago they are. When the last run was, which no page says but that of the status,
   is read from one small file; a banner appears when the facts of too many projects were last
   confirmed too long ago: a nightly job that died, or that reaches few repositories, exposes itself.
   The clock is the visitor's; the build has none and gives dates with counts. */
(() => {
  const DAY = 86400000;
  const root = document.documentElement;
  const speak = new Intl.RelativeTimeFormat(root.lang || "en", { numeric: "auto" });
  const full = new Intl.RelativeTimeFormat(root.lang || "en");
  // A browser that does not know the language would speak the one of its own windows.
  const isKnown = Intl.RelativeTimeFormat.supportedLocalesOf(root.lang || "en").length > 0;
  const told = (days) => {
    if (days === 0) return say("today");
    if (days < 45) return sayMany(days, "%(count)s day ago", "%(count)s days ago");
    const months = Math.floor(days / 30.44);
    if (months < 18) return sayMany(months, "%(count)s month ago", "%(count)s months ago");
    const years = Math.floor(days / 365.25);
    return sayMany(years, "%(count)s year ago", "%(count)s years ago");
  };
  const age = (then) => {
    const days = Math.round((Date.parse(then) - Date.now()) / DAY);
    if (!isKnown) return told(Math.max(0, -days));
    if (days > -45) return speak.format(days, "day");
    // Whole months and years that have passed, never rounded up: nothing looks older than it is.
    if (days > -548) return speak.format(Math.ceil(days / 30.44), "month");
    return full.format(Math.ceil(days / 365.25), "year");
  };
  for (const time of document.querySelectorAll("time[data-age]")) time.title = age(time.dateTime);
  for (const slot of document.querySelectorAll("[data-ago]")) slot.textContent = age(slot.dataset.ago);

  // As the pages write a day, whatever the visitor's language is.
  const inWords = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const words = new Intl.DateTimeFormat("en-GB", inWords);
  const written = (date) => {
    const form = window.dayForms?.[date.getUTCMonth()];
    return form ? say(form, { day: date.getUTCDate(), year: date.getUTCFullYear() }) : words.format(date);
  };
  const day = (then) => {
    const time = document.createElement("time");
    time.dateTime = then;
    time.title = age(then);
    time.textContent = written(new Date(then));
    return time;
  };
  const tell = ({ projects, current, newest, oldest }) => {
    for (const slot of document.querySelectorAll("[data-confirmed]")) {
      if (current === projects) slot.replaceChildren(": ", day(newest));
      else {
        const named = { current, projects, newest: day(newest), oldest: day(oldest) };
        slot.replaceChildren(...sayParts(": %(current)s of %(projects)s projects on %(newest)s, the oldest on %(oldest)s", named));
      }
    }
    for (const link of document.querySelectorAll("a[data-run]")) link.title = say("The last run was %(ago)s", { ago: age(newest) });
  };

  // A single repository that does not answer is told on its own page; a fifth is everybody's.
  const ENOUGH = 0.2;
  const warn = (confirmed, staleAfter) => {
    const banner = document.getElementById("stale");
    const groups = confirmed.map(({ at, projects }) => {
      return { days: Math.floor((Date.now() - Date.parse(at)) / DAY), count: projects };
    });
    const sum = (some) => some.reduce((before, { count }) => before + count, 0);
    const stale = groups.filter(({ days }) => days >= staleAfter);
    const [old, total] = [sum(stale), sum(groups)];
    if (banner && old && old >= ENOUGH * total) {
      const days = Math.min(...stale.map((group) => group.days));
      const all = () => sayMany(total, "the one project", "all %(count)s projects");
      const some = () => say("%(old)s of %(total)s projects", { old, total });
      banner.querySelector("[data-stale]").textContent = old === total ? all() : some();
      const since = sayMany(days, "%(count)s day ago", "%(count)s days ago");
      banner.querySelector("[data-days]").textContent = stale.length > 1 ? say("%(since)s or earlier", { since }) : since;
      banner.hidden = false;
    }
  };

  const read = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const run = await answer.json();
    warn(run.confirmed, run.stale_after_days);
    if (run.freshness.newest) tell(run.freshness);
  };
  // Without an answer, or with one that makes no sense, the page says what it says without scripts;
  // a folder on disk gives none.
  const { lastRun } = root.dataset;
  if (lastRun && location.protocol !== "file:") read(lastRun).catch(() => {});
})();
