"""The careful writer: the data become what was asked for, and every other byte stays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import splice
from sitegen.errors import SiteError

BOM = "\ufeff"


def means(key: str) -> str | None:
    """The papers of these tests: `one` is also called by an arXiv id and the start of its title."""
    return {"2601.00001": "one", "One of": "one"}.get(key, key)


def change(text: str, entry: str = "one", **changes: Any) -> str:
    return splice.spliced(text, "content/overrides.yaml", entry, changes, means)


TABLE: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "an empty file": ("", {"topics": ["a"]}, "one: [a]\n"),
    "a file of comments": ("# Hello\n\n# There\n", {"pin": True}, "# Hello\n\n# There\none:\n  pin: true\n"),
    "comments without a final line end": ("# Hello", {"topics": ["a"]}, "# Hello\none: [a]"),
    "only a document start": ("---\n", {"topics": ["a", "b"]}, "---\none: [a, b]\n"),
    "a new entry": ("two: [a]  # two\n", {"topics": ["a"]}, "two: [a]  # two\none: [a]\n"),
    "a new entry, no final line end": ("two: [a]", {"topics": ["a"]}, "two: [a]\none: [a]"),
    "a new entry, CRLF": ("two: [a]\r\n", {"hide": True}, "two: [a]\r\none:\r\n  hide: true\r\n"),
    "a new entry after a kept block": ("two:\n  note: |+\n    x\n\n", {"topics": ["a"]}, None),
    "a new entry in an indented file": ("  two: [a]\n", {"pin": True}, "  two: [a]\n  one:\n    pin: true\n"),
    "a new entry before the document's end": ("two: [a]\n...\n", {"topics": ["a"]}, "two: [a]\none: [a]\n...\n"),
    "short, other topic": ("one: [a, b]  # why\n", {"topics": ["c", "b"]}, "one: [c, b]  # why\n"),
    "short, quoted": ("one: ['a', \"b\"]\n", {"topics": ["c", "d"]}, "one: ['c', \"d\"]\n"),
    "short, one more": ("one: [ a ]\n", {"topics": ["a", "b"]}, "one: [ a, b ]\n"),
    "short, one less at the front": ("one: [a, 'b']\n", {"topics": ["b"]}, "one: ['b']\n"),
    "short, one less in the end": ("one: [a, b,]\n", {"topics": ["a"]}, "one: [a,]\n"),
    "short, on lines of its own": (
        "one: [\n  a, # first\n  b, # second\n]\n",
        {"topics": ["a", "c"]},
        "one: [\n  a, # first\n  c, # second\n]\n",
    ),
    "short, a pin": ("one: [a, b]  # why\n", {"pin": True}, "one:\n  topics: [a, b]  # why\n  pin: true\n"),
    "short, a pin and a topic": ("one: [a]\n", {"pin": True, "topics": ["b"]}, "one:\n  topics: [b]\n  pin: true\n"),
    "short, value on the next line": (
        "one: # x\n    [a]\n",
        {"pin": True},
        "one: # x\n    topics: [a]\n    pin: true\n",
    ),
    "short with dashes": ("one:\n  - a # x\n  - b\n", {"topics": ["b"]}, "one:\n  # x\n  - b\n"),
    "short with dashes, more": ("one:\n- a\ntwo: [b]\n", {"topics": ["a", "c"]}, "one:\n- a\n- c\ntwo: [b]\n"),
    "short with dashes, a pin": (
        "one:\n  - a\n  # between\n  - b # x\n",
        {"pin": True},
        "one:\n  topics:\n  - a\n  # between\n  - b # x\n  pin: true\n",
    ),
    "short with dashes at the margin, a pin": (
        "one:\n- a\n- b\ntwo: [c]\n",
        {"pin": True},
        "one:\n  topics:\n  - a\n  - b\n  pin: true\ntwo: [c]\n",
    ),
    "short, taken away": ("# A\none: [a] # why\n# B\n", {"topics": None}, "# A\n# why\n# B\n"),
    "the last entry, taken away": ("two: [a]\none: [a]", {"topics": None}, "two: [a]"),
    "long, a value": ("one:\n  why: 'Not so' # x\n", {"why": "It's so"}, "one:\n  why: 'It''s so' # x\n"),
    "long, double quotes": ('one:\n  why: "Not so"\n', {"why": "a\tb"}, 'one:\n  why: "a\\u0009b"\n'),
    "long, a folded value": (
        "one:\n  why: >-\n    Not\n    so\n\n  # Then\n  pin: true\n",
        {"why": "So"},
        "one:\n  why: So\n\n  # Then\n  pin: true\n",
    ),
    "long, a value over lines": (
        "one:\n  why: Not\n    so\n  pin: true\n",
        {"why": "So"},
        "one:\n  why: So\n  pin: true\n",
    ),
    "long, one more": (
        "one:\n  topics: [a]\n\n# Next\ntwo: [b]\n",
        {"note": "Hm: yes"},
        'one:\n  topics: [a]\n  note: "Hm: yes"\n\n# Next\ntwo: [b]\n',
    ),
    "long, topics first": ("one:\n    pin: true\n", {"topics": ["a"]}, "one:\n    topics: [a]\n    pin: true\n"),
    "long, one less": ("one:\n  topics: [a]\n  pin: true # !\n", {"pin": None}, "one:\n  topics: [a]\n  # !\n"),
    "long, the only one": ("one:\n  pin: true\ntwo: [b]\n", {"pin": None}, "two: [b]\n"),
    "long, after a literal": (
        "one:\n  note: |\n    x\n\ntwo: [b]\n",
        {"pin": True},
        "one:\n  note: |\n    x\n  pin: true\n\ntwo: [b]\n",
    ),
    "long, after a kept literal": ("one:\n  note: |+\n    x\n\ntwo: [b]\n", {"pin": True}, None),
    "long, a list with dashes": (
        "one:\n  topics:\n    - a # x\n    - b # y\n  pin: true\n",
        {"topics": ["b", "c"]},
        "one:\n  topics:\n    # x\n    - b # y\n    - c\n  pin: true\n",
    ),
    "long, an empty value": ("one:\n  note: # x\n  pin: true\n", {"note": "y"}, "one:\n  note: y # x\n  pin: true\n"),
    "braces": ("one: {pin: true}  # x\n", {"note": "a, b"}, 'one: {pin: true, note: "a, b"}  # x\n'),
    "braces, a value": ("one: {topics: [a], pin: true}\n", {"topics": ["b"]}, "one: {topics: [b], pin: true}\n"),
    "braces, one less": ("one: {topics: [a], pin: true}\n", {"topics": None}, "one: {pin: true}\n"),
    "braces, the last": ("one: {topics: [a], pin: true}\n", {"pin": None}, "one: {topics: [a]}\n"),
    "empty braces": ("one: {}\n", {"pin": True}, "one: {pin: true}\n"),
    "long, links": (
        "one:\n  links: # x\n    - Hm: https://example.org\n    # y\n    - https://a.org/b # why\n  pin: true\n",
        {"links": [{"Talk": "https://example.org/c"}]},
        'one:\n  links: [{Talk: "https://example.org/c"}]  # x\n  # y\n  # why\n  pin: true\n',
    ),
    "JSON": ('{"one": ["a"], "two": ["b"]}\n', {"pin": True}, None),
    "JSON, a new entry": ('{"two": ["b"]}', {"topics": ["a"]}, '{"two": ["b"], one: [a]}'),
    "an arXiv id": ("2601.00001: [a]\n", {"topics": ["b"]}, "2601.00001: [b]\n"),
    "a title's start": ('"One of":\n  pin: true\n', {"pin": None, "topics": ["a"]}, '"One of":\n  topics: [a]\n'),
    "odd letters before": ("# 🦉 é \u2028 x\none: [a] # 🦉\n", {"topics": ["b"]}, "# 🦉 é \u2028 x\none: [b] # 🦉\n"),
    "nothing to change": ("one:   [ a ]\n", {"topics": ["a"]}, "one:   [ a ]\n"),
    "nothing to take away": ("two: [a]\n", {"pin": None}, "two: [a]\n"),
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_by_hand(name: str, ending: str) -> None:
    before, changes, after = TABLE[name]
    before = before.replace("\n", ending)
    made = change(before, **changes)
    if after is not None and "\r" not in TABLE[name][0]:
        assert made == (after.replace("\n", ending) if "\n" in TABLE[name][0] else after)
    assert asked(before, "one", changes) == plain(made)
    assert comments(before) == comments(made)


# --- Anything a person may write ---


def plain(text: str) -> dict[str, Any]:
    """The data, as an independent reader sees them: scalars as text, the short form as the long one, by paper."""
    loaded = yaml.load(text.replace("\u2028", " "), yaml.BaseLoader) or {}
    return {str(means(k)): {"topics": v} if isinstance(v, list) else v for k, v in loaded.items()}


def asked(text: str, entry: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    data = plain(text)
    fields = dict(data.pop(entry, {}))
    for field, value in changes.items():
        fields.pop(field, None)
        if value is not None:
            fields[field] = str(value).lower() if isinstance(value, bool) else value
    return data | ({entry: fields} if fields else {})


COMMENTS = ("# why", "# it's: [so", "# in between", "# at the margin", "# a line: [", "# deep", "# x", "# y", "# first")


def comments(text: str) -> list[int]:
    """How often each of the comments that these tests write stands in a text."""
    return [text.count(comment) for comment in COMMENTS]


def entries(text: str) -> dict[str, str]:
    """Each entry of a block file as it is written, from its key to the next one's."""
    found = re.split(r"(?m)^(?=[^\s#-])", text.replace("\r\n", "\n").replace("\r", "\n"))
    return {part.partition(":")[0]: part for part in found}


