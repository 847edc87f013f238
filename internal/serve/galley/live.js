// Keeps an open page what its edition is. The preview puts this script into each
// page it sends and says on the element what the page was made from. From then
// on the page listens: when a file it rests on has changed, it fetches itself and
// changes what differs (morph.js). It knows the number of its edition, so it may
// sleep, lose the server or find another one, and asks when it is back what it
// has missed.

import { assetsChanged, morph, scripts } from "./morph.js";

const mine = document.querySelector("script[data-stet]");
const base = mine.dataset.stet;
let { run, edition } = mine.dataset;
const known = scripts(document);
const outermost = window === window.top;

let stream, wait, ui, latest, forbidden;
let work = Promise.resolve(); // one thing after the other

const patience = 500; // milliseconds until the first attempt to come back; then longer each time

function connect() {
  close();
  if (forbidden) return;
  const ask = new URLSearchParams({ run, edition });
  for (const file of mine.dataset.files.split("\n")) ask.append("file", file);
  stream = new EventSource(base + "events?" + ask);
  stream.onmessage = (e) => {
    wait = patience;
    const news = JSON.parse(e.data);
    work = work.then(() => hear(news)).catch(failed);
  };
  stream.onerror = lost;
}

// lost comes back later and asks for what was missed.
function lost() {
  close();
  ui?.lost();
  setTimeout(() => document.hidden || stream || connect(), wait);
  wait = Math.min(wait * 2, 10000);
}

function close() {
  stream?.close();
  stream = undefined;
}

// A browser has only six connections to a server. A page that nobody sees needs
// none of them.
function seen() {
  if (document.hidden) return close();
  wait = patience;
  if (!stream) connect();
}

async function hear(news) {
  latest = news;
  if (ui) ui.hear(news);
  else work = work.then(show);
  if (news.reload) return location.reload();
  const otherRun = news.run !== run;
  if (news.changed) {
    if (!(await renew())) return;
  } else {
    ({ run, edition } = news);
  }
  if (otherRun || news.assets?.length) {
    const site = new URL("..", new URL(base, location.href)).pathname;
    await assetsChanged(otherRun ? null : news.assets.map((file) => site + file), news.edition);
  }
}

// renew makes this page what the server has now. It returns false if it is
// loaded anew, or could not be had.
async function renew() {
  let answer, text;
  try {
    answer = await fetch(location.href, { cache: "no-store" });
    text = await answer.text();
  } catch {
    lost(); // what was missed is asked for when the server is back
    return false;
  }
  const next = new DOMParser().parseFromString(text, "text/html");
  const theirs = next.querySelector("script[data-stet]");
  if (answer.redirected || !theirs || theirs.dataset.status !== mine.dataset.status || scripts(next) !== known) {
    location.reload();
    return false;
  }
  ({ run, edition } = theirs.dataset);
  await morph(next);
  document.dispatchEvent(new CustomEvent("stet:changed"));
  return true;
}

// show loads what is laid over the page and tells it the latest. The page itself
// does not wait for it, and where it cannot be had, it is asked for again.
let shows = 0;
async function show() {
  if (!outermost || ui) return;
  try {
    const { Galley } = await import("./galley.js" + (shows++ ? "?" + shows : "")); // a module that failed fails forever
    ui = new Galley(base, mine.dataset.files.split("\n")[0]);
    if (latest) ui.hear(latest);
  } catch (error) {
    console.warn("stet: the panel could not be loaded:", error);
  }
}

function failed(error) {
  console.warn("stet: the page is loaded anew, as it could not be changed in place:", error);
  location.reload();
}

// A page may forbid all connections. Then it stands as it was sent.
document.addEventListener("securitypolicyviolation", (e) => {
  if (e.blockedURI.includes(base)) {
    close();
    forbidden = true;
  }
});

const here = new URL(location.href);
if (here.searchParams.has("token") && navigator.cookieEnabled) {
  here.searchParams.delete("token");
  history.replaceState(history.state, "", here);
}
document.addEventListener("visibilitychange", seen);
addEventListener("pageshow", seen);
work = work.then(show);
seen();
