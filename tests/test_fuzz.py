"""Foreign input: every file of the corpus, random changes of them, and texts that could make an expression slow.

`fuzz.py` searches for more, guided by coverage; what it finds is kept in `corpus/`.
"""

from __future__ import annotations

import gzip
import io
import lzma
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import fuzz
import pytest
from need import reading_list
from search_site import need_node, node

from sitegen import build, ingest, markdown, tex, yamlio
from sitegen.errors import SiteError
from sitegen.ingest import archive
from sitegen.text import fold, slugify, visible

CORPUS = [(target, path) for target in fuzz.TARGETS for path in fuzz.seeds(target)]
ROUNDS = 150
SIGNS = [
    b"\\",
    b"{",
    b"}",
    b"[",
    b"](",
    b"$",
    b"*",
    b":",
    b"\n",
    b"\t",
    b"&",
    b"<",
    b"\xff",
    b"\x00",
    b"~",
    b'"',
    b"'",
    b"9" * 40,
]


@pytest.mark.parametrize(("target", "path"), CORPUS, ids=lambda part: getattr(part, "name", part))
def test_the_corpus_is_read(target: str, path: Path) -> None:
    fuzz.TARGETS[target](path.read_bytes())


def changed(chance: random.Random, seeds: list[bytes]) -> bytes:
    """An input with pieces cut out, put in, repeated, or taken from another."""
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, 5)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 1, 3, 30)))
        other = chance.choice(seeds)
        at = chance.randint(0, len(other))
        put = (chance.choice(SIGNS), other[at : at + chance.randint(0, 60)], data[start:end] * 3, b"")
        data = data[:start] + chance.choice(put) + data[end:]
    return data[:20_000]


def try_changes(target: str, rounds: int, seed: int) -> None:
    seeds, chance = [path.read_bytes() for path in fuzz.seeds(target)], random.Random(f"{target} {seed}")
    for number in range(rounds):
        data = changed(chance, seeds)
        try:
            fuzz.TARGETS[target](data)
        except Exception as error:
            raise AssertionError(f"round {number}: {data!r}") from error


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_changed_input_is_read(target: str) -> None:
    try_changes(target, ROUNDS, 1)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_much_changed_input_is_read(target: str) -> None:
    try_changes(target, 100 * ROUNDS, 2)


# --- The browser's side ---


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = reading_list(tmp_path_factory.mktemp("shards"))
    build.build(home)
    return home / "_site"


