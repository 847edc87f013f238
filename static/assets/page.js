// What every page gains by a script; all of it works without.
{
  const words = document.currentScript.dataset;

  // A table that is wider than its column can be scrolled by the keyboard in every
  // browser, and has a name. So can code, which needs none.
  const tables = new ResizeObserver(all => {
    for (const { target: t } of all) {
      if (t.scrollWidth <= t.clientWidth || t.tabIndex === 0) continue;
      t.tabIndex = 0;
      if (t.matches("pre")) continue;
      t.setAttribute("role", "region");
      t.setAttribute("aria-label", t.querySelector("caption")?.textContent || words.table);
    }
  });
  document.querySelectorAll(".table, .body pre").forEach(t => tables.observe(t));

  // What few scroll to brings its script when it is less than a screen away.
  const parts = new IntersectionObserver(all => {
    for (const { target: t, isIntersecting } of all) {
      if (!isIntersecting) continue;
      parts.unobserve(t);
      document.head.append(Object.assign(document.createElement("script"), { src: t.dataset.script }));
    }
  }, { rootMargin: "100%" });
  document.querySelectorAll("[data-script]").forEach(t => parts.observe(t));

  // The page behind a link is fetched while the pointer rests on the link, or when
  // a finger touches it: never where data are to be saved.
  const had = new Set([location.href]), line = navigator.connection;
  let wait;
  const fetchSoon = (e, after) => {
    clearTimeout(wait);
    const a = e.target.closest?.("a[href]");
    if (!a || a.origin !== location.origin || !/(\/|\.html)$/.test(a.pathname) || a.search || line?.saveData || /2g/.test(line?.effectiveType)) return;
    const to = a.href.split("#")[0];
    if (!had.has(to)) wait = setTimeout(() => {
      had.add(to);
      document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: to }));
    }, after);
  };
  addEventListener("mouseover", e => fetchSoon(e, 100), { passive: true });
  addEventListener("touchstart", e => fetchSoon(e, 0), { passive: true });
}
