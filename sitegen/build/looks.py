"""What the look of a page depends on: its template, and all that this one names.

A template is found as `jinja.environment` finds it: in the site's own templates before the shipped ones, which are at
`sitegen/` too. One that loads what its text does not name, such as `{% include kind ~ ".html" %}`, may load any.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from sitegen.pages import digest

Files = Mapping[str, bytes]
"""Templates by path."""

_LOAD = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b")
_LOAD_NAMED = re.compile(
    _LOAD.pattern + r"""\s*(?:"([^"\n\\]+)"|'([^'\n\\]+)')\s*(?:[-+]?%\}|\b(?:as|import|ignore|with)\b)"""
)


class Looks:
    """The templates of a site."""

    def __init__(self, shipped: Files, own: Files) -> None:
        self._shipped, self._own = shipped, own
        self.of = functools.cache(self._of)
        self._all = functools.cache(lambda: digest(dict(shipped), dict(own)))

    def _of(self, template: str) -> bytes:
        """Stands for all files that a page with this template may be made by."""
        found: dict[str, bytes] = {}
        todo = [template]
        while todo:
            name = todo.pop()
            path, text = self._find(name)
            if not path or path in found:
                continue
            said = text.decode("utf-8", "replace")
            named = [one or other for one, other in _LOAD_NAMED.findall(said)]
            if len(_LOAD.findall(said)) != len(named) or not all(map(self._is_sure, named)):
                return self._all()
            found[path] = text
            todo += named
        return digest(sorted(found.items()))

    def _is_sure(self, name: str) -> bool:
        """Whether it is certain which file has this name: some disks do not tell small letters from large ones."""
        path, _ = self._find(name)
        wanted = name.rpartition("/")[2].casefold()
        return bool(path) or all(
            wanted != known.rpartition("/")[2].casefold() for known in (*self._own, *self._shipped)
        )

    def _find(self, name: str) -> tuple[str, bytes]:
        """The file of this name, and its path; nothing when there is none."""
        name = "/".join(part for part in name.split("/") if part not in ("", "."))  # as Jinja's loaders do
        if name in self._own:
            return f"own/{name}", self._own[name]
        for path in (name, name.removeprefix("sitegen/")):
            if path in self._shipped:
                return path, self._shipped[path]
        return "", b""
