// The reader's search: plain words, all of them wanted, the last one completing. sitegen/search/reader.py ranks alike; the
// rules in numbers come with the manifest.

import { plainer, stem, words } from "./text.js";

/** What few queries need: {letters, endings}. */
const seldom = (store) => store.load("l", store.manifest.seldom, store.json);

/** What a word whose end is not typed yet, or only in part, may become: the stems. */
function becoming(word, endings) {
  const found = new Set();
  for (const ending of endings) {
    for (let typed = 0; typed < ending.length; typed++) {
      const base = word.slice(0, word.length - typed);
      if (base.length > 1 && word.endsWith(ending.slice(0, typed))) found.add(stem(base + ending));
    }
  }
  return found;
}

/** The readings of a word: [entry, percentage] each. */
async function meanings(store, word, completing, rules) {
  const own = stem(word);
  const [exact, begun] = await Promise.all([store.term(own), completing ? store.beginning(word) : []]);
  const found = exact ? [[exact, rules.word]] : [];
  if (completing) {
    for (const entry of begun) if (entry.term !== own) found.push([entry, rules.complete]);
    if (!exact) {
      const { endings } = await seldom(store);
      const stems = [...becoming(word, endings)].filter((text) => !text.startsWith(word));
      for (const entry of await Promise.all(stems.map((text) => store.term(text)))) if (entry) found.push([entry, rules.ending]);
    }
  }
  return found;
}

/** What one word counts for each paper, and where in title and names it stands. */
class Scores {
  constructor(store, { readings, optional }) {
    this.optional = optional;
    const { papers } = store.manifest;
    this.best = new Float64Array(papers);
    this.title = new Uint32Array(papers);
    this.names = new Uint32Array(papers);
    this.size = new Uint8Array(papers);
    const sum = new Float64Array(papers);
    for (const [entry, percentage] of readings) {
      const touched = [];
      entry.fields.forEach((posting, f) => {
        if (!posting) return;
        const { places } = store.fields[f];
        posting.papers.forEach((paper, i) => {
          if (!sum[paper]) touched.push(paper);
          sum[paper] += posting.weights[i];
          if (places === "order") {
            this.title[paper] |= posting.masks[i];
            this.size[paper] = posting.sizes[i];
          } else if (places) this.names[paper] |= posting.masks[i];
        });
      });
      for (const paper of touched) {
        this.best[paper] = Math.max(this.best[paper], sum[paper] * percentage);
        sum[paper] = 0;
      }
    }
  }
}

/** The added percentage and amount of a paper that has all words. `line`: the words' scores in the query's order. */
function bonus(line, paper, rules) {
  const count = line.length;
  let [run, names, inTitle] = [line[0].title[paper], -1, true];
  line.forEach((word, i) => {
    inTitle &&= word.title[paper] > 0;
    names &= word.names[paper];
    if (i) run = (run << 1) & word.title[paper];
  });
  const start = (run >>> (count - 1)) & 1;
  const more = (count > 1 && run ? rules.phrase : 0) + (count > 1 && inTitle ? rules.all : 0) + (start ? rules.start : 0);
  const exact = start && line[0].size[paper] === count ? rules.exact : 0;
  return [100 + more, exact + (count > 1 && names ? rules.name : 0)];
}

