"""Search on Python's side: which words are one word, and the form of the index and what lunr.py finds in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from lunr.index import Index

from sitegen import search
from sitegen.model import Entry, Paper, Placement, Topic, Words
from sitegen.search.pipeline import term, tokens

TOPICS = {
    "merging": Topic("merging", "Model merging", "How models become one.", aliases=("weight averaging", "soups")),
    "sound": Topic("sound", "Sound", "Speech and music."),
}
SURVEY = Entry(
    Paper(
        "survey",
        "A Survey of Keys: How to Deploy and Play",
        also_titled=("Locks and Keys",),
        authors=("José Núñez", "Ana O’Hara"),
        published="2021-03",
        venue="ICLR 2022",
    ),
    Words("Everything about gates.", "It compares “nine” state‑of‑the‑art hinges (e.g., brass).", ("hardware",)),
    abstract="We also weigh the doorknobs.",
    placements=(Placement("merging", 1.0), Placement("sound", 0.5)),
)
ODD = Entry(Paper("odd", "𐌰𐌱 and 𠀀: ﬁnding 﨎 with 𝒪(n) μ-bench"))
JAPANESE = Entry(Paper("japanese", "Sound of rain", authors=("高橋 太郎",)))
PLAIN = Entry(Paper("plain", "Another survey", authors=("B. Writer",), keywords=("record-player",)))


def made(entries: Sequence[Entry]) -> dict[str, Any]:
    """The search files, decoded, by name."""
    files = search.files(entries, TOPICS)
    return {path.removeprefix("search/"): json.loads(data) for path, data in files.items()}


def found(index: dict[str, Any], query: str) -> list[str]:
    """The refs that lunr.py, an engine not ours, gives for a query's words, best first."""
    wanted = " ".join(f"+{word}" for word in map(term, tokens(query)) if word)
    return [hit["ref"] for hit in Index.load(index).search(wanted)]


@pytest.mark.parametrize("word", "survey key deploy play employ array delay way display convey".split())
def test_a_word_with_y_after_a_vowel_is_its_own_term_as_in_lunr_js(word: str) -> None:
    assert term(word) == word
    assert term(f"{word}s") == word


@pytest.mark.parametrize(
    ("one", "other"),
    [("study", "studies"), ("query", "queries"), ("theory", "theories"), ("models", "model"), ("merging", "merged")],
)
def test_forms_of_a_word_have_one_term(one: str, other: str) -> None:
    assert term(one) == term(other) != ""


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        pytest.param("José", "jose", id="accent"),
        pytest.param("Jose\u0301", "José", id="accent-apart"),
        pytest.param("Müller Ångström", "muller angstrom", id="umlaut-and-ring"),
        pytest.param("Łukasz Øster", "lukasz oster", id="letters-with-a-stroke"),
        pytest.param("Straße", "STRASSE", id="sharp-s"),
        pytest.param("straße", "STRAẞE", id="capital-sharp-s"),
        pytest.param("μ-bench", "mu-bench", id="greek-mu"),
        pytest.param("µ-bench", "μ-bench", id="micro-sign"),
        pytest.param("β-VAE", "Beta VAE", id="greek-beta"),
        pytest.param("ΔLoRA", "deltalora", id="greek-capital"),
        pytest.param("LoRA's", "lora", id="possessive"),
        pytest.param("LoRA’s rank", "LoRA's rank", id="curly-possessive"),
        pytest.param("models’ weights", "models weights", id="plural-possessive"),
        pytest.param("O’Hara", "O'Hara", id="curly-apostrophe-within"),
        pytest.param("“soft” ‘hard’", "soft hard", id="curly-quotes"),
        pytest.param("fine-tuning", "fine tuning", id="hyphen"),
        pytest.param("fine‐tuning", "fine‑tuning", id="unicode-hyphens"),
        pytest.param("weak–to—strong−x", "weak-to-strong-x", id="dashes-and-minus"),
        pytest.param("S²FT", "s2ft", id="raised-digit"),
        pytest.param("ﬁne ﬂow eﬀect", "fine flow effect", id="ligatures"),
        pytest.param("𝒪(n) 𝐋oRA", "O(n) LoRA", id="mathematical-letters"),
        pytest.param("Ｆｕｌｌ　ｗｉｄｔｈ", "full width", id="full-width"),
        pytest.param("few\u2009shot\u2028learning\u3000now", "few shot learning now", id="unusual-spaces"),
        pytest.param("snake_case", "snake case", id="underscore"),
    ],
)
def test_spellings_of_one_thing_have_the_same_words(written: str, typed: str) -> None:
    assert tokens(written) == tokens(typed) != []


