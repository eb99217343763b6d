r"""TeX maths as MathML, made at build time, so that no page needs a script for it.

The converter's output is rebuilt from an allow-list of elements and attributes: it would pass on links and styles from
hostile TeX. Anything broken or unknown gives None, and the page shows the TeX itself.
"""

from __future__ import annotations

import functools
from html import escape
from typing import TYPE_CHECKING, Any

from sitegen.tex import MATHS

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

Tree = list[Any]
"""An element of MathML as `[name, {attribute: value}, child, ...]`; a child is an element or text. JSON as it is."""

_ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup mover munder munderover mfrac msqrt mroot mtable mtr mtd"
    " mstyle mphantom mpadded menclose mmultiscripts".split()
)
_ATTRIBUTES = frozenset(
    "mathvariant stretchy fence separator lspace rspace minsize maxsize accent accentunder displaystyle scriptlevel"
    " linethickness columnalign rowspacing columnspacing width height depth notation form".split()
)
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


@functools.lru_cache(maxsize=8192)
def to_tree(tex: str) -> Tree | None:
    """The `<math>` element for TeX without its dollar signs; None when the TeX is broken or not understood."""
    from xml.etree import ElementTree as ET

    from latex2mathml.converter import convert

    try:
        tree = ET.fromstring(convert(tex))  # the output of our own converter
    except Exception:  # the converter raises many kinds, none of them documented
        return None
    try:
        body = [_rebuilt(node) for node in tree]
    except ValueError:
        return None
    annotation = ["annotation", {"encoding": "application/x-tex"}, tex]
    return ["math", {}, ["semantics", {}, *body, annotation]] if body else None


def _rebuilt(node: ET.Element) -> Tree:
    """The element, and all below it, as far as allowed. Raises ValueError for what a reader should see as TeX."""
    name = node.tag.removeprefix(_NAMESPACE)
    text = node.text or ""
    if name not in _ELEMENTS or text.startswith("\\"):
        raise ValueError(name)
    attributes = {k: v for k, v in node.attrib.items() if k in _ATTRIBUTES}
    return [name, attributes, *([text] if text else []), *map(_rebuilt, node)]


@functools.lru_cache(maxsize=8192)
def to_mathml(tex: str) -> str | None:
    """The same as HTML."""
    tree = to_tree(tex)
    return _html(tree) if tree else None


def _html(tree: Tree) -> str:
    name, attributes, *inside = tree
    shown = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    body = "".join(escape(part, quote=False) if isinstance(part, str) else _html(part) for part in inside)
    return f"<{name}{shown}>{body}</{name}>"


def trees(*texts: str) -> dict[str, Tree]:
    """What a script needs to show the maths of texts: TeX with its dollar signs -> element. Broken TeX is left out."""
    found = {match[0]: to_tree(match[1]) for text in texts if "$" in text for match in MATHS.finditer(text)}
    return {tex: tree for tex, tree in found.items() if tree}


def broken(text: str) -> list[str]:
    """The TeX between dollar signs in a text that cannot be shown as maths."""
    return [match[0] for match in MATHS.finditer(text) if to_tree(match[1]) is None]
