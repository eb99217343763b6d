// The reader's search: plain words, all of them wanted, the last one completing. sitegen/search/reader.py ranks alike; the
// rules in numbers come with the manifest.

import { plainer, stem, words } from "./text.js";

/** What a word whose end is not typed yet may become: the stems. */
function endings(word, rules) {
  const found = new Set();
  for (const ending of rules.endings.split(" ")) {
    for (let typed = 1; typed < ending.length; typed++) {
      const base = word.slice(0, -typed);
      if (base.length > 2 && word.endsWith(ending.slice(0, typed))) found.add(stem(base + ending));
    }
  }
  return found;
}

/** The readings of a word: [entry, percentage] each. */
async function readings(store, word, completing, rules) {
  const own = stem(word);
  const [exact, begun] = await Promise.all([store.term(own), completing ? store.beginning(word) : []]);
  const found = exact ? [[exact, rules.word]] : [];
  if (completing) {
    for (const entry of begun) if (entry.term !== own) found.push([entry, rules.complete]);
    if (!exact) {
      const stems = [...endings(word, rules)].filter((text) => !text.startsWith(word));
      for (const entry of await Promise.all(stems.map((text) => store.term(text)))) if (entry) found.push([entry, rules.ending]);
    }
  }
  return found;
}

/** What one word counts for each paper, and where in title and names it stands. */
class Scores {
  constructor(store, list) {
    const { papers } = store.manifest;
    this.best = new Float64Array(papers);
    this.title = new Uint32Array(papers);
    this.names = new Uint32Array(papers);
    this.size = new Uint8Array(papers);
    const sum = new Float64Array(papers);
    for (const [entry, percentage] of list) {
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

function rank(store, line, rules) {
  const distinct = [...new Set(line)];
  const { papers } = store.manifest;
  const counts = new Uint8Array(papers);
  for (const word of distinct) word.best.forEach((value, paper) => { counts[paper] += value > 0; });
  const all = distinct.length;
  const whole = counts.reduce((sum, count) => sum + (count === all), 0);
  const long = all >= rules.long;
  const enough = whole >= (long ? rules.few * 4 : rules.few) || (whole && all < 3);
  const least = enough ? all : Math.ceil(all / 2);
  const hits = [];
  counts.forEach((count, paper) => {
    if (count < least) return;
    let value = 0;
    for (const word of distinct) value += word.best[paper];
    if (count === all) {
      const [factor, more] = bonus(line, paper, rules);
      value = value * factor + more + (enough || long ? 0 : rules.whole);
    } else value = Math.floor(value * 100 * count * count / (all * all));
    hits.push([paper, value]);
  });
  hits.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return { hits, whole };
}

/** The words of a query, without stop words, and whether the last one may be the beginning of one. */
export async function wanted(store, query) {
  const { manifest } = store;
  const foreign = /[^\0-\x7f]/.test(query);
  const plain = plainer(foreign ? await store.load("l", manifest.letters, store.json) : {})(query);
  const stop = manifest.stop.split(" ");
  const list = words(plain);
  const open = /[\p{L}\p{N}]$/u.test(plain);
  const kept = list.filter((word) => !stop.includes(word));
  return { plain, list: kept.length || !open ? kept : list.slice(-1), open: open && (!kept.length || list.at(-1) === kept.at(-1)) };
}

/** -> {hits: [[paper, score]], total, whole (how many have all words), relaxed, missing, repairs, terms}. `most`: how many
 * hits are wanted. */
export async function read(store, query, most) {
  const { rules, heavy } = store.manifest;
  const { list, open } = await wanted(store, query);
  const result = { hits: [], total: 0, whole: 0, relaxed: false, missing: [], repairs: [], terms: list };
  const beginnings = heavy.split(" ");
  const isHeavy = (word) => beginnings.includes(word);
  if (open && list.length === 1 && most <= 10 && isHeavy(list[0])) {
    const [total, ...papers] = (await store.between("h", list[0], list[0], store.json))[0][list[0]];
    return { ...result, hits: papers.slice(0, most).map((paper) => [paper]), total, whole: total };
  }
  const found = await Promise.all(list.map(async (word, i) => {
    const last = open && i === list.length - 1;
    const completing = last && (list.length === 1 || (word.length > 1 && !isHeavy(word)));
    const readingsOfIt = await readings(store, word, completing, rules);
    if (readingsOfIt.length || (last && list.length > 1 && (word.length < 2 || isHeavy(word)))) return readingsOfIt;
    const { repaired } = await import("./spelling.js");
    const meant = await repaired(store, word, rules);
    if (meant) result.repairs.push([word, meant]);
    else result.missing.push(word);
    return meant ? [[await store.term(stem(meant)), rules.repair]] : [];
  }));
  const scores = new Map();
  const line = [];
  list.forEach((word, i) => {
    if (!found[i].length) return;
    if (!scores.has(word)) scores.set(word, new Scores(store, found[i]));
    line.push(scores.get(word));
  });
  const changed = result.missing.length + result.repairs.length > 0;
  if (!line.length) return { ...result, relaxed: changed };
  const { hits, whole } = rank(store, line, rules);
  const relaxed = whole < hits.length || changed;
  const terms = [...list, ...result.repairs.map(([, meant]) => meant)];
  return { ...result, hits: hits.map(([paper, value]) => [paper, value / 1e7]), total: hits.length, whole, relaxed, terms };
}
