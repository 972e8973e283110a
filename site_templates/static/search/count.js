// Off unless a community adds it: tells the site's own server which searches found nothing, as a
// line in its access log. <script src=".../search/count.js" data-to="/nothing-found" defer></script>
const { to } = document.currentScript.dataset;
document.addEventListener("search:empty", ({ detail }) => {
  const address = new URL(to, location.href);
  // Never to anybody else.
  if (address.origin !== location.origin) return;
  address.searchParams.set("q", detail.slice(0, 100));
  fetch(address, {
    method: "HEAD",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    keepalive: true,
  }).catch(() => {});
});
