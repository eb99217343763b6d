"""Templates to HTML. The only place that makes `Markup` of texts, and with `jinja` the only one that touches Jinja.

Templates are looked up in the site's own `templates/` first, file by file, then in the shipped ones, which are also at
the prefix `sitegen/`, so that a site's `paper.html` can extend `sitegen/paper.html` and change one block.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from sitegen import markdown, tex, urls
from sitegen.errors import Problem, SiteError, Where
from sitegen.files import decoded, read_own
from sitegen.model import Site
from sitegen.views import Page
from sitegen.words import Words

PACKAGE = Path(__file__).parent


def shipped_templates() -> Path:
    """The templates that come with sitegen: in the wheel inside the package, in the repository beside it."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


_OURS = (Path(__file__), PACKAGE / "jinja.py")
"""Whose frames stand between a template and its mistake."""
_kept = functools.lru_cache(maxsize=32_768, typed=True)


def _called(macro: Callable[..., str], *arguments: object) -> str:
    return macro(*arguments)


_HINT = "templates/README.md says what a template sees"


class Renderer:
    """The site's templates, ready to render its pages."""

    def __init__(self, site: Site, own_templates: Path, assets: str, words: Words, cache: Path | None = None) -> None:
        """`assets`: path of the assets' folder from the site's root; `cache`: folder for the templates' code."""
        from sitegen import jinja  # loaded when there is a page to make

        self.site = site
        self.folders = (own_templates, shipped_templates())
        for path in sorted(own_templates.rglob("*.html")):
            shown = f"templates/{path.relative_to(own_templates).as_posix()}"
            decoded(read_own(path, own_templates, shown), shown)  # says so when it is no text
        self.environment = jinja.environment(own_templates, shipped_templates(), cache)
        inline, once = _kept(lambda text: Markup(markdown.inline(text))), _kept(_called)
        self._caches = (inline, once, markdown.quote_name)
        self.environment.filters |= {
            "inline": inline,
            "prose": lambda text: Markup(markdown.inline(text, links=True)),
            "markdown": lambda text, root: Markup(markdown.render(text, root)),
            "plain": tex.plain,
            "date": _kept(words.date),
            "json": _json,
        }
        self.environment.globals |= {"site": site, "assets": assets, "words": words, "once": once}

    def page(self, page: Page, manifest: object = None, known: str = "") -> str:
        """A page's HTML. `manifest`: that of the search, if it is so short that the search page holds it; `known`: path
        of the search's file with the numbers of all papers. Raises SiteError that names the template and line when a
        template is wrong.
        """
        root = urls.root(page.permalink)
        if page.permalink in (urls.NOT_FOUND, urls.OFFLINE):
            root = urls.base_path(self.site.base_url)  # served at any depth: relative links would miss
        canonical = urls.absolute(page.permalink, self.site.base_url) if self.site.base_url else ""
        try:
            template = self.environment.get_template(page.template)
            return template.render(
                page=page, view=page.view, root=root, canonical=canonical, manifest=manifest, known=known
            )
        except Exception as error:
            problem = self._problem(error, page)
            if problem is None:
                raise  # not the template's fault
            raise SiteError([problem]) from error

    def forget(self) -> None:
        """Give back what was made for many pages at once: they are made."""
        for cache in self._caches:
            cache.cache_clear()

    def _problem(self, error: Exception, page: Page) -> Problem | None:
        """What is wrong with a template, if it is a template that is wrong."""
        from jinja2 import TemplateError, TemplateSyntaxError

        if isinstance(error, TemplateSyntaxError):
            place = Where(f"templates/{error.name or page.template}", error.lineno)
            return Problem(place, f"template error: {error.message}", _HINT)
        name, line = self._place(error)
        if not name and not isinstance(error, TemplateError):
            return None
        message = f"template error on the page {page.permalink}: {error}"
        return Problem(Where(name or f"templates/{page.template}", line), message, _HINT)

    def _place(self, error: BaseException) -> tuple[str, int]:
        """The template, and the line in it, that the error came from; empty when it came from our own code."""
        place, trace = ("", 0), error.__traceback__
        while trace:
            file = Path(trace.tb_frame.f_code.co_filename)
            for folder in self.folders:
                if file.is_relative_to(folder):
                    place = (f"templates/{file.relative_to(folder).as_posix()}", trace.tb_lineno)
            if file.parent == PACKAGE and file not in _OURS:
                place = ("", 0)
            trace = trace.tb_next
        return place


def _json(value: Any) -> Markup:
    """JSON for a data block in HTML: no character that could end the block."""
    try:
        text = msgspec.json.encode(value, order="sorted", enc_hook=_plain).decode() if _is_plain(value) else ""
    except (TypeError, UnicodeEncodeError):
        text = ""
    text = text or json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _is_plain(value: Any) -> bool:
    """Whether there are no fractions, which msgspec may write in another way than Python."""
    kind = type(value)
    if kind is str or kind is int:
        return True
    inside = value.values() if kind is dict else value if kind is list or kind is tuple else ()
    return kind is not float and all(map(_is_plain, inside))


def _plain(value: Any) -> str:
    """Words of the interface, which are texts of a class of their own."""
    if isinstance(value, str):
        return str(value)
    raise TypeError
