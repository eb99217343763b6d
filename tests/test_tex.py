"""Captured text made readable: accents, quotes, dashes, escapes, links, and maths left alone."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.tex import clean, clean_title, code_links, links

WORDS = ["Adapter", "kernel", "gradient", "Tokyo", "layer", "rank"]
FORMULAS = [r"$O(n^{2})$", r"$\alpha--\beta$", r"$\mathcal{L}_{\text{reg}}$", r"$50\%$", "$x$", "$``q''$"]
MARKUP = [
    r"Rozi\`ere", r"Fr\'{e}chet", r"{\"o}", r"\c{C}elik", "``soft''", "`single'", "--", "---", r"\%", r"\&", r"\_",
    r"\$", r"\eg,", r"(\ie", r"{\mu}-Bench", "componentsx2013such", "Core^circledR", "S^{2}FT", "W_{max}", "$5", "US$6",
    "https://hf-mirror.com/org/model.", "https://a.example/x{https://a.example/x}.", r"\url{https://b.example}",
    r"\textit{kernel}", r"\textbf{\emph{layer}}", "textsc{rank}", "{Tokyo}", r"\unknown{x}", r"\sqrt{n}", "{", "}", "`",
    "''", "\\", "^", "~", "et~al.", "é", "e\u0301", "\u200b",
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        pytest.param(r"Rozi\`ere et al.", "Rozière et al.", id="grave"),
        pytest.param(r"the Fr\'echet mean", "the Fréchet mean", id="acute"),
        pytest.param(r"Fr{\'e}chet", "Fréchet", id="acute-in-braces"),
        pytest.param(r"Schr\"{o}dinger", "Schrödinger", id="umlaut"),
        pytest.param(r"na\"{\i}ve", "naïve", id="dotless-i"),
        pytest.param(r"Garc{\'\i}a", "García", id="dotless-i-in-braces"),
        pytest.param(r"Garc\'\i a", "García", id="a-command-swallows-the-space-after-it"),
        pytest.param(r"Erd\H{o}s, \v{S}koda", "Erdős, Škoda", id="letters-for-accents"),
        pytest.param(r"\c{C}elik, Espa\~na", "Çelik, España", id="cedilla-and-tilde"),
        pytest.param(r"{\O}rsted, Stra{\ss}e, {\L}ukasz", "Ørsted, Straße, Łukasz", id="letters"),
        pytest.param("``soft'' labels", "“soft” labels", id="double-quotes"),
        pytest.param("`single' quotes", "‘single’ quotes", id="single-quotes"),
        pytest.param("the model's own", "the model's own", id="an-apostrophe-stays"),
        pytest.param(r"the MLLM\'s reply", "the MLLM's reply", id="an-escaped-apostrophe"),
        pytest.param("pages 3--7", "pages 3–7", id="en-dash"),
        pytest.param("no training --- no cost", "no training — no cost", id="em-dash"),
        pytest.param("a well-known state-of-the-art", "a well-known state-of-the-art", id="hyphens-stay"),
        pytest.param(r"90\% of R\&D, \#1, a\_b", "90% of R&D, #1, a_b", id="escapes"),
        pytest.param(r"animals (\eg, dogs)", "animals (e.g., dogs)", id="eg"),
        pytest.param(r"\eg dogs, \ie animals", "e.g. dogs, i.e. animals", id="eg-and-ie-in-the-text"),
        pytest.param("componentsx2013such as", "components–such as", id="x2013"),
        pytest.param("a modelx2014and more", "a model—and more", id="x2014"),
        pytest.param("todayx2019s models", "today’s models", id="x2019"),
        pytest.param("code point 0x2013 and x2013y2", "code point 0x2013 and x2013y2", id="a-hex-number-stays"),
        pytest.param("Intel^circledR Core", "Intel® Core", id="circledR"),
        pytest.param(r"Intel^{\circledR} Core", "Intel® Core", id="circledR-in-braces"),
        pytest.param("S^{2}FT saves", "S²FT saves", id="superscript"),
        pytest.param("scaling (S^2), that", "scaling (S²), that", id="superscript-without-braces"),
        pytest.param(r"{\mu}-Bench", "μ-Bench", id="symbol"),
        pytest.param(r"\textsc{Ofa} is \textit{agnostic}", "Ofa is agnostic", id="fonts"),
        pytest.param("a textit{lost} backslash", "a lost backslash", id="fonts-without-backslash"),
        pytest.param("Touvron et~al.", "Touvron et al.", id="tie"),
        pytest.param(r"C:\new\table and \foo{bar}", r"C:\new\table and \foo{bar}", id="what-is-unknown-stays"),
        pytest.param("Müller, 漢字, Ω, 😀", "Müller, 漢字, Ω, 😀", id="clean-text-stays"),
    ],
)
def test_leftovers_of_tex_become_readable(raw: str, readable: str) -> None:
    assert clean(raw) == readable


@pytest.mark.parametrize("formula", FORMULAS)
def test_maths_between_dollars_is_kept_as_maths(formula: str) -> None:
    assert (
        clean(f"the rate {formula} grows by 5\\%, ``as'' {formula}.")
        == f"the rate {formula} grows by 5%, “as” {formula}."
    )


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        pytest.param("It costs $5, not $50.", "It costs $5, not $50.", id="two-prices"),
        pytest.param(r"costs \$5 and \$10", "costs $5 and $10", id="escaped"),
        pytest.param(r"$5 for R\&D and ``only'' $6", "$5 for R&D and “only” $6", id="text-between-prices-is-cleaned"),
        pytest.param("between $5--$10 an hour", "between $5–$10 an hour", id="a-range-of-prices"),
        pytest.param(r"$5 for 90\%", "$5 for 90%", id="one-price"),
        pytest.param("US$5 and A$6 -- cheap", "US$5 and A$6 – cheap", id="currencies"),
        pytest.param(r"$5 buys $x^{2}$ and 5\%", r"$5 buys $x^{2}$ and 5%", id="a-price-before-maths"),
    ],
)
def test_money_stays_money(raw: str, readable: str) -> None:
    assert clean(raw) == readable


@pytest.mark.parametrize(
    ("raw", "readable"),
    [
        pytest.param("https://hf-mirror.com/org/model", "https://huggingface.co/org/model", id="mirror"),
        pytest.param(
            "https://hf-mirror.1234.workers.dev/spaces/a/b", "https://huggingface.co/spaces/a/b", id="mirror-on-workers"
        ),
        pytest.param("http://cn.arxiv.org/abs/2401.00001", "http://arxiv.org/abs/2401.00001", id="arxiv-mirror"),
        pytest.param("https://xxx.arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00001", id="another"),
        pytest.param("see https://a.example/x{https://a.example/x}.", "see https://a.example/x.", id="doubled"),
        pytest.param("https://a.example/x/{https://a.example/x/}", "https://a.example/x/", id="doubled-with-slash"),
        pytest.param(r"\url{https://a.example/x_y}", "https://a.example/x_y", id="url"),
        pytest.param(r"\href{https://a.example/x}{our page}", "our page (https://a.example/x)", id="href"),
    ],
)
def test_links_are_mended(raw: str, readable: str) -> None:
    assert clean(raw) == readable


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("https://a.example/~me/a_b?q=1%20&z#top", id="usual-characters"),
        pytest.param("https://a.example/x--y", id="two-dashes"),
        pytest.param("https://a.example/wiki/Adam_(optimiser)", id="brackets"),
        pytest.param("https://notarxiv.org/abs/1", id="no-mirror"),
        pytest.param("https://arxiv.org.evil.example/abs/1", id="no-mirror-either"),
    ],
)
def test_a_good_link_is_left_alone(link: str) -> None:
    assert clean(f"Code at {link} for 90\\%.") == f"Code at {link} for 90%."


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        pytest.param("Code: https://a.example/x.", ["https://a.example/x"], id="full-stop"),
        pytest.param("(see https://a.example/x), or", ["https://a.example/x"], id="bracket-and-comma"),
        pytest.param("https://a.example/x https://a.example/x.", ["https://a.example/x"], id="each-once"),
        pytest.param("https://a.example/v1.2/x.html!", ["https://a.example/v1.2/x.html"], id="inner-stops-stay"),
        pytest.param("“https://a.example/x”", ["https://a.example/x"], id="quotes"),
        pytest.param("no link, only https:// and example.com", [], id="none"),
    ],
)
def test_links_end_where_the_sentence_goes_on(raw: str, found: list[str]) -> None:
    assert links(raw) == found


def test_code_links_are_those_of_code_hosts() -> None:
    text = (
        "Code at https://github.com/lab/tool. Model at https://huggingface.co/lab/model, page at "
        "https://lab.example/tool, paper at https://arxiv.org/abs/2401.00001, all on https://github.com."
    )
    assert code_links(text) == ["https://github.com/lab/tool", "https://huggingface.co/lab/model"]


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        pytest.param("A Plain Title.", "A Plain Title", id="full-stop"),
        pytest.param("And So On...", "And So On...", id="ellipsis"),
        pytest.param("Is This All?", "Is This All?", id="question"),
        pytest.param("Made in the U.S.A.", "Made in the U.S.A.", id="abbreviation"),
        pytest.param("``Soft'' Labels at 90\\%.", "“Soft” Labels at 90%", id="cleaned-too"),
        pytest.param(r"$\mu$-Bench", r"$\mu$-Bench", id="maths"),
    ],
)
def test_a_title_loses_its_full_stop(raw: str, title: str) -> None:
    assert clean_title(raw) == title


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param(r"costs \sqrt{n} steps", "steps", id="root-outside-maths"),
        pytest.param(r"see \href{https://a.example/{x}}{our page}", "our page", id="braces-in-braces"),
        pytest.param(r"a \textcolor{red}{coloured} word", "coloured", id="colour"),
        pytest.param(r"a word\footnote{And a note.}", "And a note.", id="footnote"),
        pytest.param(r"\title and an \author of it", "of it", id="title-and-author"),
        pytest.param(r"the macro \url alone", "alone", id="url-without-link"),
        pytest.param(r"\begin{x} but no \end and \verb", "but no", id="environments"),
    ],
)
def test_tex_that_no_rule_knows_neither_stops_nor_warns(raw: str, kept: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert kept in clean(raw)
    assert not caplog.records


TEXTS = st.lists(st.sampled_from([*WORDS, *FORMULAS, *MARKUP, " ", "2", "."]), max_size=14)


@settings(deadline=None, max_examples=600, derandomize=True)
@given(st.tuples(TEXTS, st.sampled_from(["", " "])).map(lambda drawn: drawn[1].join(drawn[0])))
def test_clean_text_passes_unchanged(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_title(clean_title(text)) == clean_title(text)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(TEXTS.map(" ".join))
def test_cleaning_drops_no_word(text: str) -> None:
    cleaned = clean(text)
    assert [cleaned.count(word) for word in WORDS] == [text.count(word) for word in WORDS]


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(st.sampled_from([*WORDS, *FORMULAS, "90\\%", "``so''", "S^{2}FT"]), max_size=12))
def test_every_formula_survives_as_written(parts: list[str]) -> None:
    cleaned = clean(" ".join(parts)).split(" ")
    assert [part for part in cleaned if "$" in part] == [part for part in parts if "$" in part]
