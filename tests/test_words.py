"""The words of the interface: one file per language, English behind it, and no sentence anywhere else."""

from __future__ import annotations

import ast
import html
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel import Locale, localedata
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from markupsafe import escape as html_escape
from sites import ENGLISH, parse, write, write_site

from sitegen import assets, build, words
from sitegen.errors import Problem, SiteError

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
SHIPPED = TEMPLATES / "words"
GERMAN = """\
skip_to_content: Zum Inhalt
search: Suche
papers: {one: "{count} Aufsatz", other: "{count} Aufsätze"}
months: [Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember]
date_day: "{day}. {month} {year}"
"""


def read(folder: Path, language: str = "de") -> tuple[words.Words, list[Problem]]:
    problems: list[Problem] = []
    return words.read(folder, SHIPPED, language, problems), problems


def test_the_shipped_words_are_without_fault() -> None:
    for path in sorted(SHIPPED.glob("*.yaml")):
        problems: list[Problem] = []
        words.read(Path("none"), SHIPPED, path.stem, problems)
        assert [str(problem) for problem in problems if problem.level == "error"] == []
        missing = [name for problem in problems for name in problem.message.partition(": ")[2].split(", ")]
        assert len(missing) <= len(ENGLISH.phrases) / 20, f"translate these in {path.name}: {missing}"


def test_a_count_chooses_the_form() -> None:
    assert [ENGLISH.papers(count=n) for n in (0, 1, 2)] == ["0 papers", "1 paper", "2 papers"]


def test_what_is_filled_in_is_escaped_where_any_of_it_is_html() -> None:
    assert ENGLISH.also_titled(titles="A < B") == "Also titled: A < B"
    made = ENGLISH.title_part(title=Markup("<b>A</b>"), number="<2>")
    assert made == "<b>A</b>, part &lt;2&gt;"
    assert isinstance(made, Markup)


@given(st.text())
def test_any_text_is_filled_in_as_it_is(text: str) -> None:
    assert ENGLISH.also_titled(titles=text) == f"Also titled: {text}"


def test_unknown_words_are_named_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match=r'no words "serach".*did you mean "search"'):
        _ = ENGLISH.serach


@pytest.mark.parametrize(
    ("date", "english", "german"),
    [
        ("2024", "2024", "2024"),
        ("2024-10", "October 2024", "Oktober 2024"),
        ("2024-10-09", "9 October 2024", "9. Oktober 2024"),
        ("--06-09", "9 June", "9. Juni"),
        ("soon", "soon", "soon"),
    ],
)
def test_a_date_is_written_out(tmp_path: Path, date: str, english: str, german: str) -> None:
    write(tmp_path / "de.yaml", GERMAN)
    assert ENGLISH.date(date) == english
    assert read(tmp_path)[0].date(date) == german


def test_missing_words_are_in_english_and_named(tmp_path: Path) -> None:
    found, problems = (write(tmp_path / "xx.yaml", GERMAN), read(tmp_path, "xx"))[1]
    assert found.search == "Suche"
    assert found.topics == "Topics"
    [problem] = problems
    assert problem.level == "warning"
    assert problem.where.file == "templates/words/xx.yaml"
    assert "topics" in problem.message.split(": ")[1].split(", ")
    assert "search" not in problem.message.split(": ")[1].split(", ")


def test_a_language_without_words_is_in_english_with_one_warning(tmp_path: Path) -> None:
    found, [problem] = read(tmp_path, "ar-EG")
    assert found.search == "Search"
    assert found.direction == "rtl"
    assert '"ar-EG"' in str(problem)
    assert "copy" in problem.hint


def test_a_region_falls_back_on_its_language_and_a_word_can_be_changed_alone(tmp_path: Path) -> None:
    write(tmp_path / "en.yaml", "topics: Shelves\n")
    assert read(tmp_path, "en-GB") == (
        words.Words("en-GB", {**ENGLISH.phrases, "topics": "Shelves"}, ENGLISH.months),
        [],
    )
    write(tmp_path / "xx.yaml", "search: Seek\n")
    write(tmp_path / "xx-YY.yaml", "search: Look\n")
    found, _ = read(tmp_path, "xx-YY")
    assert (found.search, found.topics) == ("Look", "Shelves")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("serach: Suche\n", r"xx\.yaml:1:1: unknown key \"serach\" in the words\n.*did you mean \"search\""),
        ("search: [a, b]\n", r"xx\.yaml:1:9: \"search\" in the words should be text"),
        ("search: ''\n", "should be text"),
        ("search: {one: a, other: b}\n", "no count decides"),
        ("papers: {one: a}\n", 'no form "other"'),
        ("papers: {ones: a, other: b}\n", r'"ones" is no form of a plural\n.*did you mean "one"'),
        ("feed_title: '{titel}'\n", r"\{titel\} is not filled in here\n.*did you mean \"title\""),
        ("months: [a, b]\n", "twelve names, not 2"),
        ("- a\n", "should hold words"),
        ("search: 'a\n", "not closed"),
    ],
)
def test_a_fault_is_a_problem_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "xx.yaml", text)
    problems = [problem for problem in read(tmp_path, "xx")[1] if problem.level == "error"]
    assert re.search(message, "\n".join(map(str, problems)))


