"""`content/papers.jsonl`, `content/abstracts.jsonl` and `content/waiting.jsonl`: what machines write.

One paper a line, keys in the order of `model.Paper`, sorted by slug, UTF-8, LF. Reading and writing is the identity.
Abstracts lie apart: they are long, they are other people's words, and a site may choose not to keep them.
Papers of which only an id is known lie apart too, without a slug and a title: no page can be made of them, so nothing
but `import` and `enrich` reads that file, and a slug is given only when the title is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from sitegen import together
from sitegen.errors import Problem, SiteError, Where
from sitegen.files import read_bytes
from sitegen.model import Paper, Source
from sitegen.text import is_slug

FILES = ("papers.jsonl", "abstracts.jsonl", "waiting.jsonl")
_encode = msgspec.json.Encoder(order=None).encode
_decode_paper = msgspec.json.Decoder(Paper).decode
_KEYS = tuple(field for field in Paper.__struct_fields__ if field != "extra")
_SOURCE_KEYS = tuple(field for field in Source.__struct_fields__ if field != "extra")


class Store(msgspec.Struct, frozen=True):
    """All papers by slug, their abstracts, and the papers that wait for a title."""

    papers: dict[str, Paper]
    abstracts: dict[str, str]
    waiting: tuple[Paper, ...] = ()


def plain(paper: Paper) -> dict[str, Any]:
    """The record as JSON keys, unknown ones last."""
    known = msgspec.to_builtins(msgspec.structs.replace(paper, extra={}, sources=()))
    if paper.sources:
        known["sources"] = [
            msgspec.to_builtins(msgspec.structs.replace(source, extra={})) | source.extra for source in paper.sources
        ]
    return {**known, **paper.extra}


def encode(paper: Paper) -> bytes:
    """A paper's line, without its end."""
    if paper.extra or any(source.extra for source in paper.sources):
        return _encode(plain(paper))
    return _encode(paper)


def decode(line: bytes) -> Paper:
    """The paper of a line. Raises msgspec.MsgspecError or UnicodeDecodeError when it is none."""
    try:
        return _decode_paper(line)
    except msgspec.ValidationError:
        raw = msgspec.json.decode(line)
        if not isinstance(raw, dict):
            raise
    known = {key: raw.pop(key) for key in _KEYS if key in raw}
    sources = known.pop("sources", ())
    paper = msgspec.convert(known, Paper)
    if not isinstance(sources, list):
        sources = msgspec.convert(sources, tuple[Source, ...])
    return msgspec.structs.replace(paper, extra=raw, sources=tuple(map(_source, sources)))


def _source(raw: Any) -> Source:
    if not isinstance(raw, dict):
        return msgspec.convert(raw, Source)
    known = {key: raw.pop(key) for key in _SOURCE_KEYS if key in raw}
    return msgspec.structs.replace(msgspec.convert(known, Source), extra=raw)


def read(content: Path) -> Store:
    """The papers and abstracts of a site. Raises SiteError naming every bad line."""
    settle(content)
    problems: list[Problem] = []
    papers: dict[str, Paper] = {}
    for where, line in _lines(content, "papers.jsonl"):
        try:
            paper = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            problems.append(
                Problem(where, f"is not a paper's record: {error}", "take the line from the last good version")
            )
            continue
        if not is_slug(paper.slug) or not paper.title:
            problems.append(
                Problem(where, f'"{paper.slug}" is not a slug, or the paper has no title', "restore the line")
            )
        elif paper.slug in papers:
            problems.append(Problem(where, f'the slug "{paper.slug}" stands here twice', "remove one of the two lines"))
        else:
            papers[paper.slug] = paper
    abstracts: dict[str, str] = {}
    for where, line in _lines(content, "abstracts.jsonl"):
        try:
            item = msgspec.json.decode(line, type=dict[str, str])
            slug, text = item["slug"], item["abstract"]
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError) as error:
            problems.append(
                Problem(where, f"is not an abstract's record: {error}", "take the line from the last good version")
            )
            continue
        if abstracts.setdefault(slug, text) != text:
            message = f'the abstract of "{slug}" stands here twice, in two forms'
            problems.append(Problem(where, message, "remove one of the two lines"))
    waiting = _read_waiting(content, problems)
    if problems:
        raise SiteError(problems)
    return Store(papers, abstracts, tuple(waiting))


def _read_waiting(content: Path, problems: list[Problem]) -> list[Paper]:
    found = []
    for where, line in _lines(content, "waiting.jsonl"):
        try:
            raw = msgspec.json.decode(line, type=dict[str, Any])
            paper = decode(_encode({"slug": "", "title": "", **raw}))
            if paper.arxiv_id or paper.doi:
                found.append(paper)
            else:
                problems.append(Problem(where, "has neither an arXiv id nor a DOI", "restore or remove the line"))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            problems.append(Problem(where, f"is not the record of an id: {error}", "restore or remove the line"))
    return found


def _lines(content: Path, name: str) -> Iterable[tuple[Where, bytes]]:
    path = content / name
    if not path.is_file():
        return
    for number, line in enumerate(read_bytes(path).split(b"\n"), 1):
        if line.strip():
            yield Where(f"content/{name}", number), line


def write(content: Path, store: Store) -> bool:
    """Write the files, all or none of them; a link stays one. Returns whether a byte has changed."""
    settle(content)
    abstracts = [_encode({"slug": slug, "abstract": text}) for slug, text in sorted(store.abstracts.items()) if text]
    files = {"papers.jsonl": _joined([encode(store.papers[slug]) for slug in sorted(store.papers)])}
    if abstracts or (content / "abstracts.jsonl").exists():
        files["abstracts.jsonl"] = _joined(abstracts)
    waiting = [{k: v for k, v in plain(paper).items() if k not in ("slug", "title")} for paper in store.waiting]
    if waiting or (content / "waiting.jsonl").exists():
        files["waiting.jsonl"] = _joined(sorted(map(_encode, waiting)))
    return together.write(content, files, content.parent / ".sitegen")


def settle(content: Path) -> None:
    """Complete what a process began to write that was cut off. Raises SiteError when that cannot be done."""
    together.finish(content, FILES, content.parent / ".sitegen")


def _joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
