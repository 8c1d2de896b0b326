"""The way of a field from a record to a page, run by test_signed_fields with a copy of the package that has one line more.

Arguments: an empty folder for the repository, the field's name. Prints what each station says, as JSON."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from scripts import generate_claims, generate_release
from site_builder.cli import main
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.models.schema import build_schema
from site_builder.site.page_release import release_name
from site_builder.verification import catalogue
from site_builder.verification.page import release, statement
from site_builder.verification.whole_site import verify_site
from tests.support import COHORT, NOW, issue_all, publish_to, write_repository

Json = dict[str, Any]


def stations(root: Path, field: str) -> Json:
    """Record → check → credential → page → list of differences → corrected credential; options and schema beside them."""
    rows = f"badge,awarded,name,email,{field}\nknots,2026-05-15,Mary Shelley,mary@example.org,Spring\n"
    files = {
        "content/records/school/2026-05.yml": f"{COHORT}{field}: Autumn\n",
        "content/records/school/more.csv": rows,
    }
    write_repository(root, files=files)
    problems = [str(problem) for problem in check_repository(root).problems]
    issue_all(root)
    signed = sorted(str(subject.get(field)) for subject in _subjects(root))
    before = _page(root, root / "site-before", field)
    _generate()
    page = _page(root, root / "site", field)
    verdicts = _verdicts(root / "site")
    corrected = _correct(root, field)
    return {
        "package": Path(sys.modules["site_builder.cli"].__file__ or "").parents[1].as_posix(),
        "problems": problems,
        "signed": signed,
        "page before": before,
        "page": page,
        "verdicts": verdicts,
        "differences": corrected,
        "corrected": sorted(str(subject.get(field)) for subject in _subjects(root)),
        "page after": _page(root, root / "site-after", field),
        "schema": build_schema("record")["$defs"]["AwardRow"]["properties"][field],
        "refused": _run(root, "correct", "lovelace", f"--{field}", "ada@example.org", "--dry-run").output,
        "help": {name: f"--{field} " in _run(root, *name.split(), "--help").output for name in COMMANDS},
    }


COMMANDS = ("new award", "new cohort", "correct", "renew")


def _generate() -> None:
    """What `make release-files` does but for the browser's scripts, and what this process remembers of the files before."""
    with redirect_stdout(sys.stderr):
        generate_claims.main()
    for remembered in (catalogue.wording, statement.claim_rows):
        remembered.cache_clear()
    generate_release.main()
    for known in (release.find_release, release.current_release, release_name):
        known.cache_clear()


def _verdicts(site: Path) -> list[str]:
    """What verifying the whole site gives, in the order of its credentials."""
    return [report.verdict for _, report in verify_site(site, now=NOW)]


def _subjects(root: Path) -> list[Json]:
    """The subjects of the current credentials."""
    ledger = check_repository(root).ledger
    raws = [ledger.raw(award, award.current) for award in ledger.awards.values()]
    return [json.loads(raw)["credentialSubject"] for raw in raws]


def _page(root: Path, folder: Path, field: str) -> list[str]:
    """The lines of Ada's page that state the field."""
    publish_to(root, folder)
    (page,) = [text for file in folder.glob("c/*/index.html") if "Ada Lovelace" in (text := file.read_text("utf-8"))]
    return [line.strip() for line in page.splitlines() if f'data-claim="/credentialSubject/{field}"' in line]


def _correct(root: Path, field: str) -> Json:
    written: Json = json.loads(_run(root, "correct", "lovelace", f"--{field}", "Winter", "--yes", "--json").stdout)
    issue_all(root, seed="later")
    differences: Json = written["changes"][0]
    return differences


def _run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments])


if __name__ == "__main__":
    print(json.dumps(stations(Path(sys.argv[1]), sys.argv[2])))
