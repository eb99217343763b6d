// A topic's list, sorted and filtered: unread, starred, with code, a range of years; and how far the reader has come. The
// address says what is shown. A list in several parts is fetched whole once something is asked of it.

import { make } from "./dom.js";
import { marks, papers, watch } from "./state.js";
import { paint } from "./marks.js";
import { say } from "../words.js";

const MOST = 50; // rows at once
const KINDS = { unread: say("unread"), starred: say("starred"), code: say("with_code") };
const ORDERS = { "": say("order_of_list"), newest: say("order_newest"), oldest: say("order_oldest"), title: say("order_title") };

const isAlso = (list) => list.closest("[data-also]") !== null;
const yearOf = (row) => Number(row.querySelector("time")?.dateTime.slice(0, 4)) || 0;
const dateOf = (row) => row.querySelector("time")?.dateTime ?? "";
const titleOf = (row) => row.querySelector("h3").textContent.trim();
const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
const SORTS = {
  newest: (a, b) => compare(dateOf(b), dateOf(a)),
  oldest: (a, b) => compare(dateOf(a) || "9999", dateOf(b) || "9999"),
  title: (a, b) => compare(titleOf(a), titleOf(b)),
};

class Sieve {
  constructor(room) {
    this.room = room;
    this.topic = room.dataset.topic;
    this.lists = [...document.querySelectorAll("main ol.papers")];
    this.rows = this.lists.flatMap((list) => [...list.children].map((row) => ({ row, list })));
    this.most = MOST;
    this.build();
    this.read();
    watch(() => this.draw());
  }

  build() {
    const years = this.rows.map(({ row }) => yearOf(row)).filter(Boolean);
    const [first, last] = [Math.min(...years), Math.max(...years)];
    const change = () => {
      this.most = MOST;
      this.write();
      this.draw();
    };
    const button = (kind) => make("button.plain", { type: "button", "aria-pressed": "false", "data-kind": kind, onclick: ({ currentTarget }) => {
      currentTarget.setAttribute("aria-pressed", currentTarget.getAttribute("aria-pressed") === "false");
      change();
    } }, KINDS[kind]);
    const field = (name, label, value) => make("label", {}, label, " ", make("input", { type: "number", name, inputmode: "numeric", placeholder: value,
      min: first, max: last, onchange: change }));
    this.kinds = Object.keys(KINDS).map(button);
    this.from = field("from", say("year_from"), first);
    this.to = field("to", say("year_to"), last);
    this.sort = make("select", { name: "sort", onchange: change }, ...Object.entries(ORDERS).map(([value, name]) => make("option", { value }, name)));
    this.tools = make("details.tools", {}, make("summary", {}, say("sort_and_filter")), make("div.choices", {},
      make("div", { role: "group", "aria-label": say("filter_show") }, ...this.kinds),
      ...(years.length ? [make("div", {}, this.from, " ", this.to)] : []), make("label", {}, say("order"), " ", this.sort),
      make("button.plain", { type: "button", onclick: () => this.clear() }, say("show_all"))));
    this.status = make("p.hint", { role: "status" });
    this.bar = make("progress", { max: this.room.dataset.count });
    this.done = make("span.hint");
    this.more = make("button", { type: "button", onclick: () => {
      this.most += MOST;
      this.draw();
    } }, say("show_more"));
    this.room.replaceChildren(this.tools, make("p.progress", {}, this.done, " ", this.bar), this.status);
  }

