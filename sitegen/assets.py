"""Scripts, styles and icons: copied into a folder named by their content, so that a browser keeps them.

The stylesheets in `assets/css/` become one file, in the order of their names, `custom.css` last; the modules that every
page needs become one script, and so do those of the search, because a reader far away waits for every file. A file of
the site's own replaces the shipped one of the same name. Scripts and styles lose their indentation and comments that
have lines of their own, scripts the spaces beside signs, and nothing else: they run as they were written. Words that a
script says are put into it, in the place of its import of `words.js`.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from sitegen.files import read_own
from sitegen.words import ENGLISH, Words

STYLESHEET = "site.css"
SITE_SCRIPT = "site.js"
SEARCH_SCRIPT = "search/search.js"
JOINED = {
    SITE_SCRIPT: (*(f"mine/{name}.js" for name in "state dom marks keys".split()), SITE_SCRIPT),
    SEARCH_SCRIPT: tuple(f"search/{name}.js" for name in "text store reader engine mark finder page".split()),
}
"""Scripts that are made of several modules: each may import from those before it. Their top-level names differ."""
LATER_MODULES = (
    *(f"search/{name}.js" for name in "language spelling facets dialog tips apart landed".split()),
    *(f"mine/{name}.js" for name in "news home shelves topic parts help take list offline".split()),
)
"""Modules that are loaded when they are wanted."""
FOLDER_SCRIPT = "search/folder.js"
"""All of them as one script that is no module, for pages opened from a folder."""

WORDS_SCRIPT = "words.js"

_PATH = r"\.{1,2}/[a-z/]+\.js"
_IMPORT = re.compile(rf'^import \{{[^}}]*\}} from "(?!\.{{1,2}}/words\.js){_PATH}";\n', re.MULTILINE)
_WORDS_IMPORT = re.compile(r'^import \{[^}]*\} from "\.{1,2}/words\.js";\n', re.MULTILINE)
_TO_MODULE = re.compile(rf'(?<=[ (])"({_PATH})"')
_SAID = re.compile(r'\b(?:say|pieces)\("(\w+)"')
_LEFT_ALONE = re.compile(rb"[`'/]")
_SPACES = re.compile(rb'"(?:\\.|[^"\\])*"| *([=*<>!?:;,{}()|&\[\]]) *')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)


def collect(*folders: Path, words: Words = Words(ENGLISH)) -> dict[str, bytes]:  # noqa: B008 it is frozen
    """The assets by path within their folder; later folders win. `words`: what scripts may say."""
    found: dict[str, tuple[Path, Path]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(folder).as_posix()] = path, folder
    files = {name: spare(name, read_own(*place, f"templates/assets/{name}")) for name, place in sorted(found.items())}
    sheets = sorted(name for name in files if name.startswith("css/") and name.endswith(".css"))
    joined = b"".join(files.pop(name) for name in sorted(sheets, key=lambda n: (n == "css/custom.css", n)))
    if all(name in files for modules in JOINED.values() for name in modules):
        files = _joined(files)
    if module := files.pop(WORDS_SCRIPT, None):
        scripts = [name for name in files if name.endswith(".js")]
        files |= {name: with_words(files[name].decode(), module.decode(), words).encode() for name in scripts}
    files |= {name: squeezed(data) for name, data in files.items() if name.endswith(".js")}
    return {**files, STYLESHEET: joined}


def with_words(script: str, module: str, words: Words) -> str:
    """A script with the text of `words.js` in the place of its import, and in that the words that it says."""
    first = _WORDS_IMPORT.search(script)
    if not first:
        return script
    said = {name: words.phrases[name] for name in _SAID.findall(script) if name in words.phrases}
    constants = {"LANGUAGE": words.language, "WORDS": said}
    body = _EXPORT.sub("", module)
    for name, value in constants.items():
        line = f"const {name} = {json.dumps(value, ensure_ascii=False, sort_keys=True)};"
        body = re.sub(rf"^const {name} = .*$", line.replace("\\", r"\\"), body, flags=re.MULTILINE)
    start, end = script[: first.start()], script[first.end() :]
    return start + body + _WORDS_IMPORT.sub("", end)


def _joined(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with some modules in one script, and imports that lead there."""
    homes = {module: script for script, modules in JOINED.items() for module in modules}
    scripts = {name: data.decode() for name, data in files.items() if name.endswith(".js")}
    texts = {name: _leading(homes, name, _IMPORT.sub("", t) if name in homes else t) for name, t in scripts.items()}
    made = {script: "".join(texts.pop(name) for name in modules) for script, modules in JOINED.items()}
    others = {name: data for name, data in files.items() if name not in scripts}
    files = others | {name: text.encode() for name, text in (texts | made).items()}
    return {**files, FOLDER_SCRIPT: classic(files)}


def _leading(homes: Mapping[str, str], name: str, text: str) -> str:
    """A module's text with paths that lead, from where it will be, to where the modules will be that it imports."""
    folder, new_folder = posixpath.dirname(name), posixpath.dirname(homes.get(name, name))

    def way(match: re.Match[str]) -> str:
        module = posixpath.normpath(posixpath.join(folder, match[1]))
        path = posixpath.relpath(homes.get(module, module), new_folder or ".")
        return f'"{path}"' if path.startswith(".") else f'"./{path}"'

    return _TO_MODULE.sub(way, text)


def classic(files: Mapping[str, bytes]) -> bytes:
    """All scripts as one that is no module: for pages opened from a folder, where browsers refuse modules.

    Each keeps its names to itself but for those that it exports."""
    parts, names = [f'import {{ say, pieces }} from "../{WORDS_SCRIPT}";\n'], list[str]()
    for name in (SEARCH_SCRIPT, *LATER_MODULES, SITE_SCRIPT):
        text = _WORDS_IMPORT.sub("", _IMPORT.sub("", files[name].decode()))
        own = re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", text, re.MULTILINE)
        given = f"{{ {', '.join(own)} }}"
        parts.append(f"const {given} = (() => {{\n{_EXPORT.sub('', text)}return {given};\n}})();\n")
        names += own if name != SITE_SCRIPT else []
    parts.append(f"async function everything() {{ return {{ {', '.join(names)} }}; }}\n")
    body = re.sub(r"\bimport\([^)]*\)", "everything()", "".join(parts))
    return f'(() => {{\n"use strict";\n{body.replace("import.meta.url", "document.baseURI")}}})();\n'.encode()


def spare(name: str, data: bytes) -> bytes:
    """A script or style line by line, without indentation, empty lines and whole lines of comment."""
    if not name.endswith((".js", ".css")):
        return data
    lines, inside = [], False
    for line in map(bytes.strip, data.splitlines()):
        opens = line.startswith(b"/*") and (b"*/" not in line or line.endswith(b"*/"))
        if line and not inside and not opens and not (name.endswith(".js") and line.startswith(b"//")):
            lines.append(line)
        inside = (inside or opens) and not line.endswith(b"*/")
    return b"\n".join(lines) + b"\n"


def squeezed(script: bytes) -> bytes:
    """A script without spaces beside signs, outside strings; lines with a template or a pattern stay as they are."""
    lines = script.split(b"\n")
    return b"\n".join([line if _LEFT_ALONE.search(line) else _SPACES.sub(_bare, line) for line in lines])


def _bare(match: re.Match[bytes]) -> bytes:
    return match[1] or match[0]


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Eight hexadecimal digits of what the files hold."""
    digest = hashlib.blake2b(digest_size=4)
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()
