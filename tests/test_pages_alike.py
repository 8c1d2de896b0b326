"""Pages that are compared letter for letter with what others of their form have in common: no other answer than when they are compared in full."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_builder.verification.evidence.plain_file import PlainFiles
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page import compare
from site_builder.verification.page.compare import compare_page
from site_builder.verification.page.learned import LearnedPages, compared_in_full
from site_builder.verification.page.own import Kind, own_of, with_others
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.whole_site import verify_site
from tests.honest_pages import NOW, HonestSite, honest_site
from tests.lying_pages import BODY, HARVARD, LOADED, OF_A_FORM, OUT_OF_REACH, WITHOUT_SCRIPT, operated, told
from tests.misread_pages import MISREAD
from tests.sampling import sampled

Json = dict[str, Any]
KINDS = ["full", "plain"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> HonestSite:
    return honest_site(tmp_path_factory.mktemp("honest"))


class Comparing:
    """Compares pages of a site, and counts those that were compared in full."""

    def __init__(self, site: HonestSite, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.learned, self.in_full = site, LearnedPages(), 0
        original = compare._in_full

        def counted(*values: Any) -> Any:
            self.in_full += 1
            return original(*values)

        monkeypatch.setattr(compare, "_in_full", counted)

    def __call__(self, html: str, document: Json) -> str:
        page = StatementPage(html, address_of(document), self.site.ask, self.learned)
        return compare_page(page, document, multibase=self.site.multibase)

    def both(self, html: str, document: Json) -> str:
        """The answer, which is the same when it is compared in full."""
        answer = self(html, document)
        with compared_in_full():
            assert self(html, document) == answer
        return answer

    def learn(self, html: str, document: Json) -> None:
        assert [self(html, document) for _ in range(2)] == ["", ""]

    def is_known(self, html: str, document: Json) -> bool:
        """Whether a page passes without being compared in full."""
        before = self.in_full
        return self(html, document) == "" and self.in_full == before


@pytest.fixture
def comparing(site: HonestSite, monkeypatch: pytest.MonkeyPatch) -> Comparing:
    return Comparing(site, monkeypatch)


def address_of(document: Json) -> str:
    return "/".join(document["id"].split("/")[-3:])


def with_own(document: Json, **texts: str) -> Json:
    """The credential with other texts of its own, by their kind; ids by their award."""

    def put(kind: Kind, text: str) -> str:
        if kind == "address" and "award" in texts:
            folder, _, file = text.rpartition("/")
            return f"{folder.rpartition('/')[0]}/{texts['award']}/{file}"
        return texts.get(kind, text)

    return with_others(document, put)


def as_page(html: str, document: Json, other: Json) -> str:
    """The honest page of another credential of the same form, from that of this one."""
    before, after = own_of(document), own_of(other)
    assert before and after
    start, code, rest = html.partition("<pre><code>")
    code, end, rest = rest.partition("</code></pre>")
    # Of the two forms of a name the second is that within HTML that is shown as text.
    shown = dict(zip(before.texts, after.texts, strict=True)) | {before.texts[1]: after.texts[1]}
    within = shown | {before.texts[2]: after.texts[2]}
    return f"{replaced(start, shown)}<pre><code>{replaced(code, within)}{end}{replaced(rest, shown)}"


def replaced(html: str, texts: dict[str, str]) -> str:
    words = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
    return re.sub(words, lambda found: texts[found[0]], html)


def lies_about(html: str) -> dict[str, str]:
    everything = (
        HARVARD | BODY | LOADED | MISREAD | WITHOUT_SCRIPT | {name: lie for name, (_, lie) in OUT_OF_REACH.items()}
    )
    return dict(sampled([*told(html, everything).items(), *operated(html)], every=11))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_like_one_before_it_is_not_compared_in_full(kind: str, site: HonestSite, comparing: Comparing) -> None:
    page = site.pages[kind]
    comparing.learn(page.html, page.document)
    # Each in full, and two tries.
    assert comparing.in_full == 4
    other = with_own(page.document, award="a" * 26, name="Śrī Lee", moment="2031-02-03T00:00:00Z", result="17")
    html = as_page(page.html, page.document, other)
    assert comparing.is_known(page.html, page.document) and comparing.is_known(html, other)
    assert not comparing.is_known(html.replace("Śrī", "Sri"), other)
    assert comparing.both(html.replace("Śrī", "Sri"), other) != ""
    assert not comparing.is_known(html, other | {"evidence": [{"id": "https://x.example/"}]})


@pytest.mark.parametrize("kind", KINDS)
def test_no_lie_passes_once_honest_pages_are_known(kind: str, site: HonestSite, comparing: Comparing) -> None:
    page = site.pages[kind]
    comparing.learn(page.html, page.document)
    lies = lies_about(page.html) if kind == "full" else dict(sampled(list(operated(page.html)), every=31))
    assert [name for name, html in lies.items() if comparing.both(html, page.document) == ""] == []
    assert comparing.is_known(page.html, page.document)


def test_what_is_of_a_form_only_may_differ_all_the_same(site: HonestSite, comparing: Comparing) -> None:
    for kind in KINDS:
        page = site.pages[kind]
        comparing.learn(page.html, page.document)
        assert {comparing.both(html, page.document) for html in told(page.html, OF_A_FORM.get(kind, {})).values()} <= {
            ""
        }


# Names and ids that stand elsewhere on the page, or in its markup.
NAMES = [
    "Knots",
    "Splices",
    "a",
    "p",
    "amp",
    "39",
    "14 May 2026",
    "May",
    "Test School",
    "stylesheet",
    "html",
    "school",
    "Ada",
    "issueYear=2026",
]
NAMES += ["O'Brien", "<b>", "&amp;", '"', "Śrī & <co>", "x" * 400, "ابن سينا"]
AWARDS = ["p", "lt", "39", "c", "div", "href", "school", "2026", "1", "a" * 32, "0" * 20]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_stands_elsewhere_teaches_nothing_wrong(name: str, site: HonestSite, comparing: Comparing) -> None:
    page = site.pages["plain"]
    own = with_own(page.document, name=name)
    holds_alike(
        comparing,
        own,
        as_page(page.html, page.document, own),
        [with_own(own, name=other) for other in ("Grace", "O'N")],
    )


@pytest.mark.parametrize("award", AWARDS)
def test_an_id_that_stands_elsewhere_teaches_nothing_wrong(award: str, site: HonestSite, comparing: Comparing) -> None:
    page = site.pages["plain"]
    own = with_own(page.document, award=award)
    holds_alike(
        comparing, own, as_page(page.html, page.document, own), [with_own(own, award=other) for other in ("q7" * 16,)]
    )


def holds_alike(comparing: Comparing, document: Json, html: str, others: list[Json]) -> None:
    """Whatever was learned from this page, others of its form get the answer that they get in full: honest ones, and such on which every
    place that looked like this credential's own has theirs."""
    assert comparing.both(html, document) == ""
    comparing.learn(html, document)
    own = own_of(document)
    honest = comparing.site.pages["plain"]
    for other in others:
        said = own_of(other)
        assert own and said
        assert comparing.both(as_page(honest.html, honest.document, other), other) == ""
        for old, new in zip(own.texts, said.texts, strict=True):
            if old in html.replace(new, ""):
                comparing.both(html.replace(old, new), other)
        comparing.both(html, other)


