// Compares the language of the search with lunr.js: refs, order and scores, to the last bit.
// usage: node exact.mjs SITE QUERIES [SEED]   (SITE was built with --lunr-json)
import fs from "node:fs";
import path from "node:path";
import { lunr, module, open, random } from "./disk.mjs";

const [site, count, seed = "1"] = process.argv.slice(2);
const language = await module("language.js");
const { store } = await open(site);
const raw = JSON.parse(fs.readFileSync(path.join(site, "search/lunr.json"), "utf8"));
const vocabulary = raw.invertedIndex.map(([term]) => term);
const common = raw.invertedIndex.filter(([, fields]) => Object.keys(fields.words ?? {}).length
  + Object.keys(fields.abstract ?? {}).length > vocabulary.length / 500).map(([term]) => term);
const foreign = vocabulary.filter((term) => /[^\0-\x7f]/.test(term));
const index = lunr.Index.load(raw);

const next = random(Number(seed));
const pick = (list) => list[Math.floor(next() * list.length)];
const word = () => (foreign.length && next() < 0.08 ? pick(foreign) : pick(next() < 0.6 && common.length ? common : vocabulary));
const field = () => pick(raw.fields);
const cut = (text, from, to) => [...text].slice(from, to).join("");
const kinds = [
  word, () => `${word()} ${word()}`, () => `${word()} ${word()} ${word()} ${word()}`,
  () => `${cut(word(), 0, 2 + Math.floor(next() * 3))}*`, () => `*${cut(word(), -3)}`,
  () => `${cut(word(), 0, 2)}*${cut(word(), -2)}`, () => `${cut(word(), 0, 1)}*${pick([..."aeinrst"])}*`,
  () => `*${cut(word(), 1, 4)}*`, () => `${word()}~1`, () => `${word()}~2`, () => `${word()}~0`, () => `${word()}~`,
  () => `${field()}:${word()} ${word()}`, () => `+${word()} -${word()}`, () => `+${word()} +${word()}`,
  () => `${word()}^${1 + Math.floor(next() * 9)} ${field()}:${word()}^3`, () => `-${word()}`, () => `-${word()} -${field()}:${word()}`,
  () => `+${word()} +${field()}:${word()}~1 ${cut(word(), 0, 4)}*`, () => `nofield:${word()}`, () => `${word()} ${word()} ${word()}`.replace(" ", " +"),
  () => `+zzzzqq ${word()}`, () => `${word()}^ ${word()}`, () => `+ ${word()}`, () => `${word()}\\:${word()}`, () => `${word()}-${word()}`,
  () => `${cut(word(), 0, 3)}*~1`, () => `José ${word()}`, () => `${word().toUpperCase()} ${word()}s`, () => `${word()} ${word()} ${word()}`.replace(/ (\S+)$/, " $1 $1"),
];
const fixed = ["", " ", "*", "a*", "lora~1", "title:merging", "+quantization -vision", "distil*", "+title:reinforcement +learning^3 policy",
  "survey", "key", "deploy", "play", "~1", "^2", ":", "foo:", "+", "-", "title:", "a~1", "mu bench", "\\+a", "3d*"];

let different = 0;
const shown = [];
for (let i = 0; i < Number(count) + fixed.length; i++) {
  const query = fixed[i] ?? kinds[i % kinds.length]();
  let [wanted, got, failed, failure] = [];
  try { wanted = index.search(query); } catch (error) { failed = error; }
  try { got = await language.lunr(store, query); } catch (error) { failure = error; }
  const same = failed || failure ? failed && failed.name === "QueryParseError" && failure instanceof language.QueryError
    : wanted.length === got.length && wanted.every((hit, n) => hit.ref === String(got[n][0]) && Object.is(hit.score, got[n][1]));
  if (same) continue;
  different += 1;
  if (shown.length < 8) shown.push({ query, failed: String(failed), failure: String(failure), stack: failure?.stack?.slice(0, 300),
    wanted: wanted?.slice(0, 3).map((h) => [h.ref, h.score]), got: got?.slice(0, 3), lengths: [wanted?.length, got?.length] });
}
console.log(JSON.stringify({ queries: Number(count) + fixed.length, different, foreign: foreign.length, shown }));
