// The panel at the end of the page's last line: what an editor asks of an
// article before it goes out.

import { choices, count, el, remembered } from "./dom.js";
import { problem } from "./problems.js";

const states = {
  draft: ["Draft", "Draft until"], future: ["Scheduled", "Scheduled for"],
  embargo: ["Embargo", "Embargo until"], expired: ["Expired", "Expired since"], "": ["Published", "Published until"],
};

export class Panel {
  constructor(base, stage, problems) {
    this.base = base;
    this.stage = stage;
    this.overlay = problems;
    this.parts = {};
    this.drawn = {};
    for (const name of ["state", "source", "wrong", "checks", "widths", "looks", "time"]) this.parts[name] = el("div.part." + name);
    this.bar = el("button.bar", { type: "button", "aria-expanded": "false", "aria-controls": "panel", onclick: () => this.toggle(!this.isOpen) });
    this.body = el("section.panel", { id: "panel", role: "region", "aria-label": "Galley", hidden: true }, Object.values(this.parts));
    this.element = el("div.corner", {}, this.bar, this.body);
    stage.onclose = () => this.draw("widths", "", () => this.widths(""));
    this.toggle(remembered.get("panel") === "open");
    this.draw("widths", "", () => this.widths(""));
  }

  get isOpen() {
    return !this.body.hidden;
  }

  toggle(open) {
    this.body.hidden = !open;
    this.bar.setAttribute("aria-expanded", String(open));
    this.stage.makeRoom(open);
    remembered.set("panel", open ? "open" : "");
  }

  // close closes the panel if the keyboard is in it.
  close() {
    if (!this.isOpen || !this.body.contains(this.body.getRootNode().activeElement)) return false;
    this.toggle(false);
    this.bar.focus();
    return true;
  }

  hear(news) {
    this.news = news;
    this.gone = false;
    this.redraw();
  }

  know(facts) {
    this.facts = facts;
    this.redraw();
  }

  lost() {
    this.gone = true;
    this.redraw();
  }

  // draw makes a part anew if what it shows has changed, so that the keyboard
  // stays where it is.
  draw(name, what, make) {
    const key = JSON.stringify(what ?? null);
    if (this.drawn[name] === key) return;
    this.drawn[name] = key;
    const kids = make();
    this.parts[name].replaceChildren(...kids);
    this.parts[name].hidden = kids.length === 0;
  }

  redraw() {
    const { facts, news } = this;
    if (!news) return;
    this.bar.replaceChildren(...this.summary());
    this.draw("state", [facts?.state, facts?.when, facts?.words, facts?.layout, facts?.source, news.title], () => this.state());
    this.draw("source", [facts?.source, facts?.edit, facts?.file, news.hidden], () => this.source());
    this.draw("wrong", news.problems, () => this.wrong());
    this.draw("checks", [facts?.checks, facts?.filled], () => this.checks());
    this.draw("looks", [facts?.card, facts?.search, facts?.social], () => this.looks());
    this.draw("time", [news.mayAsk, news.asOf], () => this.time());
  }

  summary() {
    const { facts, news } = this;
    const errors = news.problems.filter((p) => p.severity === "error").length;
    const checks = facts?.checks.length ?? 0;
    const badge = (kind, n, words) => n > 0 && el("span.badge." + kind, { role: "img", title: words, "aria-label": words }, n);
    return [
      el("span.dot", { "data-state": this.gone ? "gone" : facts ? facts.state || "published" : "none" }),
      el("span.word", {}, this.gone ? "Preview ended" : facts ? states[facts.state]?.[0] ?? facts.state : "Galley"),
      facts && el("span.words", {}, count(facts.words, "word")),
      news.asOf && el("span.as-of", {}, "as of " + news.asOf.replace("T", " ")),
      badge("error", errors, count(errors, "error")),
      badge("check", checks, count(checks, "check")),
      el("span.handle", { "aria-hidden": "true" }),
    ].filter(Boolean);
  }

  state() {
    const { facts, news } = this;
    if (!facts) return [el("h2", {}, news.title || "Galley"), el("p.quiet", {}, "This page is no article.")];
    const word = states[facts.state] ?? [facts.state, facts.state];
    return [
      el("h2", { "data-state": facts.state || "published" }, facts.when && word[1] ? word[1] : word[0], facts.when ? el("time", {}, " " + facts.when) : ""),
      el("dl", {},
        el("div", {}, el("dt", {}, "Words"), el("dd", {}, facts.words.toLocaleString("en"))),
        el("div", {}, el("dt", {}, "Reading"), el("dd", {}, facts.minutes + " min")),
        el("div", {}, el("dt", {}, "Layout"), el("dd", {}, facts.layout || "–"))),
    ];
  }