@pytest.mark.parametrize(
    "text", ["(e.g., this)", "[1] “a”;", "*bold* `code`", "…—!", "C++/C#", "'quoted' ''", "½ ± 3%"]
)
def test_a_token_is_letters_and_digits_only(text: str) -> None:
    assert "".join(tokens(text)).isalnum() or tokens(text) == []


@pytest.mark.parametrize(
    "word", ["हिन्दी", "தமிழ்", "বাংলা", "עִבְרִית", "العَرَبِيَّة", "がな", "한국어", "Ещё", "葛\U000e0100城"]
)
def test_a_word_of_any_script_is_one_token(word: str) -> None:
    assert len(tokens(f"({word})")) == 1


def test_terms_stand_in_the_order_of_javascript_strings() -> None:
    terms = [item[0] for item in made([SURVEY, ODD, PLAIN])["lunr.json"]["invertedIndex"]]
    assert len(terms) == len(set(terms))
    astral, high = terms.index("𐌰𐌱"), terms.index("﨎")
    assert astral < high, "by code point these two stand the other way round, and lunr.js refuses the index"
    assert terms == sorted(terms, key=lambda word: [ord(unit) for unit in _utf16_units(word)])
    assert "find" in terms, "the ligature U+FB01 is indexed as the letters that people type"


def _utf16_units(text: str) -> list[str]:
    data = text.encode("utf-16-le")
    return [chr(int.from_bytes(data[i : i + 2], "little")) for i in range(0, len(data), 2)]


def test_every_posting_has_a_weight_and_every_weight_a_posting() -> None:
    index = made([SURVEY, ODD, PLAIN])["lunr.json"]
    assert index["version"] == "2.3.9"
    numbers = {posting["_index"]: word for word, posting in index["invertedIndex"]}
    assert sorted(numbers) == list(range(len(numbers)))
    weighed = set()
    for key, vector in index["fieldVectors"]:
        field, _, ref = key.partition("/")
        assert field in index["fields"]
        assert vector[::2] == sorted(vector[::2])
        assert all(weight > 0 for weight in vector[1::2])
        weighed |= {(numbers[number], field, ref) for number in vector[::2]}
    posted = {
        (word, field, ref)
        for word, posting in index["invertedIndex"]
        for field in index["fields"]
        for ref in posting[field]
    }
    assert weighed == posted != set()


def test_a_ref_is_the_number_of_its_row() -> None:
    files = made([SURVEY, JAPANESE, PLAIN])
    manifest = files["manifest.json"]
    rows, index = files[manifest["rows"]], files[manifest["index"]]
    assert manifest["papers"] == len(rows) == 3
    for query, slug in [("deploy", "survey"), ("高橋", "japanese"), ("writer", "plain")]:
        assert [rows[int(ref)][0] for ref in found(index, query)] == [f"papers/{slug}/"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("deploy", id="title"),
        pytest.param("locks", id="other-title"),
        pytest.param("nunez", id="author-unaccented"),
        pytest.param("O'Hara", id="author-with-apostrophe"),
        pytest.param("ICLR 2021", id="venue-and-year"),
        pytest.param("gates", id="one-sentence-summary"),
        pytest.param("state-of-the-art hinges", id="summary"),
        pytest.param("nine", id="word-in-quotes"),
        pytest.param("hardware", id="keyword"),
        pytest.param("soups", id="alias-of-its-topic"),
        pytest.param("model merging", id="name-of-its-topic"),
        pytest.param("sound", id="name-of-its-second-topic"),
        pytest.param("doorknob", id="abstract"),
    ],
)
def test_a_paper_is_found_by(query: str) -> None:
    assert found(made([PLAIN, SURVEY])["lunr.json"], query) == ["1"]


def test_a_word_in_the_title_counts_more_than_one_in_the_abstract() -> None:
    other = Entry(Paper("other", "Something else"), abstract="This is no survey of any survey.")
    assert found(made([other, PLAIN])["lunr.json"], "survey") == ["1", "0"]


def test_a_list_without_papers_has_an_index_that_loads_and_finds_nothing() -> None:
    files = made([])
    assert files["manifest.json"]["papers"] == 0
    assert files["rows.json"] == []
    index = files["lunr.json"]
    assert index["invertedIndex"] == index["fieldVectors"] == []
    assert Index.load(index).search("survey") == []


def test_papers_that_say_nothing_are_no_obstacle() -> None:
    empty = Entry(Paper("bare", "…"))
    files = made([empty, PLAIN])
    assert found(files["lunr.json"], "survey") == ["1"]
    assert files["rows.json"][0][0] == "papers/bare/"
