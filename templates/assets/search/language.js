// lunr's query language, exactly as lunr.js 2.3.9 understands and scores it: fields, wildcards, fuzzy words, boosts, required
// and prohibited words. Sets of words are small automata, as lunr's, because the order of what they find is part of it.

import { asked, read } from "./reader.js";
import { stem } from "./text.js";
import { say } from "../words.js";
import { range, reversed } from "./store.js";

const REQUIRED = 1;
const PROHIBITED = -1;

export class QueryError extends Error {
  name = "QueryError";
}

function lex(text) {
  const found = [];
  let start = 0;
  let at = 0;
  let escapes = [];
  const emit = (type) => {
    let [value, from] = ["", start];
    for (const escape of escapes) {
      value += text.slice(from, escape);
      from = escape + 1;
    }
    escapes = [];
    found.push({ type, text: value + text.slice(from, at) });
    start = at;
  };
  const number = (type) => {
    start = ++at;
    while (text[at] >= "0" && text[at] <= "9") at++;
    emit(type);
  };
  while (at < text.length) {
    const char = text[at];
    if (char === "\\") {
      escapes.push(at);
      at += 2;
    } else if (char === ":") {
      emit("FIELD");
      start = ++at;
    } else if (char === "~" || char === "^") {
      if (at > start) emit("TERM");
      number(char === "~" ? "EDIT_DISTANCE" : "BOOST");
    } else if ((char === "+" || char === "-") && at === start) {
      at++;
      emit("PRESENCE");
    } else if (/[\s-]/.test(char)) {
      if (at > start) emit("TERM");
      start = ++at;
    } else at++;
  }
  if (at > start) emit("TERM");
  return found;
}

const FOLLOWS = {
  PRESENCE: ["FIELD", "TERM"],
  FIELD: ["TERM"],
  TERM: ["TERM", "FIELD", "EDIT_DISTANCE", "BOOST", "PRESENCE"],
};

/** The clauses of a query. Throws QueryError where lunr would. */
export function parse(text, names) {
  const clauses = [];
  let clause;
  let allowed = ["PRESENCE", "FIELD", "TERM"];
  let last;
  const lexemes = lex(text);
  for (const lexeme of lexemes) {
    const { type, text: value } = lexeme;
    if (!allowed.includes(type)) throw new QueryError(say("expected_word", { found: value || type.toLowerCase() }));
    const begins = ["FIELD", "TERM"].includes(type) && !["PRESENCE", "FIELD"].includes(last);
    if (begins || type === "PRESENCE") clauses.push((clause = { fields: names.map((_, f) => f), boost: 1, presence: 0, stemmed: true }));
    if (type === "PRESENCE") clause.presence = value === "+" ? REQUIRED : PROHIBITED;
    if (type === "FIELD") {
      if (!names.includes(value)) throw new QueryError(say("no_field", { field: value, fields: names.join(", ") }));
      clause.fields = [names.indexOf(value)];
    }
    if (type === "TERM") {
      clause.term = value.toLowerCase();
      clause.stemmed = !value.includes("*");
    }
    if (type === "EDIT_DISTANCE" || type === "BOOST") {
      const number = parseInt(value, 10);
      if (Number.isNaN(number)) throw new QueryError(say("number_wanted"));
      // The states of its automaton: what takes a second at most. No number of two digits passes.
      if (type !== "BOOST" && (clause.term.length + number) ** (number + 1) > 1e6) throw new QueryError(say("number_too_high", { number }));
      clause[type === "BOOST" ? "boost" : "edits"] = number;
    }
    allowed = FOLLOWS[type] ?? FOLLOWS.TERM;
    last = type;
  }
  if (last === "PRESENCE" || last === "FIELD") throw new QueryError(say("expected_word_at_end"));
  return clauses;
}

const node = () => ({ final: false, edges: {} });
const step = (from, char) => (from.edges[char] ??= node());

/** Whether a state has met this before: then all that follows from it is there. */
const met = (state, what) => (state.met ??= new Set()).size === state.met.add(what).size;

function wildcard(text) {
  const root = node();
  let at = root;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "*") at.edges["*"] = at;
    else at = at.edges[text[i]] = node();
    at.final = i === text.length - 1;
  }
  return root;
}

function fuzzy(text, edits) {
  const root = node();
  const stack = [[root, edits, text]];
  const go = (to, left, rest, ends) => {
    if (ends) to.final = true;
    stack.push([to, left, rest]);
  };
  while (stack.length) {
    const [at, left, rest] = stack.pop();
    if (met(at, left + rest)) continue;
    const { length } = rest;
    if (length) go(step(at, rest[0]), left, rest.slice(1), length === 1);
    if (!left) continue;
    go(step(at, "*"), left - 1, rest, !length);
    if (length > 1) stack.push([at, left - 1, rest.slice(1)]);
    if (length === 1) at.final = true;
    if (length) go(step(at, "*"), left - 1, rest.slice(1), length === 1);
    if (length > 1) go(step(at, rest[1]), left - 1, rest[0] + rest.slice(2), false);
  }
  return root;
}

