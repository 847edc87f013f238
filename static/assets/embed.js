// Shows what another site has in the place of its picture, once a reader asks for
// it. Without this script the picture's link leads to that site.

document.addEventListener("click", e => {
  const link = e.target.closest?.("a.embed-open[data-frame]");
  if (!link || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  const { frame, title, ratio } = link.dataset, all = document.createElement("iframe");
  all.title = title;
  all.className = "embed-frame";
  all.style.aspectRatio = ratio.replace(":", "/");
  all.allow = "fullscreen; picture-in-picture; encrypted-media";
  all.referrerPolicy = "strict-origin-when-cross-origin";
  all.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation";
  all.src = frame;
  link.before(all);
  link.querySelector("picture, img")?.remove();
  delete link.dataset.frame; // from here on it is a link
  all.focus();
});
