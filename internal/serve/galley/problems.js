// The problems of the last build, over the page that stands. The page can be
// used all the while, and Escape puts them away until there are others.

import { count, el, remembered } from "./dom.js";

export class Problems {
  constructor(say) {
    this.say = say;
    this.list = el("div.list", { tabindex: "0", role: "group", "aria-labelledby": "problems-title" });
    this.title = el("h2", { id: "problems-title" });
    this.element = el("section.problems", { role: "region", "aria-labelledby": "problems-title", hidden: true },
      el("header", {}, this.title, el("button.close", { type: "button", title: "Close (Esc)", "aria-label": "Close", onclick: () => this.dismiss() }, "×")),
      this.list,
      el("footer", {}, "The last good edition stays until this is mended. ", el("kbd", {}, "Esc"), " puts this away."));
  }

  hear({ problems, more }) {
    const errors = problems.filter((p) => p.severity === "error");
    const told = JSON.stringify(errors);
    if (told === this.told) return;
    this.told = told;
    if (errors.length === 0) {
      if (!this.element.hidden) this.say("mended");
      this.element.hidden = true;
      remembered.set("dismissed", "");
      return;
    }
    this.title.textContent = errors.length === 1 ? "This stops the edition" : count(errors.length, "error") + " stop the edition";
    this.list.replaceChildren(...errors.map((p) => problem(p)), more > 0 ? el("p.more", {}, `and ${more} more: the terminal lists them all`) : "");
    this.element.hidden = remembered.get("dismissed") === told;
    if (!this.element.hidden) this.say(errors.map((p) => `${p.place ?? ""} ${p.text}`).join("; "));
  }

  // dismiss puts the problems away. It returns false if there are none to be seen.
  dismiss() {
    if (this.element.hidden) return false;
    this.element.hidden = true;
    remembered.set("dismissed", this.told);
    return true;
  }

  show() {
    this.element.hidden = false;
    this.list.focus();
  }
}

// problem is one problem as the terminal tells it.
export function problem(p) {
  const place = p.place && (p.edit ? el("a", { href: p.edit, title: "Open in the editor" }, p.place) : el("span", {}, p.place));
  return el("article.problem", { "data-severity": p.severity },
    place && el("p.place", {}, place),
    el("p.text", { dir: "auto" }, p.text),
    p.excerpt && el("pre", {}, linesOf(p.excerpt).map((line) => el(line.includes("╵") ? "span.mark" : "span", {}, line + "\n"))),
    p.hint && el("p.hint", { dir: "auto" }, p.hint),
    p.while && el("p.while", {}, "while " + p.while),
    p.rule && el("p.rule", {}, p.rule));
}

// linesOf are an excerpt's lines, without what a terminal indents them by.
function linesOf(excerpt) {
  const lines = excerpt.replace(/\n+$/, "").split("\n");
  const indent = Math.min(...lines.map((line) => line.search(/\S|$/)));
  return lines.map((line) => line.slice(indent));
}
