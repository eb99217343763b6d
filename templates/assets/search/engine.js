// Searches lunr's serialized index. All words are wanted; the last one also completes. When no paper has them all, the
// answer says so and gives the papers that have the most of them.

import { stem, tokenizer } from "./text.js";

const COMPLETION = 0.4; // what a completed word counts beside a whole one
const [PATH, TITLE, AUTHORS, FACTS, TLDR] = [0, 1, 2, 3, 4];

/** Loads the index from a folder; `load(name)` gives a parsed JSON file of it. */
export async function open(load) {
  const manifest = await load("manifest.json");
  const [index, rows] = await Promise.all([load(manifest.index), load(manifest.rows)]);
  return new Engine(manifest, index, rows);
}

class Engine {
  constructor(manifest, index, rows) {
    this.rows = rows;
    this.tokens = tokenizer(manifest.letters);
    this.stopWords = new Set(manifest.stopWords);
    this.words = manifest.words;
    this.terms = new Map(index.invertedIndex.map(([term, posting]) => [term, posting._index]));
    this.postings = new Map();
    for (const [key, vector] of index.fieldVectors) {
      const ref = Number(key.slice(key.lastIndexOf("/") + 1));
      for (let i = 0; i < vector.length; i += 2) this.add(vector[i], ref, vector[i + 1]);
    }
  }

  add(term, ref, weight) {
    let found = this.postings.get(term);
    if (!found) this.postings.set(term, (found = new Map()));
    found.set(ref, (found.get(ref) ?? 0) + weight);
  }

  /** The weights by paper of one wanted word; `open`: it may be the beginning of one. */
  papersWith(token, open) {
    const best = new Map();
    const take = (term, factor) => {
      for (const [ref, weight] of this.postings.get(this.terms.get(term)) ?? []) {
        best.set(ref, Math.max(best.get(ref) ?? 0, weight * factor));
      }
    };
    take(stem(token), 1);
    if (!open) return best;
    for (const term of this.terms.keys()) if (term.startsWith(token)) take(term, COMPLETION);
    // A word in the making may have passed the end of its stem: "alignme" is on its way to "alignment".
    for (const word of this.words) if (word.startsWith(token)) take(stem(word), COMPLETION);
    return best;
  }

  /** -> {results: [{path, title, authors, facts, tldr, score}], total, relaxed, words} */
  search(query, limit = 50) {
    const words = this.tokens(query);
    const open = /[\p{L}\p{N}]$/u.test(query);
    const telling = words.filter((word) => !this.stopWords.has(word));
    const wanted = telling.length ? telling : words;
    const found = new Map();
    wanted.forEach((word, i) => {
      for (const [ref, weight] of this.papersWith(word, open && word === words.at(-1))) {
        const hit = found.get(ref) ?? { count: 0, score: 0 };
        hit.count += 1;
        hit.score += weight;
        found.set(ref, hit);
      }
    });
    const most = Math.max(0, ...[...found.values()].map((hit) => hit.count));
    const hits = [...found].filter(([, hit]) => hit.count === most);
    hits.sort(([refA, a], [refB, b]) => b.score - a.score || refA - refB);
    const results = hits.slice(0, limit).map(([ref, hit]) => this.result(ref, hit.score));
    return { results, total: hits.length, relaxed: most > 0 && most < wanted.length, words: wanted };
  }

  result(ref, score) {
    const row = this.rows[ref];
    return { path: row[PATH], title: row[TITLE], authors: row[AUTHORS], facts: row[FACTS], tldr: row[TLDR], score };
  }
}
