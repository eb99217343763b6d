// The reader's own list: what is starred, read, noted, hidden and new; taken along, brought in, shared by an address.

import { make, tell } from "./dom.js";
import { dress, paint } from "./marks.js";
import { gone, look, news, number } from "./news.js";
import { follow, forget, home, isKept, lost, merge, papers, recent, today, watch } from "./state.js";
import { pieces, say } from "../words.js";

const MOST = 50; // rows at once
const SHELVES = { starred: say("shelf_starred"), todo: say("shelf_to_read"), read: say("shelf_read"), noted: say("shelf_noted"), hidden: say("shelf_hidden"), all: say("shelf_all") };
const ON = { starred: ({ star }) => star, todo: ({ star, read }) => star && !read, read: ({ read }) => read, noted: ({ note }) => note, hidden: ({ hide }) => hide, all: () => true };

const at = (path) => new URL(path, home).href;
const title = ([slug, paper]) => paper.title ?? slug;
const day = (text, options = { dateStyle: "medium" }) => new Date(`${text}T12:00`).toLocaleDateString(document.documentElement.lang, options);
const last = ([, { star = "", read = "", hide = "" }]) => [star, read, hide].sort().at(-1);
const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;

/** `left`: whether the list no longer has the paper; then there is no page to lead to. */
function row([slug, paper], left) {
  const facts = [paper.star && say("starred_on", { day: day(paper.star) }), paper.read && say("read_on", { day: day(paper.read) }), paper.hide && say("hidden_on", { day: day(paper.hide) }),
    left && say("left_list")];
  const made = make("li.paper", { "data-slug": slug }, make("h3", {}, left ? make("span", { tabindex: -1 }, title([slug, paper])) : make("a", { href: at(`papers/${slug}/`) }, title([slug, paper]))),
    make("p.facts", {}, ...facts.filter(Boolean).flatMap((fact) => [make("span", {}, fact), " "])));
  if (paper.note) made.append(make("p.remark", {}, paper.note));
  return made;
}

const links = (list) => make("ul.links", {}, ...list.map(([slug, name]) => make("li", {}, make("a", { href: at(`papers/${slug}/`) }, name))));

class List {
  constructor(place, moved) {
    Object.assign(this, { place, shelf: "starred", sort: "last", most: MOST });
    follow(Object.entries(moved));
    this.shared = make("section.shared", { hidden: true });
    this.fresh = make("section", { id: "new", hidden: true });
    this.head = make("div.choices", { role: "group", "aria-label": say("shelves") });
    this.order = make("select", { onchange: () => { this.sort = this.order.value; this.draw(); } },
      make("option", { value: "last" }, say("order_marked")), make("option", { value: "title" }, say("order_title")));
    this.status = make("p.hint", { role: "status" });
    this.rows = make("ol.papers.all");
    this.more = make("button", { type: "button", onclick: () => { this.most += MOST; this.draw(); } }, say("show_more"));
    place.replaceChildren(this.shared, this.fresh, make("section", {}, make("h2.unseen", {}, say("my_papers")), this.head,
      make("p", {}, make("label", {}, say("order"), " ", this.order)), this.status, this.rows, this.more), this.taking(), make("div.recent"));
    addEventListener("hashchange", () => this.showShared());
    this.showShared();
    watch(() => this.draw());
    look(place.dataset.known).catch(() => {}); // without a network: the next visit looks again
  }

  get chosen() {
    const list = [...papers()].filter(([, paper]) => ON[this.shelf](paper));
    return list.sort(this.sort === "title" ? (a, b) => compare(title(a), title(b)) : (a, b) => compare(last(b), last(a)) || compare(title(a), title(b)));
  }

  draw() {
    const held = document.activeElement.closest?.("[data-shelf]")?.dataset.shelf;
    this.head.replaceChildren(...Object.entries(SHELVES).map(([shelf, name]) => {
      const count = [...papers().values()].filter(ON[shelf]).length;
      return make("button.plain", { type: "button", "data-shelf": shelf, "aria-pressed": String(shelf === this.shelf), onclick: () => {
        Object.assign(this, { shelf, most: MOST });
        this.draw();
      } }, name, " ", make("span.count", {}, String(count)));
    }));
    if (held) this.head.querySelector(`[data-shelf="${held}"]`).focus();
    const { chosen } = this;
    const said = chosen.length ? say("found_papers", { count: chosen.length }) : papers().size ? say("shelf_empty") : say("list_empty");
    if (this.status.textContent !== said) this.status.textContent = said; // said once, however often it is drawn
    const isGone = gone(this.place.dataset.known);
    this.keepFocus(() => this.rows.replaceChildren(...chosen.slice(0, this.most).map((pair) => row(pair, isGone(pair[0])))));
    this.more.hidden = chosen.length <= this.most;
    paint();
    this.showNews();
    const opened = recent().filter(([slug]) => !isGone(slug));
    this.place.querySelector(".recent").replaceChildren(...(opened.length ? [make("h2", {}, say("last_opened")), links(opened)] : []));
    this.forgetting.hidden = !papers().size && !opened.length;
    this.unkept.hidden = isKept();
    this.unkept.textContent = isKept() ? "" : lost();
  }

