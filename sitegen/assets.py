"""Scripts, styles and icons: copied into a folder named by their content, so that a browser keeps them.

The stylesheets in `assets/css/` become one file, in the order of their names, `custom.css` last; the modules of the
search that are always needed become one script, because a reader far away waits for every file. A file of the site's
own replaces the shipped one of the same name. Scripts and styles lose their indentation and the comments that have
lines of their own, and nothing else: they run as they were written. The words that a script says are put into it, in
the place of its import of `words.js`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from sitegen.files import read_bytes
from sitegen.words import ENGLISH, Words

STYLESHEET = "site.css"
SEARCH_SCRIPT = "search/search.js"
SEARCH_MODULES = tuple(f"search/{name}.js" for name in "text store reader engine mark finder page".split())
"""What becomes one script: each may import from those before it. Their top-level names differ."""
FOLDER_SCRIPT = "search/folder.js"
"""The same and `site.js` as one script that is no module, for pages opened from a folder."""
LATER_MODULES = tuple(f"search/{name}.js" for name in "language spelling facets dialog tips".split())

WORDS_SCRIPT = "words.js"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?!words\.js)[a-z]+\.js";\n', re.MULTILINE)
_WORDS_IMPORT = re.compile(r'^import \{[^}]*\} from "\.{1,2}/words\.js";\n', re.MULTILINE)
_SAID = re.compile(r'\b(?:say|pieces)\("(\w+)"')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.MULTILINE)
_NAMES = "|".join(Path(name).stem for name in SEARCH_MODULES)
_TO_JOINED = re.compile(rf'(["])(\./(?:search/)?)(?:{_NAMES})\.js"')


def collect(*folders: Path, words: Words = Words(ENGLISH)) -> dict[str, bytes]:  # noqa: B008 it is frozen
    """The assets by path within their folder; later folders win. `words`: what scripts may say."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(folder).as_posix()] = path
    files = {name: spare(name, read_bytes(path)) for name, path in sorted(found.items())}
    sheets = sorted(name for name in files if name.startswith("css/") and name.endswith(".css"))
    joined = b"".join(files.pop(name) for name in sorted(sheets, key=lambda n: (n == "css/custom.css", n)))
    if all(name in files for name in SEARCH_MODULES):
        files = _with_one_search(files)
    if module := files.pop(WORDS_SCRIPT, None):
        scripts = [name for name in files if name.endswith(".js")]
        files |= {name: with_words(files[name].decode(), module.decode(), words).encode() for name in scripts}
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


def _with_one_search(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with the modules of the search in one, and imports that lead there."""
    parts = [_IMPORT.sub("", files.pop(name).decode()) for name in SEARCH_MODULES]
    files = {**files, SEARCH_SCRIPT: "".join(parts).encode()}
    scripts = [name for name in files if name.endswith(".js")]
    files |= {name: _TO_JOINED.sub(r"\1\2search.js\1", files[name].decode()).encode() for name in scripts}
    return {**files, FOLDER_SCRIPT: classic(files)}


def classic(files: Mapping[str, bytes]) -> bytes:
    """All scripts as one that is no module: for pages opened from a folder, where browsers refuse modules."""
    parts, names = [], list[str]()
    for name in (SEARCH_SCRIPT, *LATER_MODULES, "site.js"):
        text = _IMPORT.sub("", files[name].decode())
        names += re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", text, re.MULTILINE)
        parts.append(_EXPORT.sub("", text))
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


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Eight hexadecimal digits of what the files hold."""
    digest = hashlib.blake2b(digest_size=4)
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()
