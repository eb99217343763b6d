"""BibTeX and BibLaTeX. `bibtexparser` splits the text into entries; what their values mean is read here.

Strings and their concatenation, `crossref` and `xdata`, names in any order, dates in all their forms. A broken entry is
reported with its line and the next one is read all the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from sitegen import dates
from sitegen.errors import Problem, Where
from sitegen.ingest.fields import BIBTEX, FROM_BIBTEX
from sitegen.ingest.found import Found, Reading, arxiv_id, collect, dated_venue, is_address, make, refuse, venue
from sitegen.model import Source
from sitegen.tex import MATHS, clean
from sitegen.text import cut

FORMAT = "bibtex"
_START = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)

_CONTAINERS = {"proceedings", "mvproceedings", "collection", "mvcollection", "mvbook"}
"""Kinds that other entries refer to by `crossref`; they are no papers of their own then."""
_NO_PAPERS = {"xdata", "set", "control", "bibnote"}
_LINKS = {"url", "doi", "eprint", "arxivid", "arxiv", "pdf", "code", "github"}
_IGNORED = {
    "year", "month", "day", "date", "origdate", "crossref", "xdata", "archiveprefix", "eprinttype", "primaryclass",
    "eprintclass", "subtitle", "howpublished", "note", "editor", "series", "address", "location", "isbn", "issn",
    "langid", "language", "urldate", "file", "copyright", "shorttitle", "timestamp", "biburl", "bibsource", "type",
    "edition", "ids",
}  # fmt: skip
"""Fields that are used in another way, or that every program writes and no list needs: not worth a word."""
_MONTHS = {
    name: f"{number:02}" for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_PART = re.compile(r'\s*([^\s"#{}]+|["{])')
_LETTER_ACCENT = re.compile(r"\\([cvuHkrdbt])\s+(\\?[A-Za-z])(?![A-Za-z])")
_BRACE = re.compile(r"(?<!\\)[{}]")
_BRACE_OR_QUOTE = re.compile(r"(?<!\\)[{}\"]")
_DEPTH = 100

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # it logs what we report as problems


def fits(text: str) -> bool:
    """Whether a text holds entries of BibTeX."""
    return _START.search(text) is not None


def read(text: str, file: str) -> Reading:
    """The papers of a BibTeX file."""
    try:
        library = parse_string(text, parse_stack=[])
    except Exception as error:  # the parser re-raises its own faults; none is known
        return refuse(Where(file), f"could not be read as BibTeX: {error}", "check the braces in this file")
    reading = Reading()
    strings = {month: month for month in _MONTHS}
    strings |= {key.lower(): str(string.value) for key, string in library.strings_dict.items()}
    entries: list[tuple[Entry, dict[str, str]]] = []
    for block in library.blocks:
        entry, problem = _usable(block, file)
        if problem:
            (reading.notes if entry else reading.rejected).append(problem)
        if entry:
            entries.append((entry, {field.key.lower(): _value(str(field.value), strings) for field in entry.fields}))
    parents = {entry.key.lower(): (entry.entry_type.lower(), fields) for entry, fields in reversed(entries)}
    meant = {key for _, fields in entries for key in _parents(fields)}
    unknown: dict[str, None] = {}

    def papers() -> Iterator[Found | Problem]:
        for entry, own in entries:
            kind = entry.entry_type.lower()
            if kind in _NO_PAPERS or (kind in _CONTAINERS and entry.key.lower() in meant):
                continue
            fields = _inherited(own, parents)
            unknown.update(dict.fromkeys(fields.keys() - BIBTEX.keys() - _IGNORED))
            yield make(_raw(kind, entry.key, fields), Source(file, FORMAT), Where(file, (entry.start_line or 0) + 1))

    collect(papers(), reading)
    if unknown:
        names = cut(", ".join(sorted(unknown)), 120)
        reading.notes.append(Problem(Where(file), f"left out the fields {names}", "", "note"))
    return reading


def _usable(block: Any, file: str) -> tuple[Entry | None, Problem | None]:
    """The entry of a block, and what is wrong with it. Comments, strings and the preamble are neither."""
    where = Where(file, (block.start_line or 0) + 1)
    if isinstance(block, Entry):
        return block, None
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        entry = block.ignore_error_block
        if isinstance(entry, Entry):
            if isinstance(block, DuplicateBlockKeyBlock):
                return entry, Problem(where, f'a second entry with the key "{entry.key}"', "", "note")
            twice = ", ".join(sorted(block.duplicate_keys))
            return _first_of_each(entry), Problem(where, f"has {twice} twice; the first was taken", "", "warning")
        return None, None  # a @string given twice: the later one holds
    if isinstance(block, ParsingFailedBlock):
        reason = getattr(block.error, "abort_reason", None) or str(block.error)
        start = cut(" ".join((block.raw or "").split()), 60)
        message = f'an entry that could not be read: "{start}" ({reason.strip().rstrip(".")})'
        return None, Problem(where, message, "check its braces, quotes and commas; the other entries came in")
    return None, None


def _first_of_each(entry: Entry) -> Entry:
    fields: dict[str, Any] = {}
    for field in entry.fields:
        fields.setdefault(field.key, field)
    entry.fields = list(fields.values())
    return entry


def _value(written: str, strings: Mapping[str, str], depth: int = 0) -> str:
    """A value without its braces or quotes; strings are looked up and joined at `#`."""
    parts: list[str] = []
    position = 0
    while match := _PART.match(written, position):
        start, position = match.span(1)
        if match[1] in ('"', "{"):
            position = _closing(written, start)
            parts.append(written[start + 1 : position])
            position += 1
        else:
            known = strings.get(match[1].lower())
            parts.append(match[1] if known is None or depth > 8 else _value(known, strings, depth + 1))
        rest = written[position:].lstrip()
        if not rest.startswith("#"):
            parts.append(rest)
            break
        position = len(written) - len(rest) + 1
    return "".join(parts) if parts else written


def _closing(text: str, start: int) -> int:
    """Where the brace or quote that opens at `start` is closed; the end of the text when it is not."""
    depth = 0
    for match in _BRACE_OR_QUOTE.finditer(text, start + 1):
        if match[0] == "{":
            depth += 1
        elif depth == 0 and match[0] == ('"' if text[start] == '"' else "}"):
            return match.start()
        elif match[0] == "}":
            depth -= 1
    return len(text)


def _parents(fields: Mapping[str, str]) -> list[str]:
    """The keys of the entries from which an entry takes what it does not say."""
    keys = [fields.get("crossref", ""), *fields.get("xdata", "").split(",")]
    return [key.strip().lower() for key in keys if key.strip()]


def _inherited(fields: dict[str, str], entries: Mapping[str, tuple[str, dict[str, str]]]) -> dict[str, str]:
    """The fields of an entry and of those that it refers to; a parent's title is the child's book title."""
    found, seen, todo = dict(fields), set[str](), _parents(fields)
    while todo and len(seen) < _DEPTH:
        key = todo.pop()
        if key in seen or key not in entries:
            continue
        seen.add(key)
        kind, parent = entries[key]
        todo += _parents(parent)
        for name, value in parent.items():
            if kind != "xdata" and name in ("title", "subtitle", "author", "abstract", "doi", "eprint", "url", "pages"):
                if name == "title":
                    found.setdefault("booktitle", value)
                continue
            found.setdefault(name, value)
    return found


def _raw(kind: str, key: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The texts of an entry by our field names."""
    raw: dict[str, Any] = {"kind": FROM_BIBTEX.get(kind, ""), "citation_key": key}
    for name, field in BIBTEX.items():
        if (value := fields.get(name, "")) and not raw.get(field):
            raw[field] = _link(value) if name in _LINKS else value if name in ("author", "alsotitled") else plain(value)
    if subtitle := fields.get("subtitle"):
        raw["title"] = f"{raw.get('title', '')}: {plain(subtitle)}"
    raw["authors"] = _authors(fields.get("author", ""))
    raw["also_titled"] = [plain(title) for title in split_multiple_persons_names(fields.get("alsotitled", ""))]
    raw["published"] = _date(fields)
    if is_address(key, raw.get("title", "")):  # a list of ours
        raw |= {"slug": key, "citation_key": fields.get("ids", "").partition(",")[0].strip()}
        raw["venue"] = dated_venue(raw, fields.get("year", ""), fields.get("origdate", ""))
    if "," not in raw.get("keywords", ",") and ";" not in raw["keywords"] and fields.get("keywords", "").count("\n"):
        raw["keywords"] = fields["keywords"].split("\n")
    _mend_ids(raw, fields)
    return raw