def is_part(some: list[str], lines: list[str]) -> bool:
    """Whether the lines hold these in this order, blank ones aside."""
    rest = iter(lines)
    return all(line in rest for line in some if line)


topic = st.sampled_from(["a", "b", "c", "d", "e"])
topics = st.lists(topic, min_size=1, max_size=4, unique=True)
words = st.sampled_from(
    [
        "so",
        "It is: so",
        "it's",
        "",
        "no",
        "a #b",
        "x\ny",
        "[x]",
        "- x",
        "é 🦉",
        '"q"',
        "1.0",
        "a\\b",
        "x:",
        "~",
        " x ",
        "#",
    ]
)
remark = st.sampled_from(["", "", "", "  # why", " # it's: [so", "   #"])
gap = st.sampled_from(["", "", "", "\n", "# a line: [\n", "\n\n  # deep\n", "#\n\n"])


@st.composite
def quoted(draw: st.DrawFn, text: str) -> str:
    style = draw(st.sampled_from(["plain", "single", "double"]))
    safe = re.fullmatch(r"[a-z][a-z ]*[a-z]|[a-z]", text) and text not in ("no",)
    if style == "plain" and safe:
        return text
    return f"'{text}'" if style == "single" and "'" not in text and "\n" not in text else f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@st.composite
