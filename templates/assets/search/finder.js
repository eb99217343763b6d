// What a reader sees of the search, on its page and in its dialog: answers as one types, what was made of the query,
// filters, recent searches. Text only ever becomes text nodes.

import { open } from "./engine.js";
import { marked, matcher } from "./mark.js";
import { pieces, say } from "../words.js";

const [SLUG, TITLE, AUTHORS, FACTS, TLDR] = [0, 1, 2, 3, 4];
const RECENT = "searches";

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

function recent(query) {
  try {
    const list = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    if (!query) return list;
    localStorage.setItem(RECENT, JSON.stringify([query, ...list.filter((other) => other !== query)].slice(0, 8)));
  } catch {
    // Storage is blocked or full: nothing is remembered.
  }
  return [];
}

/** What is said about an answer. */
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

export class Finder {
  /** `form`: with a field `q`; what is found goes into `place`. `changed(query)`: a query has been answered. */
  constructor(form, place, { root, most = 10, all = true, changed = () => {} }) {
    Object.assign(this, { form, place, root, step: most, most, all, changed, turn: 0, picked: new Map() });
    this.field = form.elements.q;
    this.status = el("p.hint.status", { role: "status" });
    this.list = el("ol.papers.hits");
    this.more = el("p");
    this.side = el("div.side");
    this.filters = el("details.filters", { hidden: true }, el("summary", {}, say("filter")));
    place.append(this.status, this.filters, this.list, this.more, this.side);
    this.field.addEventListener("input", () => this.restart());
    this.filters.addEventListener("toggle", () => this.filters.open && this.draw());
    place.parentElement.addEventListener("keydown", (event) => this.move(event));
    this.list.addEventListener("click", () => recent(this.field.value.trim()));
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
    const stops = [this.field, ...this.list.querySelectorAll("h2 a")];
    const at = stops.indexOf(document.activeElement);
    const to = stops[at + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (at < 0 || !to) return;
    event.preventDefault();
    to.focus();
  }

  tips() {
    const list = recent();
    const entry = (query) => el("a", { href: `${this.root}search/?q=${encodeURIComponent(query)}` }, query);
    const help = el("details", {}, el("summary", {}, say("how_to_search")));
    help.addEventListener("toggle", async () => help.append((await import("./tips.js")).tips(entry)), { once: true });
    const clear = el("button.plain", { type: "button", onclick: () => { localStorage.removeItem(RECENT); this.tips(); } }, say("forget_them"));
    const past = list.length && !this.query ? [el("p", {}, `${say("recent")}: `, ...list.flatMap((query) => [entry(query), " "]), clear)] : [];
    this.side.replaceChildren(...past, help);
  }

  async draw() {
    const { query } = this;
    const turn = ++this.turn;
    const current = () => turn === this.turn;
    if (!query) {
      this.list.replaceChildren();
      this.more.replaceChildren();
      this.status.textContent = "";
      this.filters.hidden = true;
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
      this.engine = undefined;
      this.status.textContent = say("search_not_loaded");
      throw error;
    }
  }

  async show(engine, found, query, current) {
    this.changed(query);
    const match = matcher(found.terms);
    const rows = found.hits.slice(0, this.most).map(([paper]) => engine.row(paper));
    const first = await rows[0];
    if (!current()) return;
    this.status.textContent = said(found);
    const held = this.list.contains(document.activeElement);
    this.list.replaceChildren(...(first ? [this.hit(first, match, query)] : []));
    if (held) (this.list.querySelector("h2 a") ?? this.field).focus();
    this.filters.hidden = !found.total && !this.picked.size;
    this.rest(found);
    this.tips();
    for (const row of rows.slice(1)) {
      const next = await row;
      if (!current()) return;
      this.list.append(this.hit(next, match, query));
    }
  }

  /** Below the results: more of them, or another way on. */
  rest({ total }) {
    const link = (path, name) => el("a", { href: this.root + path }, name);
    if (!total) {
      this.more.replaceChildren(...pieces("try_fewer_words", {
        topics: link("topics/", say("topics_link")), years: link("years/", say("years_link")) }));
    } else if (total <= this.most) this.more.replaceChildren();
    else if (this.all) {
      const more = () => {
        this.most += 20;
        this.draw();
      };
      this.more.replaceChildren(el("button", { type: "button", onclick: more }, say("show_more")));
    } else this.more.replaceChildren(link(`search/?q=${encodeURIComponent(this.query)}`, say("all_papers", { count: total })));
  }

  hit(row, match, query) {
    const end = location.protocol === "file:" ? "index.html" : "";
    const href = `${this.root}papers/${row[SLUG]}/${end}#q=${encodeURIComponent(query)}`;
    const facts = [row[AUTHORS], row[FACTS]].filter(Boolean).map((text) => el("span", {}, ...marked(text, match)));
    return el("li.paper", { "data-slug": row[SLUG] },
      el("h2", {}, el("a", { href }, ...marked(row[TITLE], match))),
      el("p.facts", {}, ...facts.flatMap((fact) => [fact, " "])),
      row[TLDR] && el("p.tldr", {}, ...marked(row[TLDR], match)));
  }

  remember() {
    if (this.query) recent(this.query);
  }
}