def _mend_ids(raw: dict[str, Any], fields: Mapping[str, str]) -> None:
    """An eprint of another archive is no arXiv id; arXiv as a journal is one. A link may stand in `howpublished`."""
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip("{} ").lower()
    if archive != "arxiv" or not arxiv_id(raw.get("arxiv_id", "")):
        raw.pop("arxiv_id", None)
    written = raw.get("venue", "")
    raw["venue"], found = venue(written)
    if written and not raw["venue"]:
        raw["kind"] = "article"
    if not found and not raw["venue"]:  # as DBLP writes it: journal CoRR, volume abs/2410.06511
        found = arxiv_id(raw.get("volume", "").removeprefix("abs/"))
        if found:
            raw.pop("volume")
    raw["arxiv_id"] = raw.get("arxiv_id") or found
    if "http" not in (published := plain(fields.get("howpublished", ""))):
        raw["venue"] = raw["venue"] or venue(published)[0]
    for name in ("howpublished", "note"):
        link = re.search(r"https?://[^\s{}]+", _link(fields.get(name, "")))
        if link and not raw.get("url"):
            raw["url"] = link[0]
    if not raw["arxiv_id"] and (noted := re.search(r"arxiv: ?(\S+)", fields.get("note", ""), re.IGNORECASE)):
        raw["arxiv_id"] = arxiv_id(noted[1].rstrip(".,;{}"))


