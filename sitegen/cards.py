"""Social cards: what a link to the site or to a topic looks like where it is shared. 1200 x 630, PNG with a palette.

Drawn by Pillow in its own font, in the colours of the stylesheet, so a card is the same bytes wherever it is drawn by
the same Pillow. What the font cannot show is left out. Drawn cards are kept in a folder, named by all that went into
them; one that is damaged is drawn again, one that is no longer needed is removed.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import PIL

from sitegen import urls
from sitegen.files import keep, sweep
from sitegen.model import Group, Site
from sitegen.text import cut, unaccent

if TYPE_CHECKING:  # Pillow is loaded when a card is drawn: most builds draw none
    from PIL import Image, ImageFont

VERSION = 3
"""Changes when cards are drawn differently."""
WIDTH, HEIGHT = 1200, 630
MARGIN, STRIPE = 90, 24
HEAD, BODY, FOOT = 36, 36, 36
"""Sizes of type: what stands above, the text below, the site's title."""
NAME = ((104, 1), (84, 2), (66, 3))
"""Sizes of the name, each for so many lines; the first that holds it."""
LEADING = 1.3
SHADES = 5
"""Steps from the ground's colour to each ink's: smooth letters in sixteen colours, which is half a byte a pixel."""
INK, SOFT, HUE = 1, 2, 3
"""Places of the inks in `Card.colours`; the ground is 0."""
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
_COLOUR = re.compile(r"--([\w-]+):\s*(?:light-dark\(\s*)?(#[0-9a-fA-F]{6})\b")
_COLOURS = {"paper": "#fdfcfa", "ink": "#1f2328", "soft": "#5a5f66", "accent": "#1d4f91"}


class Card(msgspec.Struct, frozen=True):
    """What stands on a card."""

    head: str
    name: str
    body: str
    foot: str
    colours: tuple[str, str, str, str]
    """Ground, ink, soft ink and hue, `#rrggbb`."""


def cards(site: Site, groups: Sequence[Group], stylesheet: str, kept: Path) -> dict[str, bytes]:
    """The cards of the site and of its topics by output path. `kept`: the folder of drawn cards."""
    wanted = dict(_cards(site, groups, {**_COLOURS, **dict(_COLOUR.findall(_MEDIA.sub("", stylesheet)))}))
    drawn = {path: _drawn(card, kept) for path, card in wanted.items()}
    names = {_key(card) for card in wanted.values()}
    sweep(kept / "*")
    for old in kept.glob("*.png") if kept.is_dir() else ():
        if old.stem not in names:
            with suppress(OSError):
                old.unlink()
    return drawn


def _cards(site: Site, groups: Sequence[Group], colours: Mapping[str, str]) -> Iterator[tuple[str, Card]]:
    def card(hue: str, head: str, name: str, body: str, foot: str) -> Card:
        shown = (colours["paper"], colours["ink"], colours["soft"], colours.get(hue, colours["accent"]))
        return Card(head, name, body, foot, shown)

    yield urls.card(urls.HOME)[1:], card("accent", "", site.title, site.description, "")
    for number, group in enumerate(groups, 1):
        for topic in group.topics:
            made = card(f"group-{number}", group.name, topic.name, topic.scope, site.title)
            yield urls.card(urls.topic(topic.slug))[1:], made


def _key(card: Card) -> str:
    parts = (str(VERSION), PIL.__version__, *card.colours, card.head, card.name, card.body, card.foot)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _drawn(card: Card, kept: Path) -> bytes:
    """A card's PNG, from the folder when it lies there whole: the file is a digest and the PNG that it is of."""
    path = kept / f"{_key(card)}.png"
    with suppress(OSError):
        stored = path.read_bytes()
        if stored[:16] == _digest(stored[16:]):
            return stored[16:]
    data = draw(card)
    keep(path, _digest(data) + data)
    return data


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def draw(card: Card) -> bytes:
    """The card as a PNG."""
    from PIL import Image, ImageDraw

    card = Card(legible(card.head), legible(card.name), legible(card.body), legible(card.foot), card.colours)
    shades = Image.new("P", (WIDTH, HEIGHT), 0)
    shades.putpalette(_palette(card.colours))
    pen = ImageDraw.Draw(shades)
    pen.rectangle((0, 0, STRIPE, HEIGHT), fill=_shade(HUE, SHADES))
    foot = HEIGHT - MARGIN - FOOT
    name = next((pair for pair in NAME if " ".join(wrapped(card.name, *pair)) == card.name), NAME[-1])
    top = MARGIN
    for text, size, colour, most in (
        (card.head, HEAD, HUE, 1),
        (card.name, name[0], INK, name[1]),
        (card.body, BODY, SOFT, 4),
    ):
        room = int((foot - top) / (size * LEADING))
        for line in wrapped(text, size, min(most, room)):
            _write(shades, (MARGIN, top), line, size, colour)
            top += round(size * LEADING)
        top += 20 if text else 0
    _write(shades, (MARGIN, foot), card.foot, FOOT, INK)
    return _png(shades.tobytes("raw", "P;4"), _palette(card.colours))


