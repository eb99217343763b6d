// Marks the words that were searched for: in results, and on the page that a result leads to.

import { plainer, stem, words } from "./text.js";

export const plain = plainer({});

/** Whether a word of a text is one of the query's. */
export function matcher(terms) {
  const stems = new Set(terms.map(stem));
  const last = terms.at(-1);
  return (word) => words(plain(word)).some((part) => stems.has(stem(part)) || (last?.length > 1 && part.startsWith(last)));
}

/** The text as nodes, its matching words in `<mark>`. */
export function marked(text, match) {
  return text.split(/([\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{N}]+)?)/u).map((part, i) => {
    if (i % 2 === 0 || !match(part)) return part;
    const mark = document.createElement("mark");
    mark.textContent = part;
    return mark;
  });
}

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
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const mark of document.querySelectorAll("main mark")) mark.replaceWith(mark.textContent);
    history.replaceState(null, "", location.pathname + location.search);
  }, { once: true });
}
