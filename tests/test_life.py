"""One person's credential through its whole life: awarded, corrected twice, renewed, revoked, erased.

At each step the site is built as a provider builds it, and every file that was ever downloaded is verified again: by Python against
the built folder, and by real Chromium on the site's own page /verify/. Each page's words are read as a visitor reads them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import parse_json
from site_builder.ledger.checks.repository import check_repository
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.file import verify_file
from tests.drawn import write_drawn_repository
from tests.serving import chromium, served, write_certificate
from tests.support import BASE, COHORT, issue_all

HOST = "badges.laurels.example"
RECORDS = "content/records/school"
LAURELS = Path(sys.executable).with_name("laurels")


@dataclass
class Life:
    """A provider's repository, its site as it is served, a reader's browser, and the folder of what was ever downloaded."""

    root: Path
    kept: Path
    browser: Any
    today: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)

    @property
    def site(self) -> Path:
        return self.root / "site"

    def write(self, name: str, text: str) -> None:
        (self.root / RECORDS / name).write_text(text, "utf-8")

    def drop_row(self, line: str) -> None:
        file = self.root / RECORDS / "2026-05.yml"
        text = file.read_text("utf-8")
        assert text.count(line) == 1
        file.write_text(text.replace(line, ""), "utf-8")

    def issue(self, day: str) -> list[str]:
        """Signs what is pending on a day, and builds; the ids of new awards."""
        self.today = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        issued = issue_all(self.root, now=self.today, seed=day)
        assert check_repository(self.root).problems == []
        subprocess.run([LAURELS, "-C", self.root, "build"], check=True, capture_output=True)
        return [award.id for award in issued.awards]

    def download(self, award_id: str, version: str) -> None:
        """Keeps the three forms of what the page offers today, under the name of a version."""
        folder = self.site / "c" / award_id
        listed = parse_json((folder / "versions.json").read_bytes())
        for file in (listed["versions"][listed["current"] - 1]["file"], "badge.png", "badge.svg"):
            (self.kept / version).with_suffix(Path(file).suffix).write_bytes((folder / file).read_bytes())

    def expect(self, **verdicts: str) -> None:
        """What every file that was ever downloaded is found to be, by both verifiers."""
        assert {file.stem for file in self.kept.iterdir()} == verdicts.keys()
        evidence = SiteFolder(self.site)
        found = {
            file.name: verify_file(file, evidence=evidence, now=self.today).verdict for file in self.kept.iterdir()
        }
        wanted = {file.name: verdicts[file.stem] for file in self.kept.iterdir()}
        assert found == wanted
        assert self._in_browser() == wanted

    def _in_browser(self) -> dict[str, str]:
        found = {}
        with self.reader() as page:
            page.goto(f"{BASE}verify/")
            for file in sorted(self.kept.iterdir()):
                page.set_input_files("#file", file)
                page.wait_for_selector("#verdict:not([data-verdict=none]), .error:not(:empty)")
                found[file.name] = page.get_attribute("#verdict", "data-verdict")
        return found

    def reader(self) -> Any:
        return _Reader(self.browser, self.today)

    def words(self, award_id: str) -> tuple[str, str]:
        """What a visitor reads on a page, and its verdict: "" where the page checks nothing."""
        with self.reader() as page:
            response = page.goto(f"{BASE}c/{award_id}/")
            assert response.status == 200
            if page.locator("main[data-statement]").count():
                page.wait_for_selector("#verdict:not([data-verdict=none])")
            verdict = page.locator("#verdict")
            return " ".join(page.inner_text("body").split()), (
                str(verdict.get_attribute("data-verdict")) if verdict.count() else ""
            )

    def follow(self, award_id: str, other_id: str) -> str:
        """Where a visitor of a page arrives who follows its one link to another credential."""
        with self.reader() as page:
            page.goto(f"{BASE}c/{award_id}/")
            page.click(f'main a[href*="{other_id}"]')
            page.wait_for_selector("#verdict:not([data-verdict=none])")
            return str(page.url)

    def is_there(self, path: str) -> bool:
        return (self.site / path).is_file()


class _Reader:
    """A visitor without a past, on a given day."""

    def __init__(self, browser: Any, today: datetime) -> None:
        self._context = browser.new_context(ignore_https_errors=True)
        self._page = self._context.new_page()
        self._page.clock.set_fixed_time(today)

    def __enter__(self) -> Any:
        return self._page

    def __exit__(self, *_: object) -> None:
        self._context.close()


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    root = write_drawn_repository(tmp_path / "repository")
    (root / "site").mkdir()
    (tmp_path / "kept").mkdir()
    # Each build replaces the folder; the server looks it up anew for each request.
    with served(root / "site", write_certificate(tmp_path, [HOST])) as port, chromium({HOST: port}) as browser:
        yield Life(root, tmp_path / "kept", browser)


ADA = "  - {name: Ada Lovelace, email: ada@example.org, listed: 2026-05-14}\n"


def test_one_persons_credential_from_award_to_erasure(life: Life) -> None:
    assert ADA in COHORT
    # Awarded: with a typing mistake, as it happens.
    life.write("2026-05.yml", COHORT.replace("Ada Lovelace", "Ada Lovelase"))
    ids = life.issue("2026-06-01")
    ada = next(i for i in ids if "Lovelase" in (life.site / "c" / i / "credential.json").read_text())
    text, verdict = life.words(ada)
    assert verdict == "holds" and "certifies that Ada Lovelase earned Knots" in text
    assert "Corrected" not in text and "Renewed" not in text
    life.download(ada, "first")
    life.expect(first="holds")

    # Corrected: the same address, the new name, a dated line; the old file is told from a revoked one.
    life.write("2026-06-correct.yml", f"correct: {ada}\ndate: 2026-06-03\nname: Ada Lovelace\n")
    assert life.issue("2026-06-03") == []
    text, verdict = life.words(ada)
    assert verdict == "holds" and "certifies that Ada Lovelace earned Knots" in text and "Lovelase" not in text
    assert "Corrected on 3 June 2026" in text
    assert "Lovelase" in (life.site / "c" / ada / "credential.json").read_text()
    life.download(ada, "second")
    life.expect(first="superseded", second="holds")
    with life.reader() as page:
        page.goto(f"{BASE}verify/")
        page.set_input_files("#file", life.kept / "first.png")
        page.wait_for_selector("#verdict:not([data-verdict=none])")
        assert page.locator(f'#verdict a[href="{BASE}c/{ada}/"]').count() == 1

    # Corrected again, and what was before is withheld: a name that its owner does not want to see any more.
    life.write(
        "2026-07-correct.yml",
        f"correct: {ada}\ndate: 2026-07-01\nname: Augusta King\nnote: At her own wish.\nwithhold_previous: true\n",
    )
    life.issue("2026-07-01")
    text, verdict = life.words(ada)
    assert verdict == "holds" and "certifies that Augusta King earned Knots" in text and "Lovelace" not in text
    assert "Corrected on 1 July 2026" in text and "At her own wish." not in text
    for name in ("credential.json", "credential-2.json"):
        assert parse_json((life.site / "c" / ada / name).read_bytes())["withheld"] is True
    assert not any(
        b"Lovela" in file.read_bytes() for file in life.site.rglob("*") if file.suffix in (".html", ".json", ".svg")
    )
    life.download(ada, "third")
    life.expect(first="superseded", second="superseded", third="holds")

    # Renewed, shortly before its end: a new page, and each leads to the other.
    life.write("2028-05-renew.yml", f"renew: {ada}\ndate: 2028-05-10\n")
    [renewal] = life.issue("2028-05-12")
    text, verdict = life.words(ada)
    assert verdict == "holds" and "Renewed" in text and "10 May 2030" in text
    text, verdict = life.words(renewal)
    assert verdict == "holds" and "certifies that Augusta King earned Knots" in text and "14 May 2026" in text
    for start, end in ((ada, renewal), (renewal, ada)):
        assert life.follow(start, end) == f"{BASE}c/{end}/"
    life.download(renewal, "renewal")
    life.expect(first="superseded", second="superseded", third="holds", renewal="holds")
    life.today = datetime(2029, 1, 1, tzinfo=UTC)
    life.expect(first="superseded", second="superseded", third="expired", renewal="holds")

    # The renewal is revoked: its page names nobody, the old page says nothing of it.
    life.write("2029-02-revoke.yml", f"revoke: {renewal}\ndate: 2029-02-01\nreason: requirements-not-met\n")
    life.issue("2029-02-02")
    text, verdict = life.words(renewal)
    assert verdict == "revoked" and "This credential was withdrawn" in text
    for stated in ("Knots", "Test School", "1 February 2029", "the requirements were not met"):
        assert stated in text
    assert "King" not in text and "Lovela" not in text
    text, verdict = life.words(ada)
    assert verdict == "expired" and "Renewed" not in text
    life.expect(first="superseded", second="superseded", third="expired", renewal="revoked")

    # Erased: nothing that is kept or published leads to her any more; what she kept is found withdrawn.
    for name in ("2026-06-correct.yml", "2026-07-correct.yml", "2028-05-renew.yml", "2029-02-revoke.yml"):
        (life.root / RECORDS / name).unlink()
    life.drop_row(ADA.replace("Lovelace", "Lovelase"))
    life.write("2029-03-erase.yml", f"erase: {ada}\ndate: 2029-03-01\n")
    life.write("2029-03-erase-2.yml", f"erase: {renewal}\ndate: 2029-03-01\n")
    life.issue("2029-03-02")
    for award_id, versions in ((ada, 3), (renewal, 1)):
        text, verdict = life.words(award_id)
        assert verdict == "" and "withdrawn" in text and "1 March 2029" in text
        assert "Knots" in text and "Test School" in text and "King" not in text and "Lovela" not in text
        listed = parse_json((life.site / "c" / award_id / "versions.json").read_bytes())
        assert listed["current"] is None and len(listed["versions"]) == versions
        assert all(life.is_there(f"c/{award_id}/{entry['file']}") for entry in listed["versions"])
    for folder in (life.site, life.root / "content", life.root / "issuers"):
        for file in (file for file in folder.rglob("*") if file.is_file()):
            raw = file.read_bytes()
            assert not any(word in raw for word in (b"Lovela", b"Augusta", b"ada@example.org")), file
    life.expect(first="revoked", second="revoked", third="revoked", renewal="revoked")
