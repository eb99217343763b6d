"""Small sites that are hard to set: what is too long, too many, missing, or written from right to left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sites import BASE_URL, paper, write, write_site

LONG_TITLE = "On the Unreasonable Length of Titles in Which Every Author Wanted One More Clause, " * 5
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
LONG_MATHS = "$" + " + ".join(f"x_{{{n}}}^{{{n + 1}}}" for n in range(1, 22)) + "$"
SITE = f"""\
title: {"A Site With a Name That Nobody Can Remember " * 3}
base_url: {BASE_URL}
description: {LONG_WORD} {"and so on " * 40}
"""
TOPICS = f"""\
- group: {"A group whose name goes on and on, " * 4}
  slug: first
  topics:
    - {{slug: many, name: Many papers, scope: A topic of three parts., terms: [many: 3]}}
    - {{slug: odd, name: "{LONG_WORD[:80]} {"and other oddities " * 6}", scope: "{"Odd " * 80}", terms: [odd: 3]}}
    - {{slug: single, name: One paper, terms: [lonely: 9]}}
    - {{slug: empty, name: No papers}}
    - {{slug: pinned, name: Pinned without a note, terms: [pinnable: 9]}}
"""
NOTE = f"""\
Look at `{"a_very_long_name_in_code_" * 8}` and {LONG_WORD}.

- one {LONG_WORD}

```
{"a line of code that does not end " * 10}
```

$$\\sum_{{i=0}}^{{n}} {LONG_MATHS.strip("$")}$$
"""


def nasty(folder: Path) -> Path:
    """A site with every hard case, to be built."""
    odd: list[dict[str, Any]] = [
        paper("long-title", title=f"Odd {LONG_TITLE}", authors=["A. Author"], venue="Proceedings of " * 20),
        paper("long-word", title=f"Odd {LONG_WORD}", authors=[LONG_WORD, "B. Author"], keywords=[LONG_WORD, "k " * 60]),
        paper("crowd", title="Odd crowd", authors=[f"Person Number{n} of-the-Crowd" for n in range(300)]),
        paper("right-to-left", title="odd نماذج اللغة الكبيرة: دراسة", authors=["محمد علي", "דוד כהן"]),
        paper("arabic", title="نماذج اللغة الكبيرة odd", authors=["محمد علي"], also_titled=["نماذج أخرى"]),
        paper("chinese", title="大型语言模型的训练与对齐" * 12 + " odd", authors=["王伟"]),
        paper("maths", title=f"Odd {LONG_MATHS} and $\\frac{{1}}{{$", authors=["C. Author"]),
        paper("bare", title="Odd"),
        paper("linked", title="Odd links", url="https://example.org/" + "x" * 300, doi="10.1/" + "y" * 80),
        paper("lonely", title="Lonely"),
        paper("pin-one", title="Pinnable one"),
        paper("pin-two", title="Pinnable two"),
    ]
    many = [
        paper(f"many-{n:03}", title=f"Many papers {n}", authors=[f"Writer W{n}"], published=f"{2000 + n % 26}-05")
        for n in range(120)
    ]
    site = write_site(folder, [*odd, *many], site_yaml=SITE, topics_yaml=TOPICS)
    words = "".join(
        f"{record['slug']}:\n  tldr: '{LONG_WORD if n % 2 else 'A line'} {'and more ' * (n * 3)}'\n"
        f"  summary: '{LONG_WORD} {'said at length ' * 40}'\n"
        for n, record in enumerate(odd[:8])
    )
    write(site / "content/summaries/odd.yaml", words)
    write(site / "content/notes/odd.md", NOTE)
    write(site / "content/overrides.yaml", "pin-one: {pin: true}\n")
    return site


def small_sites(folder: Path) -> dict[str, Path]:
    """Sites of which nearly everything is missing."""
    return {
        "empty": write_site(folder / "empty", topics_yaml=""),
        "no-topics": write_site(folder / "no-topics", [paper("alpha", published="2024")], topics_yaml=""),
        "one-paper": write_site(folder / "one", [paper("alpha")]),
        "only-topics": write_site(folder / "only-topics"),
    }


PAGES = (
    "",
    "topics/",
    "topics/many/",
    "topics/many/page/2/",
    "topics/odd/",
    "topics/single/",
    "topics/empty/",
    "topics/pinned/",
    *(f"papers/{slug}/" for slug in ("long-title", "long-word", "crowd", "right-to-left", "arabic", "chinese")),
    *(f"papers/{slug}/" for slug in ("maths", "bare", "linked")),
    "authors/",
    "authors/c/",
    "authors/other/",
    "years/",
    "years/undated/",
    "lists/",
    "map/",
    "my/",
    "search/",
    "search/?q=odd",
    "about/",
    "404.html",
)
