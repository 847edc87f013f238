// Makes one document what another is, and touches only what differs: what the
// reader has opened, written, focused and scrolled to stays.

const stamps = new Map(); // path → the edition at which this file of a lasting name changed

// scripts says which scripts a document runs, and by which policy. Where they differ,
// a page must be loaded anew, because what a script has done cannot be undone, and a
// policy holds as long as its page.
export function scripts(doc) {
  const policies = [...doc.querySelectorAll("meta[http-equiv=Content-Security-Policy i]")];
  const runs = (s) => !s.dataset.stet && /^(|module|(text|application)\/(java|ecma)script)$/i.test(s.type);
  return [...policies, ...[...doc.scripts].filter(runs)].map((s) => s.outerHTML).join("\n");
}

// morph makes this page what the next is.
export async function morph(next) {
  stampAll(next);
  await loadSheets(next);
  const settle = holdStill();
  const focus = document.activeElement;
  const changed = new Set();
  rootAttributes(document.documentElement, next.documentElement);
  rootAttributes(document.body, next.body);
  children(document.head, next.head, new Set());
  children(document.body, next.body, changed);
  if (focus?.id && document.activeElement !== focus) document.getElementById(focus.id)?.focus({ preventScroll: true });
  settle();
  flash(changed);
}

// rootAttributes takes nothing away from html and body: scripts mark a page there.
function rootAttributes(live, next) {
  for (const { name, value } of next.attributes) {
    const has = name === "class" && [...next.classList].every((c) => live.classList.contains(c));
    if (!has && live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
}

function children(live, next, changed) {
  const fresh = [...next.childNodes];
  const partners = match([...live.childNodes], fresh);
  const kept = new Set(partners);
  for (const node of [...live.childNodes]) {
    if (kept.has(node)) continue;
    node.remove();
    changed.add(live);
  }
  let cursor = live.firstChild;
  fresh.forEach((one, i) => {
    let node = partners[i];
    if (node === cursor && node) {
      cursor = cursor.nextSibling;
    } else if (node) {
      live.moveBefore ? live.moveBefore(node, cursor) : live.insertBefore(node, cursor);
    } else {
      node = live.insertBefore(document.importNode(one, true), cursor);
      changed.add(node.nodeType === Node.ELEMENT_NODE ? node : live);
      return;
    }
    update(node, one, changed);
  });
}

// match finds for each new node the old one that it continues: an equal one, one
// of the same id, or the next of its kind.
function match(old, fresh) {
  const partners = new Array(fresh.length);
  let start = 0, end = 0;
  while (start < old.length && start < fresh.length && old[start].isEqualNode(fresh[start])) partners[start] = old[start++];
  const rest = Math.min(old.length, fresh.length) - start;
  while (end < rest && old.at(-1 - end).isEqualNode(fresh.at(-1 - end))) {
    partners[fresh.length - 1 - end] = old.at(-1 - end);
    end++;
  }
  const left = new Set(old.slice(start, old.length - end));
  for (const alike of [(n) => n.outerHTML ?? n.nodeName + n.data, (n) => n.id && n.nodeName + "#" + n.id, (n) => !n.id && n.nodeName]) {
    const queues = new Map();
    for (const node of left) {
      const key = alike(node);
      if (key) queues.set(key, [...(queues.get(key) ?? []), node]);
    }
    for (let i = start; i < fresh.length - end; i++) {
      const found = partners[i] ? undefined : queues.get(alike(fresh[i]))?.shift();
      if (found) {
        partners[i] = found;
        left.delete(found);
      }
    }
  }
  return partners;
}

function update(live, next, changed) {
  if (live.isEqualNode(next) || live.nodeName === "NOSCRIPT") return;
  if (live.nodeType !== Node.ELEMENT_NODE) {
    live.data = next.data;
    changed.add(live.parentElement);
    return;
  }
  attributes(live, next, changed);
  if (live.nodeName === "TEMPLATE") live.innerHTML = next.innerHTML;
  else children(live, next, changed);
}

function attributes(live, next, changed) {
  const kept = /^(DETAILS|DIALOG)$/.test(live.nodeName) ? "open" : "";
  for (const { name } of [...live.attributes]) {
    if (name !== kept && !next.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value, namespaceURI } of next.attributes) {
    if (name === kept || live.getAttribute(name) === value) continue;
    live.setAttributeNS(namespaceURI, name, value);
    if (/^(src|srcset|href)$/.test(name)) changed.add(live);
  }
}

// loadSheets loads the styles that are new before anything else changes, so that
// no page is ever seen without.
async function loadSheets(next) {
  const have = new Map(sheetsOf(document).map((link) => [link.href, link]));
  let last = [...have.values()].at(-1);
  const loading = [];
  for (const link of sheetsOf(next)) {
    if (have.has(link.href)) {
      last = have.get(link.href);
      continue;
    }
    const copy = document.importNode(link, true);
    loading.push(loaded(copy));
    last ? last.after(copy) : document.head.append(copy);
    last = copy;
  }
  await Promise.all(loading);
}

function sheetsOf(doc) {
  return [...doc.querySelectorAll("link[rel~=stylesheet][href]")];
}

function loaded(link) {
  return new Promise((done) => {
    link.onload = link.onerror = done;
    setTimeout(done, 5000);
  });
}

// assetsChanged shows files anew that kept their names; null is all styles.
export async function assetsChanged(paths, edition) {
  for (const path of paths ?? sheetsOf(document).map((link) => pathOf(link.href)).filter(Boolean)) stamps.set(path, edition);
  if ([...document.scripts].some((s) => s.src && !s.dataset.stet && stamps.get(pathOf(s.src)) === edition)) return location.reload();
  await Promise.all(sheetsOf(document).map(async (link) => {
    const href = stamped(link.getAttribute("href"));
    if (href === link.getAttribute("href")) return;
    const copy = link.cloneNode(true);
    copy.setAttribute("href", href);
    link.after(copy);
    await loaded(copy);
    link.remove();
  }));
  stampAll(document, "img, source, video");
}

// stampAll gives what has changed under its name an address that no browser
// remembers.
function stampAll(doc, which = "link[rel~=stylesheet], img, source, video") {
  if (stamps.size === 0) return;
  for (const element of doc.querySelectorAll(which)) {
    for (const name of ["href", "src", "poster"]) {
      const value = element.getAttribute(name);
      if (value && stamped(value) !== value) element.setAttribute(name, stamped(value));
    }
    const set = element.getAttribute("srcset");
    const anew = set?.replace(/(^|,)(\s*)([^\s,]+)/g, (_, comma, space, url) => comma + space + stamped(url));
    if (anew && anew !== set) element.setAttribute("srcset", anew);
  }
}

function stamped(url) {
  const edition = stamps.get(pathOf(url));
  if (!edition) return url;
  const to = new URL(url, document.baseURI);
  to.searchParams.set("stet", edition);
  return to.pathname + to.search;
}

// pathOf is the path of a file of this site, or "".
function pathOf(url) {
  try {
    const to = new URL(url, document.baseURI);
    return to.origin === location.origin ? decodeURI(to.pathname) : "";
  } catch {
    return "";
  }
}

// holdStill remembers what is seen, and settle puts it where it was.
function holdStill() {
  if (scrollY === 0) return () => {};
  const seen = [];
  for (const element of document.body.querySelectorAll("p, h1, h2, h3, h4, h5, li, dt, dd, td, pre, figure, blockquote, summary, input, textarea, div, section")) {
    const { top, bottom } = element.getBoundingClientRect();
    if (top >= 0 && top < innerHeight && bottom > top) seen.push([element, top]);
    if (seen.length === 16) break;
  }
  return () => {
    const [element, top] = seen.find(([e]) => e.isConnected) ?? [];
    const moved = element ? element.getBoundingClientRect().top - top : 0;
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  };
}

// flash points out what has changed, unless it is half of the page.
function flash(changed) {
  if (changed.size > 12 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  for (const element of changed) {
    if (element && element !== document.body && element.isConnected) {
      element.animate([{ backgroundColor: "#e8b40066" }, { backgroundColor: "#e8b40000" }], { duration: 1400, easing: "ease-out" });
    }
  }
}
