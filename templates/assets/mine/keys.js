// Keys for those who would rather not reach for the mouse: j and k from paper to paper, s, r and h for its marks.

import { toggle } from "./marks.js";
import { keysAreOn } from "./state.js";

const shown = (place) => place.checkVisibility?.() ?? place.offsetParent !== null;

/** Moves to the next paper of the page's lists, or to the page of the next paper. */
function step(way) {
  const beside = document.querySelector(`.around [rel="${way > 0 ? "next" : "prev"}"]`);
  if (document.querySelector(".one")) {
    beside?.click();
    return;
  }
  const rows = [...document.querySelectorAll("li[data-slug]")].filter(shown);
  const at = rows.indexOf(document.activeElement.closest("[data-slug]"));
  const below = rows.findIndex((row) => row.getBoundingClientRect().bottom > innerHeight / 4);
  const next = at >= 0 ? at + way : way > 0 ? below : below - 1;
  rows[next]?.querySelector(":is(h2, h3) > *").focus();
}

async function help() {
  (await import("./help.js")).openHelp();
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  "?": help,
  ...Object.fromEntries([["s", "star"], ["r", "read"], ["h", "hide"]].map(([key, name]) => [key, () => {
    const place = document.activeElement.closest("[data-slug]") ?? document.querySelector(".one[data-slug]");
    if (!place) return;
    if (place.matches("li") && name === "hide") {
      step(1); // the row goes, and the focus must not go with it
      if (place.contains(document.activeElement)) step(-1);
    }
    toggle(place, name);
  }])),
};

/** Whether keys are for the page: no modifier, nobody typing, no dialog open. One that was closed just now may hold the focus
 * until the next frame. */
export const isFree = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !event.defaultPrevented
  && !event.target.closest?.("input, textarea, select, [contenteditable]") && !document.querySelector("dialog[open]");

export function listenForKeys() {
  document.querySelector("button.keys")?.addEventListener("click", help);
  addEventListener("keydown", (event) => {
    if (!Object.hasOwn(ACTS, event.key) || !keysAreOn() || !isFree(event) || event.repeat && !"jk".includes(event.key)) return;
    event.preventDefault();
    ACTS[event.key]();
  });
}
