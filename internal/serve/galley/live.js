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

let stream, wait, ui, forbidden;
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
  stream.onerror = () => {
    close();
    ui?.lost();
    setTimeout(() => document.hidden || stream || connect(), wait);
    wait = Math.min(wait * 2, 10000);
  };
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
  ui?.hear(news);
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
    return false; // the server is gone; what was missed is asked for when it is back
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
if (outermost) {
  const { Galley } = await import("./galley.js");
  ui = new Galley(base, mine.dataset.files.split("\n")[0]);
}
document.addEventListener("visibilitychange", seen);
addEventListener("pageshow", seen);
seen();
