"""What a reader finds: the known paper first, every keystroke on the way, an honest word where a query is relaxed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_site import need_node, node

from sitegen import build, search
from sitegen.model import Entry, Paper, Placement, Topic, Words
from sitegen.search.pipeline import STOP_WORDS, in_a_row, plain, spaced, words, words_of
from sitegen.search.rules import rule
from sitegen.search.stemmer import stem
from sitegen.text import LETTER_NAMES

CONTENT = build.load(Path(__file__).parents[1])
TITLE_WORDS = sorted({word for entry in CONTENT.entries for word in words(entry.paper.title)} - STOP_WORDS)


@cache
def searcher() -> search.Searcher:
    return search.Searcher(search.index_of(CONTENT.entries, CONTENT.topics))


def slugs(query: str, limit: int = 3) -> list[str]:
    found, order = searcher().search(query), searcher().index.order
    return [CONTENT.entries[order[number]].slug for number in found.papers[:limit].tolist()]


@pytest.mark.parametrize("entry", CONTENT.entries, ids=lambda entry: entry.slug)
def test_a_full_title_finds_its_paper_first_and_is_not_relaxed(entry: Entry) -> None:
    assert slugs(entry.paper.title)[:1] == [entry.slug]
    assert not searcher().search(entry.paper.title).relaxed


@pytest.mark.parametrize("entry", CONTENT.entries, ids=lambda entry: entry.slug)
def test_more_words_never_find_more_papers(entry: Entry) -> None:
    """Every title cut after each of its words. A relaxed answer is no answer to all the words, and is not compared."""
    typed = entry.paper.title.split()
    answers = [searcher().search(" ".join(typed[: length + 1]) + " ") for length in range(len(typed))]
    totals = [answer.total for answer in answers if not answer.relaxed and answer.total]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] >= 1


@given(st.lists(st.sampled_from(TITLE_WORDS), min_size=2, max_size=4, unique=True))
def test_no_words_together_find_what_one_of_them_does_not(some: list[str]) -> None:
    whole = searcher().search(" ".join(some) + " ")
    if whole.relaxed:
        assert whole.whole == 0 or len(some) >= rule("long")
        return
    for word in some:
        assert set(whole.papers.tolist()) <= set(searcher().search(word + " ").papers.tolist())
    assert whole.total == whole.whole
    assert not set(whole.papers.tolist()) & set(whole.others.tolist())


def test_what_is_relaxed_says_so_and_counts_what_it_shows() -> None:
    none = searcher().search("poseidon music ")
    assert none.relaxed
    assert none.whole == 0
    assert none.total == searcher().search("poseidon ").total + searcher().search("music ").total
    few = searcher().search("vision language robot ")
    assert not few.relaxed
    assert few.total < searcher().search("vision language ").total
    assert len(few.others) > 0


def test_a_word_in_quotes_is_meant_exactly_so() -> None:
    assert searcher().search("quantizaton").repairs == (("quantizaton", "quantization"),)
    exact = searcher().search('"quantizaton" merging ')
    assert exact.repairs == ()
    assert exact.missing == ("quantizaton",)
    assert exact.total == searcher().search("merging ").total
    assert searcher().search('"transf"').total < searcher().search("transf").total


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
def test_the_wanted_paper_is_among_the_first_three(query: str, slug: str) -> None:
    assert any(found.startswith(slug) for found in slugs(query)), slugs(query)


@pytest.mark.parametrize(
    "text",
    [
        "torchtitan production",
        "quantization",
        "catastrophic forgetting",
        "harry potter's",
        "diversity",
        "one epoch is all",
        "alignment",
        "distillation",
    ],
)
def test_no_keystroke_on_the_way_to_a_word_loses_what_the_word_finds(text: str) -> None:
    found = {text[:length]: searcher().search(text[:length]) for length in range(1, len(text) + 1)}
    assert [query for query, answer in found.items() if answer.missing or not answer.total] == []


def test_every_keystroke_on_the_way_to_a_word_of_a_title_finds_papers_that_have_it_as_a_beginning() -> None:
    typed = {word[:length] for word in TITLE_WORDS for length in range(1, len(word) + 1)}
    found = {text: searcher().search(text) for text in sorted(typed) if text not in STOP_WORDS}
    assert len(found) > 3000
    assert [text for text, answer in found.items() if answer.relaxed or not answer.total] == []


@pytest.mark.parametrize(
    "text", ["catastrophic forgett", "catastrophic forgetti", "early stopp", "model usi", "model re"]
)
def test_a_last_word_is_completed_not_mended(text: str) -> None:
    assert not searcher().search(text).relaxed
    assert searcher().search(text).total >= searcher().search(text.split()[0] + " ").total / 50


@pytest.mark.parametrize("query", ["torchtitan xylophone", "transylvania", "quantum-leapfrog", "loraxyz"])
def test_what_no_paper_has_is_never_passed_off_as_found(query: str) -> None:
    found = searcher().search(query)
    assert found.relaxed or not found.total
    assert found.missing or found.repairs


@pytest.mark.parametrize("query", ["constructor ", "__proto__", "toString "])
def test_the_names_of_javascript_objects_find_no_paper_by_chance(query: str) -> None:
    found = searcher().search(query)
    assert found.relaxed or not found.total


def made(entries: Sequence[Entry]) -> search.Searcher:
    topics = {
        "merging": Topic("merging", "Model merging", "How models become one.", aliases=("weight averaging", "soups")),
    }
    return search.Searcher(search.index_of(entries, topics))


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
    placements=(Placement("merging", 1.0),),
)


@pytest.mark.parametrize(
    "query",
    [
        *"survey keys deploy play locks ohara o'hara gates nine hinge hardware doorknob merging soups iclr".split(),
        *("jose nunez", "state-of-the-art", "weight averaging"),
    ],
)
def test_a_paper_is_found_by_all_that_is_said_of_it(query: str) -> None:
    found = made([SURVEY, Entry(Paper("other", "Something else"))]).search(query)
    assert found.total == 1
    assert not found.relaxed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("gtp", "gpt", id="letters-in-another-order-before-more-frequent-words"),
        pytest.param("brt", "bert", id="the-same-first-letter-before-more-frequent-words"),
        pytest.param("gaps", "", id="a-word-that-is-there"),
        pytest.param("xqz", "", id="three-letters-are-not-the-beginning-of-a-longer-word"),
        pytest.param("xiyho", "xizhou", id="more-letters-may-be"),
    ],
)
def test_what_was_meant_is_the_likeliest_of_the_nearest_words(typed: str, meant: str) -> None:
    common = [Entry(Paper(f"p{n}", f"Gap gaps art arts {n}")) for n in range(9)]
    rare = [Entry(Paper("gpt", "GPT")), Entry(Paper("bert", "BERT")), Entry(Paper("name", "Xizhou"))]
    repairs = made([*common, *rare]).search(typed).repairs
    assert repairs == (((typed, meant),) if meant else ())


def test_a_list_without_papers_can_be_searched() -> None:
    assert made([]).search("survey").total == 0


ODD = [
    pytest.param("survey surveys key keys deploy play played employ by sky fly cry happy y yes yy", id="final-y"),
    pytest.param("ies sses eed ing ed s ss es feed agreed bled sing being flies dies caresses", id="bare-endings"),
    pytest.param("relational conditional hesitancy vietnamization predication triplicate formative", id="porter"),
    pytest.param("controll roll hopping falling hissing fizzed failing filing rate cease", id="porter-step-5"),
    pytest.param("José Jose\u0301 Ångström Łukasz Ørsted Đorđe İstanbul ıssız naïve coöperate", id="accents"),
    pytest.param("μ-bench µ-bench ΑΒΓ Ωμέγα ϵ ϕ ϑ ℓ ς σ ϐ ΆΈ ᾳ ΐ", id="greek"),
    pytest.param("Straße STRASSE STRAẞE Æther œuvre þing ðæt ŉ ĳ ǆ ǅ", id="letters-of-two"),
    pytest.param("LoRA's LoRA’s models’ ‘q’ ʼn O＇Hara ''a'' a'b'c don't 's ' rock 'n' roll", id="apostrophes"),
    pytest.param("“q” „q‟ «q» state‑of‐the–art a—b a−b a_b a/b (e.g., i.e.) C++ C# .NET", id="punctuation"),
    pytest.param("S²FT x₁ ½ ① Ⅷ ⑩ m² 10³ ٣ ३ Ⅻ ㎏ ™ ® ª º № ℵ", id="numbers-and-signs"),
    pytest.param("ﬁnd ﬂow oﬃce eﬀect ſtop ﬅ ﬓ 𝒪(n) 𝐋oRA 𝔸𝔹 𝟛 𐌰𐌱 𠀀 𐐀𐐨 🄰 😀 a😀b", id="ligatures-and-astral"),
    pytest.param("日本語 かな がな カタカナ ｶﾀｶﾅ 한국어 각 ㈱ 﨎 漢\ufa19字", id="east-asian"),
    pytest.param("हिन्दी தமிழ் ไทย ภาษา বাংলা မြန်မာ עִבְרִית العَرَبِيَّة ﷺ Ещё Ґанок", id="vowel-signs-and-points"),
    pytest.param("می\u200cروم क्\u200dष a\u200cb", id="joiners"),
    pytest.param("葛\U000e0100城 1\ufe0f\u20e3 a\ufe0fb a\u034fb \ufeffa a\u2009b a\u3000b a\x85b", id="selectors"),
    pytest.param("A｜B of｜C, one-two-three｜four, a|b", id="bars"),
    pytest.param("", id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_browser_and_python_agree_on_odd_text(text: str) -> None:
    need_node()
    given = [text, *text.split(), text.upper(), text.lower()]
    for one, (theirs, stems, _) in zip(given, node("parity.mjs", given=[LETTER_NAMES, given]), strict=True):
        assert theirs == words(one), one
        assert stems == [stem(word) for word in words(one)], one


@pytest.mark.parametrize("text", ODD)
def test_the_index_has_the_words_of_a_query(text: str) -> None:
    parts = [text, *text.split()]
    assert words_of(parts) == [words(part) for part in parts]
    wanted = [word for part in parts for word in (*words(part), "|")]
    assert spaced(in_a_row([plain(part) for part in parts])).decode().split() == wanted


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்", "বাংলা", "日本語", "العَرَبِيَّة"])
def test_a_word_of_any_script_is_one_word(word: str) -> None:
    assert len(words(word)) == 1
