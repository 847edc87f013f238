// Sends what readers write below a story without leaving it. Where anything fails, the
// form is sent as without this script; all that it does is better, nothing is needed.
// page.js fetches it for those who scroll there.
{
  const words = (document.querySelector("[data-script]") || document.currentScript).dataset;
  const find = id => document.getElementById(id);
  const make = (name, made) => Object.assign(document.createElement(name), made);
  const form = find("comment-form"), rating = find("rating-form");
  const story = (form || rating).elements.story.value;
  const live = make("p", { className: "hidden" });
  const say = text => { live.textContent = text; };
  const wait = ms => new Promise(r => setTimeout(r, ms));
  let ticket, made, busy;

  live.setAttribute("role", "status");
  (form || rating).closest("section").append(live);
  addEventListener("pageshow", () => { busy = 0; });

  const ask = async (to, path, body) => {
    const r = await fetch(new URL(path, to.action), { method: body ? "POST" : "GET", body, credentials: "include", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15e3) });
    if (r.status > 499) throw r;
    return { status: r.status, ...await r.json() };
  };

  // The service wants a token that is some seconds old: it is fetched at the first
  // letter. Its key is one comment's, so it stays the same until that is sent.
  const token = to => {
    if (Date.now() - made > 4e7) ticket = 0;
    return ticket ||= ask(to, "token?story=" + encodeURIComponent(story)).then(t => {
      if (!t.token) throw t;
      made = Date.now();
      return t;
    }).catch(e => { ticket = 0; throw e; });
  };

  // send returns what the service says; nothing if the form has gone as without script.
  const send = async (to, path, more, after) => {
    if (busy) return;
    busy = 1;
    say(words.sending);
    let body;
    try {
      const { token: t, key } = await token(to);
      await wait(made + after - Date.now());
      body = new URLSearchParams(new FormData(to));
      for (const [name, value] of Object.entries(more = { ...more, token: t, key })) body.set(name, value);
      const said = await ask(to, path, body).catch(() => wait(1e3).then(() => ask(to, path, body)));
      if (said.status === 403) ticket = 0;
      if (!said.state && !said.errors) throw said;
      busy = 0;
      say("");
      return { ...said, body };
    } catch {
      say("");
      busy = 0;
      if (!navigator.onLine) return { errors: [{ text: words.unsent }] };
      if (to === form) keep(1);
      const all = Object.entries(more).map(([name, value]) => make("input", { type: "hidden", name, value }));
      to.append(...all);
      to.submit();
      all.forEach(i => i.remove());
    }
  };

  rating?.addEventListener("submit", async e => {
    const chosen = e.submitter, thanks = find("rating-thanks");
    if (!chosen) return;
    e.preventDefault();
    words.thanks ||= thanks.textContent;
    const said = await send(rating, "rating", { answer: chosen.value }, 0);
    if (!said) return;
    if (said.state) for (const b of rating.querySelectorAll("button")) b.setAttribute("aria-pressed", b === chosen);
    thanks.textContent = said.state ? words.thanks : said.errors[0].text;
    thanks.hidden = false;
    say(thanks.textContent);
  });

  const draft = "stet-comment " + story;
  let keep; // keeps what is written, until it is sent
  if (form) {
    const { text, parent } = form.elements;
    const title = find("comment-form-title"), plain = title.textContent;
    const left = find("comment-left"), count = left.lastElementChild, most = count.dataset.most;
    const thanks = find("comment-waiting"), faults = make("ul", { className: "faults", tabIndex: -1 });
    const back = make("button", { type: "button", className: "back", textContent: words.back });
    const place = new Comment();
    let link, pause, wrong = [];

    keep = sent => {
      try {
        if (text.value.trim()) localStorage.setItem(draft, JSON.stringify([text.value, parent.value, sent]));
        else localStorage.removeItem(draft);
      } catch { /* then only the page has it */ }
    };

    const written = () => {
      const n = most - text.value.length;
      count.textContent = (n < 0 ? "\u200e" : "") + n + " / " + most;
      left.classList.toggle("over", n < 0);
      clearTimeout(pause);
      if (n < most / 10) pause = setTimeout(() => say(left.textContent), 1e3);
    };

    // The form stands below the comment that it answers, or at its own place.
    const move = to => {
      if (to) to.parentNode.after(form);
      else place.before(form);
      parent.value = to ? to.dataset.reply : "";
      title.textContent = to ? to.getAttribute("aria-label") : plain;
      if (to) form.append(back);
      else back.remove();
      link = to;
    };

    const right = () => {
      wrong.forEach(undo => undo());
      wrong = [];
    };

    const blame = errors => {
      form.prepend(faults);
      wrong = [() => faults.remove()];
      faults.replaceChildren(...errors.map(e => {
        const li = make("li", {}), field = form.elements[e.field];
        if (!field?.labels?.length) return li.append(e.text), li;
        const note = make("span", { className: "fault", id: field.id + "-fault", textContent: e.text });
        const by = field.getAttribute("aria-describedby") || "";
        field.before(note);
        field.setAttribute("aria-invalid", true);
        field.setAttribute("aria-describedby", note.id + " " + by);
        wrong.push(() => {
          note.remove();
          field.removeAttribute("aria-invalid");
          field.setAttribute("aria-describedby", by);
        });
        li.append(make("a", { href: "#" + field.id, textContent: e.text }));
        return li;
      }));
      faults.focus();
    };

    form.after(place);
    text.removeAttribute("maxlength"); // what is pasted is not cut off: the counter says it
    parent.value = "";
    try {
      const [was, to, sent] = JSON.parse(localStorage.getItem(draft));
      if (sent && location.hash === "#comment-waiting") localStorage.removeItem(draft);
      else {
        text.value ||= was;
        const answered = to && document.querySelector(`[data-reply="${CSS.escape(to)}"]`);
        if (answered) move(answered);
      }
    } catch { /* there is none */ }
    written();

    form.addEventListener("focusin", () => token(form).catch(() => {}), { once: true });
    form.addEventListener("input", e => {
      if (e.target !== text) return;
      written();
      keep();
    });

    form.addEventListener("submit", async e => {
      e.preventDefault();
      right();
      const said = await send(form, "comment", {}, 3e3);
      if (!said) return;
      if (said.errors) {
        if (said.errors.some(e => e.field === "parent")) move(); // what it answered is gone
        return blame(said.errors);
      }
      ticket = 0;
      form.before(thanks, make("p", { className: "comment-text sent", dir: "auto", textContent: said.body.get("text") }));
      thanks.hidden = false;
      thanks.tabIndex = -1;
      if (text.value === said.body.get("text")) text.value = "";
      move();
      written();
      keep();
      thanks.focus();
    });

    back.onclick = () => {
      const from = link;
      move();
      keep();
      from.focus();
    };

    addEventListener("click", e => {
      const to = e.target.closest?.("[data-reply]");
      if (!to || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
      e.preventDefault();
      move(to);
      keep();
      ([...form.elements].find(f => f.labels?.length && !f.value) || text).focus();
    });
  }
}
