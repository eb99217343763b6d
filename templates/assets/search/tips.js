// How to search, in examples.

import { el } from "./finder.js";

const TIPS = [
  ["low-rank tuning", "papers with all the words; the last one may be half typed"],
  ["+merging -vision", "must have, must not have"],
  ["title:survey", "in one field: title, authors, keywords, topics, venue, words, abstract"],
  ["distil*", "any ending"],
  ["lora~1", "one letter may differ"],
  ["retrieval^3 memory", "the first counts three times"],
];

/** The examples as a list. `entry(query)` makes a link to a search. */
export const tips = (entry) => el("dl", {},
  ...TIPS.flatMap(([query, text]) => [el("dt", {}, el("code", {}, entry(query))), el("dd", {}, text)]));
