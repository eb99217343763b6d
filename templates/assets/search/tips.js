// How to search, in examples; and what was searched before.

import { el, recentKey } from "./finder.js";
import { say } from "../words.js";

const TIPS = [
  ["low-rank tuning", say("tip_all_words")],
  ['"quantised" models', say("tip_quotes")],
  ["+merging -vision", say("tip_must")],
  ["title:survey", say("tip_field")],
  ["distil*", say("tip_ending")],
  ["lora~1", say("tip_letter")],
  ["retrieval^3 memory", say("tip_weight")],
];

const entry = (finder, query) => el("a", { href: finder.address(query) }, query);

/** The examples as a list. */
export const tips = (finder) => el("dl", {},
  ...TIPS.flatMap(([query, text]) => [el("dt", {}, el("code", {}, entry(finder, query))), el("dd", {}, text)]));

/** Shows the recent searches, with a button that forgets them. */
export function past(finder, list) {
  finder.past?.remove();
  const forget = () => {
    localStorage.removeItem(recentKey());
    finder.past.remove();
    finder.field.focus();
  };
  const clear = el("button.plain", { type: "button", onclick: forget }, say("forget_them"));
  finder.past = el("p", {}, `${say("recent")}: `, ...list.flatMap((query) => [entry(finder, query), " "]), clear);
  finder.side.prepend(finder.past);
}
