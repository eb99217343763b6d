"""The house rules: imports go down through the layers only, rooms stay small, and every room has its tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sitegen"
LAYERS = (
    "errors text arrays tex dates model meta drawings views",
    "yamlio fields keys urls files lock together snapshot markdown maths features words cite splice revision excerpt "
    "memo jinja",
    "config ingest store merge near curate topics relate pages figures "
    "search feeds render export output assets cards schema part offline services mentions",
    "build intake",
    "api check serve init progress place evaluate find explain diff review verify cli __main__",
)
LAYER = {room: number for number, rooms in enumerate(LAYERS) for room in rooms.split()}
STAGES, COMPOSITIONS = 2, 3
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 330, 60
FILES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}


def room(name: str) -> str:
    """The module or package right below `sitegen` that a dotted or `/` name lies in; empty for `sitegen` itself."""
    first = re.split(r"[./]", name)[0]
    return "" if first == "__init__" else first


def dotted(tree: ast.AST, package: str) -> Iterator[str]:
    """Every name that is imported anywhere in the code, also in functions, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_used(name: str, tree: ast.AST) -> set[str]:
    """The other rooms of the house that a file imports."""
    package = ".".join(["sitegen", *name.split("/")[:-1]])
    names = [n.removeprefix("sitegen.") for n in dotted(tree, package) if n.startswith("sitegen.")]
    return {room(n) for n in names if room(n) in LAYER} - {room(name)}


USES: dict[str, set[str]] = {}
for file_name, file_path in FILES.items():
    USES.setdefault(room(file_name), set()).update(rooms_used(file_name, ast.parse(file_path.read_text("utf-8"))))
PAIRS = sorted((user, used) for user, all_used in USES.items() for used in all_used)


def test_the_imports_are_seen_in_every_form() -> None:
    code = "import json, sitegen.store\nfrom sitegen import urls as u, text\nfrom sitegen.errors import fail\n"
    code += "from .twin import x\nfrom ..search import y\ndef f():\n    from sitegen import build\n"
    assert rooms_used("pages/compose", ast.parse(code)) == {"store", "urls", "text", "errors", "search", "build"}
    assert rooms_used("store", ast.parse("from . import urls\nfrom .model import Paper\n")) == {"urls", "model"}


def test_every_room_stands_in_the_table_of_layers() -> None:
    assert {room(name) for name in FILES} - {""} == set(LAYER)


def test_the_package_itself_imports_no_room() -> None:
    assert USES[""] == set()


@pytest.mark.parametrize(("user", "used"), PAIRS, ids=lambda name: str(name))
def test_no_import_goes_up_or_from_stage_to_stage(user: str, used: str) -> None:
    if user in ("cli", "__main__"):  # the command line may call every command, but nothing calls it
        assert LAYER[used] <= LAYER[user]
        assert used != "__main__"
    elif LAYER[user] < STAGES:  # tools of one layer may use each other, in no circle: see below
        assert LAYER[used] <= LAYER[user]
    else:
        assert LAYER[used] < LAYER[user]


def test_no_rooms_import_each_other_in_a_circle() -> None:
    below: dict[str, set[str]] = dict(USES)
    while leaves := [name for name, used in below.items() if not used]:
        below = {name: used - set(leaves) for name, used in below.items() if name not in leaves}
    assert below == {}


@pytest.mark.parametrize("user", sorted(LAYER))
def test_only_the_two_compositions_bring_stages_together(user: str) -> None:
    stages = {used for used in USES[user] if LAYER[used] == STAGES}
    assert len(stages) <= 1 or LAYER[user] == COMPOSITIONS


@pytest.mark.parametrize("name", FILES)
def test_a_module_is_short_and_says_what_it_is_for(name: str) -> None:
    text = FILES[name].read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("name", FILES)
def test_functions_are_short(name: str) -> None:
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(FILES[name].read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def rooms_with_tests() -> set[str]:
    """The rooms that tests import, run as a command, or have in a file's name; this file names them all, and is out."""
    named: set[str] = set()
    for path in sorted(set(ROOT.glob("tests/*.py")) - {Path(__file__)}):
        tree = ast.parse(path.read_text("utf-8"))
        strings = [str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        named |= {room(n.removeprefix("sitegen.")) for n in dotted(tree, "tests") if n.startswith("sitegen.")}
        named |= set(strings) & set(LAYERS[-1].split()) | set(path.stem.split("_"))
        named |= {"__main__"} if {"-m", "sitegen"} <= set(strings) else set()
    return named


@pytest.mark.parametrize("tested", sorted(LAYER))
def test_every_room_has_tests(tested: str) -> None:
    assert tested in rooms_with_tests()


def test_only_what_a_person_touches_prints() -> None:
    printing = {
        room(name)
        for name, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= set(LAYERS[-1].split())
