"""The reader's ranking in numbers, for the terminal here and, by way of the manifest, for the browser.

A word of the query counts, for a paper, the largest of its readings: the sum of lunr's weights of the term in all
fields, in thousandths, times the reading's percentage. A paper counts the sum of its words; all is done in integers, so
that two languages cannot differ in the last digit.
"""

RULES = {
    "word": 100,
    "ending": 90,
    "complete": 50,
    "repair": 70,
    "phrase": 60,
    "all": 30,
    "start": 30,
    "exact": 2_000_000_000_000,
    "name": 1_000_000_000_000,
    "long": 4,
    "many": 20,
    "few": 5,
    "letters": 2,
    "begun": 4,
    "two": 7,
    "three": 9,
    "scan": 1_000,
}
"""Percentages: `word` as written, `ending` of a word whose end is not typed yet, `complete` of a word that begins so,
`repair` of a mistyped one. Added percentages: words as a `phrase` in the title, `all` in the title, at its `start`.
Added amounts: the title is `exact`ly the query; all words are in one author's `name`.

The answer is the papers that have all the words. Only if there are none, papers that have at least half of them (or, if
there are none, as many as any paper has) stand in, and the answer is called relaxed. A query of `long` or more words is
often rather a question, and a paper may have all of them in passing: there, fewer papers than `many` are not enough,
unless one of them has all in title and authors.
After an answer of `few`er papers others are shown, apart, that have some of the words.

`letters`: the shortest word that is repaired; from `begun` letters on, to the beginning of a word, too; from `two`
letters on, by two edits if need be. At the same distance, a word of the same letters in another order is likelier than
others, then one with the same first letter, then the most frequent. `scan`: in lists of fewer papers, every word is
looked at to repair one that is near none of those that begin or end alike; at last, from `three` letters on, by three
edits.
"""

ENDINGS = (
    "s es e ed er ers ing ings ation ations ational ization izations izing ized izer ize ment ments ness ity "
    "ities ive ively ative atively able ability ably ible ibility ibly al ally alization ies ied y ly ance "
    "ence ent ently ant ous ously ful ism ist ists or ors ion ions ic ical ically"
).split()
"""What may still come when a word is being typed."""


def rule(name: str) -> int:
    """A number of the rules."""
    return RULES[name]
