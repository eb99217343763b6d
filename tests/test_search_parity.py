"""The browser makes the same search terms as Python, and its engine finds what people look for. Run in node."""

from __future__ import annotations

import itertools
import json
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path

import need
import node
import pytest

from sitegen import build, search
from sitegen.model import Entry
from sitegen.search.pipeline import term, tokens

CORPUS = need.SHARED / "corpus" / "papers-20k.jsonl.xz"


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The papers of this repository's list."""
    return build.load(need.reading_list(tmp_path_factory.mktemp("list"))).entries


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> Path:
    """The folder of the list's search files."""
    site = need.reading_list(tmp_path_factory.mktemp("searched"))
    build.build(site)
    return site / "_site" / "search"


def differences(texts: Sequence[str], folder: Path) -> list[str]:
    """Where the browser's tokens and terms are not Python's: the first ten."""
    browsers = node.words(texts, folder)
    split = (
        f"{text!r}: browser {theirs}, Python {tokens(text)}"
        for text, theirs in zip(texts, browsers.tokens, strict=True)
        if theirs != tokens(text)
    )
    stemmed = (
        f"{token!r}: browser {theirs!r}, Python {term(token)!r}"
        for token, theirs in browsers.terms.items()
        if theirs != term(token)
    )
    return list(itertools.islice(itertools.chain(split, stemmed), 10))


def test_browser_and_python_agree_on_every_text_of_the_list(entries: list[Entry], tmp_path: Path) -> None:
    texts = [
        text
        for entry in entries
        for text in (
            entry.paper.title,
            *entry.paper.also_titled,
            *entry.paper.authors,
            entry.words.tldr,
            entry.words.summary,
            *entry.words.keywords,
        )
    ]
    assert len(texts) > 343
    assert differences(texts, tmp_path) == []


@pytest.mark.skipif(not CORPUS.is_file(), reason="needs ../shared/corpus")
def test_browser_and_python_agree_on_every_text_of_3000_other_papers(tmp_path: Path) -> None:
    assert differences(list(_corpus(3_000)), tmp_path) == []


def _corpus(papers: int) -> Iterator[str]:
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, papers):
            paper = json.loads(line)
            yield from (paper["title"], paper["abstract"], *paper["authors"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("survey surveys key keys deploy play played employ by sky fly cry happy y yes yy", id="final-y"),
        pytest.param("ies sses eed ing ed s ss es feed agreed bled sing being flies dies caresses", id="bare-endings"),
        pytest.param("relational conditional rational hesitancy vietnamization predication", id="porter-step-2"),
        pytest.param("triplicate formative electrical hopefulness goodness adjustment irritant", id="porter-step-3-4"),
        pytest.param("controll roll hopping falling hissing fizzed failing filing rate cease", id="porter-step-5"),
        pytest.param("José Jose\u0301 Ångström Łukasz Ørsted Đorđe İstanbul ıssız naïve coöperate", id="accents"),
        pytest.param("μ-bench µ-bench ΑΒΓ Ωμέγα ϵ ϕ ϑ ℓ ς σ ϐ ΆΈ ᾳ ΐ", id="greek"),
        pytest.param("Straße STRASSE STRAẞE Æther œuvre þing ðæt ŉ ĳ ǆ ǅ", id="letters-of-two"),
        pytest.param("LoRA's LoRA’s models’ ‘q’ ʼn O＇Hara ''a'' a'b'c don't 's ' rock 'n' roll", id="apostrophes"),
        pytest.param("“q” „q‟ «q» state‑of‐the–art a—b a−b a_b a/b (e.g., i.e.) C++ C# .NET", id="punctuation"),
        pytest.param("S²FT x₁ ½ ① Ⅷ ⑩ m² 10³ ٣ ३ Ⅻ ㎏ ™ ® ª º № ℵ K Å", id="numbers-and-signs"),
        pytest.param("ﬁnd ﬂow oﬃce eﬀect ſtop ﬅ ﬓ", id="ligatures"),
        pytest.param("𝒪(n) 𝐋oRA 𝔸𝔹 𝟛 𐌰𐌱 𠀀 𐐀𐐨 🄰 😀 a😀b", id="astral"),
        pytest.param("日本語 かな がな カタカナ ｶﾀｶﾅ 한국어 각 ㈱ 﨎 漢\ufa19字", id="east-asian"),
        pytest.param("हिन्दी தமிழ் ไทย ภาษา বাংলা မြန်မာ", id="scripts-with-vowel-signs"),
        pytest.param("葛\U000e0100城 1\ufe0f\u20e3 a\ufe0fb", id="variation-selectors"),
        pytest.param("עִבְרִית العَرَبِيَّة ﷺ Ещё Ґанок", id="pointed-and-cyrillic"),
        pytest.param(
            "a\u00adb a\u200bb a\u200db a\u2060b a\u034fb \ufeffa a\u2009b a\u2028b a\u3000b a\x85b a\x00b", id="unseen"
        ),
        pytest.param("", id="nothing"),
    ],
)
def test_browser_and_python_agree_on_odd_text(text: str, tmp_path: Path) -> None:
    assert differences([text, *text.split(), text.upper(), text.lower()], tmp_path) == []