@pytest.mark.parametrize(
    ("rounds", "seed"), [(400, 1), pytest.param(20_000, 2, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
)
def test_damaged_shards_end_every_search(shards: Path, rounds: int, seed: int) -> None:
    need_node()
    found = node("shards.mjs", str(shards), str(rounds), str(seed))
    assert found["answers"] + found["damaged"] + len(found["other"]) == rounds
    assert found["damaged"] > rounds // 4
    assert all("TypeError" in error for error in found["other"] if error), [
        error for error in found["other"] if "TypeError" not in error
    ]
    assert len(found["other"]) <= rounds // 20
    assert found["slowest"] < 20_000


# --- Expressions ---

UNITS = r"""
 a - - * _ ` $ $x { } [ ] ( ) [a]( ](b) <!-- <a & # @a{ @a{b, = " ' \ \' {\ | , ; et·al https:// http://a/ . x20 ^ ^{
 _{a} `` -- ~ 0 2410. 10.1/ TY··-· ER··- T1··-·a¶ :// A. é 漢 M1 \textbf{ '' ! x^ A a- a. a, ·( )· () <?xml· <x> </x>
 {"a": 1. 1)· #¶ \begin{ \\ -· |·a· ·and· A·and· $· a· <a· · ¶
""".split()
UNITS = [unit.replace("·", " ").replace("¶", "\n") for unit in UNITS] + ["\t", "\u200c", "\u0301"]
READERS: dict[str, Callable[[str], object]] = {
    "ingest": lambda text: ingest.read(text.encode(), "x"),
    "bibtex": lambda text: ingest.read(
        f"@article{{a, title={{{text}}}, author={{{text}}}, note={{{text}}}}}".encode(), "x"
    ),
    "ris": lambda text: ingest.read(f"TY  - JOUR\nTI  - {text}\nAU  - {text}\nN1  - {text}\nER  - \n".encode(), "x"),
    "list": lambda text: ingest.read(
        f"- {text} [A title of it](https://arxiv.org/abs/2410.06511) {text}\n".encode(), "x"
    ),
    "page": lambda text: ingest.read(f"<html><title>{text}</title><p>{text}<a href='{text}'>{text}</a>".encode(), "x"),
    "feed": lambda text: ingest.read(f"<feed><entry><title>{text}</title><id>{text}</id></entry></feed>".encode(), "x"),
    "tex": lambda text: (
        tex.clean(text),
        tex.clean_title(text),
        tex.plain(text),
        tex.code_links(text),
        tex.looks_cut(text),
    ),
    "text": lambda text: (visible(text), fold(text), slugify(text)),
    "markdown": lambda text: (markdown.render(text, ""), markdown.inline(text, links=True), markdown.quote(text)),
    "yaml": lambda text: (yamlio.parse(text, "x", []), yamlio.parse(f"a: [{text}", "x", [])),
}
SHORT, LONG, FLOOR, MOST = 2_000, 4_000, 0.05, 3.4
"""Letters; seconds below which nothing is slow; how much longer twice as much may take (4 would be its square)."""


def seconds(read: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


@pytest.mark.parametrize("name", READERS)
def test_no_repeated_text_makes_a_reader_slow(name: str) -> None:
    """Twice as much takes about twice as long. What seems to take longer is measured again, and longer."""
    read, slow = READERS[name], []
    for unit in UNITS:
        short, long = (unit * (size // len(unit)) for size in (SHORT, LONG))
        if seconds(read, long) < FLOOR:
            continue
        ratio = min(seconds(read, long) / max(seconds(read, short), 1e-4) for _ in range(3))
        if ratio > MOST:
            slow.append((unit, round(ratio, 1), round(seconds(read, long), 2)))
    assert slow == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", READERS)
def test_no_long_text_makes_a_reader_slow(name: str) -> None:
    """200,000 letters of one kind are read, or refused, in seconds."""
    read = READERS[name]
    slow = {unit: took for unit in UNITS if (took := seconds(read, unit * (200_000 // len(unit)))) > 20}
    assert slow == {}


# --- Bombs ---


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


ZEROS = bytes(64 * 2**20)
BOMBS = {
    "gzip": gzip.compress(ZEROS),
    "gzip of many members": gzip.compress(ZEROS[: 2**20]) * 64,
    "xz": lzma.compress(ZEROS),
    "xz of many streams": lzma.compress(ZEROS[: 2**20]) * 64,
    "zip": zipped(("a", ZEROS)),
    "zip of many files": zipped(*((str(n), ZEROS[: 2**20]) for n in range(64))),
    "zip in a zip": zipped(*((f"{n}.zip", zipped(("a", ZEROS[: 2**23]))) for n in range(9))),
    "gzip in gzip in gzip in gzip": gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"a")))),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_and_takes_little_memory(bomb: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(SiteError, match=r"holds more than|is an archive in"):
            for _ in archive.files(BOMBS[bomb], "x", most_bytes=2**23):
                pass
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()


def test_entities_and_aliases_do_not_expand() -> None:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9}">' for n in range(1, 12))
    start = f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY e0 "ha">{names}]>'
    laughs = f"{start}<feed><entry><title>&e11;</title></entry></feed>"
    assert ingest.read(laughs.encode(), "x").unreadable
    page = laughs.replace("feed", "html").replace("entry", "body")
    assert seconds(lambda text: ingest.read(text.encode(), "x"), page) < 2
    problems: list[object] = []
    aliases = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{'*a, ' * 9}]\n" for n in range(40))
    yamlio.parse(aliases, "x", problems)  # type: ignore[arg-type]
    assert any("alias" in str(problem) for problem in problems)
