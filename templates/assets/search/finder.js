// What a reader sees of the search, on its page and in its dialog: answers as one types, what was made of the query,
// filters, recent searches. Text only ever becomes text nodes.

import { open } from "./engine.js";
import { marked, matcher } from "./mark.js";
import { say } from "../words.js";

const [SLUG, TITLE, AUTHORS, FACTS, TLDR, MATHS] = [0, 1, 2, 3, 4, 5];
/** Where recent searches are kept: many sites share one origin. */
export const recentKey = () => `searches ${document.querySelector(".top .name")?.pathname}`;

/** An element: its name and classes, its properties, what is in it. */
export function el(name, props = {}, ...inside) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  made.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...inside.filter((part) => part !== ""));
  return made;
}

/** An element of MathML, as sitegen/maths.py writes it: its name, its attributes, what is in it. */
function mathml([name, attributes, ...inside]) {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside.map((part) => (typeof part === "string" ? part : mathml(part))));
  return made;
}

/** A text as nodes: its maths as MathML, its matching words marked. */
function shown(text, match, maths) {
  const tex = Object.keys(maths).find((part) => text.includes(part));
  if (!tex) return marked(text, match);
  const at = text.indexOf(tex);
  return [...shown(text.slice(0, at), match, maths), mathml(maths[tex]), ...shown(text.slice(at + tex.length), match, maths)];
}

/** The recent searches; with a query, it becomes the first of them. */
export function searches(query) {
  try {
    const raw = JSON.parse(localStorage.getItem(recentKey())) ?? [];
    const list = Array.isArray(raw) ? raw.filter((other) => typeof other === "string").slice(0, 8) : [];
    if (!query) return list;
    localStorage.setItem(recentKey(), JSON.stringify([query, ...list.filter((other) => other !== query)].slice(0, 8)));
  } catch {
    // Storage is blocked or full: nothing is remembered.
  }
  return [];
}

export class Finder {
  /** `form`: with a field `q`; what is found goes into `place`. `changed(query)`: a query has been answered. */
  constructor(form, place, { root, most = 10, all = true, changed = () => {} }) {
    Object.assign(this, { form, place, root, step: most, most, all, changed, turn: 0, picked: new Map() });
    this.end = location.protocol === "file:" ? "index.html" : "";
    this.field = form.elements.q;
    this.status = el("p.hint.status", { role: "status" });
    this.instead = el("p.hint");
    this.list = el("ol.papers.hits");
    this.others = el("div.others");
    this.more = el("p");
    this.side = el("div.side");
    this.filters = el("details.filters", { hidden: true }, el("summary", {}, say("filter")));
    place.append(this.status, this.instead, this.filters, this.list, this.others, this.more, this.side);
    this.field.addEventListener("input", () => this.restart());
    this.filters.addEventListener("toggle", () => this.filters.open && this.draw());
    place.parentElement.addEventListener("keydown", (event) => this.move(event));
    place.addEventListener("click", (event) => event.target.closest("h2 a") && this.remember());
    this.tips();
  }

  get query() {
    return this.field.value.trim();
  }

  restart() {
    this.most = this.step;
    return this.draw();
  }

