// The map zooms, pans, filters and jumps to papers. Without this it is a picture whose points and labels are links.
import { say } from "./words.js";

const MOST = 12; // times larger than the whole
const NEAR = 2.5; // from here on the papers of a long list are points of their own
const REACH = 24; // pixels around a tap
const SVG = "http://www.w3.org/2000/svg";

const chart = document.querySelector(".chart");
const map = chart.querySelector("svg.map");
const [, , WIDTH, HEIGHT] = map.getAttribute("viewBox").split(" ").map(Number);
const isles = [...map.querySelectorAll(".isle")];
const labels = [...map.querySelectorAll("text")].map((text) => ({
  lines: [...text.children],
  end: Number(text.lastElementChild.getAttribute("y")) + 8,
}));
const view = { x: 0, y: 0, zoom: 1 };

function element(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const drawn = (tag, given) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  return made;
};

/** Shows the part of the map whose corner is at x, y. Labels and points grow more slowly than the map. */
function show(x, y, zoom) {
  view.zoom = Math.min(Math.max(zoom, 1), MOST);
  view.x = Math.min(Math.max(x, 0), WIDTH - WIDTH / view.zoom);
  view.y = Math.min(Math.max(y, 0), HEIGHT - HEIGHT / view.zoom);
  map.setAttribute("viewBox", `${view.x} ${view.y} ${WIDTH / view.zoom} ${HEIGHT / view.zoom}`);
  const less = view.zoom ** 0.6;
  map.style.setProperty("--less", less);
  for (const { lines, end } of labels) {
    lines.forEach((line, i) => line.setAttribute("y", end - (30 * (lines.length - 1 - i) + 8) / less));
  }
  map.classList.toggle("zoomed", view.zoom > 1);
  map.classList.toggle("close", view.zoom >= NEAR);
  out.disabled = whole.disabled = view.zoom === 1;
  closer();
}

/** Zooms by a factor around a point of the map; its middle when none is given. */
function zoom(factor, x = view.x + WIDTH / view.zoom / 2, y = view.y + HEIGHT / view.zoom / 2) {
  const next = Math.min(Math.max(view.zoom * factor, 1), MOST);
  const kept = view.zoom / next;
  show(x - (x - view.x) * kept, y - (y - view.y) * kept, next);
}

const centre = (x, y, times) => show(x - WIDTH / times / 2, y - HEIGHT / times / 2, times);

/** Shows all of a few islands. */
function fit(chosen) {
  const boxes = chosen.map((isle) => isle.getBBox());
  const [left, top] = [Math.min(...boxes.map((b) => b.x)), Math.min(...boxes.map((b) => b.y))];
  const [right, bottom] = [Math.max(...boxes.map((b) => b.x + b.width)), Math.max(...boxes.map((b) => b.y + b.height))];
  const times = 0.8 * Math.min(WIDTH / (right - left), HEIGHT / (bottom - top));
  centre((left + right) / 2, (top + bottom) / 2, Math.min(Math.max(times, 1), 3));
}

/** A pixel of the screen as a point of the map. */
function place(event) {
  const box = map.getBoundingClientRect();
  const unit = WIDTH / view.zoom / box.width;
  return [view.x + (event.clientX - box.left) * unit, view.y + (event.clientY - box.top) * unit, unit];
}

// A long list: its islands show heaps of papers from afar, and each paper when one looks closer.
async function closer() {
  if (view.zoom < NEAR) return;
  const [right, bottom] = [view.x + WIDTH / view.zoom, view.y + HEIGHT / view.zoom];
  for (const isle of isles) {
    if (!isle.dataset.closer) continue;
    const box = isle.firstElementChild.getBBox();
    const seen = box.x < right && box.x + box.width > view.x && box.y < bottom && box.y + box.height > view.y;
    isle.classList.toggle("away", !seen);
    if (seen && !isle.dataset.asked) open(isle);
  }
}

