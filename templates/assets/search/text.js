// From text to search terms, as sitegen/search/pipeline.py does it: the same words, the same stems.

/** Makes the function that makes texts plain: lower case, no accents, letters spelt. `letters`: letter -> its name. */
export function plainer(letters) {
  const spell = (text) => [...text].map((c) => letters[c] ?? c).join("");
  const ascii = (c) => ("’‘ʼ＇".includes(c) ? "'" : spell(spell(c).normalize("NFKD").replace(
    /[\u200c\u200d\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u{e0100}-\u{e01ef}]/gu, "").normalize("NFC")));
  return (text) => text.normalize("NFC").replace(/[^\0-\x7f]/gu, ascii).toLowerCase()
    .replace(/(?<=[\p{L}\p{N}])'s(?![\p{L}\p{N}])/gu, "").replace(/(?<=[\p{L}\p{N}])'(?=[\p{L}\p{N}])/gu, "");
}

/** The words of a plain text. */
export const words = (text) => text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];

// Porter's stemmer (1980) as lunr.js 2.3.9 has it. C, V: runs of consonants, of vowels.
const C = "[^aeiou][^aeiouy]*";
const V = "[aeiouy][aeiou]*";
const M1 = RegExp(`^(${C})?${V}${C}`);
const M1_ONLY = RegExp(`^(${C})?${V}${C}(${V})?$`);
const M2 = RegExp(`^(${C})?${V}${C}${V}${C}`);
const HAS_VOWEL = RegExp(`^(${C})?[aeiouy]`);
const SHORT = RegExp(`^${C}[aeiouy][^aeiouwxy]$`);
const pairs = (text) => Object.fromEntries(text.split(" ").map((pair) => pair.split(":")));
const STEP_2 = pairs("ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous "
  + "ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log");
const STEP_3 = pairs("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
const ends = (list) => RegExp(`^(.+?)(${list.join("|")})$`, "s");
const ENDS_2 = ends(Object.keys(STEP_2));
const ENDS_3 = ends(Object.keys(STEP_3));
const ENDS_4 = ends("al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize".split("|"));

function afterStep1b(word) {
  if (/(at|bl|iz)$/.test(word)) return `${word}e`;
  if (/([^aeiouylsz])\1$/.test(word)) return word.slice(0, -1);
  return SHORT.test(word) ? `${word}e` : word;
}

/** The stem of a lower-case word. */
export function stem(token) {
  if (token.length < 3) return token;
  const upper = token[0] === "y";
  let word = upper ? `Y${token.slice(1)}` : token;
  if (/^.+?(ss|i)es$/s.test(word)) word = word.slice(0, -2);
  else if (/^.+?[^s]s$/s.test(word)) word = word.slice(0, -1);
  let match = /^(.+?)eed$/s.exec(word);
  if (match) {
    if (M1.test(match[1])) word = word.slice(0, -1);
  } else if ((match = /^(.+?)(ed|ing)$/s.exec(word)) && HAS_VOWEL.test(match[1])) word = afterStep1b(match[1]);
  if (/^.+?[^aeiou]y$/s.test(word)) word = `${word.slice(0, -1)}i`;
  if ((match = ENDS_2.exec(word)) && M1.test(match[1])) word = match[1] + STEP_2[match[2]];
  if ((match = ENDS_3.exec(word)) && M1.test(match[1])) word = match[1] + STEP_3[match[2]];
  if ((match = ENDS_4.exec(word))) {
    if (M2.test(match[1])) word = match[1];
  } else if ((match = /^(.+?[st])ion$/s.exec(word)) && M2.test(match[1])) word = match[1];
  match = /^(.+?)e$/s.exec(word);
  if (match && (M2.test(match[1]) || (M1_ONLY.test(match[1]) && !SHORT.test(match[1])))) word = match[1];
  if (/ll$/.test(word) && M2.test(word)) word = word.slice(0, -1);
  return upper ? `y${word.slice(1)}` : word;
}