  source() {
    const { facts, news } = this;
    const copy = (e) => navigator.clipboard.writeText(facts.file).then(() => { e.target.textContent = "Copied"; });
    return [
      facts && el("p.file", { title: facts.file }, facts.source),
      el("p.row", {},
        facts?.edit && el("a.button", { href: facts.edit }, "Open in editor"),
        facts?.file && navigator.clipboard && el("button", { type: "button", title: facts.file, onclick: copy }, "Copy path"),
        el("a.button", { href: this.base }, `Unpublished (${news.hidden})`)),
    ].filter(Boolean);
  }

  wrong() {
    const { news } = this;
    const errors = news.problems.filter((p) => p.severity === "error").length;
    const warnings = news.problems.filter((p) => p.severity !== "error");
    return [
      errors > 0 && el("button.alarm", { type: "button", onclick: () => this.overlay.show() }, count(errors, "error") + (errors === 1 ? " stops" : " stop") + " the edition"),
      warnings.length > 0 && el("details", {}, el("summary", {}, count(warnings.length + news.more, "warning") + " in the whole site"), warnings.map(problem)),
    ].filter(Boolean);
  }

  checks() {
    const checks = this.facts?.checks;
    if (!checks) return [];
    const filled = (this.facts.filled ?? []).map((line) => el("p.quiet", {}, line));
    if (checks.length === 0) return [el("h3", {}, "Checks"), el("p.good", {}, "Nothing to put right."), ...filled];
    return [el("h3", {}, "Checks"), ...checks.map(problem), ...filled];
  }

  looks() {
    const { facts } = this;
    if (!facts) return [];
    const kinds = { card: ["Section card", () => card(facts.card)], search: ["Search", () => result(facts.search)], social: ["Shared link", () => shared(facts.social)] };
    const place = el("div.look");
    const show = (kind) => {
      remembered.set("look", kind);
      place.className = "look " + kind;
      place.replaceChildren(kinds[kind][1]());
    };
    const first = kinds[remembered.get("look")] ? remembered.get("look") : "card";
    show(first);
    return [choices("How it looks", Object.entries(kinds).map(([kind, [text]]) => [kind, text]), first, show), place];
  }

  widths(chosen) {
    const all = [["", "Window"], ["phone", "Phone"], ["tablet", "Tablet"], ["desktop", "Desktop"], ["print", "Print"]];
    return [choices("Width", all, chosen, (size) => {
      this.drawn.widths = JSON.stringify(size);
      this.stage.show(size);
      if (innerWidth < 1000) this.toggle(false); // there is no room for both
    })];
  }

  time() {
    const { asOf, mayAsk } = this.news;
    if (!mayAsk) return [];
    const input = el("input", { type: "datetime-local", id: "as-of", name: "when", value: asOf.slice(0, 16) });
    const wrong = el("p.alarm", { role: "alert", hidden: true });
    const ask = async (when) => {
      const answer = await fetch(this.base + "as-of", { method: "POST", body: new URLSearchParams({ when }) }).catch(() => null);
      wrong.textContent = answer?.ok ? "" : (await answer?.text()) || "The preview has ended.";
      wrong.hidden = !wrong.textContent;
    };
    return [el("form", { onsubmit: (e) => { e.preventDefault(); ask(input.value); } },
      el("label", { for: "as-of" }, "As of"), input, el("button", { type: "submit" }, "Show"),
      asOf && el("button", { type: "button", onclick: () => ask("") }, "Now")), wrong];
  }
}

const picture = (url) => url ? el("img", { src: url, alt: "" }) : el("div.no-picture", {}, "no picture");
const line = (tag, text) => text && el(tag, { dir: "auto" }, text);

function card(look) {
  return el("article", {}, look.image && picture(look.image), el("div", {},
    line("p.kicker", look.section), line("h4", look.title), line("p.description", look.description),
    line("p.byline", [look.byline, look.date].filter(Boolean).join(" · "))));
}

function result(look) {
  return el("article", {},
    el("div.site", {}, el("span.icon", { "aria-hidden": "true" }, (look.site || "?").slice(0, 1)), el("div", {}, line("p.name", look.site), line("p.url", look.url))),
    line("h4", look.title),
    el("p.description", { dir: "auto" }, look.date ? el("span", {}, look.date + " — ") : "", look.description));
}

function shared(look) {
  return el("article", {}, picture(look.image), el("div", {}, line("p.url", look.url || look.site), line("h4", look.title), line("p.description", look.description)));
}