  /** Arrow keys lead from the field through the results and back. */
  move(event) {
    const stops = [this.field, ...this.place.querySelectorAll("h2 a")];
    const at = stops.indexOf(document.activeElement);
    const to = stops[at + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (at < 0 || !to) return;
    event.preventDefault();
    to.focus();
  }

  /** At the side: help, and before anything is typed the recent searches. */
  async tips() {
    if (!this.side.firstChild) {
      const help = el("details", {}, el("summary", {}, say("how_to_search")));
      help.addEventListener("toggle", async () => help.append((await import("./tips.js")).tips(this)), { once: true });
      this.side.append(help);
    }
    if (this.query) this.past?.remove();
    else if (searches().length) (await import("./tips.js")).past(this, searches());
  }

  async draw() {
    const { query } = this;
    const turn = ++this.turn;
    const current = () => turn === this.turn;
    if (!query) {
      this.clear("");
      this.tips();
      this.changed(query);
      return;
    }
    try {
      this.engine ??= open(this.root);
      const engine = await this.engine;
      const filtering = this.filters.open || this.picked.size > 0;
      let found = await engine.ask(query, filtering ? Infinity : this.most);
      if (!current()) return;
      if (filtering) {
        const { filter } = await import("./facets.js");
        found = await filter(this, engine, found);
        if (!current()) return;
      }
      await this.show(engine, found, query, current);
    } catch (error) {
      if (!current()) return;
      console.warn(error);
      this.engine = this.values = undefined;
      this.clear(say("search_not_loaded"));
      this.more.append(el("button", { type: "button", onclick: () => this.draw() }, say("try_again")), " ");
      await import("./apart.js").then(({ fail }) => current() && fail(this, error), () => {}); // it may be out of reach, too
    }
  }

  /** No results, and what to say instead. */
  clear(text) {
    for (const part of [this.list, this.others, this.more, this.instead]) part.replaceChildren();
    this.status.textContent = text;
    this.filters.hidden = true;
  }

  async show(engine, found, query, current) {
    this.changed(query);
    const match = matcher(found.terms);
    const rows = found.hits.slice(0, this.most).map(([paper]) => engine.row(paper));
    const others = found.others.slice(0, Math.max(0, this.step - found.total)).map(([paper]) => engine.row(paper));
    for (const row of [...rows, ...others]) row.catch(() => {}); // told below, when its turn comes
    const first = await rows[0];
    const plain = found.total && found.total === found.whole && !found.error && !found.repairs.length && !found.missing.length;
    const apart = !plain && await import("./apart.js");
    if (!current()) return;
    const held = document.activeElement.closest(".hits");
    this.clear(say("found_papers", { count: found.total }));
    if (apart) apart.explain(this, found, query);
    this.list.append(...(first ? [this.hit(first, match, query)] : []));
    if (held) (this.list.querySelector("h2 a") ?? this.field).focus();
    this.filters.hidden = !found.total && !this.picked.size;
    this.rest(found);
    this.tips();
    for (const row of rows.slice(1)) {
      const next = await row;
      if (!current()) return;
      this.list.append(this.hit(next, match, query));
    }
    const list = el("ol.papers.hits");
    for (const row of others) {
      const next = await row;
      if (!current()) return;
      if (!list.firstChild) this.others.append(el("p.hint", {}, say("with_some")), list);
      list.append(this.hit(next, match, query));
    }
  }

  /** Below the results: more of them. */
  rest({ total }) {
    if (total <= this.most) return;
    if (this.all) {
      const more = () => {
        this.most += 20;
        this.draw();
      };
      this.more.replaceChildren(el("button", { type: "button", onclick: more }, say("show_more")));
    } else this.more.replaceChildren(el("a", { href: this.address(this.query) }, say("all_papers", { count: total })));
  }

  /** The search page for a query. */
  address(query) {
    return `${this.root}search/${this.end}?q=${encodeURIComponent(query)}`;
  }

  hit(row, match, query) {
    const href = `${this.root}papers/${row[SLUG]}/${this.end}#q=${encodeURIComponent(query)}`;
    const facts = [row[AUTHORS], row[FACTS]].filter(Boolean).map((text) => el("span", {}, ...marked(text, match)));
    return el("li.paper", { "data-slug": row[SLUG] },
      el("h2", {}, el("a", { href }, ...shown(row[TITLE], match, row[MATHS]))),
      el("p.facts", {}, ...facts.flatMap((fact) => [fact, " "])),
      row[TLDR] && el("p.tldr", {}, ...shown(row[TLDR], match, row[MATHS])));
  }

  remember() {
    if (this.query) searches(this.query);
  }
}