/** The papers that have all words, if these are enough; else those that have half of them or more, or as many as any has. */
function rank(store, line, rules) {
  const { papers } = store.manifest;
  const required = line.filter((word) => !word.optional);
  const needed = required.length ? required : line;
  const distinct = [...new Set(needed)];
  const every = [...new Set(line)];
  const most = distinct.length;
  const counts = new Uint16Array(papers);
  for (const word of distinct) word.best.forEach((value, paper) => { counts[paper] += value > 0; });
  let whole = 0;
  let named = false;
  counts.forEach((count, paper) => {
    if (count < most) return;
    whole += 1;
    named ||= distinct.every((word) => word.title[paper] || word.names[paper]);
  });
  const least = Math.max(1, Math.min(Math.ceil(most / 2), counts.reduce((a, b) => Math.max(a, b), 0)));
  const enough = whole > 0 && (most < rules.long || whole >= rules.many || named);
  const hits = [];
  const others = [];
  counts.forEach((count, paper) => {
    if (count < least) return;
    let value = 0;
    for (const word of every) value += word.best[paper];
    if (count === most) {
      const [factor, more] = bonus(needed, paper, rules);
      hits.push([paper, value * factor + more]);
    } else (enough ? others : hits).push([paper, Math.floor(value * 100 * count * count / (most * most))]);
  });
  const best = (a, b) => b[1] - a[1] || a[0] - b[0];
  return { hits: hits.sort(best), whole, relaxed: !enough, others: enough && whole < rules.few ? others.sort(best) : [] };
}

/** The words of a query, without stop words: {text, open (its end may not be typed yet), quoted (meant exactly so)}. */
export async function asked(store, query) {
  const { manifest } = store;
  const foreign = /[^\0-\x7f]/.test(query);
  const plain = plainer(foreign ? (await seldom(store)).letters : {})(query);
  const stop = manifest.stop.split(" ");
  const quotes = [...plain.matchAll(/["\u201c\u201d]([^"\u201c\u201d]*)["\u201c\u201d]/g)].flatMap((match) => words(match[1]));
  const texts = words(plain);
  const end = /[\p{L}\p{N}]$/u.test(plain) ? texts.length - 1 : -1;
  const all = texts.map((text, i) => {
    const quoted = quotes.includes(text);
    return { text, open: i === end && !quoted, quoted };
  });
  const list = all.filter(({ text, quoted }) => quoted || !stop.includes(text));
  return { plain, list: list.length || end < 0 ? list : all.slice(end) };
}

/** What one word of a query finds: {readings, optional, repair, missing}. */
async function find(store, { text, open, quoted }, alone) {
  const { rules, heavy } = store.manifest;
  const optional = open && !alone && (text.length < 2 || heavy.split(" ").includes(text));
  const found = await meanings(store, text, open && !optional, rules);
  if (found.length || optional) return { readings: found, optional };
  const meant = quoted ? "" : await (await import("./spelling.js")).repaired(store, text, open, rules);
  return meant ? { readings: [[await store.term(stem(meant)), rules.repair]], repair: [text, meant] } : { readings: [], missing: text };
}

/** -> {hits: [[paper, score]], total, whole (how many have all words), others (more papers with some of the words, which are
 * not counted), relaxed, missing, repairs, terms}. `most`: how many hits are wanted. */
export async function read(store, query, most) {
  const { rules, heavy } = store.manifest;
  const { list } = await asked(store, query);
  const terms = list.map(({ text }) => text);
  const result = { hits: [], others: [], total: 0, whole: 0, relaxed: false, missing: [], repairs: [], terms };
  const [{ text, open } = {}] = list;
  if (open && list.length === 1 && most <= 10 && heavy.split(" ").includes(text)) {
    const [total, ...papers] = (await store.between("h", text, text, store.json))[0][text];
    return { ...result, hits: papers.slice(0, most).map((paper) => [paper]), total, whole: total };
  }
  const found = await Promise.all(list.map((word) => find(store, word, list.length === 1)));
  result.missing = found.flatMap(({ missing }) => missing ?? []);
  result.repairs = found.filter(({ repair }) => repair).map(({ repair }) => repair);
  terms.push(...result.repairs.map(([, meant]) => meant));
  const scores = new Map();
  const line = [];
  list.forEach((word, i) => {
    if (!found[i].readings.length) return;
    const key = `${word.text} ${word.open}`;
    if (!scores.has(key)) scores.set(key, new Scores(store, found[i]));
    line.push(scores.get(key));
  });
  if (line.length) Object.assign(result, rank(store, line, rules));
  result.relaxed ||= result.missing.length + result.repairs.length > 0;
  return { ...result, hits: result.hits.map(([paper, value]) => [paper, value / 1e7]), total: result.hits.length };
}