def _authors(written: str) -> list[str]:
    """Names as they are read. `and others` is left out, as is a name that is none."""
    names = []
    for one in split_multiple_persons_names(written):
        if one.strip().lower() == "others":
            continue
        try:
            name = parse_single_name_into_parts(_LETTER_ACCENT.sub(r"\\\1{\2}", one), strict=False)
            names.append(plain(name.merge_first_name_first.replace("\\ ", " ")))
        except (ValueError, IndexError):
            names.append(plain(one))
    return [name for name in names if name]


def _date(fields: Mapping[str, str]) -> str:
    """YYYY[-MM[-DD]] from `origdate` (the first publication), `date` (a span's beginning), or year, month and day."""
    for name in ("origdate", "date"):
        written = plain(fields.get(name, "")).split("/")[0].strip("~?% ")
        if re.match(r"\d{4}", written):
            return written
    year = re.search(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)", plain(fields.get("year", "")))
    if not year:
        return ""
    month_text = re.sub(r"[^a-z0-9 ]", " ", plain(fields.get("month", "")).lower()).split()
    month = next((m for word in month_text if (m := _MONTHS.get(word[:3]))), "")
    numbers = [word for word in month_text if word.isdecimal()]
    if not month and numbers and 1 <= int(numbers[0][:3]) <= 12:
        month = f"{int(numbers.pop(0)):02}"
    days = [plain(fields.get("day", "")), *numbers]
    day = next((f"{int(d):02}" for d in days if d.isdecimal() and len(d) < 3), "") if month else ""
    date = "-".join(part for part in (year[0], month, day) if part)
    return date if dates.is_partial(date) else year[0]


def plain(value: str) -> str:
    r"""A value without TeX: accents as letters, protecting braces gone, maths as it stands."""
    if not re.search(r"[\\{}~]|--|``|''", value):
        return value
    text = clean(_LETTER_ACCENT.sub(r"\\\1{\2}", value.replace("\\\n", " ")))
    kept: list[str] = []
    end = 0
    for maths in MATHS.finditer(text):
        kept += [_BRACE.sub("", text[end : maths.start()]), maths[0]]
        end = maths.end()
    bare = "".join([*kept, _BRACE.sub("", text[end:])])
    return clean(re.sub(r"\\([{}])", r"\1", bare) if "\\{" in bare or "\\}" in bare else bare)


def _link(value: str) -> str:
    """A link or id: without `\\url`, braces and the escapes that TeX needs."""
    text = re.sub(r"\\(?:url|href|path)\b", "", value)
    return _BRACE.sub("", re.sub(r"\\([_%&#~$])", r"\1", text)).strip()
