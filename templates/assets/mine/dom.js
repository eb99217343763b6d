// Small helps for the pages' own scripts: elements, icons, and a place where is said what has happened.

/** An element: its name and classes, its attributes and handlers, what is in it. Text only ever becomes text. */
export function make(name, given = {}, ...inside) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
}

const SHAPES = {
  star: "M10 2.6l2.3 4.7 5.1.7-3.7 3.6.9 5.1-4.6-2.4-4.6 2.4.9-5.1L2.6 8l5.1-.7z",
  read: "M3.5 10.5l4.2 4.3 8.8-9.6",
  hide: "M3 3l14 14M8.2 5.1A8.6 8.6 0 0 1 10 4.9c4 0 6.7 3 8 5.1a13 13 0 0 1-2.3 2.8M5.2 6.5A13.5 13.5 0 0 0 2 10c1.3 2.1 4 5.1 8 5.1a8.4 8.4 0 0 0 3.7-.9",
  note: "M4 3.5h12v9.5l-3.5 3.5H4zM12.5 16.5V13H16M7 7.5h6M7 10.5h3.5",
};

/** One of our own icons, in the colour of the text around it. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: `icon ${name}`, "aria-hidden": "true" })) svg.setAttribute(key, value);
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

const told = make("p.told", { role: "status" });
document.body.append(told); // before anything is said: what comes together with its words may not be heard
let fading;

/** Says what has happened, to eyes and ears. What stands after the text may be a button. A warning stays. */
export function tell(text, { stays = false, then = [] } = {}) {
  told.replaceChildren(text, ...then);
  clearTimeout(fading);
  if (!stays) fading = setTimeout(() => told.matches(":hover, :focus-within") || told.replaceChildren(), 6000);
}