def listed(draw: st.DrawFn, indent: str) -> str:
    """What follows a colon: a list of topics in some style, its line end included."""
    items = [draw(quoted(item)) for item in draw(topics)]
    style = draw(st.sampled_from(["flow", "spaced", "lines", "dashes", "margin"]))
    if style == "flow":
        return f" [{', '.join(items)}]{draw(remark)}\n"
    if style == "spaced":
        return f"   [ {' , '.join(items)} , ]{draw(remark)}\n"
    if style == "lines":
        inner = "".join(f"{indent}  {item},{draw(remark)}\n" for item in items)
        return f" [{draw(remark)}\n{inner}{indent}]{draw(remark)}\n"
    deep = indent + ("    " if style == "dashes" else "")
    if style == "margin" and indent == "":
        deep = ""
    return draw(remark) + "\n" + "".join(f"{deep}- {item}{draw(remark)}\n" for item in items)


@st.composite
def field(draw: st.DrawFn, name: str, indent: str) -> str:
    if name == "topics":
        return f"{indent}topics:{draw(listed(indent))}"
    if name in ("pin", "hide"):
        written = draw(st.sampled_from(["true", "yes", "'true'"]))
        return f"{indent}{name}: {written}{draw(remark)}\n"
    style = draw(st.sampled_from(["one", "folded", "literal", "keep", "over", "below"]))
    if style == "below":
        return f"{indent}{name}:{draw(remark)}\n{indent}  {draw(quoted(draw(words)))}{draw(remark)}\n"
    if style == "one":
        return f"{indent}{name}: {draw(quoted(draw(words)))}{draw(remark)}\n"
    if style == "over":
        return f"{indent}{name}: some words\n{indent}  and more{draw(remark)}\n"
    sign = {"folded": ">-", "literal": "|", "keep": "|+"}[style]
    end = draw(st.sampled_from(["", "\n"]))
    return f"{indent}{name}: {sign}{draw(remark)}\n{indent}  # no comment\n\n{indent}  words\n{end}"