async function open(isle) {
  isle.dataset.asked = "yes";
  try {
    const { radius, papers } = await (await fetch(isle.dataset.closer)).json();
    const near = drawn("g", { class: "dots", "aria-hidden": "true" });
    near.classList.add("near");
    for (const [cx, cy, path, title] of papers) {
      const link = drawn("a", { href: chart.dataset.root + path, tabindex: -1 });
      const name = drawn("title", {});
      name.textContent = title;
      link.append(name, drawn("circle", { cx, cy, r: radius }));
      near.append(link);
    }
    isle.querySelector(".dots").after(near);
    isle.classList.add("opened");
  } catch {
    delete isle.dataset.asked; // the heaps stay; the next look asks again
  }
}

// --- What is chosen, and where a paper is ---

const spot = element("p", { class: "spot", "aria-live": "polite" });

function tell(link) {
  map.querySelector(".hit")?.classList.remove("hit");
  link.classList.add("hit");
  const isle = link.closest(".isle");
  const topic = [...isle.querySelectorAll("tspan")].map((line) => line.textContent).join(" ");
  const name = link.querySelector("title").textContent;
  spot.replaceChildren(element("a", { href: link.getAttribute("href") }, name), ` · ${topic}`);
}

function jump(link) {
  const circle = link.querySelector("circle");
  centre(Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy")), Math.max(view.zoom, 4));
  tell(link);
}

function filter(value) {
  const matches = (name, group) => value === "" || value === `topic ${name}` || value === `group ${group}`;
  const groupOf = (thing) => thing.parentElement.dataset.group ?? thing.parentElement.getAttribute("aria-labelledby");
  for (const isle of isles) isle.classList.toggle("off", !matches(isle.dataset.topic, groupOf(isle)));
  for (const details of document.querySelectorAll("details[data-topic]")) {
    details.hidden = !matches(details.dataset.topic, groupOf(details));
    details.open = value.startsWith("topic") && !details.hidden;
  }
  for (const section of document.querySelectorAll(".group[aria-labelledby]")) {
    section.hidden = ![...section.querySelectorAll("details")].some((details) => !details.hidden);
  }
  const chosen = isles.filter((isle) => !isle.classList.contains("off"));
  if (value === "") show(0, 0, 1);
  else fit(chosen);
}

const choice = element("select", { onchange: () => filter(choice.value) }, element("option", { value: "" }, say("all_topics_shown")));
for (const section of document.querySelectorAll(".group[aria-labelledby]")) {
  const group = section.getAttribute("aria-labelledby");
  const name = section.querySelector("h3").textContent;
  const options = [...section.querySelectorAll("details")].map((details) =>
    element("option", { value: `topic ${details.dataset.topic}` }, details.querySelector("summary").firstChild.data.trim()),
  );
  choice.append(element("optgroup", { label: name }, element("option", { value: `group ${group}` }, name), ...options));
}

const papers = new Map();
if (!isles.some((isle) => isle.dataset.closer)) {
  for (const link of map.querySelectorAll(".dots a")) papers.set(link.querySelector("title").textContent, link);
}
const names = element("datalist", { id: "map-papers" }, ...[...papers.keys()].sort().map((value) => element("option", { value })));
const field = element("input", { type: "search", list: "map-papers", autocomplete: "off", oninput: () => seek(false) });

function seek(wanted) {
  const exact = papers.get(field.value);
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = exact ?? (wanted && words.length ? [...papers].find(([title]) => words.every((w) => title.toLowerCase().includes(w)))?.[1] : null);
  if (found) jump(found);
  else if (wanted && words.length) spot.textContent = say("no_paper_has", { words: say("quoted", { text: field.value }) });
}

const button = (sign, name, onclick) => element("button", { type: "button", "aria-label": name, title: name, onclick }, sign);
const larger = button("+", say("zoom_in"), () => zoom(1.6));
const out = button("−", say("zoom_out"), () => zoom(1 / 1.6));
const whole = button("⤢", say("whole_map"), () => show(0, 0, 1));
const finder = element(
  "form",
  { onsubmit: (event) => (event.preventDefault(), seek(true)) },
  element("label", {}, say("find_on_map"), field),
  names,
);
chart.before(
  element("div", { class: "tools" }, element("label", {}, say("show_topics"), choice), element("div", { role: "group", "aria-label": say("map") }, larger, out, whole), ...(papers.size ? [finder] : [])),
);
map.after(spot);

// --- Pointer and keyboard ---

const fingers = new Map();
let dragged = false;

map.addEventListener("pointerdown", (event) => {
  if (event.button > 0) return;
  fingers.set(event.pointerId, event);
  if (fingers.size === 1) dragged = false;
});
map.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const others = [...fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
  const moved = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
  if (!dragged && moved < 5) return;
  if (others.length) {
    const apart = (finger) => Math.hypot(finger.clientX - others[0].clientX, finger.clientY - others[0].clientY);
    const [x, y] = place({ clientX: (event.clientX + others[0].clientX) / 2, clientY: (event.clientY + others[0].clientY) / 2 });
    zoom(apart(event) / Math.max(apart(before), 1), x, y);
  } else if (view.zoom > 1) {
    const unit = place(event)[2];
    show(view.x - (event.clientX - before.clientX) * unit, view.y - (event.clientY - before.clientY) * unit, view.zoom);
  }
  if (!dragged) map.setPointerCapture(event.pointerId);
  dragged = true;
  fingers.set(event.pointerId, event);
});
for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, (event) => fingers.delete(event.pointerId));
map.addEventListener("dragstart", (event) => event.preventDefault()); // links are not dragged off the map

