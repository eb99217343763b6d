"""Citations as plain text: examples as the styles' own guides publish them, and what a list of papers needs besides."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import cite
from sitegen.cite.plain import STYLES, apa, chicago, ieee, mla
from sitegen.model import Paper

ATTENTION = Paper(
    "attention",
    "Attention is all you need",
    authors=tuple(
        "Ashish Vaswani, Noam Shazeer, Niki Parmar, Jakob Uszkoreit, Llion Jones, Aidan N. Gomez, Łukasz Kaiser,"
        " Illia Polosukhin".split(", ")
    ),
    published="2017-06-12",
    arxiv_id="1706.03762",
)
STORYBOOKS = Paper(
    "storybooks",
    "Emotions in storybooks: A comparison of storybooks that represent ethnic and racial groups in the United States",
    authors=("J. S. Grady", "M. Her", "G. Moreno", "C. Perez", "J. Yelinek"),
    published="2019",
    venue="Psychology of Popular Media Culture",
    kind="article-journal",
    volume="8",
    issue="3",
    pages="207-217",
    doi="10.1037/ppm0000185",
)
CRISES = Paper(
    "crises",
    "All Crises Are Global",
    authors=("Sarah B. Danzman", "W. Kindred Winecoff", "Thomas Oatley"),
    published="2017",
    venue="International Studies Quarterly",
    kind="article-journal",
    volume="61",
    issue="4",
    pages="907-923",
    doi="10.1093/isq/sqx054",
)
WIGNER = Paper(
    "wigner",
    "Theory of traveling-wave optical laser",
    authors=("E. P. Wigner",),
    published="1965",
    venue="Phys. Rev.",
    kind="article-journal",
    volume="134",
    pages="A635-A646",
)
LORA = Paper(
    "lora",
    "LoRA: Low-Rank Adaptation of Large Language Models",
    authors=("Edward J. Hu", "Yelong Shen"),
    published="2021-06-17",
    venue="ICLR 2022",
    arxiv_id="2106.09685",
)


def test_apa() -> None:
    assert apa(cite.work(ATTENTION)) == (
        "Vaswani, A., Shazeer, N., Parmar, N., Uszkoreit, J., Jones, L., Gomez, A. N., Kaiser, Ł., & Polosukhin, I."
        " (2017). Attention is all you need (arXiv:1706.03762). arXiv. https://arxiv.org/abs/1706.03762"
    )
    assert apa(cite.work(STORYBOOKS)) == (
        "Grady, J. S., Her, M., Moreno, G., Perez, C., & Yelinek, J. (2019). Emotions in storybooks: A comparison of"
        " storybooks that represent ethnic and racial groups in the United States. Psychology of Popular Media Culture,"
        " 8(3), 207–217. https://doi.org/10.1037/ppm0000185"
    )
    assert apa(cite.work(LORA)) == (
        "Hu, E. J., & Shen, Y. (2022). LoRA: Low-Rank Adaptation of Large Language Models. In ICLR 2022."
        " https://arxiv.org/abs/2106.09685"
    )


def test_mla() -> None:
    assert mla(cite.work(CRISES)) == (
        "Danzman, Sarah B., et al. “All Crises Are Global.” International Studies Quarterly, vol. 61, no. 4, 2017,"
        " pp. 907-923, https://doi.org/10.1093/isq/sqx054."
    )
    assert mla(cite.work(ATTENTION)) == (
        "Vaswani, Ashish, et al. “Attention is all you need.” arXiv, 12 June 2017, https://arxiv.org/abs/1706.03762."
    )
    assert mla(cite.work(LORA)) == (
        "Hu, Edward J., and Yelong Shen. “LoRA: Low-Rank Adaptation of Large Language Models.” ICLR 2022,"
        " https://arxiv.org/abs/2106.09685."
    )


def test_chicago() -> None:
    assert chicago(cite.work(CRISES)) == (
        "Danzman, Sarah B., W. Kindred Winecoff, and Thomas Oatley. 2017. “All Crises Are Global.” International"
        " Studies Quarterly 61 (4): 907–923. https://doi.org/10.1093/isq/sqx054."
    )
    assert chicago(cite.work(ATTENTION)) == (
        "Vaswani, Ashish, Noam Shazeer, Niki Parmar, et al. 2017. “Attention is all you need.” Preprint, arXiv, June"
        " 12. https://arxiv.org/abs/1706.03762."
    )


def test_ieee() -> None:
    assert ieee(cite.work(WIGNER)) == (
        "E. P. Wigner, “Theory of traveling-wave optical laser,” Phys. Rev., vol. 134, pp. A635–A646, 1965."
    )
    assert ieee(cite.work(ATTENTION)) == ("A. Vaswani et al., “Attention is all you need,” 2017, arXiv:1706.03762.")
    assert ieee(cite.work(LORA)) == (
        "E. J. Hu and Y. Shen, “LoRA: Low-Rank Adaptation of Large Language Models,” in ICLR 2022."
        " [Online]. Available: https://arxiv.org/abs/2106.09685"
    )


@pytest.mark.parametrize("style", STYLES)
def test_what_is_not_known_is_left_out_without_a_trace(style: str) -> None:
    text = STYLES[style](cite.work(Paper("a", "What now?")))
    assert "What now?" in text
    assert not any(wrong in text for wrong in (" ,", " .", "..", "?.", "()", "  ", "None", ", ,"))
    team = STYLES[style](cite.work(Paper("a", "A", authors=("Toy Team",), published="2020")))
    assert team.startswith("Toy Team")


def test_a_long_list_of_authors_is_cut_as_each_style_cuts_it() -> None:
    many = msgspec.structs.replace(ATTENTION, authors=tuple(f"Ada {chr(65 + n)}ee" for n in range(25)))
    texts = {style: write(cite.work(many)) for style, write in STYLES.items()}
    assert "See, A., . . . Yee, A. (2017)" in texts["APA"]
    assert texts["APA"].count("ee, A.") == 20
    assert texts["MLA"].startswith("Aee, Ada, et al. “")
    assert texts["Chicago"].startswith("Aee, Ada, Ada Bee, Ada Cee, et al. 2017")
    assert texts["IEEE"].startswith("A. Aee et al., “")


NAME = st.sampled_from(
    ["Laurens van der Maaten", "Jean-Luc Toy", "OpenAI", "Sammy Davis Jr.", "山田 太郎", "A. B. Cee"]
)


@given(
    st.lists(NAME, max_size=8),
    st.sampled_from(["", "1999", "1999-12", "1999-12-01"]),
    st.sampled_from(["", "ICML 1999", "Toys 3(4), 1999"]),
)
def test_every_style_is_tidy(authors: list[str], date: str, venue: str) -> None:
    work = cite.work(Paper("a", "A title", authors=tuple(authors), published=date, venue=venue, url="https://e.org/"))
    for style, write in STYLES.items():
        text = write(work)
        assert text == " ".join(text.split()), style
        assert not any(wrong in text for wrong in (" ,", " .,", "..,", ",,", "()", ", ,", ".. ")), (style, text)
        assert "https://e.org/" in text
