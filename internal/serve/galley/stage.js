// The page at another width, in a frame over itself. The frame is the page as
// any browser of that width has it, and is as live.

import { el } from "./dom.js";

// A4 at 96 dots an inch, less its margins.
const sizes = { phone: [390, 844, "Phone"], tablet: [768, 1024, "Tablet"], desktop: [1280, 1600, "Desktop"], print: [680, 1009, "Print, A4"] };

export class Stage {
  constructor() {
    this.label = el("h2");
    this.frame = el("iframe");
    this.paper = el("div.paper", {}, this.frame);
    this.element = el("section.stage", { role: "region", "aria-label": "The page at another width", hidden: true },
      el("header", {}, this.label, el("button.close", { type: "button", title: "Close (Esc)", "aria-label": "Close", onclick: () => this.close() }, "×")),
      el("div.floor", {}, this.paper));
    this.frame.addEventListener("load", () => {
      if (this.size === "print") print(this.frame.contentDocument);
      this.frame.contentDocument?.addEventListener("stet:changed", () => this.size === "print" && print(this.frame.contentDocument));
    });
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  show(size) {
    if (!sizes[size]) return this.close();
    this.size = size;
    const [width, , name] = sizes[size];
    this.label.textContent = `${name} · ${width} px`;
    this.frame.title = `The page, ${name}`;
    this.paper.dataset.size = size;
    this.element.hidden = false;
    this.frame.src = location.href;
    this.fit();
  }

  // makeRoom leaves the panel beside the page, where there is room for both.
  makeRoom(open) {
    this.element.classList.toggle("beside", open);
  }

  // fit makes what is wider than the window smaller, as a whole.
  fit() {
    if (this.element.hidden) return;
    const [width, height] = sizes[this.size];
    const floor = this.paper.parentElement;
    const style = getComputedStyle(floor);
    const pad = getComputedStyle(this.paper);
    const room = floor.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const tall = floor.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const outer = width + parseFloat(pad.paddingLeft) + parseFloat(pad.paddingRight);
    const zoom = Math.min(1, room / outer);
    this.frame.style.width = width + "px";
    this.frame.style.height = Math.min(height, Math.max(tall / zoom - parseFloat(pad.paddingTop) - parseFloat(pad.paddingBottom), 320)) + "px";
    this.paper.style.zoom = zoom;
  }

  close() {
    if (this.element.hidden) return false;
    this.element.hidden = true;
    this.frame.src = "about:blank";
    this.size = "";
    this.onclose?.();
    return true;
  }
}

// print shows a document as it is printed: what is meant for paper holds, and
// what is meant for screens does not.
function print(doc) {
  if (!doc) return;
  if (doc.adoptedStyleSheets.length === 0) {
    const white = new doc.defaultView.CSSStyleSheet();
    white.replaceSync("* { color-scheme: light !important; }");
    doc.adoptedStyleSheets = [white];
  }
  for (const sheet of doc.styleSheets) {
    onPaper(sheet.media);
    try { rules(sheet.cssRules); } catch { /* a sheet of another site may not be read */ }
  }
}

function rules(list) {
  for (const rule of list ?? []) {
    if (rule.media) onPaper(rule.media);
    rules(rule.styleSheet?.cssRules ?? rule.cssRules);
  }
}

function onPaper(media) {
  const to = media.mediaText.split(",").map((query) => {
    if (/^\s*not\s+print|prefers-color-scheme:\s*dark/.test(query) || /^\s*(only\s+)?screen/.test(query)) return "not all";
    return query.replace(/\b(only\s+)?print\b/, "all");
  }).join(",");
  if (to !== media.mediaText) media.mediaText = to;
}
