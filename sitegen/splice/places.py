"""Where things begin and end in a YAML text, by the marks of its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from sitegen import yamlio

BREAK = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"(?<!\S)#[^\r\n]*")
_SEPARATORS = re.compile("[\x85\u2028\u2029]")
"""Ends of lines to the parser, and to no editor."""


def compose(text: str) -> Any:
    """The tree of a text, with the index of each node's beginning and end; None when there is nothing in it."""
    root = yaml.compose(_SEPARATORS.sub(" ", text), Loader=yamlio.Loader)
    return root if isinstance(root, yaml.MappingNode) else None


def value(mapping: Any, name: str) -> Any:
    return next(value for key, value in mapping.value if key.value == name)


def line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def line_end(text: str, index: int) -> tuple[int, int]:
    """Where the line of a place ends, and where the next begins."""
    found = BREAK.search(text, index)
    return found.span() if found else (len(text), len(text))


def last_break(text: str) -> str:
    return "\r\n" if text.endswith("\r\n") else text[-1:] if text.endswith(("\n", "\r")) else ""


def line_break(text: str) -> str:
    """The line end that the text uses."""
    found = BREAK.search(text)
    return found[0] if found else "\n"


def end(text: str, node: Any) -> int:
    """Where a node's last character is, blank lines after it left out."""
    if isinstance(node, yaml.ScalarNode):
        block = node.style in ("|", ">")
        return len(text[: node.end_mark.index].rstrip()) if block else int(node.end_mark.index)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    key, value = last if isinstance(last, tuple) else (last, last)
    return max(end(text, key), end(text, value))


def comments(text: str, start: int, end: int, *nodes: Any) -> list[str]:
    """The comments in a stretch of the text that holds these nodes."""
    masked = list(text[start:end])
    for leaf in leaves(nodes):
        first, last = leaf.start_mark.index - start, leaf.end_mark.index - start
        if leaf.style in ("|", ">"):
            first = line_end(text, leaf.start_mark.index)[1] - start
        for index in range(max(first, 0), min(last, len(masked))):
            masked[index] = "x"
    return [found[0].rstrip() for found in _COMMENT.finditer("".join(masked))]


def leaves(nodes: Sequence[Any]) -> Iterator[Any]:
    for node in nodes:
        if isinstance(node, yaml.ScalarNode):
            yield node
        else:
            yield from leaves([n for item in node.value for n in (item if isinstance(item, tuple) else (item,))])
