r"""BibTeX, as bibtex, biber and reference managers read it.

UTF-8. The key is the paper's slug; a key of the curator's own is an alias (`ids`, BibLaTeX). A preprint is `@misc` with
arXiv's `eprint`, `archiveprefix`, `primaryclass`. `year` is the venue's where the venue names one; the first
publication is then `origdate` (BibLaTeX). Words that must keep their capitals are in braces; maths stays as it is, in
braces. `alsotitled` and `code` are ours; other programs leave them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.cite.names import Name
from sitegen.cite.work import Work
from sitegen.tex import MATHS

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "{": r"\{", "}": r"\}",
}  # fmt: skip
_TO_SPECIAL = str.maketrans(_SPECIAL)
_TOKEN = re.compile(r"[^\W_]+|.", re.DOTALL)
_ASCII_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z0-9]+[A-Z][A-Za-z0-9]*|[B-HJ-Z](?![A-Za-z0-9]))|[\\~^&%#_${}]", re.ASCII
)
"""The tokens of an ASCII text that do not stay as they are."""
_AS_IT_IS = re.compile(r"[^\\~^&%#_${}`'-]*")
"""Text in which nothing needs another look."""
_TIED = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')")
"""Between these TeX would make a dash or a quotation mark of two."""
_ONE_LETTER = frozenset("AIÀ")
_ENTRIES = {
    "article": ("misc", "howpublished", "publisher"),
    "article-journal": ("article", "journal", "publisher"),
    "paper-conference": ("inproceedings", "booktitle", "publisher"),
    "book": ("book", "series", "publisher"),
    "chapter": ("incollection", "booktitle", "publisher"),
    "thesis": ("phdthesis", "series", "school"),
    "report": ("techreport", "series", "institution"),
    "software": ("software", "series", "publisher"),
    "dataset": ("dataset", "series", "publisher"),
}
"""Of each kind of work the entry's type, and what its venue and its publisher are called."""


def bibtex(work: Work) -> str:
    """The entry, with its line end."""
    kind, *names = _ENTRIES[work.kind]
    lines = [f"  {name} = {value}," for name, value in _fields(work, *names)]
    return "\n".join([f"@{kind}{{{work.slug},", *lines, "}"]) + "\n"


def _fields(work: Work, container: str, publisher: str) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{_title(work.title)}}}"
    if work.authors:
        yield "author", f"{{{' and '.join(map(_name, work.authors))}}}"
    texts = [(container, work.venue), ("volume", work.volume), ("number", work.issue), (publisher, work.publisher)]
    yield from ((name, f"{{{escape(text)}}}") for name, text in texts if text)
    if work.pages:
        yield "pages", f"{{{_verbatim(work.pages.replace('-', '--'))}}}"
    year, _, rest = work.issued.partition("-")
    month, _, day = rest.partition("-")
    if year:
        yield "year", f"{{{year}}}"
    if month:
        yield "month", _MONTHS[int(month) - 1]
    if day:
        yield "day", f"{{{int(day)}}}"
    raw = [("origdate", work.original), ("eprint", work.arxiv_id)]
    if work.arxiv_id:
        raw += [("archiveprefix", "arXiv"), ("primaryclass", work.arxiv_class)]
    raw += [("doi", work.doi), ("url", work.url), ("pdf", work.pdf_url)]
    raw += [("code", " ".join(work.code_urls)), ("ids", work.citation_key)]
    yield from ((name, f"{{{_verbatim(text)}}}") for name, text in raw if text)
    words = [f"{{{escape(word)}}}" if "," in word else escape(word) for word in work.keywords]
    if words:
        yield "keywords", f"{{{', '.join(words)}}}"
    if work.also_titled:
        yield "alsotitled", f"{{{' and '.join(f'{{{escape(title)}}}' for title in work.also_titled)}}}"
    if work.abstract:
        yield "abstract", f"{{{escape(work.abstract)}}}"


def escape(text: str) -> str:
    """Plain text with maths between dollar signs, as TeX. Braces always balance."""
    if _AS_IT_IS.fullmatch(text):
        return text
    return "".join(piece if maths else _plain(piece) for maths, piece in _pieces(text))


def _title(text: str) -> str:
    """A title; its acronyms and its maths are in braces, so that no style puts them in lower case."""
    return "".join(f"{{{piece}}}" if maths else _guarded(piece) for maths, piece in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut at its maths: (whether it is maths, piece). Maths whose braces do not balance is text."""
    end = 0
    for match in MATHS.finditer(text) if "$" in text else ():
        if _balanced(match[0]):
            yield False, text[end : match.start()]
            yield True, match[0]
            end = match.end()
    yield False, text[end:]


def _balanced(tex: str) -> bool:
    if "{" not in tex and "}" not in tex:
        return True
    depth = 0
    for brace in re.findall(r"[{}]", tex):  # BibTeX counts escaped braces too
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _plain(text: str) -> str:
    text = _even(text)
    if "\\" in text or "{" in text:
        text = text.translate(_TO_SPECIAL)
    else:  # what stands for these holds none of the others
        for character in "~^&%#_$":
            text = text.replace(character, _SPECIAL[character])
    return _untied(text)


def _untied(text: str) -> str:
    return _TIED.sub("{}", text) if "--" in text or "``" in text or "''" in text else text


def _guarded(text: str) -> str:
    tokens = _ASCII_TOKEN if text.isascii() else _TOKEN
    return _untied(tokens.sub(lambda match: _token(match[0]), _even(text)))


def _token(text: str) -> str:
    return f"{{{text}}}" if _keeps_case(text) else _SPECIAL.get(text, text)


def _even(text: str) -> str:
    """The text itself, or without its braces if they do not balance: BibTeX has no way to write a brace alone."""
    return text if _balanced(text) else text.replace("{", "(").replace("}", ")")


def _keeps_case(word: str) -> bool:
    """Whether lower case would spoil a word: `LoRA`, `3D`, `Q`, but not `Learning`, `A`."""
    return any(c.isupper() for c in word[1:]) or (len(word) == 1 and word.isupper() and word not in _ONE_LETTER)


def _name(name: Name) -> str:
    if name.literal:
        return f"{{{escape(name.family)}}}"
    return escape(", ".join(filter(None, [name.last, name.suffix, name.given])))


def _verbatim(text: str) -> str:
    """An address or id: not escaped, and without what would end the field."""
    return text.replace("{", "%7B").replace("}", "%7D")
