// The words that scripts say, in the site's language. The build puts this module in the place of its imports, with those
// of the words in WORDS that a script names (sitegen/assets.py); run as it stands here, it has none.

const LANGUAGE = "en";
const WORDS = {};

/** The words of this name; what they leave open is filled in, and `count` chooses the form. The name is written out. */
export function say(name, given = {}) {
  return pieces(name, given).join("");
}

/** The same in pieces, for an element's children: what is filled in may be elements. */
export function pieces(name, given = {}) {
  const forms = WORDS[name] ?? name;
  const text = forms.other ? (forms[new Intl.PluralRules(LANGUAGE).select(given.count)] ?? forms.other) : forms;
  return text.split(/\{(\w+)\}/).map((part, i) => (i % 2 ? given[part] : part));
}
