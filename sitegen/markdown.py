"""Text to HTML: the curator's Markdown, and the plain text of records.

No raw HTML from either. Links rooted at the site (`/papers/x/`) become relative to the page; only http(s), mailto and
links within the site come through. A picture on another host becomes a link to it: pages load nothing from others.
`inline` is what Markdown makes of the escaped text, without the Markdown parser.
"""

from __future__ import annotations

import functools
import re
from html import escape as _escape
from typing import TYPE_CHECKING, Any

from sitegen.maths import to_mathml
from sitegen.tex import MATHS, URL
from sitegen.urls import is_web_link

if TYPE_CHECKING:  # loaded when there is Markdown to render
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&])|^(\d+)([.)])|^([-=])", re.MULTILINE)

_WITHIN = re.compile(r"/(?!/)[a-z0-9/._-]*")
"""Links within the site, in which nothing is to be escaped."""
LONG = 200
"""Characters from which it is quicker to look for one after the other."""
_CHARACTERS = re.compile(r"[\\`*_{}\[\]<>#+!|~&\n]")
_FIRST = re.compile(r"[\d=-]")


def escape(text: str) -> str:
    """Text as HTML text or attribute value."""
    return _escape(text, quote=False).replace('"', "&quot;")


def maths(tex: str, display: bool = False) -> str:
    """Maths as HTML: MathML, or the TeX itself where it is broken."""
    mathml = to_mathml(tex)
    if mathml is None:
        return f'<code class="tex">{escape(f"${tex}$")}</code>'
    return mathml.replace("<math>", '<math display="block">', 1) if display else mathml


def inline(text: str, links: bool = False) -> str:
    """A record's plain text as HTML: escaped, maths as MathML and, if asked, links as links."""
    parts, end = [], 0
    for match in MATHS.finditer(text) if "$" in text else ():
        parts += [_plain(text[end : match.start()], links), maths(match[1])]
        end = match.end()
    return "".join([*parts, _plain(text[end:], links)])


def _plain(text: str, links: bool) -> str:
    if not links or "://" not in text:
        return escape(text)
    parts, end = [], 0
    for match in URL.finditer(text):
        url = match[0].rstrip(".,;:!?)]")
        if is_web_link(url):
            parts += [escape(text[end : match.start()]), f'<a href="{escape(url)}" rel="nofollow">{escape(url)}</a>']
            end = match.start() + len(url)
    return "".join([*parts, escape(text[end:])])


def quote(text: str) -> str:
    """Plain text as Markdown that shows just that text. Maths between dollar signs stays maths."""
    if "$" not in text:
        return _MARKUP.sub(_escaped, text) if _may_be_markup(text) else text
    parts, end = [], 0
    for match in MATHS.finditer(text):
        parts += [_quoted(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, _quoted(text[end:])])


quote_name = functools.lru_cache(maxsize=32_768)(quote)
"""The same for what stands on many pages."""


def _may_be_markup(text: str) -> bool:
    """Whether `_MARKUP` may be found in a text. To look for single characters is quicker, however many they are."""
    if len(text) < LONG:
        return _CHARACTERS.search(text) is not None or _FIRST.match(text) is not None
    return "\n" in text or _FIRST.match(text) is not None or any(map(text.__contains__, "\\`*_{}[]<>#+!|~&"))


def _quoted(text: str) -> str:
    return _MARKUP.sub(_escaped, text).replace("$", "\\$")


def _escaped(match: re.Match[str]) -> str:
    return f"{match[2]}\\{match[3]}" if match[2] else "\\" + match[0]


def _maths_rule(self: RendererHTML, tokens: list[Token], index: int, *_: Any) -> str:
    token = tokens[index]
    return maths(token.content, display=token.type != "math_inline")


def _link_rule(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    _from_root(tokens[index], "href", env["root"])
    return self.renderToken(tokens, index, options, env)


def _image_rule(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    source = str(tokens[index].attrs.get("src", ""))
    if ":" in source:
        alt = self.renderInlineAsText(tokens[index].children, options, env)
        return f'<a href="{escape(source)}">{escape(alt or source)}</a>'
    _from_root(tokens[index], "src", env["root"])
    return self.image(tokens, index, options, env)


def _cell_rule(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    """A table's cell with its alignment as a class: pages allow no style of an element's own."""
    style = str(tokens[index].attrs.pop("style", ""))
    if style:
        tokens[index].attrs["class"] = f"to-{style.removeprefix('text-align:')}"
    return self.renderToken(tokens, index, options, env)


def _from_root(token: Token, name: str, root: str) -> None:
    """Make an address that is rooted at the site relative to the page."""
    address = str(token.attrs.get(name, ""))
    if address.startswith("/"):
        token.attrs[name] = root + address[1:]


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=False)
    for kind in ("math_inline", "math_block", "math_inline_double", "math_block_label"):
        parser.add_render_rule(kind, _maths_rule)
    parser.add_render_rule("link_open", _link_rule)
    parser.add_render_rule("th_open", _cell_rule)
    parser.add_render_rule("td_open", _cell_rule)
    parser.add_render_rule("image", _image_rule)
    parser.validateLink = _allowed  # type: ignore[method-assign]
    usual = parser.normalizeLink
    parser.normalizeLink = lambda url: url if _WITHIN.fullmatch(url) else usual(url)  # type: ignore[method-assign]
    return parser


def _allowed(url: str) -> bool:
    return bool(re.match(r"(https?://|mailto:|#|/(?!/)|\.{0,2}/(?!/))", url, re.IGNORECASE)) and "\\" not in url


def render(text: str, root: str) -> str:
    """Markdown as HTML. `root` leads from the page to the site's root."""
    return str(_parser().render(text, {"root": root}))
