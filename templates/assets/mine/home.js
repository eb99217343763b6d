// On the home page: where the reader left off, and what is new. Its room is as high as what stands there without marks.

import { make } from "./dom.js";
import { gone, look, news } from "./news.js";
import { home, papers, recent, watch } from "./state.js";
import { pieces, say } from "../words.js";

const at = (path) => new URL(path, home).href;
const day = (date) => date.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });

/** Fills the panel, and keeps it right. */
export function fill(panel) {
  const empty = [...panel.childNodes];
  const draw = () => {
    const lines = [];
    const isGone = gone(panel.dataset.known);
    const last = recent().find(([slug]) => !isGone(slug));
    const { count, before } = news();
    const all = [...papers().values()];
    if (last) lines.push(pieces("left_off", { paper: make("a", { href: at(`papers/${last[0]}/`) }, last[1]) }));
    const since = { day: day(new Date(before)) };
    if (before && count) lines.push(pieces("new_since", { ...since, papers: make("a", { href: at("my/#new") }, say("new_papers", { count })) }));
    else if (before) lines.push(pieces("nothing_new", since));
    if (all.length) {
      const number = (name) => all.filter((paper) => paper[name]).length;
      lines.push(pieces("my_numbers", { list: make("a", { href: at("my/") }, say("my_list")), starred: number("star"), read: number("read") }));
    }
    panel.replaceChildren(...(lines.length ? lines.map((line) => make("p", {}, ...line)) : empty));
  };
  watch(draw);
  look(panel.dataset.known).catch(() => {}); // without a network: the next visit looks again
}
