"""Folding, slugs, visible characters and cutting."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.text import cut, distinct_slug, fold, is_slug, slugify, visible

ANY_TEXT = st.text(max_size=120) | st.text("aé-—_.αΩßⅣ漢字🚀\u202e\u200b\x00/\\'$ ", max_size=120)
modest = settings(deadline=None, max_examples=300, derandomize=True)


def blake2b_of_folded(title: str) -> str:
    return hashlib.blake2b(fold(title).encode()).hexdigest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("LoRA: Tuning LARGE Models", "lora: tuning large models", id="case"),
        pytest.param("Große Modelle", "GROẞE MODELLE", id="case-of-sharp-s"),
        pytest.param("Ħal Models", "ħal models", id="case-of-h-with-stroke"),
        pytest.param("Fréchet Distances", "Frechet Distances", id="accents"),
        pytest.param("Fre\u0301chet Distances", "Fr\u00e9chet Distances", id="composed-or-not"),
        pytest.param("Fine-Tuning, Quickly!", "Fine Tuning Quickly", id="punctuation"),
        pytest.param("Adam – a “better” optimiser", 'Adam - a "better" optimiser', id="quotes-and-dashes"),
        pytest.param("Ｗｉｄｅ ｌｅｔｔｅｒｓ", "Wide letters", id="full-width"),
        pytest.param("Eﬃcient tuning", "Efficient tuning", id="ligatures"),
        pytest.param("  Two   spaces\n here ", "Two spaces here", id="space"),
        pytest.param("S²FT", "S^{2}FT", id="superscripts"),
        pytest.param("S$^2$FT", "S^2FT", id="superscripts-in-maths"),
        pytest.param(r"$\mathcal{X}$-LoRA", "X-LoRA", id="fonts-in-maths"),
        pytest.param(r"\textbf{Deep} Nets", "Deep Nets", id="fonts"),
        pytest.param("{BERT} for {DNA}", "BERT for DNA", id="braces"),
        pytest.param(r"$\mu$-Bench", "μ-Bench", id="symbols"),
        pytest.param("µ-Bench", "μ-Bench", id="micro-sign-and-mu"),
    ],
)
def test_two_forms_of_one_title_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Llama 2", "Llama 3", id="numbers"),
        pytest.param("Scaling up", "Scaling down", id="words"),
        pytest.param("大模型", "小模型", id="chinese"),
        pytest.param("On-line learning", "Online learning", id="word-boundaries"),
        pytest.param("α-fairness", "β-fairness", id="greek"),
    ],
)
def test_different_titles_fold_differently(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        pytest.param("LoRA: Low-Rank Adaptation", "lora-low-rank-adaptation", id="plain"),
        pytest.param("Fréchet & Gödel — naïve?", "frechet-godel-naive", id="accents"),
        pytest.param("μ-Bench", "mu-bench", id="greek"),
        pytest.param("µ-Bench", "mu-bench", id="micro-sign"),
        pytest.param("From Ω to ά", "from-omega-to-alpha", id="greek-capital-and-accented"),
        pytest.param("λ-returns", "lambda-returns", id="lambda-as-people-spell-it"),
        pytest.param("ς and σ", "sigma-and-sigma", id="final-sigma"),
        pytest.param("S²FT and H₂O", "s2ft-and-h2o", id="superscripts"),
        pytest.param("Eﬃcient №1", "efficient-no1", id="compatibility-forms"),
        pytest.param("大模型 LoRA 研究", "lora", id="other-scripts-left-out"),
        pytest.param("--Already---slugged--", "already-slugged", id="dashes"),
        pytest.param("x" * 61, "x" * 60, id="one-long-word-is-cut"),
        pytest.param("a" * 57 + " bb", "a" * 57 + "-bb", id="exactly-60"),
        pytest.param("a" * 58 + " bb", "a" * 58, id="61-is-cut-at-the-word"),
        pytest.param("../../etc/passwd", "etc-passwd", id="paths"),
    ],
)
def test_slugs_follow_the_contract(title: str, slug: str) -> None:
    assert slugify(title) == slug


@pytest.mark.parametrize("title", ["大模型", "Обзор", "दीर्घ"])
def test_a_title_without_ascii_gets_the_hash_of_its_folded_form(title: str) -> None:
    assert slugify(title) == f"p-{blake2b_of_folded(title)[:8]}"


def test_a_clash_adds_four_digits_of_the_same_hash() -> None:
    title = "大模型 LoRA"
    assert distinct_slug(title) == f"lora-{blake2b_of_folded(title)[:4]}"


@modest
@given(ANY_TEXT)
def test_every_text_gives_a_safe_slug(title: str) -> None:
    for slug in (slugify(title), distinct_slug(title)):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert is_slug(slug)
    assert len(slugify(title)) <= 60


@modest
@given(ANY_TEXT)
def test_slugs_and_folding_do_not_depend_on_unicode_composition(title: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, title) for form in ("NFC", "NFD"))
    assert slugify(composed) == slugify(decomposed)
    assert fold(composed) == fold(decomposed)


@modest
@given(ANY_TEXT)
def test_a_slug_is_its_own_slug(title: str) -> None:
    assert slugify(slugify(title)) == slugify(title)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("-a", id="leading-dash"),
        pytest.param("a-", id="trailing-dash"),
        pytest.param("a--b", id="double-dash"),
        pytest.param("A", id="capital"),
        pytest.param("a_b", id="underscore"),
        pytest.param("a/b", id="slash"),
        pytest.param("..", id="dots"),
        pytest.param("a\n", id="line-end"),
        pytest.param("é", id="accent"),
        pytest.param("٣", id="other-digits"),
        pytest.param("x" * 80, id="too-long"),
    ],
)
def test_what_has_not_the_form_of_a_slug_is_none(text: str) -> None:
    assert not is_slug(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("a\u200bb\ufeff", "ab", id="zero-width"),
        pytest.param("می\u200cروم", "می\u200cروم", id="persian"),
        pytest.param("هِ\u200cا", "هِ\u200cا", id="persian-with-vowel-sign"),
        pytest.param("क्\u200dष", "क्\u200dष", id="devanagari"),
        pytest.param("ന്\u200d", "ന്\u200d", id="malayalam-at-the-end"),
        pytest.param("می\u200c\u200cروم می\u200c ", "میروم می", id="joiners-that-join-nothing"),
        pytest.param("pay\u200cpal a\u200d\u0301", "paypal á", id="joiners-in-latin"),
        pytest.param("soft\u00adhyphen", "softhyphen", id="soft-hyphen"),
        pytest.param("\u202eevil\u202c", "evil", id="direction-marks"),
        pytest.param("bell\x07\x00", "bell", id="control"),
        pytest.param("half \ud800pair", "half pair", id="surrogates"),
        pytest.param("one\t two\r\nthree\u00a0four", "one two three four", id="space"),
        pytest.param("end of page\x0cnext page", "end of page next page", id="form-feed"),
        pytest.param("cafe\u0301", "café", id="composed"),
        pytest.param("  漢字 🚀 ", "漢字 🚀", id="all-scripts-stay"),
    ],
)
def test_only_visible_characters_stay(text: str, seen: str) -> None:
    assert visible(text) == seen


@modest
@given(ANY_TEXT)
def test_visible_text_is_fit_for_xml_and_passes_unchanged(text: str) -> None:
    seen = visible(text)
    assert visible(seen) == seen
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in seen)
    assert seen == " ".join(seen.split())


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        pytest.param("short", 5, "short", id="fits"),
        pytest.param("one two three", 9, "one two…", id="at-a-word"),
        pytest.param("one two, three", 10, "one two…", id="without-the-comma"),
        pytest.param("unbroken", 5, "unbr…", id="one-long-word"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, length: int, short: str) -> None:
    assert cut(text, length) == short


@modest
@given(st.text("ab ,.é漢", max_size=40), st.integers(1, 40))
def test_a_cut_text_is_a_beginning_that_fits(text: str, length: int) -> None:
    short = cut(text, length)
    assert len(short) <= length
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_joiners_make_no_other_word_and_no_other_slug() -> None:
    assert fold("می\u200cروم") == fold("میروم")
    assert slugify("lo\u200dra می\u200cروم") == slugify("lora میروم") == "lora"
