// What a mistyped word was meant to be, as sitegen/search/spelling.py has it.

import { range, reversed } from "./store.js";

const FAR = 9;

/** Edits from one word to another, and to the nearest of its beginnings; a swap of neighbours is one. `FAR` when the lengths
 * tell already that it is more than `most`. */
function distances(a, b, most) {
  if (a.length - b.length > most) return [FAR, FAR];
  let [before, last] = [[], [...Array(Math.min(b.length, a.length + most) + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j < last.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return [b.length - a.length > most ? FAR : last.at(-1), Math.min(...last)];
}

const sorted = (text) => [...text].sort().join("");

function nearest(word, most, begun, among) {
  const letters = sorted(word);
  const found = [];
  for (const [text, count] of among) {
    const [far, beginning] = distances(word, text, most);
    if (far > most && !(begun && beginning <= most)) continue;
    found.push([text, begun ? Math.min(far, beginning) : far, far > most, sorted(text) !== letters, text[0] !== word[0], -count]);
  }
  const order = ([a, ...one], [b, ...other]) => one.map((value, i) => value - other[i]).find(Boolean) ?? (a < b ? -1 : 1);
  return found.sort(order)[0]?.[0];
}

/** The word that was most likely meant, or undefined. `begun`: its end may not be typed yet. */
export async function repaired(store, word, begun, rules) {
  if (word.length < rules.letters) return undefined;
  const half = word.length >> 1;
  const [front, back] = [word.slice(0, half), word.slice(half)];
  const swapped = front.slice(0, -1) + back[0] + front.at(-1) + back.slice(1);
  const near = await range([
    store.words("w", front),
    store.words("v", reversed(back)).then((found) => found.map(([text, count]) => [reversed(text), count])),
    store.words("w", swapped).then((found) => found.filter(([text]) => text === swapped)),
  ]);
  const most = word.length < rules.two ? 1 : 2;
  const open = begun && word.length >= rules.begun;
  const found = nearest(word, most, open, near);
  if (found || store.manifest.papers >= rules.scan) return found;
  const all = await store.words("w", "");
  return nearest(word, most, open, all) ?? (word.length < rules.three ? undefined : nearest(word, 3, false, all));
}