@st.composite
def entry(draw: st.DrawFn, key: str) -> str:
    style = draw(st.sampled_from(["short", "long", "long", "braces"]))
    if style == "short":
        return f"{key}:{draw(listed(''))}"
    if style == "braces":
        note = draw(quoted(draw(words)))
        return f"{key}: {{topics: [{', '.join(draw(topics))}], note: {note}}}{draw(remark)}\n"
    indent = draw(st.sampled_from(["  ", "    ", " "]))
    names = draw(st.permutations(["topics", "pin", "note", "why"]))[: draw(st.integers(1, 4))]
    return f"{key}:{draw(remark)}\n" + "".join(draw(gap_in(indent)) + draw(field(name, indent)) for name in names)


@st.composite
def gap_in(draw: st.DrawFn, indent: str) -> str:
    return draw(st.sampled_from(["", "", "\n", f"{indent}# in between\n", "# at the margin\n"]))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file as people write them."""
    keys = draw(st.permutations(["one", "two", "three-of-them", "four"]))[: draw(st.integers(0, 4))]
    if draw(st.booleans()):
        keys = [{"one": "2601.00001"}.get(key, key) for key in keys]
    text = "".join(draw(gap) + draw(entry(key)) for key in keys) + draw(gap)
    text = draw(st.sampled_from(["", "---\n", "# 🦉 A file\n\n"])) + text
    text = text[:-1] if text.endswith("\n") and draw(st.booleans()) else text
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


@settings(max_examples=600, deadline=None)
@given(files(), st.data())
def test_any_file_keeps_all_but_what_was_asked_for(text: str, data: st.DataObject) -> None:
    changes: dict[str, Any] = {}
    for name in data.draw(st.lists(st.sampled_from(["topics", "pin", "note", "why"]), min_size=1, unique=True)):
        value = {"topics": topics, "pin": st.just(True)}.get(name, words)
        changes[name] = data.draw(st.none() | value)
    made = change(text, "one", **changes)
    assert plain(made) == asked(text, "one", changes)
    assert comments(made) == comments(text)
    assert "\r\n" in made or "\r\n" not in text or not made  # of an empty file no line is left
    assert len(re.findall(r"(?<!\r)\n", made)) == 0 or "\r\n" not in text
    before, after = entries(text), entries(made)
    for key in before.keys() & {"two", "three-of-them", "four"}:
        assert after[key].startswith(before[key].rstrip())
    if "one" not in plain(text):
        assert is_part(text.splitlines(), made.splitlines())


@settings(max_examples=200, deadline=None)
@given(files(), topics)
def test_there_and_back(text: str, others: list[str]) -> None:
    """Other topics and then the old ones: where no item came or went, the file is the old one, byte for byte."""
    fields = plain(text).get("one", {})
    if not fields.get("topics") or len(fields["topics"]) != len(others):
        return
    if set(fields["topics"]) & set(others):
        return
    there = change(text, "one", topics=others)
    assert change(there, "one", topics=fields["topics"]) == text


# --- Files ---


def write(path: Path, text: str, expected: str | None = None, **changes: Any) -> splice.Edit:
    path.write_bytes(text.encode())
    seen = splice.digest(path.read_bytes()) if expected is None else expected
    return splice.write(path, "content/overrides.yaml", "one", changes, means, path.parent / ".sitegen", seen)


def test_a_file_is_written_and_undone(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    edit = write(path, f"{BOM}# x\r\none: [a]\r\n", topics=["b"])
    assert path.read_bytes() == f"{BOM}# x\r\none: [b]\r\n".encode() == edit.after
    splice.replace(path, edit.after, edit.before, tmp_path / ".sitegen")
    assert path.read_bytes() == f"{BOM}# x\r\none: [a]\r\n".encode()
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["overrides.yaml"]


def test_a_missing_file_is_made_and_undone(tmp_path: Path) -> None:
    path = tmp_path / "overrides.yaml"
    edit = splice.write(path, "x", "one", {"topics": ["a"]}, means, tmp_path, splice.digest(None))
    assert path.read_text() == "one: [a]\n"
    splice.replace(path, edit.after, edit.before, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changed_underneath_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(splice.Stale, match="changed by someone else"):
        write(tmp_path / "o.yaml", "one: [a]\n", splice.digest(b"one: [b]\n"), topics=["c"])
    assert (tmp_path / "o.yaml").read_text() == "one: [a]\n"


@pytest.mark.parametrize(
    "text",
    [
        "one: [a\ntwo: [b]\n",
        "- one\n",
        "just text\n",
        "one: [a]\none: [b]\n",
        "one: &x [a]\ntwo: *x\n",
        "one: !!set [a]\n",
        "one: [a]\n---\ntwo: [b]\n",
        "one:\n\t- a\n",
    ],
)
def test_a_broken_file_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "o.yaml"
    with pytest.raises(SiteError):
        write(path, text, topics=["c"])
    assert path.read_bytes() == text.encode()


def test_a_file_in_another_encoding_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "o.yaml"
    path.write_bytes("one: [é]\n".encode("latin-1"))
    with pytest.raises(SiteError, match="UTF-8"):
        splice.write(path, "o", "one", {"topics": ["a"]}, means, tmp_path, splice.digest(path.read_bytes()))


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("one: [a]\n")
    (tmp_path / "real.yaml").chmod(0o640)
    (tmp_path / "o.yaml").symlink_to("real.yaml")
    write(tmp_path / "o.yaml", "one: [a]\n", topics=["b"])
    assert (tmp_path / "o.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "one: [b]\n"
    assert (tmp_path / "real.yaml").stat().st_mode & 0o777 == 0o640


KILLED = """
import os, signal, sys
from pathlib import Path
from sitegen import splice

