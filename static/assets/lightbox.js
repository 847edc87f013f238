// Opens the pictures of a page in a dialog. Without it their links lead to them.
// The pictures of a gallery follow one another, and so do all others.

const words = document.querySelector("script[data-lightbox]").dataset;
const digits = [...words.digits];
const number = n => [...String(n)].map(d => digits[d]).join("");
let dialog, links, at, opener, from, lent, sheet;

function element(name, made, ...inside) {
  const e = Object.assign(document.createElement(name), made);
  e.append(...inside);
  return e;
}

function button(kind, label, does) {
  const b = element("button", { type: "button", className: "lightbox-" + kind, title: label, onclick: does });
  b.setAttribute("aria-label", label);
  return b;
}

// styled waits for the style, which comes with the first picture that is opened.
function styled() {
  return sheet ||= new Promise(done => {
    if (words.sheet) document.head.append(element("link", { rel: "stylesheet", href: words.sheet, onload: done, onerror: done }));
    else done();
  });
}

// picture is that which a link leads to, in the newer format if the browser knows it.
function picture(link) {
  const { srcset, type } = link.dataset;
  const image = element("img", { src: link.href, alt: link.querySelector("img").alt, draggable: false });
  const all = element("picture", {}, ...(srcset ? [element("source", { srcset, type })] : []), image);
  return { all, image };
}

function open(link) {
  const all = link.closest(".gallery, .pair");
  links = [...(all || document).querySelectorAll("a.photo-open")].filter(a => all || !a.closest(".gallery, .pair"));
  opener = link;
  dialog = element("dialog", { className: "lightbox", tabIndex: -1, onclose: closed, onclick: e => e.target === dialog && dialog.close() },
    element("figure"), element("p", { className: "lightbox-place" }),
    button("close", words.close, () => dialog.close()));
  dialog.querySelector("p").setAttribute("role", "status");
  if (links.length > 1) dialog.append(button("previous", words.previous, () => show(at - 1)), button("next", words.next, () => show(at + 1)));
  dialog.onkeydown = key;
  dialog.onpointerdown = e => { from = e.isPrimary && e.pointerType !== "mouse" && !(visualViewport?.scale > 1.01) ? e : null; };
  dialog.onpointerup = swiped;
  dialog.onpointercancel = () => { from = null; };
  document.body.append(dialog);
  show(links.indexOf(link));
  dialog.showModal();
  dialog.focus(); // not a button: the same Enter would press it
}

// A caption is lent to the dialog, so that its words stand once in the page; the
// room that they had stays theirs.
function lend(caption) {
  if (lent) {
    lent.from.append(...lent.to.childNodes);
    lent.from.style.minBlockSize = "";
  }
  lent = caption && { from: caption, to: element("figcaption") };
  if (!caption) return [];
  caption.style.minBlockSize = caption.offsetHeight + "px";
  lent.to.append(...[...caption.childNodes].filter(n => !n.matches?.(".photo-number")));
  return lent.to.textContent.trim() ? [lent.to] : [];
}

function show(n) {
  at = (n + links.length) % links.length;
  const { all, image } = picture(links[at]);
  dialog.querySelector("figure").replaceChildren(all, ...lend(links[at].closest("figure").querySelector("figcaption")));
  const place = words.place.replace("%n", number(at + 1)).replace("%t", number(links.length));
  dialog.querySelector("p").textContent = links.length > 1 ? place : "";
  dialog.setAttribute("aria-label", links.length > 1 ? place : image.alt);
  dialog.classList.toggle("lightbox-waits", !image.complete);
  image.onload = image.onerror = () => dialog.classList.remove("lightbox-waits");
  for (const near of [at + 1, at - 1]) picture(links[(near + links.length) % links.length]);
}

const onward = () => getComputedStyle(dialog).direction === "rtl" ? -1 : 1;

function key(e) {
  const step = { ArrowRight: onward(), ArrowLeft: -onward() }[e.key];
  if (!step || links.length < 2 || e.altKey || e.ctrlKey || e.metaKey) return;
  e.preventDefault();
  show(at + step);
}

function swiped(e) {
  const x = from && e.isPrimary ? e.clientX - from.clientX : 0;
  if (links.length > 1 && Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(e.clientY - from.clientY)) show(at + (x < 0 ? 1 : -1) * onward());
  from = null;
}

function closed() {
  lend();
  dialog.remove();
  opener.focus({ preventScroll: true });
}

if (window.HTMLDialogElement) for (const link of document.querySelectorAll("a.photo-open")) link.setAttribute("aria-haspopup", "dialog");
if (window.HTMLDialogElement) document.addEventListener("click", e => {
  const link = e.target.closest?.("a.photo-open");
  if (!link || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  styled().then(() => dialog?.open || open(link));
});
