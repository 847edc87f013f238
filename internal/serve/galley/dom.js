// el makes an element. What is given as a string becomes text, never markup.
export function el(tag, properties, ...kids) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...kids.flat().filter((kid) => kid || kid === 0));
  return element;
}

// choices is a row of buttons of which one is chosen.
export function choices(label, all, chosen, choose) {
  const name = "choice-" + label.replaceAll(" ", "-");
  return el("fieldset.choices", {},
    el("legend", {}, label),
    all.map(([value, text]) => el("label", {},
      el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => choose(value) }),
      el("span", {}, text))));
}

// remembered is a value that lasts as long as the tab.
export const remembered = {
  get: (key) => { try { return sessionStorage.getItem("stet-" + key) ?? ""; } catch { return ""; } },
  set: (key, value) => { try { sessionStorage.setItem("stet-" + key, value); } catch { /* a page may forbid it */ } },
};

export const count = (n, one, many = one + "s") => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
