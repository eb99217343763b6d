r"""Captured text made readable: TeX accents, quotes, dashes, escapes and leftovers of a lossy page, links mended.

Maths between `$...$` is kept as it stands (Pandoc's rule: the opening `$` has no space after it, the closing one no
space before and no digit after), so `$5` stays money. `clean` is idempotent: cleaned text passes unchanged.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from sitegen.text import cut, visible

MATHS = re.compile(r"(?<![\\$])\$(?=[^\s$])((?:\\.|[^\\$]){1,400}?)(?<![\s\\])\$(?![\d$])")
URL = re.compile(r"""https?://[^\s<>"'{}|\\^`\u201c\u201d]+""")

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MIRRORS = re.compile(r"(https?://)(?:(?:www\.)?hf-mirror\.[a-z0-9.-]+|(?:cn|xxx|export|www)\.(arxiv\.org))(?=[/\s]|$)")
_CODE_HOSTS = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|sourceforge\.net|"
    r"anonymous\.4open\.science|huggingface\.co)/[^/\s]+",
    re.IGNORECASE,
)
_ONE_ACCENT = (
    r"""\\(?:[`'^"~=.]\s?(?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])\s?|[A-Za-z])"""
    r"""|[cvuHkrdbt]\s?\{\\?[A-Za-z]\}|(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\s)?)"""
)
_ACCENT = re.compile(rf"\{{{_ONE_ACCENT}\}}|{_ONE_ACCENT}")
_COMMAND = re.compile(r"\{\\([A-Za-z]+)\}|\\([A-Za-z]+)(?:\{\}|(?![A-Za-z]))")
_FONTS = "textit|textbf|textsc|texttt|textrm|textsf|mathcal|mathbb|mathbf|mathrm|mathit|mathsf|underline"
_ABBREVIATIONS = {
    "eg": "e.g.",
    "ie": "i.e.",
    "etal": "et al.",
    "etc": "etc.",
    "cf": "cf.",
    "vs": "vs.",
    "wrt": "w.r.t.",
}


@functools.cache
def _converter(spaces: bool = False) -> Any:
    """The converter of TeX; with `spaces` it keeps those of the source."""
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(keep_comments=True, strict_latex_spaces="based-on-source" if spaces else False)


@functools.lru_cache(maxsize=4096)
def _accented(tex: str) -> str:
    """The letter that an accent command and its argument make."""
    text: str = _converter().latex_to_text(tex)
    return text.strip() or tex


@functools.lru_cache(maxsize=4096)
def _symbol(name: str, whole: str) -> str:
    r"""The character of a symbol command such as `\mu`; any other command is left for the reader to see."""
    macro = _converter().latex_context.get_macro_spec(name)
    text = getattr(macro, "simplify_repl", None)
    return text if isinstance(text, str) and len(text) == 1 and not text.isspace() else whole


Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_LINK_RULES: list[Rule] = [
    # A link printed twice, TeX's \url and \href, links of mirror hosts.
    (re.compile(r"(https?://[^\s{}]{1,1000})\{\1\}"), r"\1"),
    (re.compile(r"\\url\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\href\{([^{}]*)\}\{([^{}]*)\}"), r"\2 (\1)"),
    (_MIRRORS, lambda m: f"{m[1]}{m[2] or 'huggingface.co'}"),
]  # fmt: skip
_RULES: list[Rule] = [
    # Characters whose XML reference lost its "&#" and ";".
    (re.compile(r"(?<=[A-Za-z)\]])x(20(?:1[3489cd]|26))(?=[A-Za-z\s(,.]|$)"), lambda m: chr(int(m[1], 16))),
    (re.compile(r"\^\{?\\?(?:circledR|textregistered)\}?"), "®"),
    (re.compile(r"\^\{\\?(?:tiny)? ?\\?(?:TM|texttrademark)\}"), "™"),
    # Fonts, with and without their backslash.
    (re.compile(rf"\\(?:{_FONTS}|text|emph)\s?\{{([^{{}}]*)\}}"), r"\1"),
    (re.compile(rf"(?<![A-Za-z\\])(?:{_FONTS})\{{([^{{}}]*)\}}"), r"\1"),
    (re.compile(r"\\(eg|ie|etal|etc|cf|vs|wrt)(?![A-Za-z])\.?"), lambda m: _ABBREVIATIONS[m[1]]),
    # Sub- and superscripts outside maths.
    (
        re.compile(r"(?<=[A-Za-z)\]])\^(?:\{(\d{1,3})\}|(\d)(?![\dA-Za-z{}]))"),
        lambda m: (m[1] or m[2]).translate(_SUPERSCRIPTS),
    ),
    (re.compile(r"(?<=[A-Za-z0-9)\]])([_^])\{([\w*+, -]{1,40})\}"), r"\1\2"),
    # Quotes and dashes.
    (re.compile(r"``|''(?=[\s,.;:)!?]|$)"), lambda m: "“" if m[0] == "``" else "”"),
    (re.compile(r"(?<![A-Za-z0-9-])`([^`']{1,200})'(?!\w)"), r"‘\1’"),
    (re.compile(r"(?<!-)---(?!-)"), "—"),
    (re.compile(r"(?<!-)--(?!-)"), "–"),
    # "\'s" is a mere apostrophe; a dollar sign lost before a digit; escapes; spaces.
    (re.compile(r"(?<=[A-Za-z])\\'(?=(?:s|t|re|ve|ll|d|m)\b)"), "'"),
    (re.compile(r"\\(?=\d)"), "$"),
    (re.compile(r"\\([%&#_$])"), r"\1"),
    (re.compile(r"(?<=\.)\\,(?=\w)"), ""),
    (re.compile(r"\\[,;: ]|\\(?=\s|$)|(?<=[\w.,)])~(?=[A-Za-z(])"), " "),
    (_ACCENT, lambda m: _accented(m[0])),
    (_COMMAND, lambda m: _symbol(m[1] or m[2], m[0])),
    (re.compile(r"(?<![\\\w])\{([A-Za-z0-9 .:+-]{1,80})\}(?![\w{])"), r"\1"),
]  # fmt: skip
_SUSPECT = re.compile(r"[\\{}`^~]|--|''|https?://|x20|(?:text|math)[a-z]{2,4}\{")


