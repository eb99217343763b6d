// How far the reader has come in each topic, under its name wherever topics are listed.

import { make } from "./dom.js";
import { papers, watch } from "./state.js";
import { say } from "../words.js";

/** Draws the lines; they lie over the names' own and move nothing. */
export function fillShelves() {
  const shelves = [...document.querySelectorAll(".shelves li")].flatMap((shelf) => {
    const topic = /\/topics\/([a-z0-9-]+)\/$/.exec(shelf.querySelector("a")?.pathname)?.[1];
    const count = Number.parseInt(shelf.querySelector(".count")?.textContent, 10);
    return topic && count ? [{ shelf, topic, count, bar: make("progress.come", { max: count }) }] : [];
  });
  watch(() => {
    const read = new Map();
    for (const paper of papers().values()) if (paper.read) read.set(paper.topic, (read.get(paper.topic) ?? 0) + 1);
    for (const { shelf, topic, count, bar } of shelves) {
      const done = Math.min(read.get(topic) ?? 0, count);
      bar.value = done;
      bar.setAttribute("aria-label", say("read_of", { read: done, count }));
      if (done) shelf.append(bar);
      else bar.remove();
    }
  });
}
