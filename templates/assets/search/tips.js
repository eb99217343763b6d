// How to search, in examples.

import { el } from "./finder.js";
import { say } from "../words.js";

const TIPS = [
  ["low-rank tuning", say("tip_all_words")],
  ["+merging -vision", say("tip_must")],
  ["title:survey", say("tip_field")],
  ["distil*", say("tip_ending")],
  ["lora~1", say("tip_letter")],
  ["retrieval^3 memory", say("tip_weight")],
];

/** The examples as a list. `entry(query)` makes a link to a search. */
export const tips = (entry) => el("dl", {},
  ...TIPS.flatMap(([query, text]) => [el("dt", {}, el("code", {}, entry(query))), el("dd", {}, text)]));
