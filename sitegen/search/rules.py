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
    "whole": 500_000_000_000,
    "few": 5,
    "long": 4,
    "letters": 4,
    "endings": (
        "s es e ed er ers ing ings ation ations ational ization izations izing ized izer ize ment ments ness ity ities "
        "ive ively able ability ably al ally alization ies ied y ly ance ence ent ently ant ous ously ful ism ist ists "
        "or ors ion ions ic ical ically"
    ),
}
"""Percentages: `word` as written, `ending` of a word whose end is not typed yet, `complete` of a word that begins so,
`repair` of a mistyped one. Added percentages: words as a `phrase` in the title, `all` in the title, at its `start`.
Added amounts: the title is `exact`ly the query; all words are in one author's `name`; a paper has the `whole` query
where others do not.

`few`er papers with all of three or more words are followed by those that have at least half of them. A query of `long`
or more words is rather a question: there, papers with all of them are enough from four times as many on, and those that
have nearly all may come before those that have all in passing. `letters`: the shortest word that is repaired.
`endings`: what may still come when a word is being typed.
"""
