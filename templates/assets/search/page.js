// The search page: its address says what is searched, so that a link, a reload and the back button bring it back.

import { Finder } from "./finder.js";

/** What can be chosen (facets.js); an address may ask for anything. */
const CHOICE = /^(Show: (with code|starred|unread)|(Topic|Year|Venue): .+)$/;

function startPage(form) {
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
  restore();
  if (!finder.query) finder.field.focus();
}

const searchForm = globalThis.document?.querySelector("#search");
if (searchForm) startPage(searchForm);
