// Filters over the hits: by topic, year, venue, code, and what the reader has read or starred; each with or without, and
// how many papers each would leave. Their data comes when they are first opened.

import { el } from "./finder.js";
import { number } from "../mine/news.js";
import { papers } from "../mine/state.js";
import { say } from "../words.js";

const SHOWN = 6;

/** What the facets and their fixed values are called. The names before the colons stand in addresses: they stay. */
const NAMES = { Show: say("filter_show"), Topic: say("filter_topic"), Year: say("filter_year"), Venue: say("filter_venue"),
  "with code": say("with_code"), starred: say("starred"), unread: say("unread") };

/** The values of every paper, by facet. */
async function values(engine) {
  const data = await engine.file("facets");
  const found = data.topic.map((topics, paper) => [
    ...topics.map((topic) => `Topic: ${data.topics[topic]}`),
    data.year[paper] ? `Year: ${data.year[paper]}` : "",
    data.venue[paper] < 0 ? "" : `Venue: ${data.venues[data.venue[paper]]}`,
    data.code[paper] === "1" ? "Show: with code" : "",
  ].filter(Boolean));
  const own = [...papers()];
  if (own.length) {
    const slugs = await engine.file("slugs");
    const at = new Map(slugs.map((slug, paper) => [slug, paper]));
    const read = new Set();
    for (const [slug, { read: isRead, star }] of own) {
      const paper = at.get(number(slug));
      if (paper === undefined) continue;
      if (isRead) read.add(paper);
      if (star) found[paper].push("Show: starred");
    }
    found.forEach((list, paper) => read.has(paper) || list.push("Show: unread"));
  }
  return found;
}

/** The hits that the reader's choice leaves; draws the choices with their counts. */
export async function filter(finder, engine, found) {
  finder.values ??= values(engine);
  const of = await finder.values;
  const hits = found.hits.filter(([paper]) => [...finder.picked].every(([value, sign]) => of[paper].includes(value) === sign > 0));
  const counts = new Map([...finder.picked.keys()].map((value) => [value, 0]));
  for (const [paper] of hits) for (const value of of[paper]) counts.set(value, (counts.get(value) ?? 0) + 1);
  const groups = new Map(["Show", "Topic", "Year", "Venue"].map((name) => [name, []]));
  for (const [value, count] of counts) groups.get(value.split(": ", 1)[0])?.push([value, count]);
  const pick = (value, sign) => () => {
    if (finder.picked.get(value) === sign) finder.picked.delete(value);
    else finder.picked.set(value, sign);
    finder.focusOn = [value, sign];
    finder.restart();
  };
  const choice = ([value, count]) => {
    const [, facet, plain] = /^(.*?): (.*)$/s.exec(value);
    const name = (facet === "Show" && NAMES[plain]) || plain;
    const button = (sign, text, label) => el("button.plain", { type: "button", "aria-pressed": finder.picked.get(value) === sign,
      "aria-label": label, "data-value": sign + value, onclick: pick(value, sign) }, ...text);
    return el("li", {}, button(1, [name, " ", el("span.count", {}, count)], say("only_these", { name, count })), button(-1, ["−"], say("without", { name })));
  };
  const fieldset = ([name, list]) => {
    list.sort(name === "Year" ? (a, b) => (a[0] < b[0] ? 1 : -1) : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const shown = list.filter(([value], i) => i < SHOWN || finder.picked.has(value));
    return el("fieldset", {}, el("legend", {}, NAMES[name]), el("ul", {}, ...shown.map(choice)));
  };
  finder.filters.replaceChildren(finder.filters.firstChild, ...[...groups].filter(([, list]) => list.length).map(fieldset));
  if (finder.focusOn) {
    const [value, sign] = finder.focusOn;
    finder.focusOn = undefined;
    finder.filters.querySelector(`[data-value="${CSS.escape(sign + value)}"]`)?.focus();
  }
  const whole = Math.min(found.whole, hits.length);
  return { ...found, others: [], hits, total: hits.length, whole: found.whole === found.total ? hits.length : whole };
}
