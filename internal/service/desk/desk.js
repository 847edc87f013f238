// Keys for those who decide about many comments. All that they do, a button on the
// page does too: without this script nothing is missing.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const cards = all("article.card");
  const dialog = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  let sent = false; // a form is on its way

  // Times of the log, as the clock of whoever reads it has them.
  for (const time of all("time[data-local]")) {
    time.title = time.textContent;
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", calendar: "gregory" });
  }

  // The browser has gone to the comment in the address; the keys are to go on there.
  document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });
  document.getElementById("errors")?.focus();

  // All of the page at once.
  const every = document.getElementById("all");
  const picks = all(".pick input");
  if (every) {
    every.parentElement.hidden = false;
    const see = () => {
      const n = picks.filter(p => p.checked).length;
      every.checked = n > 0 && n === picks.length;
      every.indeterminate = n > 0 && n < picks.length;
    };
    every.addEventListener("change", () => picks.forEach(p => { p.checked = every.checked; }));
    picks.forEach(p => p.addEventListener("change", see));
    see();
  }

  // An open field is what somebody wants to write in.
  for (const details of all(".edit, .reply")) {
    details.addEventListener("toggle", () => { if (details.open) details.querySelector("textarea").focus(); });
  }

  document.addEventListener("submit", event => {
    if (event.target.method === "dialog") return;
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });

  if (!dialog) return;
  const stored = name => { try { return localStorage.getItem(name); } catch { return null; } };
  const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* it is for this page then */ } };
  on.checked = stored("stet-keys") !== "off";
  on.addEventListener("change", () => store("stet-keys", on.checked ? "on" : "off"));
  const help = () => dialog.open ? dialog.close() : dialog.showModal();
  const opener = document.getElementById("show-keys");
  opener.hidden = false;
  opener.addEventListener("click", help);

  // The comment that is meant: the one with the focus, or none.
  const current = () => document.activeElement.closest("article.card");
  const go = step => {
    const at = cards.indexOf(current());
    let to = at + step;
    if (at < 0) to = Math.max(cards.findIndex(c => c.getBoundingClientRect().bottom > 80), 0); // the first to be seen
    cards[Math.min(Math.max(to, 0), cards.length - 1)]?.focus();
  };
  const press = key => {
    const target = (key === "u" ? document : current())?.querySelector(`[data-key="${key}"]`);
    if (!target) return;
    target.scrollIntoView({ block: "nearest" });
    target.click();
  };
  const does = {
    j: () => go(1),
    k: () => go(-1),
    x: () => current()?.querySelector(".pick input")?.click(),
    "?": help,
  };
  for (const key of "arseu") does[key] = () => press(key);

  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && event.target.matches("textarea")) {
      const card = current();
      event.target.closest("details")?.removeAttribute("open");
      card?.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    // On a keyboard of another script it is the place of the key that counts.
    let key = event.key.toLowerCase();
    if (key === "؟") key = "?";
    if (!/^[a-z?]$/.test(key)) key = event.code.replace(/^Key/, "").toLowerCase();
    if (dialog.open && key !== "?" || !on.checked && key !== "?" || !Object.hasOwn(does, key)) return;
    event.preventDefault();
    does[key]();
  });
})();