map.addEventListener(
  "click",
  (event) => {
    if (dragged) {
      event.preventDefault();
      return;
    }
    if (event.pointerType !== "touch" || event.target.closest("text")) return;
    // A finger is wider than a point: a tap names the nearest paper, with a link that is easy to hit.
    const [x, y, unit] = place(event);
    let best = null;
    let least = REACH * unit;
    for (const circle of map.querySelectorAll(".isle:not(.off) .dots a circle")) {
      const away = Math.hypot(circle.getAttribute("cx") - x, circle.getAttribute("cy") - y);
      if (away < least && circle.checkVisibility()) [best, least] = [circle.parentElement, away];
    }
    if (!best) return;
    event.preventDefault();
    tell(best);
  },
  true,
);
map.addEventListener("pointerover", (event) => {
  const link = event.pointerType === "mouse" && event.target.closest(".dots a");
  if (link) tell(link);
});
map.addEventListener(
  "wheel",
  (event) => {
    const zooms = event.ctrlKey || event.metaKey || view.zoom > 1; // else the page scrolls on
    if (!zooms || (view.zoom === 1 && event.deltaY > 0)) return;
    event.preventDefault();
    const [x, y] = place(event);
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), x, y);
  },
  { passive: false },
);

const KEYS = {
  "+": () => zoom(1.6),
  "=": () => zoom(1.6),
  "-": () => zoom(1 / 1.6),
  0: () => show(0, 0, 1),
  ArrowLeft: () => pan(-1, 0),
  ArrowRight: () => pan(1, 0),
  ArrowUp: () => pan(0, -1),
  ArrowDown: () => pan(0, 1),
};
const pan = (dx, dy) => show(view.x + (dx * WIDTH) / view.zoom / 6, view.y + (dy * HEIGHT) / view.zoom / 6, view.zoom);
map.setAttribute("tabindex", "0");
map.addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow") && view.zoom === 1) return;
  event.preventDefault();
  action();
});
map.addEventListener("focusin", (event) => {
  const isle = event.target.closest(".isle");
  if (!isle || view.zoom === 1) return;
  const { x, y, width, height } = isle.getBBox();
  centre(x + width / 2, y + height / 2, view.zoom);
});

show(0, 0, 1);
function follow() {
  const slug = location.hash.match(/^#paper=([a-z0-9-]+)$/)?.[1];
  const link = slug && [...papers.values()].find((a) => a.getAttribute("href").endsWith(`/${slug}/`));
  if (link) jump(link);
}
addEventListener("hashchange", follow);
follow();