# Pages that say the same in other letters of HTML, so that what is a credential's own has not around it what it usually has.
REWRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda html: html,
    "attributes in another order": lambda html: re.sub(r' (data-claim="[^"]*")((?: data-as="[^"]*"))', r"\2 \1", html),
    "space within tags": lambda html: re.sub(r'(data-[a-z]+="[^"]*")>', r"\1 >", html),
    "a section of the achievement that is called like a day": lambda html: re.sub(
        r'(/badges/[a-z]+/#)[a-z0-9-]*"', r'\g<1>2026-05-14"', html
    ),
}


@pytest.mark.parametrize("rewrite", REWRITTEN)
@pytest.mark.parametrize("name", ["2026-05-14", "27"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_that_are_equal_on_one_page_need_not_be_on_another(
    kind: str, name: str, rewrite: str, site: HonestSite, comparing: Comparing
) -> None:
    page = site.pages[kind]
    alike = with_own(page.document, name=name, result=name, moment="2026-05-14T00:00:00Z")
    html = REWRITTEN[rewrite](as_page(page.html, page.document, alike))
    comparing.learn(html, alike)
    for other in others_than(alike, random.Random(f"{kind}{name}{rewrite}")):
        texts = own_of(other)
        assert texts
        # All pages of this credential that would not be compared in full.
        for template in (known for form in comparing.learned._templates.values() for known in form):
            if len(template.slots) and max(template.slots) < len(texts.texts):
                comparing.both(template.filled(texts.texts), other)


def others_than(document: Json, chance: random.Random) -> list[Json]:
    """Credentials of its form of which each has some texts of its own otherwise."""
    texts: dict[Kind, list[str]] = {
        "name": ["Grace", "A B", "x"],
        "result": ["1", "Grace", "x y"],
        "moment": ["1999-12-31T23:59:59Z", "2030-01-02T00:00:00+01:00"],
        "address": [],
    }

    def put(kind: Kind, text: str) -> str:
        return chance.choice([text, text, *texts.get(kind, [])])

    return [with_others(document, put) for _ in range(12)]


def test_credentials_of_chance_are_found_alike(site: HonestSite, comparing: Comparing) -> None:
    page, chance = site.pages["full"], random.Random(20260601)
    comparing.learn(page.html, page.document)
    names = ["Ada", "O'Brien", "A  B", " A", "\u00a0", "\u200b", "a\nb", "<", "&lt;", "{name}", "B", "27"]
    days = [
        "2026-05-14T00:00:00Z",
        "2026-06-03T12:00:00Z",
        "0999-05-14T00:00:00Z",
        "2026-05-14",
        "2026-02-31T00:00:00Z",
    ]
    for _ in range(30):
        document = with_own(page.document)
        subject = document["credentialSubject"]
        subject["identifier"][0]["identityHash"] = chance.choice(names)
        chance.choice(subject["result"])["value"] = chance.choice(names)
        document[chance.choice(["awardedDate", "validFrom"])] = chance.choice(days)
        comparing.both(page.html, document)
        if own_of(document):
            comparing.both(as_page(page.html, page.document, document), document)


# -- one run of one site ----------------------------------------------------------------------------------------------------------


def test_what_was_found_in_one_site_is_not_taken_for_another(site: HonestSite, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(site.folder, other)
    for list_of_keys in other.glob("issuers/*/did.json"):
        text = list_of_keys.read_text("ascii")
        key = text[text.index('"z6Mk') + 5 :].partition('"')[0]
        list_of_keys.write_text(text.replace(key, key[:-4] + "aaaa"), "ascii")
    (verdicts, others) = (
        {path: report.verdict for path, report in verify_site(folder, now=NOW)} for folder in (site.folder, other)
    )
    assert "holds" in verdicts.values() and "holds" not in others.values()
    assert {path: report.verdict for path, report in verify_site(site.folder, now=NOW)} == verdicts


def make_link(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def make_file(size: int) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(os.urandom(size))


FILES: dict[str, Callable[[Path], object]] = {
    "plain.json": lambda path: path.write_bytes(b"{}"),
    "empty": lambda path: path.write_bytes(b""),
    "c/a/deep.json": lambda path: path.write_bytes(b"[]"),
    "a link": make_link("plain.json"),
    "link.json": make_link("plain.json"),
    "out.json": make_link("/etc/hostname"),
    "nowhere.json": make_link("missing"),
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
    "long": lambda path: path.write_bytes(b"x" * (5 * 1_048_576 + 1)),
    "linked": make_link("c"),
    "outside": make_link(".."),
}
ASKED = [
    *FILES,
    "",
    ".",
    "..",
    "c/a",
    "c/a/",
    "c//a/deep.json",
    "./plain.json",
    "c/../plain.json",
    "/etc/hostname",
    "missing",
    "a\0b",
    "x" * 300,
]
ASKED += ["linked/a/deep.json", "outside/secret", "plain.json/x", "c/missing/x.json", "-", "...", "plain.json\n"]


def test_a_plain_file_is_what_its_path_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    folder = tmp_path / "site"
    (folder / "c" / "a").mkdir(parents=True)
    for name, make in FILES.items():
        make(folder / name)
    found = {path: asked(SiteFolder(folder), path) for path in ASKED}
    monkeypatch.setattr(PlainFiles, "is_used", False)
    assert found == {path: asked(SiteFolder(folder), path) for path in ASKED}
    assert found["plain.json"] == b"{}" and found["c/a/deep.json"] == b"[]" and found["link.json"] == b"{}"
    assert not {b"secret", Path("/etc/hostname").read_bytes()} & {
        each for each in found.values() if isinstance(each, bytes)
    }


def test_what_a_list_of_names_has_said_is_so_when_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    folder, short, files = tmp_path / "site", 65_536, dict[str, tuple[str, str]]()
    folder.mkdir()
    makers = {name: make for name, make in FILES.items() if "/" not in name}
    makers["empty"] = lambda path: path.write_bytes(b"")
    makers |= {f"of-{size}": make_file(size) for size in (short - 1, short, short + 1)}
    # What is listed, and what lies there when it is read.
    for before in ("plain.json", "link.json", "pipe", "empty"):
        for after in (*makers, "nothing"):
            files[f"{before}-{after}"] = before, after
    for path, (before, _) in files.items():
        makers[before](folder / path)
    site = SiteFolder(folder)
    there = site.look_into("")
    assert there.keys() == files.keys() and there["plain.json-pipe"] and not there["pipe-plain.json"]
    for path, (_, after) in files.items():
        (folder / path).unlink()
        if after != "nothing":
            makers[after](folder / path)
    monkeypatch.setattr(PlainFiles, "is_used", False)
    slowly = {path: asked(SiteFolder(folder), path) for path in files}
    monkeypatch.undo()
    quickly = {path: asked(site, path) for path in files}
    assert quickly == slowly
    assert b"secret" not in quickly.values()


def asked(site: SiteFolder, path: str) -> Any:
    try:
        return site.ask(path)
    except FetchError as error:
        return str(error), error.status
