r"""TeX maths as MathML, made at build time, so that no page needs a script for it.

The converter's output is rebuilt from an allow-list of elements and attributes: it would pass on links and styles from
hostile TeX. Anything broken or unknown gives None, and the page shows the TeX itself.
"""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ET
from html import escape

from sitegen.tex import MATHS

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
def to_mathml(tex: str) -> str | None:
    """The `<math>` element for TeX without its dollar signs; None when the TeX is broken or not understood."""
    from latex2mathml.converter import convert

    try:
        tree = ET.fromstring(convert(tex))  # the output of our own converter
    except Exception:  # the converter raises many kinds, none of them documented
        return None
    try:
        body = "".join(map(_rebuild, tree))
    except ValueError:
        return None
    annotation = f'<annotation encoding="application/x-tex">{escape(tex, quote=False)}</annotation>'
    return f"<math><semantics>{body}{annotation}</semantics></math>" if body else None


def _rebuild(node: ET.Element) -> str:
    """The element, and all below it, as far as allowed. Raises ValueError for what a reader should see as TeX."""
    name = node.tag.removeprefix(_NAMESPACE)
    text = node.text or ""
    if name not in _ELEMENTS or text.startswith("\\"):
        raise ValueError(name)
    attributes = "".join(f' {k}="{escape(v)}"' for k, v in node.attrib.items() if k in _ATTRIBUTES)
    return f"<{name}{attributes}>{escape(text, quote=False)}{''.join(map(_rebuild, node))}</{name}>"


def broken(text: str) -> list[str]:
    """The TeX between dollar signs in a text that cannot be shown as maths."""
    return [match[0] for match in MATHS.finditer(text) if to_mathml(match[1]) is None]
