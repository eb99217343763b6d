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

_LOAD = re.compile(rb"\{%[-+]?\s*(?:extends|include|import|from)\b")
_LOAD_NAMED = re.compile(
    _LOAD.pattern + rb"""\s*(?:"([^"\n\\]+)"|'([^'\n\\]+)')\s*(?:[-+]?%\}|\b(?:as|import|ignore|with)\b)"""
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
            named = _LOAD_NAMED.findall(text)
            if len(_LOAD.findall(text)) != len(named):
                return self._all()
            found[path] = text
            todo += [(one or other).decode("utf-8", "replace") for one, other in named]
        return digest(sorted(found.items()))

    def _find(self, name: str) -> tuple[str, bytes]:
        """The file of this name, and its path; nothing when there is none."""
        name = "/".join(part for part in name.split("/") if part not in ("", "."))  # as Jinja's loaders do
        if name in self._own:
            return f"own/{name}", self._own[name]
        for path in (name, name.removeprefix("sitegen/")):
            if path in self._shipped:
                return path, self._shipped[path]
        return "", b""