  /** Rows are made anew: the focus goes back to the same paper's same control, or to the nearest paper. */
  keepFocus(change) {
    const active = document.activeElement;
    const held = this.rows.contains(active) && active.closest("[data-slug]");
    const number = held && [...this.rows.children].indexOf(held);
    const name = active.dataset?.mark;
    change();
    if (!held) return;
    const next = this.rows.querySelector(`[data-slug="${held.dataset.slug}"]`) ?? this.rows.children[Math.min(number, this.rows.children.length - 1)];
    if (next) dress(next);
    (next?.querySelector(name ? `[data-mark="${name}"]` : "h3 > *") ?? this.head.querySelector('[aria-pressed="true"]')).focus();
  }

  showNews() {
    const { fresh, more, count, before } = news();
    this.fresh.hidden = !count || !before;
    if (this.fresh.hidden) return;
    this.fresh.replaceChildren(make("h2", {}, say("new_papers", { count })),
      make("p.hint", {}, say("new_since_day", { day: new Date(before).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" }) })), links(fresh), more ? say("and_more", { count: more }) : "");
  }

  /** The buttons that take the list along, bring one in, share it and forget it. */
  taking() {
    const save = (name, label) => make("button.plain", { type: "button", onclick: () => this.save(name) }, label);
    const file = make("input", { type: "file", accept: ".json,application/json", "aria-describedby": "import-hint", onchange: () => this.bring(file) });
    const share = make("input", { readonly: true, hidden: true, "aria-label": say("share_address"), onfocus: () => share.select() });
    this.unkept = make("p.remark", { hidden: true });
    this.forgetting = make("button.plain", { type: "button", onclick: () => confirm(say("forget_sure")) && (forget(), tell(say("forgotten"))) }, say("forget_all"));
    return make("section", {}, make("h2", {}, say("take_along")), this.unkept,
      make("p", {}, say("take_along_says")),
      make("p.choices", {}, save("bib", "BibTeX"), save("ris", "RIS"), save("md", say("markdown")), save("json", say("json_all"))),
      make("p.choices", {}, make("button.plain", { type: "button", onclick: () => this.share(share) }, say("share"))), share,
      make("p", {}, make("label", {}, say("bring_in"), " ", file)), make("p.hint", { id: "import-hint" }, say("bring_in_says")), this.forgetting);
  }

  async save(name) {
    const { download, written } = await import("./take.js");
    const list = name === "json" ? [...papers()] : this.chosen;
    if (!list.length) return tell(say("shelf_empty"));
    const { text, missing } = await written(name, list);
    if (missing.length) tell(say("not_cited", { count: missing.length, titles: missing.slice(0, 3).join("; ") }), { stays: true });
    else tell(say("saved_papers", { count: list.length }));
    if (missing.length < list.length) download(name, text);
    return undefined;
  }

  async share(field) {
    const { shareAddress } = await import("./take.js");
    if (!this.chosen.length) return tell(say("shelf_empty"));
    field.value = shareAddress(this.chosen.map(([slug]) => slug));
    field.hidden = false;
    field.focus();
    try {
      await navigator.clipboard.writeText(field.value);
      tell(say("address_copied"));
    } catch {
      tell(say("address_shown"));
    }
    return undefined;
  }

  async bring(input) {
    const { readFile } = await import("./take.js");
    const [file] = input.files;
    if (!file) return;
    const { papers: found, odd, problem } = await readFile(file);
    input.value = "";
    if (problem) {
      tell(problem, { stays: true });
      return;
    }
    const { changed, kept } = merge(found);
    tell([say("brought_in", { count: changed }), odd ? say("odd_entries", { count: odd }) : "", kept ? "" : lost()].filter(Boolean).join(" "), { stays: odd > 0 || !kept });
  }

  /** A selection that somebody shares by an address: to look at, and to add. */
  async showShared() {
    const { sharedIn } = await import("./take.js");
    const { hash } = location;
    const slugs = sharedIn(hash);
    this.shared.hidden = !slugs;
    if (!slugs) return;
    const draw = (names) => {
      const add = () => {
        const { kept } = merge(new Map(names.map(([slug, name]) => [slug, { title: name, star: today() }])));
        tell(kept ? say("added", { count: names.length }) : lost(), { stays: !kept });
      };
      this.shared.replaceChildren(make("h2", {}, say("shared_with_you")), ...(names.length ? [make("p.hint", {}, say("shared_says")), links(names),
        make("button", { type: "button", onclick: add }, say("add_to_mine"))] : [make("p", {}, say("shared_none"))]));
    };
    draw(slugs.map((slug) => [slug, papers().get(slug)?.title ?? slug]));
    try {
      const known = await titlesOf(slugs);
      if (location.hash !== hash) return; // another selection is shown by now
      draw(slugs.filter((slug) => known.has(slug)).map((slug) => [slug, known.get(slug)]));
    } catch {
      // Without a network the slugs have to do.
    }
  }
}

/** The titles of papers, from the search: a map by slug, without those that the list does not have. */
async function titlesOf(slugs) {
  const { open } = await import("../search/engine.js");
  const engine = await open(home);
  const at = new Map((await engine.file("slugs")).map((number, paper) => [number, paper]));
  const rows = await Promise.all(slugs.map((slug) => at.get(number(slug))).filter((paper) => paper !== undefined).map((paper) => engine.row(paper)));
  return new Map(rows.map(([slug, name]) => [slug, name]));
}

/** Fills the page. */
export function fillList(place) {
  const moved = document.getElementById("moved")?.textContent;
  return new List(place, moved ? JSON.parse(moved) : {});
}
