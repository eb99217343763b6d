// What is said about an answer that is not simply so many papers, or about none.

import { el } from "./finder.js";
import { plain } from "./mark.js";
import { words } from "./text.js";
import { pieces, say } from "../words.js";

function said({ total, whole, missing, repairs, error }) {
  const parts = [];
  if (error) parts.push(say("not_a_query", { error }));
  for (const [word, meant] of repairs) parts.push(say("no_paper_has_but", { word, meant }));
  if (missing.length) parts.push(say("no_paper_has", { words: missing.map((text) => say("quoted", { text })).join(", ") }));
  if (!total) parts.push(say("nothing_found"));
  else if (!whole) parts.push(say("none_has_all", { count: total }));
  else if (whole < total) parts.push(say("all_and_some", { count: whole, some: total - whole }));
  else parts.push(say("found_papers", { count: total }));
  return parts.join(" ");
}

/** The query with the words that were mended in quotes: they are then searched as they stand. */
const exactly = (query, repairs) => query.split(/\s+/).map((part) =>
  (repairs.some(([word]) => words(plain(part)).includes(word)) ? `"${part.replaceAll(/["“”]/g, "")}"` : part)).join(" ");

/** Ways to the papers without the search. */
function elsewhere({ root, end }) {
  const link = (path, name) => el("a", { href: `${root}${path}${end}` }, name);
  return { topics: link("topics/", say("topics_link")), years: link("years/", say("years_link")) };
}

/** Says what was made of the query, and offers a way on. */
export function explain(finder, found, query) {
  finder.status.textContent = said(found);
  if (found.repairs.length) {
    const instead = exactly(query, found.repairs);
    finder.instead.append(...pieces("search_exactly", { query: el("a", { href: finder.address(instead) }, instead) }));
  }
  if (!found.total) finder.more.append(...pieces("try_fewer_words", elsewhere(finder)));
}

/** Says more about why there is no answer, and offers a way on. */
export function fail(finder, error) {
  if (error.name === "DamagedError") finder.status.textContent = say("search_damaged");
  finder.more.append(...pieces("look_elsewhere", elsewhere(finder)));
}
