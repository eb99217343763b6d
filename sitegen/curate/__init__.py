"""The curator's word about papers: `overrides.yaml` and `summaries/*.yaml`, resolved and applied.

Overrides win over summaries, summaries over records. Every problem names its line; nothing is applied half.

Two papers or one. `merge_into` joins a record into another, by the rules of `merge`, each time the site is built: the
records stay two, so removing the rule undoes it, and importing the same files again changes nothing. `distinct_from`
says that two are not one: they are never joined on import and never reported as alike. When an import has already
joined them into one record, name the other paper in that record's `distinct_from` by what tells it apart (its arXiv
id, its DOI, or where it was captured: `FILE:POSITION` as in the record's sources, `FILE:KEY` for BibTeX) and import
all the record's files again in one run: the other becomes a record of its own, and what only it had leaves the first.
Until then the build says which files these are.
"""

from __future__ import annotations

from sitegen.curate.apply import apply, merged, redirects
from sitegen.curate.names import Names
from sitegen.curate.overrides import read_overrides, read_partings
from sitegen.curate.words import read_words

__all__ = ["Names", "apply", "merged", "read_overrides", "read_partings", "read_words", "redirects"]
