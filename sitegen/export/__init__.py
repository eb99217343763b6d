"""Exporting: the papers of a list, or of one topic, in the formats of other programs.

One module per format, papers in, text out. Reference managers get BibTeX, RIS and CSL-JSON; `jsonl` has everything
that the list knows of a paper; Markdown and OPML are for people, outliners and feed readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sitegen.export import jsonl, markdown, opml, references
from sitegen.export.listing import Listing
from sitegen.export.references import ON_SITE, Shared

FORMATS: Mapping[str, Callable[[Listing], str]] = {
    "jsonl": jsonl.jsonl,
    "bibtex": references.bibtex,
    "ris": references.ris,
    "csl-json": references.csl_json,
    "markdown": markdown.markdown,
    "opml": opml.opml,
}
"""Each gives the whole text of a file; the first is the default."""

__all__ = ["FORMATS", "ON_SITE", "Listing", "Shared"]
