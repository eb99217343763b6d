// What has come to the list since the reader's last visit: the search's file with the numbers of all papers, compared with
// what it held then. Asked for only when the file has another name: the search's folder is named by all that is in it.

import { home, update, visit } from "./state.js";

const NAMED = 50;

async function numbersIn(file) {
  const response = await fetch(new URL(file, home));
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  const [plain, packed] = [await response.arrayBuffer(), new DecompressionStream("gzip")];
  const zipped = new Uint8Array(plain, 0, 2)[0] === 31;
  const text = await (zipped ? new Response(new Blob([plain]).stream().pipeThrough(packed)) : new Response(plain)).text();
  return JSON.parse(text.slice(text.indexOf("\n"))); // after the shard's own name
}

/** A slug's number, 24 bits of FNV-1a: sitegen/search/facets.py has the same. */
export function number(slug) {
  let hash = 0x811c9dc5;
  for (const char of slug) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return (hash >>> 24) ^ (hash & 0xffffff);
}

/** Tells of a slug whether its paper has left the list; of none until `look` has seen that file. */
export function gone(file) {
  const { file: seen, known } = visit();
  const numbers = known && seen === file && new Set(known.split("."));
  return (slug) => Boolean(numbers) && !numbers.has(number(slug).toString(36));
}

/** Looks for new papers, in the list as it is now. Quiet without a network: the next visit looks again. */
export async function look(file) {
  if (!file || visit().file === file || location.protocol === "file:") return;
  const known = new Set(visit().known.split("."));
  const numbers = (await numbersIn(file)).map((number) => number.toString(36));
  const fresh = visit().known ? numbers.flatMap((number, paper) => (known.has(number) ? [] : [paper])) : [];
  let rows = [];
  if (fresh.length) {
    const { open } = await import("../search/engine.js");
    const engine = await open(home);
    rows = await Promise.all(fresh.slice(0, NAMED).map((paper) => engine.row(paper)));
  }
  update(({ visit }) => {
    const found = rows.map(([slug, title]) => [slug, title]);
    Object.assign(visit, { file, known: numbers.join("."), fresh: [...found, ...visit.fresh].slice(0, NAMED),
      more: visit.more + fresh.length - found.length });
  });
}

/** What is new: {fresh, more, count, before}, the first by slug and title, the last the time of the last visit, or 0. */
export function news() {
  const { fresh, more, before } = visit();
  return { fresh, more, count: fresh.length + more, before };
}
