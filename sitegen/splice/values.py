"""Values as YAML on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sitegen.splice.data import Plain

_NO_PLAIN = re.compile(r"[^\w./(+]|.*(?::\s|\s#|:$|\s$)|(?:null|true|false|yes|no|on|off)$", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def rendered(value: Plain, flow: bool) -> str:
    """A value on one line. `flow`: within brackets, where commas and brackets must be quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        odd = _NO_PLAIN.match(value) or _UNSEEN.search(value) or (flow and re.search(r"[,\[\]{}?:#]", value))
        return quoted(value) if odd or not value else value
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{rendered(k, True)}: {rendered(v, True)}' for k, v in value.items())}}}"
    return f"[{', '.join(rendered(item, True) for item in value)}]"


def quoted(text: str) -> str:
    def escape(found: re.Match[str]) -> str:
        code = ord(found[0])
        return f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"

    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{_UNSEEN.sub(escape, plain)}"'


def like(old: Any, value: Plain, flow: bool) -> str:
    """A value, in the quotes of the one that it replaces."""
    if isinstance(value, str):
        if old.style == '"':
            return quoted(value)
        if old.style == "'" and not _UNSEEN.search(value):
            return "'" + value.replace("'", "''") + "'"
    return rendered(value, flow)
