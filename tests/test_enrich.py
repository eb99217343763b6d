"""`enrich` against a server on this machine that speaks the services' formats, and misbehaves."""

from __future__ import annotations

import itertools
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sites import paper, snapshot, write_site

from sitegen import intake, services, store
from sitegen.cli import main
from sitegen.errors import SiteError
from sitegen.intake import enrich
from sitegen.services import client as polite

ATOM = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v3</id><title>{title}</title><summary>The sea
rises and falls.</summary><published>2024-10-09T10:00:00Z</published><updated>2025-02-02T10:00:00Z</updated>
<author><name>Ada Low</name></author><author><name>Bo Chen</name></author>
<arxiv:primary_category term="cs.LG"/></entry>"""
TIDES = {"2410.06511": "On Tides", "2410.06512": "On Bees", "hep-th/9901001": "On Owls"}
Answer = tuple[int, dict[str, str], bytes]


def atom(*ids: str) -> bytes:
    return (ATOM + "".join(ENTRY.format(id=i, title=TIDES[i]) for i in ids) + "</feed>").encode()


def ok(body: Any) -> Answer:
    return 200, {}, body if isinstance(body, bytes) else json.dumps(body).encode()


class Quiet(ThreadingHTTPServer):
    """A client that hangs up is no news."""

    def handle_error(self, *_: object) -> None: ...


class Server:
    """Answers by path: each path has a list of answers, the last of which stays. Keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer | Callable[[dict[str, list[str]]], Answer]]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                outer.asked.append(unquote(self.path))
                outer.agents.add(self.headers["User-Agent"])
                waiting = outer.answers.get(unquote(url.path), [(404, {}, b"")])
                answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                code, headers, body = answer(parse_qs(url.query)) if callable(answer) else answer
                self.send_response(code)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def log_message(self, *_: object) -> None: ...

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def paths(self, start: str) -> list[str]:
        return [path for path in self.asked if path.startswith(start)]


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Lab:
    """A site, a server, a clock, and a way to run `enrich` with them."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.site, self.server, self.clock = folder / "site", server, Clock()

    def papers(self, *records: dict[str, Any]) -> Lab:
        write_site(self.site, records)
        return self

    def waits(self, *ids: str) -> Lab:
        write_site(self.site)
        intake.run(self.site, ids)
        return self

    def run(self, *names: str, timeout: float = 5.0, contact: str = "") -> enrich.Report:
        base = self.server.base
        other = base.replace("127.0.0.1", "localhost")  # a host of its own
        asked = services.services(contact, f"{other}/arxiv", f"{base}/hf", f"{base}/crossref", f"{base}/openalex")
        client = services.Client(self.site / ".sitegen" / "enrich", contact, self.clock.now, self.clock.sleep, timeout)
        return enrich.run(self.site, names, contact, asked, client)

    @property
    def store(self) -> store.Store:
        return store.read(self.site / "content")


@pytest.fixture(scope="module")
def one_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def lab(one_server: Server, tmp_path: Path) -> Lab:
    one_server.answers.clear()
    one_server.asked.clear()
    one_server.agents.clear()
    return Lab(tmp_path, one_server)


def arxiv(lab: Lab, *answers: Answer) -> None:
    """arXiv, which first misbehaves as told and then answers for the ids that it is asked about."""

    def answer(query: dict[str, list[str]]) -> Answer:
        return ok(atom(*(i for i in query["id_list"][0].split(",") if i in TIDES)))

    lab.server.answers["/arxiv"] = [*answers, answer]


def test_what_is_missing_is_filled_and_each_fact_has_its_source(lab: Lab) -> None:
    arxiv(lab)
    work = {
        "id": "https://openalex.org/W1", "title": "On Tides", "doi": "https://doi.org/10.48550/arxiv.2410.06511",
        "locations": [{"source": {"display_name": "Journal of Tides", "type": "journal"}}], "type": "article",
    }  # fmt: skip
    lab.server.answers["/openalex/doi:10.48550/arxiv.2410.06511"] = [ok(work)]
    lab.papers(paper("on-tides", arxiv_id="2410.06511", published="2024-10", keywords=["mine"]))
    report = lab.run()
    found = lab.store.papers["on-tides"]
    assert (found.authors, found.published, found.venue) == (("Ada Low", "Bo Chen"), "2024-10-09", "Journal of Tides")
    assert (found.keywords, found.url) == (("mine",), "https://arxiv.org/abs/2410.06511")
    assert lab.store.abstracts == {"on-tides": "The sea rises and falls."}
    assert found.enriched["authors"] == found.enriched["published"] == "arxiv"
    assert found.enriched["venue"] == "openalex"
    assert report.filled["on-tides"]["abstract"] == "arxiv"
    assert report.problems == []
    assert found.extra["primary_category"] == "cs.LG"


def test_the_sources_of_facts_are_told_and_survive_an_export(
    lab: Lab, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arxiv(lab)
    lab.papers(paper("on-tides", arxiv_id="2410.06511", sources=[{"file": "a.txt"}])).run()
    assert main(["explain", "--site", str(lab.site), "on-tides"]) == 0
    assert re.search(r"arxiv gave: .*authors", capsys.readouterr().out)
    assert main(["export", "--site", str(lab.site)]) == 0
    (tmp_path / "x.jsonl").write_text(capsys.readouterr().out)
    intake.run(tmp_path / "other", [tmp_path / "x.jsonl"])
    [copy] = store.read(tmp_path / "other" / "content").papers.values()
    assert copy == lab.store.papers["on-tides"]


def test_what_a_person_gave_is_never_overwritten(lab: Lab) -> None:
    arxiv(lab)
    given = paper("on-tides", arxiv_id="2410.06511", authors=["A. Low"], published="2023-01", venue="ICL 2024")
    lab.papers(given)
    lab.run()
    found = lab.store.papers["on-tides"]
    assert (found.authors, found.published, found.venue) == (("A. Low",), "2023-01", "ICL 2024")


def test_what_a_person_brings_in_later_wins_over_what_was_found(lab: Lab) -> None:
    arxiv(lab)
    lab.papers(paper("on-tides", arxiv_id="2410.06511"))
    lab.run()
    (lab.site / "x.bib").write_text("@misc{k, title={On Tides}, author={Low, Ada}, eprint={2410.06511}, year={2024}}")
    for _ in range(2):
        intake.run(lab.site, [lab.site / "x.bib"])
        found = lab.store.papers["on-tides"]
        assert (found.authors, found.published) == (("Ada Low",), "2024-10-09")
        assert "authors" not in found.enriched
        assert found.enriched["published"] == "arxiv"


def test_a_paper_that_waited_gets_its_title_and_its_address(lab: Lab) -> None:
    arxiv(lab)
    lab.waits("2410.06511", "hep-th/9901001", "2412.00001")
    report = lab.run()
    assert sorted(report.named) == ["on-owls", "on-tides"]
    assert sorted(lab.store.papers) == ["on-owls", "on-tides"]
    assert [p.arxiv_id for p in lab.store.waiting] == ["2412.00001"]
    assert report.waiting == 1
    assert lab.store.papers["on-tides"].enriched["title"] == "arxiv"
    assert {source.format for source in lab.store.papers["on-tides"].sources} == {"ids"}


def test_two_ids_of_one_paper_become_one_paper(lab: Lab) -> None:
    body = atom("2410.06511").replace(b"<arxiv:primary", b"<arxiv:doi>10.1000/tides</arxiv:doi><arxiv:primary")
    lab.server.answers["/arxiv"] = [ok(body)]
    lab.waits("2410.06511", "10.1000/tides")
    lab.run()
    [found] = lab.store.papers.values()
    assert (found.arxiv_id, found.doi, lab.store.waiting) == ("2410.06511", "10.1000/tides", ())


def test_a_doi_is_looked_up_at_crossref(lab: Lab) -> None:
    message = {
        "type": "journal-article", "title": ["On Tides"], "DOI": "10.1000/Tides", "container-title": ["J. Tides"],
        "author": [{"given": "Ada", "family": "Low"}], "issued": {"date-parts": [[2024, 3]]}, "page": "1-9",
        "abstract": "<jats:p>The sea rises.</jats:p>",
    }  # fmt: skip
    lab.server.answers["/crossref/10.1000/tides"] = [ok({"status": "ok", "message": message})]
    lab.waits("https://doi.org/10.1000/Tides")
    lab.run(contact="curator@example.org")
    [found] = lab.store.papers.values()
    assert (found.venue, found.published, found.pages, found.authors) == ("J. Tides", "2024-03", "1-9", ("Ada Low",))
    assert lab.store.abstracts[found.slug] == "The sea rises."
    assert any("mailto=curator@example.org" in path for path in lab.server.paths("/crossref"))
    assert all("curator@example.org" in agent for agent in lab.server.agents)


def test_a_paper_without_an_id_is_found_by_its_exact_title_only(lab: Lab) -> None:
    arxiv(lab)
    hits = [{"paper": {"id": "2410.06512", "title": "On Bees!"}}, {"paper": {"id": "2410.06511", "title": "on tides"}}]
    lab.server.answers["/hf/search"] = [ok(hits)]
    lab.papers(paper("on-tides", authors=["Ada Low"]), paper("on-tides-and-moons"), paper("on-bees"))
    lab.run()
    assert lab.store.papers["on-tides"].arxiv_id == "2410.06511"
    assert lab.store.papers["on-bees"].arxiv_id == "", "two words and no author are not enough"
    assert lab.store.papers["on-tides"].enriched["published"] == "arxiv"
    assert lab.store.papers["on-tides-and-moons"].arxiv_id == ""


@pytest.mark.parametrize(
    ("known", "answer", "joined"),
    [
        pytest.param({}, {}, True, id="title-alone"),
        pytest.param({"authors": ["A. Low"]}, {"authors": [{"name": "Ada Low"}]}, True, id="same-people"),
        pytest.param({"authors": ["A. Low"]}, {"authors": [{"name": "Bo Chen"}]}, False, id="other-people"),
        pytest.param({"published": "2023"}, {"publishedAt": "2024-10-09T00:00:00Z"}, True, id="a-year-later"),
        pytest.param({"published": "2015"}, {"publishedAt": "2024-10-09T00:00:00Z"}, False, id="nine-years-later"),
    ],
)
def test_a_title_found_by_a_search_must_be_this_paper_s(
    known: dict[str, Any], answer: dict[str, Any], joined: bool, lab: Lab
) -> None:
    hit = {"paper": {"id": "2410.06511", "title": "Of tides and moons", **answer}}
    lab.server.answers["/hf/search"] = [ok([hit])]
    lab.papers(paper("of-tides-and-moons", **known)).run()
    assert (lab.store.papers["of-tides-and-moons"].arxiv_id != "") is joined


def test_a_list_that_changed_meanwhile_is_left_as_it_is(lab: Lab) -> None:
    def meanwhile(query: dict[str, list[str]]) -> Answer:
        write_site(lab.site, [paper("on-bees")])
        return ok(atom("2410.06511"))

    lab.server.answers["/arxiv"] = [meanwhile]
    lab.papers(paper("on-tides", arxiv_id="2410.06511"))
    with pytest.raises(SiteError, match="was changed while enrich was at work"):
        lab.run()
    assert list(lab.store.papers) == ["on-bees"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param((503, {}, b"busy"), id="503"),
        pytest.param((429, {"Retry-After": "7"}, b""), id="429"),
        pytest.param((429, {"Retry-After": "Fri, 15 Jan 2027 08:00:09 GMT"}, b""), id="429-until"),
        pytest.param((406, {}, b""), id="406"),
        pytest.param(ok(b"Rate exceeded."), id="plain-words"),
        pytest.param(ok(b"<!doctype html><title>Just a moment</title>"), id="html"),
        pytest.param(ok(atom("2410.06511")[:-30]), id="cut-feed"),
        pytest.param((200, {"Content-Length": "99999"}, atom("2410.06511")), id="cut-connection"),
    ],
)
def test_a_service_that_stumbles_is_asked_again(bad: Answer, lab: Lab) -> None:
    arxiv(lab, bad)
    report = lab.papers(paper("on-tides", arxiv_id="2410.06511")).run()
    assert lab.store.papers["on-tides"].authors == ("Ada Low", "Bo Chen")
    assert report.problems == []
    assert len(lab.server.paths("/arxiv")) == 2
    starts = [waited for waited in lab.clock.slept if waited >= 2.9]
    assert starts, "it waited before it asked again"


def test_a_redirect_within_a_service_is_followed(lab: Lab) -> None:
    arxiv(lab, (302, {"Location": "/arxiv?id_list=2410.06511&again=1"}, b""))
    assert lab.papers(paper("on-tides", arxiv_id="2410.06511")).run().problems == []
    assert lab.store.papers["on-tides"].authors == ("Ada Low", "Bo Chen")


@pytest.mark.parametrize(("asks", "least"), [("7", 7.0), ("Fri, 15 Jan 2027 08:00:30 GMT", 29.0)])
def test_retry_after_is_obeyed(asks: str, least: float, lab: Lab) -> None:
    lab.clock.time = 1_800_000_000.0  # 15 January 2027, 08:00 UTC
    arxiv(lab, (429, {"Retry-After": asks}, b""))
    lab.papers(paper("on-tides", arxiv_id="2410.06511")).run()
    assert max(lab.clock.slept) >= least


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param((503, {}, b""), id="503"),
        pytest.param((429, {"Retry-After": "86400"}, b""), id="a-day"),
        pytest.param(ok(b"<html>no</html>"), id="html"),
        pytest.param((302, {"Location": "http://127.0.0.1:1/elsewhere"}, b""), id="elsewhere"),
        pytest.param((302, {"Location": "file:///etc/passwd"}, b""), id="to-a-file"),
        pytest.param((302, {"Location": "/arxiv?id_list=loop"}, b""), id="in-circles"),
        pytest.param(ok(atom("2410.06512")), id="another-paper"),
        pytest.param(ok(atom()), id="no-paper"),
        pytest.param((400, {}, b""), id="400"),
    ],
)
def test_one_failing_service_never_loses_the_rest(bad: Answer, lab: Lab) -> None:
    lab.server.answers["/arxiv"] = [bad]
    answer = {
        "id": "2410.06511",
        "title": "On Tides",
        "summary": "It rises.",
        "upvotes": 1,
        "authors": [{"name": "A Low"}],
    }
    lab.server.answers["/hf/2410.06511"] = [ok(answer)]
    lab.papers(paper("on-tides", arxiv_id="2410.06511"))
    lab.run()
    found = lab.store.papers["on-tides"]
    assert (found.authors, found.enriched["authors"]) == (("A Low",), "huggingface")
    assert len(lab.server.paths("/arxiv")) < 30


def test_a_huge_answer_is_not_swallowed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "MOST_BYTES", 10_000)
    lab.server.answers["/arxiv"] = [ok(b"<feed>" + b" " * 20_000 + b"</feed>")]
    report = lab.papers(paper("on-tides", arxiv_id="2410.06511")).run()
    assert any("longer than" in problem.message for problem in report.problems)
    assert lab.store.papers["on-tides"].authors == ()


def test_a_service_that_does_not_answer_is_left_alone(lab: Lab) -> None:
    stop = threading.Event()

    def hangs(query: dict[str, list[str]]) -> Answer:
        stop.wait(5)
        return ok(b"")

    lab.server.answers["/arxiv"] = [hangs]
    lab.papers(paper("on-tides", arxiv_id="2410.06511"))
    report = lab.run(timeout=0.1)
    stop.set()
    assert any("no answer about on-tides" in problem.message for problem in report.problems)
    assert len(lab.server.paths("/arxiv")) == polite.TRIES


def test_without_a_network_it_says_so_at_once(lab: Lab) -> None:
    lab.papers(*(paper(f"p-{n}", arxiv_id=f"2410.{n:05}") for n in range(9)))
    nowhere = services.services(*[""], *["http://no-such-host.invalid/x"] * 4)
    client = services.Client(lab.site / ".sitegen" / "enrich", "", lab.clock.now, lab.clock.sleep)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", unknown_host)
        report = enrich.run(lab.site, (), "", nowhere, client)
    assert not report.reached
    assert len(report.problems) == 1
    assert lab.clock.slept == []


def unknown_host(*_: object, **__: object) -> None:
    raise socket.gaierror(-2, "Name or service not known")


def test_a_service_that_keeps_failing_is_not_asked_about_every_paper(lab: Lab) -> None:
    lab.server.answers = {f"/hf/2410.{n:05}": [(503, {}, b"")] for n in range(40)}
    lab.papers(*(paper(f"p-{n}", arxiv_id=f"2410.{n:05}") for n in range(40)))
    report = lab.run()
    assert len(lab.server.paths("/hf")) <= polite.TRIES * polite.FAILURES
    assert any("run enrich again" in problem.hint for problem in report.problems)


def test_a_wrong_id_is_told_by_the_title(lab: Lab) -> None:
    arxiv(lab)
    lab.papers(paper("the-deep-structure-of-whale-song", arxiv_id="2410.06511"))
    report = lab.run()
    [problem] = report.problems
    assert 'is called "On Tides" there' in problem.message
    assert lab.store.papers["the-deep-structure-of-whale-song"].authors == ()


def test_a_renamed_paper_is_known_by_its_authors(lab: Lab) -> None:
    arxiv(lab)
    lab.papers(paper("moving-water-in-large-basins", arxiv_id="2410.06511", authors=["Ada Low"]))
    assert lab.run().problems == []
    assert lab.store.papers["moving-water-in-large-basins"].also_titled == ("On Tides",)


def test_an_id_that_spoils_the_answer_about_all_loses_only_itself(lab: Lab) -> None:
    error = (
        ATOM
        + "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>bad id</summary></entry></feed>"
    )

    def answer(query: dict[str, list[str]]) -> Answer:
        ids = query["id_list"][0].split(",")
        return ok(error.encode() if "2499.99999" in ids else atom(*ids))

    lab.server.answers["/arxiv"] = [answer]
    lab.papers(
        *(
            paper(slug, arxiv_id=i)
            for slug, i in {"on-tides": "2410.06511", "bad": "2499.99999", "on-bees": "2410.06512"}.items()
        )
    )
    lab.run()
    assert lab.store.papers["on-tides"].authors == lab.store.papers["on-bees"].authors == ("Ada Low", "Bo Chen")


def test_an_answer_is_kept_and_a_run_that_broke_off_goes_on(lab: Lab) -> None:
    arxiv(lab)
    lab.papers(paper("on-tides", arxiv_id="2410.06511", venue="v"), paper("on-bees", arxiv_id="2410.06512", venue="v"))
    lab.run("on-tides")
    before = snapshot(lab.site / "content")
    lab.server.asked.clear()
    lab.run("on-tides")
    assert lab.server.asked == []
    assert snapshot(lab.site / "content") == before
    lab.run()
    assert [path for path in lab.server.paths("/arxiv") if "2410.06511" in path] == []
    lab.clock.time += polite.FRESH
    write_site(lab.site, [paper("on-tides", arxiv_id="2410.06511")])
    lab.server.asked.clear()
    lab.run()
    assert lab.server.paths("/arxiv"), "a month later it asks again"


def test_a_broken_cache_is_no_cache(lab: Lab) -> None:
    arxiv(lab)
    lab.papers(paper("on-tides", arxiv_id="2410.06511"))
    lab.run()
    for path in (lab.site / ".sitegen" / "enrich").iterdir():
        path.write_bytes(b"{broken")
    write_site(lab.site, [paper("on-tides", arxiv_id="2410.06511")])
    lab.run()
    assert lab.store.papers["on-tides"].authors == ("Ada Low", "Bo Chen")


def test_arxiv_is_asked_at_most_once_in_three_seconds(lab: Lab) -> None:
    times: list[float] = []

    def answer(query: dict[str, list[str]]) -> Answer:
        times.append(lab.clock.time)
        return ok(atom())

    lab.server.answers["/arxiv"] = [answer]
    lab.papers(*(paper(f"p-{n}", arxiv_id=f"2410.{n:05}") for n in range(120)))
    lab.run()
    assert len(times) == 3
    assert all(b - a >= 3 for a, b in itertools.pairwise(times))


def test_what_was_found_is_kept_when_the_run_is_interrupted(lab: Lab) -> None:
    arxiv(lab)

    def interrupts(query: dict[str, list[str]]) -> Answer:
        raise AssertionError("not reached")

    lab.papers(paper("on-tides", arxiv_id="2410.06511"))

    class Impatient(Clock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    lab.server.answers["/openalex/doi:10.48550/arxiv.2410.06511"] = [(503, {}, b"")]
    lab.clock = Impatient()
    with pytest.raises(KeyboardInterrupt):
        lab.run()
    assert lab.store.papers["on-tides"].authors == ("Ada Low", "Bo Chen")


def test_an_id_of_another_paper_is_left_out(lab: Lab) -> None:
    body = atom("2410.06511").replace(b"<arxiv:primary", b"<arxiv:doi>10.1000/bees</arxiv:doi><arxiv:primary")
    lab.server.answers["/arxiv"] = [ok(body)]
    lab.papers(paper("on-tides", arxiv_id="2410.06511"), paper("on-bees", doi="10.1000/bees"))
    report = lab.run()
    assert lab.store.papers["on-tides"].doi == ""
    assert any("has an id of on-bees" in problem.message for problem in report.problems)


def test_a_name_that_means_no_paper_asks_nothing(lab: Lab) -> None:
    lab.papers(paper("on-tides"), paper("on-tides-again"))
    with pytest.raises(SiteError) as caught:
        lab.run("nothing", "on tid")
    assert len(caught.value.problems) == 2
    assert lab.server.asked == []


@pytest.mark.parametrize("name", ["on-tides", "2410.06511", "https://arxiv.org/abs/2410.06511v2", "On Ti"])
def test_a_paper_can_be_named(name: str, lab: Lab) -> None:
    arxiv(lab)
    report = lab.papers(paper("on-tides", arxiv_id="2410.06511"), paper("on-bees", arxiv_id="2410.06512")).run(name)
    assert list(report.filled) == ["on-tides"]


def test_the_command_needs_no_network_for_a_full_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(tmp_path)
    assert main(["enrich", "--site", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["papers"] == 0
    assert main(["enrich", "--site", str(tmp_path), "no-such-paper"]) == 1
    assert "is no paper of the list" in capsys.readouterr().err
