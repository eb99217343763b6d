"""The index as one script, for a site that is opened from a folder, where a page may not ask for files."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sitegen.search.tables import FOLDER

PAPERS = 1_000
"""Only lists below this size get it: the script holds everything at once."""
PATH = FOLDER + "local.js"


def script(shards: Mapping[str, bytes], manifest: Mapping[str, object]) -> bytes:
    """The script: a plain assignment of the manifest and of all shards, by path in that of the search, in base 64."""
    return b"globalThis.sitegenIndex = " + msgspec.json.encode({"manifest": manifest, "files": shards}) + b";\n"
