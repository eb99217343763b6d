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
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup, escape

from sitegen import yamlio
from sitegen.errors import Problem, Where, nearest
from sitegen.fields import Unfit, read_fields, texts
from sitegen.yamlio import Table, Text, Value

if TYPE_CHECKING:
    from babel import Locale

ENGLISH = "en"
MONTHS = "months"
_HOLE = re.compile(r"\{(\w+)\}")
_FORMS = ("zero", "one", "two", "few", "many", "other")
Forms = str | dict[str, str]
"""The words, or their forms by plural category, `other` among them."""


_ONE_IS_ONE = re.compile(r"(?:en|de)(?:-[A-Z]{2})?")
"""Languages written from left to right, where one thing is `one` and any other number of things is `other`."""


@functools.lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError  # slow to import, and most sites get on without it

    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale(ENGLISH)


@functools.lru_cache(maxsize=4096)
def _category(language: str, count: int) -> str:
    """The plural category of a number of things."""
    if _ONE_IS_ONE.fullmatch(language):
        return "one" if abs(count) == 1 else "other"
    return str(_locale(language).plural_form(count))


@functools.lru_cache(maxsize=64)
def _direction(language: str) -> str:
    return "ltr" if _ONE_IS_ONE.fullmatch(language) else str(_locale(language).text_direction)


class _Pattern:
    """Words with holes: `holes` are their names, `text` is in the form that `%` fills, `html` the same escaped."""

    def __init__(self, text: str) -> None:
        parts = _HOLE.split(text)
        self.holes = parts[1::2]
        self.text, self.html = (
            "".join(f"%({part})s" if i % 2 else make(part).replace("%", "%%") for i, part in enumerate(parts))
            for make in (str, lambda part: str(escape(part)))
        )


_pattern = functools.lru_cache(maxsize=4096)(_Pattern)


class Phrase(str):
    """Words as text. Called, it fills in what they leave open; `count` chooses the form."""

    __slots__ = ("forms", "language")
    forms: Forms
    language: str

    def __call__(self, **given: object) -> str:
        """The words with `{name}` filled in. When something given is HTML, the result is, and the rest is escaped."""
        if isinstance(self.forms, dict):
            category = _category(self.language, int(str(given["count"])))
            pattern = _pattern(self.forms.get(category) or self.forms["other"])
        else:
            pattern = _pattern(self.forms)
        for value in given.values():
            if hasattr(value, "__html__"):
                return Markup(pattern.html % {hole: escape(given[hole]) for hole in pattern.holes})
        return pattern.text % given


class Words(msgspec.Struct, frozen=True, dict=True):
    """The words of a site by name, as attributes: `words.papers(count=3)`."""

    language: str
    """The site's language tag (BCP 47)."""
    phrases: dict[str, Forms] = {}
    months: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: how the language is written."""
        return _direction(self.language)

    def __getattr__(self, name: str) -> Phrase:
        """Asked once for each name: the phrase is then an attribute."""
        if name.startswith("_") or name not in self.phrases:
            raise AttributeError(f'there are no words "{name}"; {nearest(name, list(self.phrases))}'.rstrip("; "))
        forms = self.phrases[name]
        phrase = Phrase(forms if isinstance(forms, str) else forms["other"])
        phrase.forms, phrase.language = forms, self.language
        self.__dict__[name] = phrase
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
