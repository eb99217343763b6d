"""`--help` of every command, as full as a manual page: its examples are read by the parser itself. Shell completion."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess

import pytest

from sitegen import cli
from sitegen.cli import manual


def commands() -> dict[str, argparse.ArgumentParser]:
    parser = cli.parser()
    [found] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found.choices)


COMMANDS = commands()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_manual_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: sitegen {name}")
    assert "\nexamples:\n" in text
    assert "\nexit codes:\n" in text
    for action in COMMANDS[name]._actions:
        assert action.help, action.dest
    assert max(map(len, text.splitlines())) <= 120


def examples() -> list[str]:
    texts = [manual.OVERVIEW, *manual.PAGES.values()]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.startswith("  sitegen ")]
    return [
        part.strip() for line in lines for part in re.split(r"\s{2,}|&&", line) if part.strip().startswith("sitegen ")
    ]


@pytest.mark.parametrize("example", examples())
def test_an_example_is_a_command(example: str) -> None:
    words = shlex.split(re.sub(r"[<>] .*", "", example))
    if "--print-completion" in words:
        assert words[2] in cli.SHELLS
        return
    assert cli.parser().parse_args(words[1:]).run


def test_every_page_of_the_manual_is_of_a_command() -> None:
    assert set(manual.PAGES) == set(COMMANDS)


@pytest.mark.parametrize("shell", cli.SHELLS)
def test_a_shell_gets_a_script_that_completes(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--print-completion", shell])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert "export" in text
    assert "csl-json" in text


def test_bash_completes_commands_options_and_choices(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not shutil.which("bash"):
        pytest.skip("needs bash")
    script = tmp_path_factory.mktemp("completion") / "sitegen.bash"
    parser = cli.parser()
    script.write_text(cli.completion(parser, "bash"), "utf-8")

    def complete(*words: str) -> list[str]:
        code = f"""
            source {shlex.quote(str(script))}
            COMP_WORDS=(sitegen {" ".join(map(shlex.quote, words))}); COMP_CWORD={len(words)}
            function=$(complete -p sitegen | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            "$function"; printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        done = subprocess.run(["bash", "--norc", "-c", code], capture_output=True, text=True, check=True)
        return done.stdout.split()

    assert complete("ex") == ["explain", "export"] or set(complete("ex")) == {"explain", "export"}
    assert "--format" in complete("export", "--")
    assert complete("export", "--format", "csl") == ["csl-json"]
