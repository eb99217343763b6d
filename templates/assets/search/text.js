// From text to search terms, as sitegen/search/pipeline.py does it: the same words, the same stems.
// The stemmer is Porter's (1980) as lunr.js 2.3.9 has it: a final y becomes i only after a consonant that is not the
// first letter.

const WORD = /[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{N}\p{M}]+)*/gu;
const ACCENTS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u{e0100}-\u{e01ef}]/gu;
const UNSEEN = /[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc\ufffe\uffff]/g;

/** Makes the function that turns text into tokens. `letters`: letters spelt in ASCII, from the manifest. */
export function tokenizer(letters) {
  const named = new RegExp(`[${Object.keys(letters).join("")}]`, "g");
  const spell = (text) => text.replace(named, (letter) => letters[letter]);
  return (text) => {
    const straight = text.replace(UNSEEN, "").replace(/[’‘ʼ＇]/g, "'");
    const whole = spell(spell(straight).normalize("NFKC"));
    const plain = spell(whole.normalize("NFKD").replace(ACCENTS, "").normalize("NFC")).toLowerCase();
    return (plain.match(WORD) ?? []).map((word) => word.replace(/'s?$/, "").replaceAll("'", ""));
  };
}

const CONSONANT = "[^aeiou]";
const VOWEL = "[aeiouy]";
const RUN_C = `${CONSONANT}[^aeiouy]*`;
const RUN_V = `${VOWEL}[aeiou]*`;
const MEASURED = new RegExp(`^(${RUN_C})?${RUN_V}${RUN_C}`);
const MEASURE_1 = new RegExp(`^(${RUN_C})?${RUN_V}${RUN_C}(${RUN_V})?$`);
const MEASURE_2 = new RegExp(`^(${RUN_C})?${RUN_V}${RUN_C}${RUN_V}${RUN_C}`);
const HAS_VOWEL = new RegExp(`^(${RUN_C})?${VOWEL}`);
const SHORT = new RegExp(`^${RUN_C}${VOWEL}[^aeiouwxy]$`);

const STEP_2 = {
  ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al", entli: "ent",
  eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive", fulness: "ful",
  ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble", logi: "log",
};
const STEP_3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
const pattern = (endings) => new RegExp(`^(.+?)(${endings.join("|")})$`, "s");
const RE_2 = pattern(Object.keys(STEP_2));
const RE_3 = pattern(Object.keys(STEP_3));
const RE_4 = pattern("al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize".split("|"));

function afterStep1b(word) {
  if (/(at|bl|iz)$/.test(word)) return `${word}e`;
  if (/([^aeiouylsz])\1$/.test(word)) return word.slice(0, -1);
  return SHORT.test(word) ? `${word}e` : word;
}

/** The stem of a lower-case token. */
export function stem(token) {
  if (token.length < 3) return token;
  const upperY = token[0] === "y";
  let word = upperY ? `Y${token.slice(1)}` : token;
  if (/^.+?(ss|i)es$/s.test(word)) word = word.slice(0, -2);
  else if (/^.+?[^s]s$/s.test(word)) word = word.slice(0, -1);

  let match = /^(.+?)eed$/s.exec(word);
  if (match) {
    if (MEASURED.test(match[1])) word = word.slice(0, -1);
  } else {
    match = /^(.+?)(ed|ing)$/s.exec(word);
    if (match && HAS_VOWEL.test(match[1])) word = afterStep1b(match[1]);
  }

  if (/^.+?[^aeiou]y$/s.test(word)) word = `${word.slice(0, -1)}i`;

  match = RE_2.exec(word);
  if (match && MEASURED.test(match[1])) word = match[1] + STEP_2[match[2]];
  match = RE_3.exec(word);
  if (match && MEASURED.test(match[1])) word = match[1] + STEP_3[match[2]];

  match = RE_4.exec(word);
  if (match) {
    if (MEASURE_2.test(match[1])) word = match[1];
  } else {
    match = /^(.+?)(s|t)(ion)$/s.exec(word);
    if (match && MEASURE_2.test(match[1] + match[2])) word = match[1] + match[2];
  }

  match = /^(.+?)e$/s.exec(word);
  if (match && (MEASURE_2.test(match[1]) || (MEASURE_1.test(match[1]) && !SHORT.test(match[1])))) word = match[1];
  if (/ll$/.test(word) && MEASURE_2.test(word)) word = word.slice(0, -1);
  return upperY ? `y${word.slice(1)}` : word;
}
