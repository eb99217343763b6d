"""Templates to HTML. The only place that makes `Markup`, and the only place that touches Jinja.

Templates are looked up in the site's own `templates/` first, file by file, then in the shipped ones, which are also at
the prefix `sitegen/`, so that a site's `paper.html` can extend `sitegen/paper.html` and change one block.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
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


_HINT = "templates/README.md says what a template sees"


class Renderer:
    """The site's templates, ready to render its pages."""

    def __init__(self, site: Site, own_templates: Path, assets: str, words: Words) -> None:
        """`assets`: path of the assets' folder from the site's root."""
        self.site = site
        self.folders = (own_templates, shipped_templates())
        for path in sorted(own_templates.rglob("*.html")):
            shown = f"templates/{path.relative_to(own_templates).as_posix()}"
            decoded(read_own(path, own_templates, shown), shown)  # says so when it is no text
        shipped = FileSystemLoader(shipped_templates())
        self.environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(own_templates), shipped, PrefixLoader({"sitegen": shipped})]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.filters |= {
            "inline": lambda text: Markup(markdown.inline(text)),
            "prose": lambda text: Markup(markdown.inline(text, links=True)),
            "markdown": lambda text, root: Markup(markdown.render(text, root)),
            "plain": tex.plain,
            "date": words.date,
            "json": _json,
        }
        self.environment.globals |= {"site": site, "assets": assets, "words": words}

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
        except TemplateSyntaxError as error:
            place = Where(f"templates/{error.name or page.template}", error.lineno)
            raise SiteError([Problem(place, f"template error: {error.message}", _HINT)]) from error
        except Exception as error:
            name, line = self._place(error)
            if not name and not isinstance(error, TemplateError):
                raise  # not the template's fault
            message = f"template error on the page {page.permalink}: {error}"
            raise SiteError([Problem(Where(name or f"templates/{page.template}", line), message, _HINT)]) from error

    def _place(self, error: BaseException) -> tuple[str, int]:
        """The template, and the line in it, that the error came from; empty when it came from our own code."""
        place, trace = ("", 0), error.__traceback__
        while trace:
            file = Path(trace.tb_frame.f_code.co_filename)
            for folder in self.folders:
                if file.is_relative_to(folder):
                    place = (f"templates/{file.relative_to(folder).as_posix()}", trace.tb_lineno)
            if file.parent == PACKAGE and file != Path(__file__):
                place = ("", 0)
            trace = trace.tb_next
        return place


def _json(value: Any) -> Markup:
    """JSON for a data block in HTML: no character that could end the block."""
    import json

    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
