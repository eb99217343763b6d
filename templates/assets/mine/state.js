// What the reader has marked, kept in this browser only: one value under one key for each site, because many sites share
// one origin. The only module that reads or writes it. What stands there is checked like anything from outside: it may be
// damaged, or another program's.

import { say } from "../words.js";

const FORMAT = 1;
const [MOST_PAPERS, LONG_TITLE, LONG_NOTE, RECENT, FRESH] = [50_000, 500, 20_000, 5, 50];
const PAUSE = 4 * 60 * 60 * 1000; // after so long without a page, the next is a new visit
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MARKS = ["read", "star", "hide"];

/** The way to the site's root, as the address of the home page. */
export const home = document.querySelector(".top .name")?.href ?? document.baseURI;
const KEY = `papers ${new URL(home).pathname}`;

export const isSlug = (value) => typeof value === "string" && value.length <= 200 && SLUG.test(value);
const textOf = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
const isDay = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const time = (value) => (Number.isFinite(value) && value > 0 ? value : 0);

/** One paper's marks as they may be kept: {title, topic, read, star, hide, note}, marks as days; undefined without any. */
export function cleanPaper(raw) {
  if (!isTable(raw)) return undefined;
  const found = {};
  for (const mark of MARKS) if (isDay(raw[mark])) found[mark] = raw[mark];
  const note = textOf(raw.note, LONG_NOTE).trim();
  if (note) found.note = note;
  if (!Object.keys(found).length) return undefined;
  const title = textOf(raw.title, LONG_TITLE);
  if (title) found.title = title;
  if (isSlug(raw.topic)) found.topic = raw.topic;
  return found;
}

const pairs = (raw, most) => (Array.isArray(raw) ? raw : [])
  .filter((pair) => Array.isArray(pair) && isSlug(pair[0]))
  .slice(0, most).map(([slug, title]) => [slug, textOf(title, LONG_TITLE) || slug]);

/** The papers of a state, from anything. */
export function cleanPapers(raw) {
  const found = new Map();
  for (const [slug, marks] of Object.entries(isTable(raw) ? raw : {}).slice(0, MOST_PAPERS)) {
    const paper = isSlug(slug) && cleanPaper(marks);
    if (paper) found.set(slug, paper);
  }
  return found;
}

function clean(raw) {
  const visit = isTable(raw?.visit) ? raw.visit : {};
  return {
    papers: cleanPapers(raw?.papers),
    recent: pairs(raw?.recent, RECENT),
    visit: { at: time(visit.at), before: time(visit.before), file: textOf(visit.file, 200), known: textOf(visit.known, 1_000_000),
      fresh: pairs(visit.fresh, FRESH), more: time(visit.more) },
    keys: raw?.keys !== false,
  };
}

let state = clean({});
let stored; // the text that the state was read from
let kept = true;
let newer = false;
const listeners = new Set();

function load() {
  if (!kept) return; // what could not be written is only here
  try {
    const text = localStorage.getItem(KEY);
    if (text === stored) return;
    stored = text;
    let raw = {};
    try {
      raw = JSON.parse(text) ?? {};
    } catch {
      // Damaged: as if there were nothing.
    }
    newer = raw.format > FORMAT;
    state = clean(raw);
  } catch {
    kept = false; // blocked
  }
}

function save() {
  if (newer) return false; // written by a later version of this site, which an old page must not spoil
  try {
    const text = JSON.stringify({ format: FORMAT, ...state, papers: Object.fromEntries(state.papers) });
    localStorage.setItem(KEY, text);
    stored = text;
    return true;
  } catch {
    return false; // blocked or full: it holds for this page
  }
}

/** Changes the state as it is now, whatever other tabs did, and tells everyone. False if it could not be kept. */
export function update(change) {
  load();
  change(state);
  kept = save();
  call();
  return kept;
}

/** Calls back now and after every change, in this tab or another. */
export function watch(listener) {
  listeners.add(listener);
  listener();
}

export const isKept = () => kept;
/** Why nothing is kept. */
export const lost = () => (newer ? say("not_kept_newer") : say("not_kept"));
export const keysAreOn = () => state.keys;
export const papers = () => state.papers;
export const recent = () => state.recent;
export const visit = () => state.visit;
export const marks = (slug) => state.papers.get(slug) ?? {};
export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** Notes that a page is being read, and which paper, if it is a paper's: {slug, title, topic}. */
export function arrive(paper) {
  const now = Date.now();
  update(({ papers, recent, visit }) => {
    if (now - visit.at > PAUSE) Object.assign(visit, { before: visit.at, fresh: [], more: 0 });
    visit.at = now;
    if (!paper) return;
    const { slug, title, topic } = paper;
    const others = recent.filter(([other]) => other !== slug);
    recent.splice(0, recent.length, [slug, title], ...others.slice(0, RECENT - 1));
    if (papers.has(slug)) papers.set(slug, cleanPaper({ ...papers.get(slug), title, topic }));
  });
}

/** Sets or takes away a mark or the note of a paper. `about`: {title, topic}, so that lists can be shown without a network. */
export const mark = (slug, about, name, value) => update(({ papers }) => {
  const paper = cleanPaper({ ...papers.get(slug), ...about, [name]: value });
  if (paper) papers.set(slug, paper);
  else papers.delete(slug);
});

/** One paper with the marks of two: nothing is lost, the earlier day wins, two notes stand one below the other. */
export function joined(one, other) {
  const found = { ...other, ...one };
  for (const name of MARKS) {
    if (one[name] && other[name] && other[name] < one[name]) found[name] = other[name];
  }
  const notes = [one.note, other.note].filter(Boolean);
  if (notes.length === 2) found.note = notes[0].includes(notes[1]) ? notes[0] : notes[1].includes(notes[0]) ? notes[1] : notes.join("\n\n");
  return found;
}

/** Brings other papers' marks in. Gives how many were new or changed. */
export function merge(other) {
  let changed = 0;
  const kept = update(({ papers }) => {
    for (const [slug, marks] of other) {
      const now = papers.get(slug);
      const next = cleanPaper(now ? joined(now, marks) : marks);
      if (JSON.stringify(next) === JSON.stringify(now)) continue;
      papers.set(slug, next);
      changed += 1;
    }
  });
  return { changed, kept };
}

/** Lets the marks of papers follow to their new addresses. `moved`: [old slug, new slug] pairs. */
export function follow(moved) {
  const due = moved.filter(([from, to]) => isSlug(to) && (state.papers.has(from) || state.recent.some(([slug]) => slug === from)));
  if (!due.length) return;
  update(({ papers, recent }) => {
    for (const [from, to] of due) {
      const old = papers.get(from);
      if (old) papers.set(to, papers.has(to) ? joined(papers.get(to), old) : old);
      papers.delete(from);
      for (const pair of recent) if (pair[0] === from) pair[0] = to;
    }
  });
}

const call = () => listeners.forEach((listener) => listener());

/** Forgets everything, what a later version wrote, too. */
export function forget() {
  state = clean({});
  try {
    localStorage.removeItem(KEY);
    [stored, kept, newer] = [null, true, false];
  } catch {
    // Blocked: there was nothing.
  }
  call();
}

const reload = () => {
  load();
  call();
};
addEventListener("storage", (event) => (event.key === KEY || event.key === null) && reload());
addEventListener("pageshow", (event) => event.persisted && reload());
load();