  /** What is asked for: {kinds, from, to, sort}. */
  get asked() {
    const year = (label) => Number(label.querySelector("input").value) || 0;
    return { kinds: this.kinds.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.kind),
      from: year(this.from), to: year(this.to), sort: this.sort.value };
  }

  get plain() {
    const { kinds, from, to, sort } = this.asked;
    return !kinds.length && !from && !to && !sort;
  }

  read() {
    const given = new URLSearchParams(location.search);
    for (const button of this.kinds) button.setAttribute("aria-pressed", given.getAll("show").includes(button.dataset.kind));
    for (const [label, name] of [[this.from, "from"], [this.to, "to"]]) {
      label.querySelector("input").value = /^\d{4}$/.test(given.get(name)) ? given.get(name) : "";
    }
    this.sort.value = Object.hasOwn(ORDERS, given.get("sort")) ? given.get("sort") : "";
    this.tools.open = !this.plain;
  }

  write() {
    const { kinds, from, to, sort } = this.asked;
    const address = new URL(location.href);
    for (const name of ["show", "from", "to", "sort"]) address.searchParams.delete(name);
    for (const kind of kinds) address.searchParams.append("show", kind);
    for (const [name, value] of Object.entries({ from, to, sort })) if (value) address.searchParams.set(name, value);
    history.replaceState(null, "", address);
  }

  clear() {
    for (const button of this.kinds) button.setAttribute("aria-pressed", false);
    for (const input of this.room.querySelectorAll("input,select")) input.value = "";
    this.most = MOST;
    this.write();
    this.draw();
  }

  fits(row) {
    const { kinds, from, to } = this.asked;
    const { read, star } = marks(row.dataset.slug);
    const year = yearOf(row);
    return (!kinds.includes("unread") || !read) && (!kinds.includes("starred") || Boolean(star))
      && (!kinds.includes("code") || row.hasAttribute("data-code"))
      && (!from || year >= from) && (!to || (year > 0 && year <= to));
  }

  /** Fetches the other parts of the list. */
  async complete() {
    if (!document.querySelector(".parts")) return;
    const { otherRows } = await import("./parts.js");
    const [main, also = main] = [this.lists.find((list) => !isAlso(list)) ?? this.lists[0], this.lists.find(isAlso)];
    const others = (await otherRows()).map(({ row, isAlso: second, part }) => ({ row, list: second ? also : main, part }));
    const here = Number(/page\/(\d+)\//.exec(location.pathname)?.[1] ?? 1);
    this.rows = [...others, ...this.rows.map((item) => ({ ...item, part: here }))].sort((a, b) => a.part - b.part);
  }

  async draw() {
    this.progress();
    if (this.plain && !this.sifted) return;
    this.sifted = true;
    try {
      await (this.completed ??= this.complete());
    } catch {
      this.completed = undefined; // the next time tries again
    }
    const { sort } = this.asked;
    const fitting = this.rows.filter(({ row }) => this.fits(row));
    if (sort) fitting.sort((a, b) => SORTS[sort](a.row, b.row));
    const { activeElement: held } = document;
    const shown = () => this.lists.flatMap((list) => [...list.children]);
    const at = shown().indexOf(held.closest("li"));
    for (const list of this.lists) list.replaceChildren(...fitting.slice(0, this.most).filter((item) => item.list === list).map(({ row }) => row));
    document.querySelector(".parts")?.toggleAttribute("hidden", true);
    if (fitting.length > this.most) this.lists.at(-1).after(this.more);
    else this.more.remove();
    const said = this.plain ? "" : say("shown_of", { shown: fitting.length, count: this.rows.length });
    this.status.textContent = this.completed ? said : `${said} ${say("parts_not_loaded")}`;
    paint();
    if (at < 0) return;
    const next = held.isConnected ? held : (shown()[at] ?? shown().at(-1))?.querySelector("h3 a"); // moving a row takes its focus
    (next ?? this.tools.firstChild).focus();
  }

  progress() {
    const here = new Set(this.rows.filter(({ list }) => !isAlso(list)).map(({ row }) => row.dataset.slug));
    const done = [...papers()].filter(([slug, paper]) => paper.read && (paper.topic === this.topic || here.has(slug))).length;
    const count = Number(this.room.dataset.count);
    this.bar.value = Math.min(done, count);
    this.done.textContent = say("read_of", { read: Math.min(done, count), count });
    this.bar.setAttribute("aria-label", this.done.textContent);
  }
}

/** Makes the tools of a topic's list. */
export const sift = (room) => new Sieve(room);
