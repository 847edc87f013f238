// What the preview lays over a page: problems, the panel, and the page at other
// widths. It lives in a shadow tree beside the body, where the site's styles do
// not reach it and its own do not reach the site.

import { el } from "./dom.js";
import { Panel } from "./panel.js";
import { Problems } from "./problems.js";
import { Stage } from "./stage.js";

export class Galley {
  constructor(base, file) {
    this.base = base;
    this.file = file;
    const host = el("stet-galley", { dir: "ltr", lang: "en", translate: "no" });
    const root = host.attachShadow({ mode: "open" });
    this.host = host;
    this.voice = el("p.voice", { role: "status" });
    this.stage = new Stage();
    this.problems = new Problems((text) => { this.voice.textContent = text; });
    this.panel = new Panel(base, this.stage, this.problems);
    const style = el("link", { rel: "stylesheet", href: base + "live.css" });
    host.style.setProperty("display", "none", "important"); // until it has its style, which a page may forbid
    style.onload = () => host.style.removeProperty("display");
    root.append(style, this.stage.element, this.problems.element, this.panel.element, this.voice);
    this.place();
    document.documentElement.append(host);
    document.addEventListener("keydown", (e) => {
      if (e.key === "Escape" && !e.defaultPrevented && (this.problems.dismiss() || this.stage.close() || this.panel.close())) e.preventDefault();
    });
    document.addEventListener("stet:changed", () => this.place());
  }

  // place puts the panel at the end of the line, on the page's own side.
  place() {
    this.host.toggleAttribute("mirrored", getComputedStyle(document.documentElement).direction === "rtl");
  }

  async hear(news) {
    this.problems.hear(news);
    this.panel.hear(news);
    try {
      const answer = await fetch(this.base + "facts?" + new URLSearchParams({ page: this.file }));
      if (answer.ok) this.panel.know(await answer.json());
    } catch { /* the server is gone; it is asked again when it is back */ }
  }

  lost() {
    this.panel.lost();
  }
}
