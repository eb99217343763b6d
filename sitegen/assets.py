"""Scripts, styles and icons: copied as they are into a folder named by their content, so that a browser keeps them.

The stylesheets in `assets/css/` become one file, in the order of their names, `custom.css` last. A file of the site's
own replaces the shipped one of the same name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sitegen.files import read_bytes

STYLESHEET = "site.css"


def collect(*folders: Path) -> dict[str, bytes]:
    """The assets by path within their folder; later folders win."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(folder).as_posix()] = path
    files = {name: read_bytes(path) for name, path in sorted(found.items())}
    sheets = sorted(name for name in files if name.startswith("css/") and name.endswith(".css"))
    joined = b"".join(files.pop(name) for name in sorted(sheets, key=lambda n: (n == "css/custom.css", n)))
    return {**files, STYLESHEET: joined}


def fingerprint(files: dict[str, bytes]) -> str:
    """Eight hexadecimal digits of what the files hold."""
    digest = hashlib.blake2b(digest_size=4)
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()
