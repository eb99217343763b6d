// The search over any page: opened by "/", Ctrl-K or the field in the page's head, closed by Escape.

import { Finder, el } from "./finder.js";
import { say } from "../words.js";

let dialog;
let finder;

/** Opens it. `root`: the way to the site's root; `query`: what has been typed already. */
export function openDialog(root, query = "") {
  if (!dialog) {
    const field = el("input", { name: "q", type: "search", autocomplete: "off", spellcheck: false, enterKeyHint: "search",
      placeholder: say("search_placeholder"), "aria-label": say("search_the_papers") });
    const close = el("button.plain", { type: "button", onclick: () => dialog.close() }, say("close"));
    const form = el("form.find", { role: "search", action: `${root}search/` }, el("div", {}, field, close));
    const place = el("div");
    dialog = el("dialog.finder", { "aria-label": say("search") }, form, place);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && dialog.close()); // a field would only empty
    document.body.append(dialog);
    finder = new Finder(form, place, { root, all: false });
    form.addEventListener("submit", () => finder.remember());
  }
  if (!dialog.open) dialog.showModal();
  if (query) finder.field.value = query;
  finder.field.focus();
  if (query) finder.restart();
  else finder.field.select();
}
