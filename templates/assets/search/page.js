// The search page: its address says what is searched, so that a link, a reload and the back button bring it back.

import { Finder } from "./finder.js";

/** Milliseconds after the results. */
const PAUSE = 2000;

/** What can be chosen (facets.js); an address may ask for anything. */
const CHOICE = /^(Show: (with code|starred|unread)|(Topic|Year|Venue): .+)$/;

/** Loads what every other page begins with, marks and keys, when it no longer stands in the way of the results: at once
 * where the worker keeps it, else at the reader's first move, or a little later. */
async function rest(found, pressed) {
  if (found && !navigator.serviceWorker?.controller) {
    await new Promise((go) => {
      setTimeout(go, PAUSE);
      for (const move of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(move, go, { once: true });
    });
  }
  await import("../site.js");
  const key = pressed();
  if (key && !key.defaultPrevented) key.target.dispatchEvent(new KeyboardEvent("keydown", key));
}

/** Notes the keys while nobody minds them yet; returns what ends that and gives the last one. */
function notePressed() {
  let key;
  const note = (event) => key = event;
  addEventListener("keydown", note);
  return () => {
    removeEventListener("keydown", note);
    return key;
  };
}

function startPage(form) {
  const pressed = notePressed();
  const keep = () => {
    const address = new URL(location.href);
    address.search = "";
    if (finder.query) address.searchParams.set("q", finder.query);
    for (const [value, sign] of finder.picked) address.searchParams.append(sign > 0 ? "with" : "without", value);
    if (address.href !== location.href) history.replaceState(null, "", address);
  };
  const restore = () => {
    const { searchParams } = new URL(location.href);
    finder.field.value = searchParams.get("q") ?? "";
    finder.picked = new Map([
      ...searchParams.getAll("with").map((value) => [value, 1]),
      ...searchParams.getAll("without").map((value) => [value, -1]),
    ].filter(([value]) => CHOICE.test(value)));
    if (finder.picked.size) finder.filters.open = true;
    return finder.restart();
  };
  const finder = new Finder(form, document.querySelector("#found"), { root: form.dataset.root, changed: keep });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finder.remember();
    history.pushState(null, "", location.href);
    finder.restart();
  });
  addEventListener("popstate", restore);
  restore().then(() => rest(finder.query, pressed)).catch(console.warn);
  if (!finder.query) finder.field.focus();
}

const searchForm = globalThis.document?.querySelector("#search");
if (searchForm) startPage(searchForm);
