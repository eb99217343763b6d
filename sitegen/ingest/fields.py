"""What BibTeX, RIS and CSL-JSON call our fields and kinds of work: one table a format.

Of several names for one field the first that has a value counts. Sources: BibTeX's btxdoc, the
biblatex manual, the RIS specification of Reference Manager, the CSL 1.0.2 specification with its JSON schema, and what
Zotero, Mendeley and Google Scholar write.
"""

from __future__ import annotations

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "article": (("misc", "online", "electronic", "www", "unpublished"), ("UNPB", "GEN", "ELEC", "INPR", "MANSCPT")),
    "article-journal": (("article", "periodical", "suppperiodical"), ("JOUR", "EJOUR", "JFULL", "MGZN", "ABST")),
    "paper-conference": (("inproceedings", "conference"), ("CONF", "CPAPER")),
    "book": (("book", "mvbook", "booklet", "proceedings", "collection"), ("BOOK", "EBOOK", "EDBOOK", "SER")),
    "chapter": (("incollection", "inbook", "bookinbook", "suppbook"), ("CHAP", "ECHAP")),
    "thesis": (("phdthesis", "thesis", "mastersthesis"), ("THES",)),
    "report": (("techreport", "report", "manual"), ("RPRT", "GOVDOC")),
    "software": (("software",), ("COMP",)),
    "dataset": (("dataset",), ("DATA", "DBASE")),
}
"""Kinds of work in CSL's words, with BibTeX's entry types and RIS's types. `article` is a preprint (CSL 1.0.2)."""

_CSL_KINDS = {
    "preprint": "article",
    "manuscript": "article",
    "webpage": "article",
    "post-weblog": "article",
    "posted-content": "article",  # from here on Crossref's words
    "journal-article": "article-journal",
    "article-magazine": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "dissertation": "thesis",
    "monograph": "book",
}
FROM_BIBTEX = {name: kind for kind, (names, _) in KINDS.items() for name in names}
FROM_RIS = {name: kind for kind, (_, names) in KINDS.items() for name in names}
FROM_CSL = {kind: kind for kind in KINDS} | _CSL_KINDS

BIBTEX = {
    "title": "title",
    "alsotitled": "also_titled",
    "author": "authors",
    "journal": "venue",
    "booktitle": "venue",
    "journaltitle": "venue",
    "eventtitle": "venue",
    "volume": "volume",
    "number": "issue",
    "issue": "issue",
    "pages": "pages",
    "publisher": "publisher",
    "school": "publisher",
    "institution": "publisher",
    "organization": "publisher",
    "eprint": "arxiv_id",
    "arxivid": "arxiv_id",
    "arxiv": "arxiv_id",
    "doi": "doi",
    "url": "url",
    "pdf": "pdf_url",
    "code": "code_urls",
    "github": "code_urls",
    "keywords": "keywords",
    "abstract": "abstract",
    "annotation": "blurb",
}
"""Fields of BibTeX and BibLaTeX. Dates are read in code: they stand in several fields."""

RIS = {
    "TY": "kind",
    "TI": "title",
    "T1": "title",
    "CT": "title",
    "TT": "also_titled",
    "AU": "authors",
    "A1": "authors",
    "DA": "published",
    "PY": "published",
    "Y1": "published",
    "T2": "venue",
    "JF": "venue",
    "JO": "venue",
    "JA": "venue",
    "J2": "venue",
    "BT": "venue",
    "VL": "volume",
    "IS": "issue",
    "SP": "first_page",
    "EP": "last_page",
    "PB": "publisher",
    "DO": "doi",
    "UR": "url",
    "L1": "pdf_url",
    "KW": "keywords",
    "AB": "abstract",
    "N2": "abstract",
    "M1": "arxiv_id",
    "AN": "arxiv_id",
    "N1": "notes",
    "LB": "citation_key",
    "ID": "id",
}
"""Tags of RIS. What it has no tag for may stand in notes (N1): `code: URL`, `blurb: ...`."""
RIS_LISTS = ("AU", "A1", "KW", "N1", "UR", "TT", "L1")
RIS_NOTES = {"code": "code_urls", "blurb": "blurb"}

CSL = {
    "type": "kind",
    "id": "id",
    "title": "title",
    "author": "authors",
    "original-date": "published",
    "issued": "published",
    "container-title": "venue",
    "event-title": "venue",
    "event": "venue",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "publisher": "publisher",
    "DOI": "doi",
    "URL": "url",
    "keyword": "keywords",
    "abstract": "abstract",
    "number": "arxiv_id",
    "archive_location": "arxiv_id",
    "note": "notes",
    "citation-key": "citation_key",
    "custom": "custom",
}
"""Variables of CSL-JSON. `custom` is its own place for what has no variable (schema 1.0.2), by our field names."""
CSL_CUSTOM = ("also_titled", "pdf_url", "code_urls", "blurb")