def test_every_paper_of_the_list_is_first_for_its_own_title(entries: list[Entry], files: Path, tmp_path: Path) -> None:
    answers = node.queries([entry.paper.title for entry in entries], files, tmp_path)
    missed = [
        entry.paper.title
        for entry, answer in zip(entries, answers, strict=True)
        if answer["relaxed"] or answer["paths"][:1] != [f"papers/{entry.slug}/"]
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        pytest.param("harry potter", "who-s-harry-potter-", id="middle-of-the-title"),
        pytest.param("distilling step by step", "distilling-step-by-step-", id="with-stop-words"),
        pytest.param("least squares permutations", "pleas-merging-", id="another-order"),
        pytest.param("discrete key value", "discrete-key-value-bottleneck", id="word-with-final-y"),
        pytest.param("transformer arithmetic", "positional-description-matters-", id="singular-for-plural"),
        pytest.param("one epoch", "one-epoch-is-all-you-need", id="short-title"),
        pytest.param("alignment fak", "alignment-faking-", id="prefix-of-the-last-word"),
        pytest.param("moir", "moirai-moe-", id="prefix-of-an-acronym"),
        pytest.param("catastrophic interf", "catastrophic-interference-", id="prefix-of-a-long-word"),
        pytest.param("rocktaschel", "mechanistically-analyzing-", id="author-unaccented"),
        pytest.param("Schölkopf", "discrete-key-value-bottleneck", id="author-accented"),
        pytest.param("bezenac", "poseidon-", id="last-author-unaccented"),
        pytest.param("marc'aurelio ranzato", "nevis-22-", id="author-with-a-straight-apostrophe"),
        pytest.param("jose medina", "mamba-base-pkd-", id="whole-name"),
        pytest.param("eldan russinovich", "who-s-harry-potter-", id="two-authors"),
        pytest.param("eldan potter", "who-s-harry-potter-", id="author-and-title"),
        pytest.param("ALLORA", "allora-adaptive-", id="acronym-upper-case"),
        pytest.param("galore", "from-galore-to-welore-", id="acronym-lower-case"),
        pytest.param("s2ft", "s2ft-", id="acronym-with-a-raised-digit"),
        pytest.param("μ-bench", "mu-bench-", id="greek-letter"),
        pytest.param("mu bench", "mu-bench-", id="greek-letter-spelt"),
        pytest.param("qwen2.5 math", "qwen2-5-math-", id="version-number"),
        pytest.param("UL2", "ul2-unifying-", id="acronym-with-a-digit"),
    ],
)
def test_the_wanted_paper_is_among_the_first_three(query: str, slug: str, files: Path, tmp_path: Path) -> None:
    [answer] = node.queries([query], files, tmp_path)
    assert not answer["relaxed"]
    assert any(path.startswith(f"papers/{slug}") for path in answer["paths"][:3]), answer["paths"][:3]


@pytest.mark.parametrize(
    "text",
    [
        "torchtitan production",
        "quantization",
        "catastrophic forgetting",
        "harry potter's",
        "diversity",
        "one epoch is all",
    ],
)
def test_no_keystroke_on_the_way_to_a_word_loses_what_the_word_finds(text: str, files: Path, tmp_path: Path) -> None:
    typed = [text[:length] for length in range(1, len(text) + 1)]
    answers = node.queries(typed, files, tmp_path)
    assert answers[-1]["total"] > 0
    lost = [query for query, answer in zip(typed, answers, strict=True) if answer["relaxed"] or not answer["total"]]
    assert lost == []


def test_more_words_never_find_more_papers(files: Path, tmp_path: Path) -> None:
    one, two, three = node.queries(["vision ", "vision language ", "vision language robot "], files, tmp_path)
    assert one["total"] > two["total"] > three["total"] > 0
    assert not three["relaxed"]


@pytest.mark.parametrize(
    ("query", "papers", "relaxed"),
    [
        pytest.param("torchtitan xylophone", 1, True, id="one-word-unknown"),
        pytest.param("xylophone zyzzyva", 0, False, id="no-word-known"),
        pytest.param("torchtitan", 1, False, id="all-words-known"),
        pytest.param("", 0, False, id="nothing"),
        pytest.param("  ... !", 0, False, id="no-word"),
        pytest.param("constructor ", 0, False, id="name-of-every-javascript-object"),
    ],
)
def test_the_engine_says_when_it_relaxed_a_query(
    query: str, papers: int, relaxed: bool, files: Path, tmp_path: Path
) -> None:
    [answer] = node.queries([query], files, tmp_path)
    assert (answer["total"], answer["relaxed"]) == (papers, relaxed)


@pytest.mark.parametrize("query", ["transylvania", "quantum-leapfrog", "loraxyz"])
def test_words_that_only_begin_like_known_ones_are_not_passed_off_as_found(
    query: str, files: Path, tmp_path: Path
) -> None:
    [answer] = node.queries([query], files, tmp_path)
    assert answer["total"] == 0 or answer["relaxed"]


def test_the_engine_opens_an_index_without_papers(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    for path, data in search.files([], {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    assert node.queries(["survey"], folder / "search", tmp_path) == [{"paths": [], "total": 0, "relaxed": False}]
