"""Work shared by processes: the same in the same order as without them, and no less certain."""

from __future__ import annotations

import multiprocessing.context
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import TOY
from test_incremental import built, clean

from sitegen import build
from sitegen.build import workers
from sitegen.errors import SiteError, fail

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="processes are forked on Linux alone")


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes from the first item on, two items at a time."""
    monkeypatch.setattr(workers, "processors", lambda: 3)
    monkeypatch.setattr(workers, "MANY", 1)
    monkeypatch.setattr(workers, "PART", 2)


def where(items: Sequence[int]) -> list[tuple[int, int]]:
    return [(item, os.getpid()) for item in items]


@pytest.mark.parametrize("number", [0, 1, 2, 5, 6, 7, 31])
def test_what_is_shared_comes_back_in_order(three: None, number: int) -> None:
    found = [pair for part in workers.shared(range(number), where) for pair in part]
    assert [item for item, _ in found] == [*range(number)]
    assert len({process for _, process in found}) == min(3, -(-number // 2))
    assert (number < 3) == (os.getpid() in {process for _, process in found}) or not number


def test_little_is_done_at_once_and_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 3)
    assert {process for part in workers.shared(range(workers.MANY - 1), where) for _, process in part} == {os.getpid()}


def test_no_processes_beside_this_one_if_there_is_one_processor(three: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 1)
    assert {process for part in workers.shared(range(9), where) for _, process in part} == {os.getpid()}


def test_there_are_no_more_processes_than_processors_that_may_be_used() -> None:
    assert 1 <= workers.processors() <= min(workers.MOST, len(os.sched_getaffinity(0)))


@pytest.mark.parametrize("end", [lambda: os._exit(1), lambda: os.kill(os.getpid(), 9), lambda: 1 / 0])
def test_what_a_process_did_not_finish_is_done_here(three: None, end: object) -> None:
    me = os.getpid()

    def fragile(items: Sequence[int]) -> list[tuple[int, int]]:
        if os.getpid() != me and 4 in items:
            end()  # type: ignore[operator]
        return where(items)

    found = [pair for part in workers.shared(range(20), fragile) for pair in part]
    assert [item for item, _ in found] == [*range(20)]
    assert dict(found)[4] == me


def test_what_is_wrong_is_said_here(three: None) -> None:
    def wrong(items: Sequence[int]) -> list[int]:
        raise fail("a.yaml", f"{items[0]} is wrong")

    with pytest.raises(SiteError, match="0 is wrong"):
        [*workers.shared(range(9), wrong)]


def test_processes_end_with_the_work_that_is_given_up(three: None) -> None:
    found = workers.shared(range(40), where)
    others = {process for part in (next(found), next(found), next(found)) for _, process in part}
    found.close()  # type: ignore[attr-defined]
    for process in others:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_processes_end_though_they_are_told_to_mind_no_signal(three: None) -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        found = workers.shared(range(40), lambda items: b"x" * 100_000)
        assert next(found)
        found.close()  # type: ignore[attr-defined]
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("error", [BlockingIOError(), MemoryError(), AssertionError()])
def test_where_no_process_can_begin_the_work_is_done_here(
    three: None, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, begun = multiprocessing.context.ForkProcess.start, list[object]()

    def second_fails(process: object) -> None:
        begun.append(process)
        if len(begun) == 2:
            raise error
        start(process)  # type: ignore[arg-type]

    monkeypatch.setattr(multiprocessing.context.ForkProcess, "start", second_fails)
    found = [pair for part in workers.shared(range(12), where) for pair in part]
    assert [item for item, _ in found] == [*range(12)]
    assert [item for item, process in found if process == os.getpid()] == [2, 3, 8, 9]


KILLED = """
import os, signal, sys
from sitegen.build import workers
workers.processors, workers.MANY, workers.PART = lambda: 3, 1, 2
def work(items):
    return os.getpid(), b"x" * 100_000
found = workers.shared(range(400), work)
print(next(found)[0], next(found)[0], next(found)[0], flush=True)
os.kill(os.getpid(), getattr(signal, sys.argv[1]))
"""


@pytest.mark.parametrize("kill", ["SIGTERM", "SIGKILL"])
def test_no_process_is_left_by_a_build_that_is_killed(kill: str) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, kill], stdout=subprocess.PIPE, text=True)
    assert run.returncode < 0
    processes = [*map(int, run.stdout.split())]
    assert len(set(processes)) == 3
    for process in processes:
        for _ in range(200):
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                break
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                break  # it has ended, and nobody has asked for it yet
            time.sleep(0.05)
        else:
            pytest.fail(f"process {process} is still there")


def test_threads_and_forks_do_not_meet() -> None:
    rest = threading.Event()
    thread = threading.Thread(target=rest.wait)
    thread.start()
    try:
        assert workers.processors() == 1
    finally:
        rest.set()
        thread.join()


def test_a_site_is_the_same_whoever_made_it(three: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Path(shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("_site", ".sitegen")))
    parts, received = list[object](), workers._received

    def counted(*given: object) -> object:
        parts.append(given)
        return received(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "_received", counted)
    build.build(site)
    first, of_first = built(site / "_site"), len(parts)
    (site / "templates").mkdir(exist_ok=True)
    (site / "templates" / "meta.html").write_text("<meta name='x' content='y'>\n", "utf-8")
    build.build(site)
    changed, of_changed = built(site / "_site"), len(parts) - of_first
    monkeypatch.setattr(workers, "processors", lambda: 1)
    assert changed == clean(site)
    (site / "templates" / "meta.html").unlink()
    assert first == clean(site)
    assert first != changed
    assert min(of_first, of_changed) > 10


def test_a_wrong_template_is_told_as_ever(three: None, tmp_path: Path) -> None:
    site = Path(shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("_site", ".sitegen")))
    build.build(site)
    before = built(site / "_site")
    (site / "templates").mkdir(exist_ok=True)
    (site / "templates" / "paper.html").write_text("{{ nothing.at.all }}\n", "utf-8")
    with pytest.raises(SiteError, match=r"templates/paper\.html:1"):
        build.build(site)
    assert built(site / "_site") == before
    assert not [*site.glob("_site.new*")]