def _png(pixels: bytes, palette: Sequence[int]) -> bytes:
    """A picture of palette numbers, two in a byte, as a PNG of four bits a pixel (W3C PNG, 5, 7.2 and 11): unfiltered
    rows, which compress best for flat colours. libdeflate makes it smaller than Pillow does, in a tenth of the time."""
    from deflate import zlib_compress

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    width = WIDTH // 2
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))  # 0: no filter
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 3, 0, 0, 0)
    data = bytes(zlib_compress(rows, 6))
    parts = (b"IHDR", head), (b"PLTE", bytes(palette)), (b"IDAT", data), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def _shade(colour: int, step: int) -> int:
    """The palette's number of a colour's shade; step 0 is the ground."""
    return 0 if not step else 1 + (colour - 1) * SHADES + step - 1


def _palette(colours: Sequence[str]) -> list[int]:
    ground, *inks = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours)
    mixed = [
        [g + (c - g) * step // SHADES for g, c in zip(ground, ink, strict=True)] for ink in inks for step in _STEPS
    ]
    return [value for colour in (ground, *mixed) for value in colour]


_STEPS = range(1, SHADES + 1)


def _write(image: Image.Image, at: tuple[int, int], text: str, size: int, colour: int) -> None:
    """Letters as shades between the ground and a colour."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (WIDTH - MARGIN, round(size * LEADING)), 0)
    ImageDraw.Draw(mask).text((0, 0), text, font=_font(size), fill=255)
    image.paste(mask.point(_shades(colour)), at)  # no line reaches into the next


@functools.cache
def _shades(colour: int) -> list[int]:
    """The palette's numbers for each density of ink."""
    return [_shade(colour, (value * SHADES + 127) // 255) for value in range(256)]


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@functools.lru_cache(maxsize=4096)
def _width(word: str, size: int) -> float:
    """Pixels. Words are measured one by one: many cards say the same ones."""
    return _font(size).getlength(word)


@functools.lru_cache(maxsize=1024)
def _has(character: str) -> bool:
    """Whether the font draws the character, and not a box in its place."""
    font = _font(HEAD)
    return character.isspace() or bytes(font.getmask(character)) != bytes(font.getmask("\U0010fffd"))


def legible(text: str) -> str:
    """The text with what the font cannot draw spelt in plain letters, or else left out."""
    known = (c if _has(c) else "".join(filter(_has, unaccent(c))) for c in text.replace("$", ""))
    return " ".join("".join(known).split())


def wrapped(text: str, size: int, lines: int) -> list[str]:
    """The text in lines that fit, at most so many; what does not is cut at a word with an ellipsis."""
    room = WIDTH - 2 * MARGIN

    def fits(words: str) -> bool:
        return sum(_width(word, size) for word in words.split(" ")) + words.count(" ") * _width(" ", size) <= room

    found, rest = list[str](), text
    while rest and len(found) < lines:
        ends = [*(at for at, letter in enumerate(rest) if letter == " "), len(rest)]
        if words := bisect.bisect_left(ends, True, key=lambda end: not fits(rest[:end])):
            line = rest[: ends[words - 1]]
        else:  # not even the first word fits
            line = rest[: max(1, bisect.bisect_left(range(1, len(rest)), True, key=lambda n: not fits(rest[:n])))]
        found.append(line)
        rest = rest[len(line) :].lstrip()
    if rest:
        last = cut(found[-1] + " …", len(found[-1]))
        while not fits(last):
            last = cut(last, len(last) - 1)
        found[-1] = last
    return found
