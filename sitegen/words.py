"""The words of the interface in the site's language: what templates, pages and scripts say.

They stand in `templates/words/<language>.yaml`, of the site's own or shipped. What a language lacks falls back on its
parent (`pt` for `pt-BR`), and in the end on English, whose shipped file says which words there are. Forms for counts
are those of Unicode's plural rules (CLDR), which Babel has here and every browser has in `Intl`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from babel import Locale, UnknownLocaleError
from markupsafe import escape

from sitegen import yamlio
from sitegen.errors import Problem, Where, nearest
from sitegen.fields import Unfit, read_fields, texts
from sitegen.yamlio import Table, Text, Value

ENGLISH = "en"
MONTHS = "months"
_HOLE = re.compile(r"\{(\w+)\}")
_FORMS = ("zero", "one", "two", "few", "many", "other")
Forms = str | dict[str, str]
"""The words, or their forms by plural category, `other` among them."""


@functools.lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale(ENGLISH)


class Phrase(str):
    """Words as text. Called, it fills in what they leave open; `count` chooses the form."""

    __slots__ = ("forms", "language")
    forms: Forms
    language: str

    def __call__(self, **given: object) -> str:
        """The words with `{name}` filled in. When something given is HTML, the result is, and the rest is escaped."""
        text: str = self
        if isinstance(self.forms, dict):
            text = self.forms.get(_locale(self.language).plural_form(int(str(given["count"]))), self)
        html = any(hasattr(value, "__html__") for value in given.values())
        make: Callable[[object], str] = escape if html else str
        parts = _HOLE.split(text)
        return make("").join(make(given[part] if i % 2 else part) for i, part in enumerate(parts))


class Words(msgspec.Struct, frozen=True):
    """The words of a site by name, as attributes: `words.papers(count=3)`."""

    language: str
    """The site's language tag (BCP 47)."""
    phrases: dict[str, Forms] = {}
    months: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: how the language is written."""
        return str(_locale(self.language).text_direction)

    def __getattr__(self, name: str) -> Phrase:
        if name.startswith("_") or name not in self.phrases:
            raise AttributeError(f'there are no words "{name}"; {nearest(name, list(self.phrases))}'.rstrip("; "))
        forms = self.phrases[name]
        phrase = Phrase(forms if isinstance(forms, str) else forms["other"])
        phrase.forms, phrase.language = forms, self.language
        return phrase

    def some_names(self, names: Sequence[str], most: int = 3) -> str:
        """The first names of a list, and `et al.` for the others."""
        first = ", ".join(names[:most])
        return self.and_others(names=first) if len(names) > most else first

    def date(self, date: str) -> str:
        """`9 October 2024`, `October 2024`, `2024`; `9 October` for `--10-09`; other text as it is."""
        match = re.fullmatch(r"(-|\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?", date)
        if not match or not match[2]:
            return date
        year, month = match[1], self.months[int(match[2]) - 1]
        if not match[3]:
            return month if year == "-" else self.date_month(month=month, year=year)
        day = int(match[3])
        return (
            self.date_day_without_year(day=day, month=month)
            if year == "-"
            else self.date_day(day=day, month=month, year=year)
        )


def read(own: Path, shipped: Path, language: str, problems: list[Problem]) -> Words:
    """The words for a language, from the site's own folder of words and the shipped one. Unknown words and broken
    files become problems; words that are missing become one warning that names them."""
    english = _read_file(shipped / f"{ENGLISH}.yaml", {}, problems)
    found: dict[str, Any] = {}
    names = _with_parents(language)
    for name in (*names, ENGLISH):
        for folder in (own, shipped):
            if folder != shipped or name != ENGLISH:
                found = {**_read_file(folder / f"{name}.yaml", english, problems), **found}
        if name == names[-1] and name != ENGLISH:
            problems += _missing(language, own, bool(found), [key for key in english if key not in found])
    phrases = {**english, **found}
    months = phrases.pop(MONTHS)
    return Words(language, phrases, months)


def _with_parents(language: str) -> list[str]:
    """`pt-BR`, `pt`."""
    parts = language.split("-")
    return ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _missing(language: str, own: Path, known: bool, names: Sequence[str]) -> Iterator[Problem]:
    if not known:
        hint = f"copy the shipped templates/words/{ENGLISH}.yaml to templates/words/{language}.yaml and translate it"
        message = f'there are no words of the interface in "{language}": they are in English'
        yield Problem(Where("content/site.yaml"), message, hint, "warning")
    elif names:
        file = next((f"{name}.yaml" for name in _with_parents(language) if (own / f"{name}.yaml").is_file()), "")
        where = Where(f"templates/words/{file or _with_parents(language)[-1] + '.yaml'}")
        message = f"words are missing, and are in English: {', '.join(names)}"
        yield Problem(where, message, f"{ENGLISH}.yaml says what they are for", "warning")


def _read_file(path: Path, english: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The words of one file by name; empty when there is none. `english` says which there may be; empty: any."""
    table = yamlio.load(path, f"templates/words/{path.name}", problems)
    if not isinstance(table, Table):
        if table is not None:
            problems.append(Problem(table.where, "should hold words", 'write lines such as "search: Search"'))
        return {}
    readers = {key: _reader(key, english.get(key)) for key in english or table}
    return read_fields(table, readers, "the words", problems)


def _reader(key: str, english: Any) -> Callable[[Value], Any]:
    """Reads the words of one name. `english`: what stands for it in English, or None in the English file itself."""

    def phrase(value: Value) -> Forms:
        forms = _forms(value)
        if english is not None:
            _check_holes(value, forms, english)
        return forms

    return _months if key == MONTHS else phrase


def _forms(value: Value) -> Forms:
    if not isinstance(value, Table):
        return _text(value)
    for form in value:
        if form not in _FORMS:
            raise Unfit(form.where, f'"{form}" is no form of a plural', nearest(form, _FORMS))
    if "other" not in value:
        raise Unfit(value.where, 'has no form "other"', "every language has that one")
    return {str(form): _text(text) for form, text in value.items()}


def _text(value: Value) -> str:
    """Words in one line. Unlike titles they keep joiners and direction marks: some scripts are spelt with them."""
    if not isinstance(value, Text) or not value.strip():
        raise Unfit(value.where, "should be text", "quote it if it starts with [ or {")
    return " ".join(value.split())


def _check_holes(value: Value, forms: Forms, english: Forms) -> None:
    texts = [forms] if isinstance(forms, str) else list(forms.values())
    known = sorted(_holes(english))
    if isinstance(forms, dict) and isinstance(english, str):
        raise Unfit(value.where, "should be text", "no count decides its form")
    for hole in sorted(set().union(*map(_holes, texts)) - {*known}):
        raise Unfit(value.where, f"{{{hole}}} is not filled in here", nearest(hole, known) or "leave it out")


def _holes(forms: Forms) -> set[str]:
    return set(_HOLE.findall(forms if isinstance(forms, str) else " ".join(forms.values())))


def _months(value: Value) -> tuple[str, ...]:
    names = texts(value)
    if len(names) != 12:
        raise Unfit(value.where, f"should be twelve names, not {len(names)}", "write [January, February, ...]")
    return names
