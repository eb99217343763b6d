// On the page that a result leads to: marks the words that were searched for.

import { marked, matcher, plain } from "./mark.js";
import { words } from "./text.js";

/** Marks the words of a query in the page's main part. Escape takes the marks away. */
export function markPage(query) {
  const terms = words(plain(query.replace(/(^|\s)-\S+|[a-z]+:(?=\S)/gi, " ")));
  if (!terms.length) return;
  const match = matcher(terms);
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("math, form, nav")) found.push(walker.currentNode);
  const small = new Set("a an and are as at by for from how in is it of on or that the to what with".split(" "));
  for (const node of found) node.replaceWith(...marked(node.data, (word) => !small.has(word.toLowerCase()) && match(word)));
  addEventListener("keydown", function clear(event) {
    if (event.key !== "Escape") return;
    removeEventListener("keydown", clear);
    for (const mark of document.querySelectorAll("main mark")) mark.replaceWith(mark.textContent);
    history.replaceState(null, "", location.pathname + location.search);
  });
}