/** The words that the automaton accepts, in lunr's order. */
function accepted(list, automaton) {
  const trie = node();
  for (const word of [...new Set(list)].sort()) {
    let at = trie;
    for (let i = 0; i < word.length; i++) at = step(at, word[i]);
    at.final = true;
  }
  const found = node();
  const stack = [[automaton, found, trie]];
  while (stack.length) {
    const [query, out, at] = stack.pop();
    if (met(at, query)) continue;
    const chars = Object.keys(at.edges);
    for (const edge of Object.keys(query.edges)) {
      for (const char of chars) {
        if (char !== edge && edge !== "*") continue;
        const next = step(out, char);
        next.final ||= at.edges[char].final && query.edges[edge].final;
        stack.push([query.edges[edge], next, at.edges[char]]);
      }
    }
  }
  const result = [];
  const walk = [["", found]];
  while (walk.length) {
    const [prefix, at] = walk.pop();
    if (at.final) result.push(prefix);
    for (const char of Object.keys(at.edges)) walk.push([prefix + char, at.edges[char]]);
  }
  return result;
}

/** Words among which are all that a clause can mean. */
async function candidates(store, { term, edits }) {
  const first = term.indexOf("*");
  if (edits !== undefined) {
    const half = term.length >> 1;
    if (edits > 1 || !half || first >= 0 || /[\udc00-\udfff]/.test(term[half])) return store.words("d", "");
    const [front, back] = [term.slice(0, half), term.slice(half)];
    const swapped = front.slice(0, -1) + back[0] + front.at(-1) + back.slice(1); // breaks both halves
    return range([store.words("d", front), store.words("r", reversed(back)).then((l) => l.map(reversed)), swapped]);
  }
  const [begin, end] = [term.slice(0, first), term.slice(term.lastIndexOf("*") + 1)];
  return begin.length >= end.length ? store.words("d", begin)
    : (await store.words("r", reversed(end))).map(reversed);
}

/** The entries of a clause's terms, in lunr's order. */
async function expand(store, { stemmed, ...clause }) {
  if (stemmed) clause.term = stem(clause.term);
  const { term, edits } = clause;
  if (edits === undefined && !term.includes("*")) {
    const entry = await store.term(term);
    return entry ? [entry] : [];
  }
  const automaton = edits === undefined ? wildcard(term) : fuzzy(term, edits);
  const words = accepted(await candidates(store, clause), automaton);
  return (await Promise.all(words.map((word) => store.term(word)))).filter(Boolean);
}

/** -> [paper, score] of every hit, best first, as lunr.Index.search gives them. */
export async function lunr(store, text) {
  const { fields, manifest: { papers } } = store;
  const clauses = parse(text, fields.map((field) => field.name));
  const expanded = await Promise.all(clauses.map((clause) => expand(store, clause)));
  const vectors = fields.map(() => new Map());
  const paths = new Float64Array(papers); // the fields of a paper in the order of their first match, to the base 9
  const seen = new Uint8Array(papers);
  const order = [];
  const barred = new Uint8Array(papers);
  let required;
  clauses.forEach((clause, c) => {
    const has = new Uint8Array(papers);
    for (const entry of expanded[c]) {
      for (const f of clause.fields) {
        const list = entry.fields[f]?.papers ?? [];
        for (const paper of list) has[paper] = 1;
        if (clause.presence === PROHIBITED) continue;
        const before = vectors[f].get(entry);
        vectors[f].set(entry, (before ?? 0) + clause.boost);
        if (before !== undefined) continue;
        for (const paper of list) {
          if (!seen[paper]) order.push(paper);
          if (seen[paper] >> f & 1) continue;
          seen[paper] |= 1 << f;
          paths[paper] = paths[paper] * 9 + f + 1;
        }
      }
    }
    if (clause.presence === PROHIBITED) has.forEach((is, paper) => { barred[paper] |= is; });
    if (clause.presence === REQUIRED) required = required ? required.map((is, paper) => is & has[paper]) : has;
  });
  if (clauses.every((clause) => clause.presence === PROHIBITED)) {
    for (let paper = 0; paper < papers; paper++) order.push(paper);
  }
  const sums = vectors.map((vector, f) => {
    const sum = new Float64Array(papers);
    let square = 0;
    for (const [entry, boost] of [...vector].sort(([a], [b]) => a.first - b.first || a.rank - b.rank)) {
      square += boost * boost;
      const posting = entry.fields[f];
      posting?.papers.forEach((paper, i) => { sum[paper] += boost * (posting.weights[i] / 1000); });
    }
    const size = Math.sqrt(square);
    return sum.map((value) => value / size || 0);
  });
  const hits = [];
  for (const paper of order) {
    if ((required && !required[paper]) || barred[paper]) continue;
    const path = [];
    for (let rest = paths[paper]; rest; rest = Math.floor(rest / 9)) path.unshift(rest % 9 - 1);
    hits.push([paper, path.reduce((sum, f, i) => (i ? sum + sums[f][paper] : sums[f][paper]), 0)]);
  }
  return hits.sort((a, b) => b[1] - a[1]);
}

/** The words of a query with signs that a hit may have. */
const sought = (query) => query.replace(/(^|\s)-\S+|[a-z]+:(?=\S)/gi, " ");

/** What a query in this language finds, as `read` gives it; with `error` if it is none, and was read as plain words. */
export async function answer(store, query, most) {
  const { plain } = await asked(store, query);
  const terms = (await asked(store, sought(query))).list.map(({ text }) => text);
  try {
    const hits = await lunr(store, plain.replace(/[^\p{L}\p{N}+\-~^*:\\]+/gu, " ").trim());
    return { hits, others: [], total: hits.length, whole: hits.length, relaxed: false, missing: [], repairs: [], terms };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { ...(await read(store, query.replace(/[+\-~^*:]/g, " "), most)), error: error.message };
  }
}
