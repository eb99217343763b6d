// Buttons to star a paper, mark it as read, hide it and note something, made for every paper of a page. Without scripts
// there are none.

import { icon, make, tell } from "./dom.js";
import { lost, mark, marks, today, watch } from "./state.js";
import { say } from "../words.js";

const NAMES = { star: say("star"), read: say("read"), hide: say("hide") };

/** A title's text: of maths what is shown, not the TeX that it was made from. */
function shownIn(title) {
  const copy = title.cloneNode(true);
  for (const tex of copy.querySelectorAll("annotation")) tex.remove();
  return copy.textContent.trim();
}

/** What is known about a paper from its place on the page: {title, topic}. */
export function about(place) {
  const shelf = place.querySelector(".shelf a, .crumbs a:last-child")?.pathname ?? (place.closest("[data-also]") ? "" : location.pathname);
  const topic = place.dataset.topic ?? /\/topics\/([a-z0-9-]+)\//.exec(shelf)?.[1];
  return { title: shownIn(place.querySelector("h1, h2, h3")), ...(topic && { topic }) };
}

function done(name, on, title) {
  if (name === "star") return on ? say("told_starred", { title }) : say("told_unstarred", { title });
  if (name === "read") return on ? say("told_read", { title }) : say("told_unread", { title });
  return on ? say("told_hidden", { title }) : say("told_shown", { title });
}

/** Sets a mark or takes it away, and says so. */
export function toggle(place, name) {
  const { slug } = place.dataset;
  const known = about(place);
  const on = !marks(slug)[name];
  const kept = mark(slug, known, name, on && today());
  const undo = () => make("button.plain", { type: "button", onclick: () => toggle(place, name) }, say("undo"));
  const text = done(name, on, known.title);
  if (kept) tell(text, { then: name === "hide" && on ? [" ", undo()] : [] });
  else tell(`${text} ${lost()}`, { stays: true });
}

function sign(place, name, title, named) {
  const label = name === "star" ? say("star_title", { title }) : name === "read" ? say("read_title", { title }) : say("hide_title", { title });
  return make("button.sign", { type: "button", "data-mark": name, "aria-label": label, title: NAMES[name], "aria-keyshortcuts": name[0],
    "aria-pressed": "false", onclick: () => toggle(place, name) }, icon(name), ...(named ? [NAMES[name]] : []));
}

/** The button that opens the private note, and the note, which is kept as one types. */
function note(place, bar) {
  const { slug } = place.dataset;
  const field = make("textarea", { rows: 3, maxlength: 20_000, "aria-label": say("note_label") });
  const box = make("div.noted", { hidden: true }, field, make("p.hint", {}, say("note_hint")));
  const opener = make("button.sign", { type: "button", "data-mark": "note", "aria-expanded": "false" }, icon("note"), say("note"));
  const open = (wide) => {
    box.hidden = !wide;
    opener.setAttribute("aria-expanded", wide);
  };
  let waiting;
  const keep = () => {
    clearTimeout(waiting);
    waiting = undefined;
    if (field.value.trim() === (marks(slug).note ?? "")) return;
    if (!mark(slug, about(place), "note", field.value)) tell(lost(), { stays: true });
  };
  opener.addEventListener("click", () => {
    open(box.hidden);
    if (!box.hidden) field.focus();
  });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 500);
  });
  field.addEventListener("change", keep);
  addEventListener("pagehide", keep);
  bar.append(opener);
  bar.after(box);
  watch(() => {
    if (document.activeElement === field) return;
    field.value = marks(slug).note ?? "";
    if (field.value) open(true);
  });
}

/** Makes the buttons of a paper: in a row of a list, or on its own page, in the room that the page has for them. */
export function dress(place) {
  const { title } = about(place);
  const room = place.querySelector(".room");
  const bar = make("div.signs", room ? { role: "group", "aria-label": say("my_marks") } : {});
  for (const name of room || marks(place.dataset.slug).hide ? ["star", "read", "hide"] : ["star", "read"]) bar.append(sign(place, name, title, room));
  (room ?? place).append(bar);
  if (room) note(place, bar);
}

/** Says below a list how many of its papers the reader has hidden, and shows them on demand. */
function hidden(list) {
  const count = list.querySelectorAll(":scope > [data-hide]").length;
  const before = list.nextElementSibling?.matches(".unshown") ? list.nextElementSibling : undefined;
  if (!count) before?.remove();
  if (!count || list.matches(".all")) return;
  const show = () => {
    list.classList.add("all");
    list.nextElementSibling.remove();
    list.querySelector("[data-hide] a").focus();
  };
  const line = make("p.hint.unshown", {}, say("hidden_here", { count }), " ", make("button.plain", { type: "button", onclick: show }, say("show_them")));
  if (before) before.replaceWith(line);
  else list.after(line);
}

/** Shows the marks as they are now on everything that names a paper. */
export function paint() {
  for (const place of document.querySelectorAll("main [data-slug]")) {
    if (!place.querySelector(".signs")) dress(place);
    const now = marks(place.dataset.slug);
    for (const name of ["star", "read", "hide"]) {
      place.toggleAttribute(`data-${name}`, Boolean(now[name]));
      place.querySelector(`[data-mark="${name}"]`)?.setAttribute("aria-pressed", Boolean(now[name]));
    }
    place.querySelector('[data-mark="note"]')?.toggleAttribute("data-on", Boolean(now.note));
  }
  document.querySelectorAll("ol.papers:not(.hits)").forEach(hidden);
}
