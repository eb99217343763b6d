// Marks the words that were searched for. landed.js does it on the page that a result leads to.

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