path, after, calls = Path(sys.argv[1]), int(sys.argv[2]), 0

def wrapped(real):
    def call(*args, **kwargs):
        global calls
        calls += 1
        if calls == after:
            if real is os.write or real is os.fsync:
                return os.kill(os.getpid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        made = real(*args, **kwargs)
        calls += 1
        if calls == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return made
    return call

for name in "open write fsync replace rename chmod unlink".split():
    setattr(os, name, wrapped(getattr(os, name)))
seen = splice.digest(path.read_bytes())
splice.write(path, "o", "one", {"note": "x" * 100000}, lambda k: k, path.parent / ".sitegen", seen)
print("done", calls)
"""


def test_killed_at_any_moment_it_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    old = ("# kept\n" * 5000 + "one: [a]\n").encode()
    new = change(old.decode(), note="x" * 100000).encode()
    seen, path, environment = (
        [],
        tmp_path / "o.yaml",
        {**os.environ, "PYTHONPATH": str(Path(splice.__file__).parents[1])},
    )
    for after in range(1, 200):
        path.write_bytes(old)
        command = [sys.executable, "-c", KILLED, str(path), str(after)]
        run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        found = path.read_bytes()
        assert found in (old, new)
        seen.append(found == new)
        if run.returncode == 0:
            break
        assert run.returncode == -9, run.stderr
        write(path, old.decode(), pin=True)  # what was left behind is in nobody's way
        assert path.read_bytes() == change(old.decode(), pin=True).encode()
    assert run.returncode == 0
    assert len(seen) > 8
    assert seen == sorted(seen)
    assert not seen[0]
    assert seen[-1]
