"""Jinja, made quick for pages by the thousand: the same templates, the same characters, less work for each.

A template's code gathers its text in a list, as Jinja's macros do, and may be kept on disk. What is written out is
escaped without a `Markup` of its own. Macros that see nothing of a page are made once for many.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.filters import do_join, do_urlencode
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.utils import missing, pass_eval_context
from markupsafe import Markup
from markupsafe import escape as markup

from sitegen import urls
from sitegen.files import keep, sweep
from sitegen.words import Phrase

try:
    from markupsafe._speedups import _escape_inner as escape_text
except ImportError:  # another version, or one without its part in C

    def escape_text(text: str, /) -> str:
        return str(markup(text))


_MADE_BY = (Path(__file__), Path(__file__).with_name("render.py"))
_MAKER = f"{sys.version} {jinja2.__version__} ".encode() + b"".join(path.read_bytes() for path in _MADE_BY)
"""What makes the code of templates, as it was loaded: a server may outlive its files."""
SHARED = frozenset({"root"})
"""What macros may see of a page, beside the globals, and still be made once for all pages that have the same."""


def escape(value: Any) -> str:
    """The value as HTML: the characters that `markupsafe.escape` gives."""
    kind = type(value)
    if kind is str or kind is Phrase:
        return escape_text(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    return markup(value)


class Generator(CodeGenerator):
    """Writes a template's code, which also says what its macros look up: None when they cannot be shared by pages."""

    needs: set[str]
    imports: set[str]

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.needs, self.imports = set(), set()
        super().visit_Template(node, frame)
        self.writeline(f"needs = {sorted(self.needs) if all(map(_only_defines, node.body)) else None!r}")
        self.writeline(f"imports = {sorted(self.imports)!r}")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """Only what is written in the template: what a filter gives depends on the site, and the code does not."""
        if not isinstance(node, nodes.TemplateData | nodes.Const):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def enter_frame(self, frame: Frame) -> None:
        if _is_whole(frame):
            self.buffer(frame)
        self.needs |= {name for action, name in frame.symbols.loads.values() if action == "resolve" and name}
        super().enter_frame(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        super().leave_frame(frame, with_python_scope)
        if _is_whole(frame):
            self.writeline(f"yield concat({frame.buffer})")

    def visit_Import(self, node: nodes.Import, frame: Frame) -> None:
        if isinstance(node.template, nodes.Const):
            self.imports.add(node.template.value)
        super().visit_Import(node, frame)


def _is_whole(frame: Frame) -> bool:
    """Whether this is a template, or a block of one, and no part of it."""
    return (frame.toplevel and frame.rootlevel) or frame.block_frame


def _only_defines(node: nodes.Node) -> bool:
    """Whether a part of a template only makes macros, so that there is nothing in it that could change."""
    if isinstance(node, nodes.Output):
        return all(isinstance(child, nodes.TemplateData) for child in node.nodes)
    if isinstance(node, nodes.Import):
        return isinstance(node.template, nodes.Const)
    loads = (nodes.Include, nodes.Import, nodes.FromImport)
    return isinstance(node, nodes.Macro) and not any(map(node.find, loads))


class Template(jinja2.Template):
    """A template whose macros are made once for all pages on which they see the same."""

    _kept: dict[tuple[object, ...], tuple[list[Any], TemplateModule]]
    _names: list[str] | None

    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],
        uptodate: Any = None,
    ) -> jinja2.Template:
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = escape
        return template

    def make_module(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> TemplateModule:
        if not hasattr(self, "_kept"):
            self._kept, self._names = {}, self.needed()
        if self._names is None or not shared or vars is None:
            return super().make_module(vars, shared, locals)
        own = locals or {}
        seen = [vars.get(name, missing) if own.get(name, missing) is missing else own[name] for name in self._names]
        key = tuple(value if type(value) is str else id(value) for value in seen)
        if key not in self._kept:
            self._kept[key] = (seen, super().make_module(vars, shared, locals))  # what is kept has its id for itself
        return self._kept[key][1]

    def needed(self, above: frozenset[str] = frozenset()) -> list[str] | None:
        """What its macros, and those that they import, look up outside; None when that may differ on every page."""
        code = self.root_render_func.__globals__
        if code["needs"] is None or self.name in above or self.name is None:
            return None
        found = {*code["needs"]}
        for name in code["imports"]:
            template = self.environment.get_template(name, self.name)
            more = template.needed(above | {self.name}) if isinstance(template, Template) else None
            if more is None:
                return None
            found |= {*more}
        return sorted(found) if found <= SHARED | self.environment.globals.keys() else None


class QuickContext(Context):
    """Calls macros and words without asking first what else they might be."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(__obj, str):  # words with something to fill in
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return __obj(*args, **kwargs)  # type: ignore[operator]
        if type(__obj) is not Macro or __obj.catch_kwargs or __obj.catch_varargs or __obj.caller:
            return super().call(__obj, *args, **kwargs)
        named = kwargs.keys() - {"_block_vars", "_loop_vars"}
        names = __obj.arguments[len(args) :]
        if len(args) > len(__obj.arguments) or not named <= {*names}:
            return super().call(__obj, *args, **kwargs)  # which says what is wrong
        text = __obj._func(*args, *[kwargs.get(name, missing) for name in names])
        return str.__new__(Markup, text) if __self.eval_ctx.autoescape else text


@pass_eval_context
def join(eval_ctx: EvalContext, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    """Jinja's filter, which looks at every item for HTML; a tuple of texts needs it not."""
    if type(value) is tuple and type(d) is str and attribute is None and {*map(type, value)} <= {str}:
        return d.join(value)
    return do_join(eval_ctx, value, d, attribute)  # type: ignore[no-any-return]


def urlencode(value: Any) -> str:
    """Jinja's filter: a text, or the fields of a form, as a part of an address."""
    return urls.quoted(value) if type(value) is str else do_urlencode(value)


class Environment(jinja2.Environment):
    """Templates that do not change while it lives."""

    code_generator_class = Generator
    template_class = Template
    context_class = QuickContext

    def __init__(self, loader: jinja2.BaseLoader, cache: BytecodeCache | None = None) -> None:
        """`cache`: for the code of the templates; None keeps none."""
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            optimized=False,
            bytecode_cache=cache,
        )
        self.filters |= {"join": join, "urlencode": urlencode}
        self._found: dict[str, jinja2.Template] = {}

    def get_template(
        self, name: Any, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        if globals or type(name) is not str:
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def environment(own: Path, shipped: Path, cache: Path | None) -> Environment:
    """The site's `own` templates before the shipped ones, which are at the prefix `sitegen/` too. `cache`: a folder for
    their code."""
    below = jinja2.FileSystemLoader(shipped)
    loaders = [jinja2.FileSystemLoader(own), below, jinja2.PrefixLoader({"sitegen": below})]
    return Environment(jinja2.ChoiceLoader(loaders), Kept(cache, shipped) if cache else None)


class Kept(BytecodeCache):
    """The code of templates on disk: of the program's own beside them, as Python keeps that of modules, where that may
    be written; of all others in the site's folder. What is damaged, or was made by another version, is made anew."""

    def __init__(self, folder: Path, shipped: Path | None = None) -> None:
        kept = shipped and not sys.dont_write_bytecode and not sys.pycache_prefix
        self._folder, self._shipped = folder, shipped if kept else None
        self._beside: set[str] = set()
        """Keys of the program's own."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        key = f"{super().get_cache_key(name, filename)}.{sys.implementation.cache_tag}"
        if self._shipped and filename and Path(filename).is_relative_to(self._shipped):
            self._beside.add(key)
        return key

    def _places(self, bucket: Bucket) -> Iterator[Path]:
        """Where the code may lie, the best place first."""
        if self._shipped and bucket.key in self._beside:
            yield self._shipped / "__pycache__" / bucket.key
        yield self._folder / bucket.key

    def _seal(self, bucket: Bucket, code: bytes) -> bytes:
        return hashlib.blake2b(_MAKER + bucket.checksum.encode() + code, digest_size=32).digest()

    def load_bytecode(self, bucket: Bucket) -> None:
        for place in self._places(bucket):
            with contextlib.suppress(OSError):
                data = place.read_bytes()
                if data[:32] == self._seal(bucket, data[32:]):
                    bucket.code = marshal.loads(data[32:])
                    return

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = marshal.dumps(bucket.code)
        for place in self._places(bucket):
            if keep(place, self._seal(bucket, code) + code):
                sweep(place.with_name("*"))
                return
