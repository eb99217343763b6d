// What a mistyped word was meant to be, as sitegen/search/spelling.py has it.

import { range, reversed } from "./store.js";

/** Edits between two words, neighbours swapped counting as one; more than `most` is as good as infinite. */
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return 9;
  let [before, last] = [[], [...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}

/** The word that was most likely meant, or undefined. */
export async function repaired(store, word, rules) {
  if (word.length < rules.letters) return undefined;
  const half = word.length >> 1;
  const [front, back] = [word.slice(0, half), word.slice(half)];
  const swapped = front.slice(0, -1) + back[0] + front.at(-1) + back.slice(1);
  const near = await range([
    store.words("w", front),
    store.words("v", reversed(back)).then((found) => found.map(([text, count]) => [reversed(text), count])),
    store.words("w", swapped).then((found) => found.filter(([text]) => text === swapped)),
  ]);
  const most = word.length < 8 ? 1 : 2;
  const ranked = near.map(([text, count]) => [distance(word, text, most), -count, text]).filter(([far]) => far <= most);
  ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
  return ranked[0]?.[2];
}
