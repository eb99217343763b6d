"""What can be wrong, as values: a problem says where, what, and what to do about it.

Stages collect problems and raise them together, so that a person sees everything that is wrong in one run.
Only `cli` prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

Level = Literal["error", "warning", "note"]


class Where(NamedTuple):
    """A place in a file. `line` and `column` count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file] + [str(n) for n in (self.line, self.column) if n])


class Problem(NamedTuple):
    """One thing that is wrong. An `error` blocks the command, a `warning` does not, a `note` only informs."""

    where: Where
    message: str
    hint: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        label = "" if self.level == "error" else f"{self.level}: "
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{self.where}: {label}{self.message}{hint}"

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints a problem."""
        return {
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "level": self.level,
            "message": self.message,
            "hint": self.hint,
        }

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Problem:
        """The problem of which `as_json` says this."""
        return cls(Where(said["file"], said["line"], said["column"]), said["message"], said["hint"], said["level"])


class SiteError(Exception):
    """The one exception for what a person can mend. Carries every problem found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__(self.problems)  # one argument: survives pickling between processes

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def fail(file: str, message: str, hint: str = "") -> SiteError:
    """A `SiteError` about one file (or folder) as a whole."""
    return SiteError([Problem(Where(file), message, hint)])


def raise_errors(problems: Iterable[Problem]) -> None:
    """Raise a `SiteError` if any problem blocks; warnings and notes do not."""
    errors = [p for p in problems if p.level == "error"]
    if errors:
        raise SiteError(errors)


def nearest(word: str, choices: Sequence[str]) -> str:
    """A hint that names the choice closest to a misspelt word, or lists the choices when none is close."""
    import difflib  # only here, where something is wrong

    folded = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return f'did you mean "{folded[close[0]]}"?'
    return f"one of: {', '.join(choices)}" if 0 < len(choices) <= 30 else ""


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 problem`, `2 problems`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