def test_a_broken_file_of_words_leaves_the_site_as_it_was(toy: Path) -> None:
    build.build(toy)
    write(toy / "templates/words/en.yaml", "serach: Find\n")
    with pytest.raises(SiteError, match=r"templates/words/en\.yaml:1:1"):
        build.build(toy)
    assert (toy / "_site/index.html").is_file()


def test_words_keep_the_joiners_that_their_script_is_spelt_with(tmp_path: Path) -> None:
    write(tmp_path / "fa.yaml", "search: می\u200cجوید\n")
    assert read(tmp_path, "fa")[0].search == "می\u200cجوید"


def test_a_site_in_another_language_is_a_file(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", [{"slug": "a", "title": "A", "published": "2024-03-01"}])
    write(site / "content/site.yaml", "title: Kleine Liste\nlanguage: ar\n")
    write(site / "templates/words/ar.yaml", "search: ابحث\npapers: {zero: صفر, other: '{count} ورقة'}\n")
    report = build.build(site)
    assert "words are missing" in str(report.warnings)
    page = parse(site / "_site/index.html")
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert "ابحث" in (site / "_site/index.html").read_text("utf-8")
    [script] = (site / "_site/assets").glob("*/search/search.js")
    assert 'const LANGUAGE="ar";' in script.read_text("utf-8")
    assert "نقص" not in script.read_text("utf-8")


def test_scripts_hold_the_words_that_they_say_and_ask_for_no_other_file() -> None:
    files = assets.collect(TEMPLATES / "assets", words=ENGLISH)
    assert "words.js" not in files
    scripts = {name: data.decode() for name, data in files.items() if name.endswith(".js")}
    assert not [name for name, text in scripts.items() if "words.js" in text]
    search = scripts["search/search.js"]
    assert ENGLISH.search_not_loaded in search
    assert ENGLISH.skip_to_content not in search
    assert all(text.count("const WORDS=") <= 1 for text in scripts.values())


# --- Every word of the interface stands in the files of words, and none stands there in vain. ---

PYTHON = [
    *sorted((ROOT / "sitegen/pages").glob("*.py")),
    ROOT / "sitegen/feeds.py",
    ROOT / "sitegen/search/documents.py",
]
SCRIPTS = sorted((TEMPLATES / "assets").rglob("*.js"))
PAGES = sorted(TEMPLATES.glob("*.html"))
# What looks like a sentence in a script and is none: names of keys and elements, word lists, selectors.
NO_SENTENCES = re.compile(
    r"[(#.]|use strict|a an and are|[a-z]+:[a-z]* [a-z]+:|ization|.*\[|math, form|low-rank tuning|\+merging"
    r"|retrieval\^3|(Arrow|Escape|Show|Topic|Year|Venue|TERM|FIELD|QueryError)|with code$"
    r"|.*\b(main|ol|li|form|nav|input)\b [a-z.#]"
)


def literals(script: str) -> Iterator[str]:
    """The strings of a script, comments and regular expressions left out."""
    pattern = r"[(,=:\[!&|?{};]\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\\\n\[])+/"
    strings = "|".join(rf"{quote}((?:\\.|[^\\{quote}])*){quote}" for quote in "\"'`")
    token = rf"//[^\n]*|/\*.*?\*/|{pattern}|{strings}"
    for match in re.finditer(token, script, re.DOTALL):
        yield next((group for group in match.groups() if group is not None), "")


def is_sentence(text: str) -> bool:
    """Two words with a space between, or one with a capital."""
    text = re.sub(r"\$\{[^}]*\}", "…", text)
    return bool(re.search(r"[A-Za-z]{2,}[,:;]? +[a-z]{2,}|^[A-Z][a-z]+\b", text)) and not NO_SENTENCES.match(text)


def test_sentences_are_told_from_other_strings() -> None:
    found = list(literals('x = \'No paper\'; // its own words\ny = `${n} papers found`; z = /ab"c d/g; w = "Close";'))
    assert [text for text in found if is_sentence(text)] == ["No paper", "${n} papers found", "Close"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_script_holds_no_sentence(path: Path) -> None:
    assert [text for text in literals(path.read_text("utf-8")) if is_sentence(text)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_script_writes_out_the_names_of_its_words(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.name != "words.js":
        assert re.findall(r'\b(?:say|pieces)\((?!")\S*', text) == []


class Shown(HTMLParser):
    """What a template itself shows: its texts, and the attributes that are read out or shown."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
        self.feed(plain)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = ("alt", "title", "placeholder", "aria-label", "aria-description", "label", "value")
        self.texts += [value for name, value in attrs if name in names and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_template_holds_no_words(path: Path) -> None:
    template = path.read_text("utf-8")
    shown = [html.unescape(text) for text in Shown(template).texts]
    assert [text for text in shown if re.search(r"[^\W\d_]", text)] == []
    code = " ".join(re.findall(r"\{%.*?%\}|\{\{.*?\}\}", template, re.DOTALL))
    strings = re.findall(r'"([^"]*)"', code)
    assert [text for text in strings if re.match(r"[A-Z]|\w+ \w+", text) and text != "sitegen import FILE"] == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: p.name)
def test_the_code_that_makes_pages_holds_no_sentence(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    names = {
        "Hugging Face",
        "Codeberg",
        "DOI",
        "PDF",
        "Material",
        "Page",
        "Facts",
        "Plan",
        "Stock",
        "User-agent: *\nAllow: /\n",
    }
    names |= {"Article", "Periodical", "Person", "Organization", "required name=search_term_string"}  # schema.org's
    assert [t for t in found if re.match(r"[A-Z][a-z]+\b|[a-z]+ [a-z]+ ", t) and t not in names] == []


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    texts = [path.read_text("utf-8") for path in [*PAGES, *sorted((ROOT / "sitegen").rglob("*.py"))]]
    used = {name for text in texts for name in re.findall(r"\b(?:words|wording|self)\.([a-z_]+)", text)}
    said = {name for path in SCRIPTS for name in re.findall(r'\b(?:say|pieces)\("(\w+)"', path.read_text("utf-8"))}
    in_pages = {name for path in PAGES for name in re.findall(r"\bwords\.([a-z_]+)", path.read_text("utf-8"))}
    assert set(ENGLISH.phrases) - used - said == set()
    assert said | (in_pages - {"direction"}) <= set(ENGLISH.phrases)


def test_the_readme_of_the_templates_names_every_file() -> None:
    readme = (TEMPLATES / "README.md").read_text("utf-8")
    top = [*TEMPLATES.glob("*.*"), *(TEMPLATES / "words").iterdir(), *(TEMPLATES / "assets").glob("*.*")]
    files = [*top, *(TEMPLATES / "assets/css").iterdir()]
    assert [path.name for path in files if path.name not in readme and path.name != "README.md"] == []


def test_the_words_do_not_hide_what_a_template_asks_words_for() -> None:
    assert not {"language", "phrases", "months", "direction", "date", "some_names"} & set(ENGLISH.phrases)


def test_the_shipped_folder_of_words_can_be_copied_whole(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "words")
    assert read(tmp_path / "words", "en") == (ENGLISH, [])


@given(st.text(st.sampled_from("{}%()sabä<&\"' ") | st.characters(codec="utf-8")), st.text(), st.integers())
def test_holes_are_filled_as_they_would_be_one_by_one(text: str, given_text: str, number: int) -> None:
    phrase = words.Words("en", {"x": text}).x
    values: dict[str, object] = dict.fromkeys(re.findall(r"\{(\w+)\}", text), given_text)
    parts = re.split(r"\{(\w+)\}", text)
    assert phrase(**values) == "".join(str(values[part]) if i % 2 else part for i, part in enumerate(parts))
    values["more"] = Markup("<b>")
    made = phrase(**values)
    assert made == "".join(html_escape(values[part] if i % 2 else part) for i, part in enumerate(parts))
    assert isinstance(made, Markup)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_plain_languages_are_as_babel_knows_them(language: str) -> None:
    regions = sorted({name.split("_")[-1] for name in localedata.locale_identifiers()} & {*Locale("en").territories})
    for tag in [language, *(f"{language}-{region}" for region in regions if region.isalpha())]:
        known = words._locale(tag)
        assert words.Words(tag).direction == known.text_direction
        assert [words._category(tag, n) for n in range(-3, 130)] == [known.plural_form(n) for n in range(-3, 130)]