def _between(pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """The text with `change` applied to all that the pattern does not match."""
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, change(text[end:])])


def _apply(rules: list[Rule], text: str) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _once(text: str) -> str:
    """One round over text without maths; links are mended, but never typeset."""
    return _between(URL, _apply(_LINK_RULES, text), functools.partial(_apply, _RULES))


def clean(text: str) -> str:
    """Readable text. Nothing is ever dropped but markup: what no rule knows stays as written."""
    text = visible(text)
    for _ in range(8):  # a rule may uncover work for another; bounded, and in practice two rounds
        if not _SUSPECT.search(text):
            break
        before, text = text, visible(_between(MATHS, text, _once))
        if text == before:
            break
    return text


def clean_title(title: str) -> str:
    """`clean`, and without the full stop that some sources put after a title."""
    title = clean(title)
    return title[:-1].rstrip() if re.search(r"[^.\s]\.$", title) and not re.search(r"\b\w\.\w\.$", title) else title


def links(text: str) -> list[str]:
    """The links in a text, without the punctuation that follows them, each once."""
    found = (_without_punctuation(match[0]) for match in URL.finditer(text))
    return list(dict.fromkeys(link for link in found if len(link) > len("https://")))


def _without_punctuation(link: str) -> str:
    """The link without what follows it in a sentence; a bracket that it opens itself is its own."""
    end, over = len(link), {")": link.count(")") - link.count("("), "]": link.count("]") - link.count("[")}
    while end and (link[end - 1] in ".,;:!?*" or over.get(link[end - 1], 0) > 0):
        end -= 1
        over[link[end]] = over.get(link[end], 0) - 1
    return link[:end]


def code_links(text: str) -> list[str]:
    """The links in a text that lead to code or models."""
    return [link for link in links(text) if _CODE_HOSTS.match(link)]


@functools.lru_cache(maxsize=4096)
def _spoken(tex: str) -> str:
    """Maths as plain characters, or the TeX itself where there are none for it."""
    try:
        text: str = visible(_converter(True).latex_to_text(tex, tolerant_parsing=False))
    except Exception:  # the converter raises many kinds, none of them documented
        return f"${tex}$"
    return text if text and not re.search(r"[\\{}]", text) else f"${tex}$"


def plain(text: str) -> str:
    """The text with its maths in plain characters, for titles of windows, feeds and whatever shows no MathML."""
    return MATHS.sub(lambda match: _spoken(match[1]), text) if "$" in text else text


def cut_around_maths(text: str, length: int) -> str:
    """The text cut to about `length` characters, never within maths."""
    for match in MATHS.finditer(text) if len(text) > length and "$" in text else ():
        if match.start() < length - 1 < match.end():
            return f"{text[: match.start()].rstrip()}…" if match.start() else f"{match[0]}…"
    return cut(text, length)


def looks_cut(abstract: str) -> bool:
    """Whether an abstract seems to end in mid-sentence: no final punctuation, or an ellipsis of the page."""
    end = abstract.rstrip()
    if end.endswith(("…", "...")):
        return True
    last = end.rsplit(" ", 1)[-1]
    return bool(end) and end[-1] not in ".!?)]\"'”’。！？$*" and not re.search(r"https?://|\w\.\w+/", last)
