"""Social cards: what they show, that they are small and the same bytes, and that drawn ones are kept."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sites import BASE_URL, pages, paper, write_site

from sitegen import build, cards
from sitegen.model import Group, Site, Topic

COLOURS = ("#fdfcfa", "#1f2328", "#5a5f66", "#1d4f91")
SITE = Site("A & B", "On letters.", BASE_URL)
GROUPS = (Group("g", "Group", (Topic("one", "One", "Of ones."), Topic("two", "Two", "Of twos."))),)
STYLE = (
    ":root { --accent: light-dark(#112233, #445566); --group-1: #778899 }\n@media (x) { :root { --group-1: #000000; } }"
)


def pixels(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def card(name: str = "Name", body: str = "", head: str = "", foot: str = "") -> cards.Card:
    return cards.Card(head, name, body, foot, COLOURS)


def test_a_card_is_a_small_png_with_a_palette_and_the_same_bytes_each_time() -> None:
    full = card(
        "Quantization, compression & fast inference", "Smaller or cheaper models. " * 9, "Fine-tuning", "A site"
    )
    data = cards.draw(full)
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert pixels(data).mode == "P"
    assert len(data) <= 18_000
    assert cards.draw(full) == data
    assert data != cards.draw(card("Another"))


def test_a_card_has_the_colours_of_the_stylesheet(tmp_path: Path) -> None:
    made = cards.cards(SITE, GROUPS, STYLE, tmp_path)
    assert sorted(made) == ["card.png", "topics/one/card.png", "topics/two/card.png"]
    corners = [pixels(made[path]).convert("RGB").getpixel((2, 2)) for path in ("card.png", "topics/one/card.png")]
    assert corners == [(0x11, 0x22, 0x33), (0x77, 0x88, 0x99)]
    assert pixels(made["card.png"]).convert("RGB").getpixel((1199, 629)) == (0xFD, 0xFC, 0xFA)


def ink(data: bytes) -> tuple[int, int, int, int] | None:
    """The box around everything but the stripe."""
    image = pixels(data).convert("L").crop((cards.STRIPE + 1, 0, cards.WIDTH, cards.HEIGHT))
    return image.point([255 if value < 200 else 0 for value in range(256)]).getbbox()


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=200), st.text(max_size=200))
def test_no_text_leaves_the_card(name: str, body: str, head: str, foot: str) -> None:
    data = cards.draw(card(name, body, head, foot))
    box = ink(data)
    if box:
        assert box[2] + cards.STRIPE + 1 <= cards.WIDTH - cards.MARGIN // 2
        assert box[3] <= cards.HEIGHT - cards.MARGIN // 2


@given(st.text(st.sampled_from("abc de"), max_size=300), st.integers(1, 4))
def test_lines_hold_the_text_in_order_and_no_more_than_asked(text: str, lines: int) -> None:
    plain = " ".join(text.split())
    found = cards.wrapped(plain, 84, lines)
    assert len(found) <= lines
    joined = "".join(found).replace(" ", "")
    whole = plain.replace(" ", "")
    assert joined == whole or (joined.endswith("…") and whole.startswith(joined.rstrip("…")))


def test_what_the_font_cannot_show_is_spelt_or_left_out() -> None:
    assert cards.legible("  東京 Łódź   $n$ \u202e") == "Lodz n"


def test_a_drawn_card_is_kept_and_a_damaged_one_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cards.cards(SITE, GROUPS, STYLE, tmp_path)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 3
    kept[0].write_bytes(kept[0].read_bytes()[:-1] + b"x")
    kept[1].write_bytes(b"")
    drawn = list[cards.Card]()
    draw = cards.draw

    def watched(card: cards.Card) -> bytes:
        drawn.append(card)
        return draw(card)

    monkeypatch.setattr(cards, "draw", watched)
    assert cards.cards(SITE, GROUPS, STYLE, tmp_path) == first
    assert len(drawn) == 2
    assert cards.cards(SITE, GROUPS, STYLE, tmp_path) == first
    assert len(drawn) == 2


def test_a_card_that_is_no_longer_needed_is_removed_and_a_changed_one_drawn(tmp_path: Path) -> None:
    before = cards.cards(SITE, GROUPS, STYLE, tmp_path)
    after = cards.cards(SITE, (), STYLE.replace("112233", "332211"), tmp_path)
    assert after["card.png"] != before["card.png"]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    assert len(cards.cards(SITE, GROUPS, STYLE, file)) == 3
    assert file.read_text() == "in the way"


def test_pages_name_their_card_by_its_whole_address(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("alpha", published="2024", title="Alpha alpha")])
    build.build(site)
    found = {}
    for name, tree in pages(site / "_site"):
        metas = {m.get("property") or m.get("name"): m.get("content") or "" for m in tree.iter("meta")}
        if "og:image" in metas:
            assert metas["twitter:card"] == "summary_large_image"
            assert (site / "_site" / metas["og:image"].removeprefix(BASE_URL)).is_file()
            found[name] = metas["og:image"].removeprefix(BASE_URL)
    assert found["index.html"] == "card.png"
    assert found["topics/one/index.html"] == "topics/one/card.png"
    assert found["papers/alpha/index.html"] == "topics/one/card.png"
    assert found["years/2024/index.html"] == "card.png"


def test_without_an_address_there_are_no_cards(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("alpha")], site_yaml="title: Small\n")
    build.build(site)
    assert not list((site / "_site").rglob("card.png"))
    assert "og:image" not in (site / "_site/index.html").read_text("utf-8")
