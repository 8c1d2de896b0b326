"""Stored pictures: which of them is taken for the one of today's artwork, and that those of older sites live on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from site_builder.credentials.openbadges3.read import image_urls_of
from site_builder.issuing.transaction.images import render_png
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.renderings import Rendering, render, stored_files
from site_builder.records.artwork.svg import reserialize_svg
from site_builder.site.publish import publish
from tests.support import BASE, DRAWING, issue_all, write_repository

MORE = "badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n"


def pictures_of(root: Path) -> set[str]:
    """Addresses of the pictures that signatures name, below the site's."""
    ledger = check_repository(root).ledger
    named = (image_urls_of(ledger.document(award, award.current)) for award in ledger.awards.values())
    return {url.removeprefix(BASE) for urls in named for url in urls}


def plant(root: Path, rendering: Rendering) -> None:
    folder = root / "badges/knots/rendered"
    folder.mkdir(exist_ok=True)
    for name, raw in stored_files(rendering, "image"):
        (folder / name).write_bytes(raw)


RED = DRAWING.replace("#0b5563", "#8a1c1c")


def drawn(svg: str) -> bytes:
    return render_png(reserialize_svg(svg.encode()))


def test_the_address_of_a_picture_holds_128_bits_of_its_digest(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    issue_all(root)
    [path] = pictures_of(root)
    digest = hashlib.sha256(dict(publish(check_repository(root)))[path]).hexdigest()
    assert path == f"badges/knots/image-{digest[:32]}.png"


def test_a_picture_that_somebody_put_beside_the_artwork_is_neither_signed_nor_shown(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    planted = render(reserialize_svg(DRAWING.encode()), drawn(RED))
    plant(root, planted)
    checked = check_repository(root)
    assert checked.problems == [] and checked.renderings == {}
    assert planted.png not in dict(publish(checked)).values()
    issue_all(root)
    [path] = pictures_of(root)
    assert planted.digest not in path
    files = dict(publish(check_repository(root)))
    assert planted.png not in files.values() and path in files


# -- older sites ------------------------------------------------------------------------------------------------------


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site as release 0.1 left it: pictures are named by 8 digits, and beside a drawing lies no .source."""
    root = write_repository(tmp_path)
    with monkeypatch.context() as then:
        then.setattr("site_builder.ledger.store.renderings._DIGITS", 8)
        issue_all(root)
    for source in root.glob("*/*/rendered/*.source"):
        source.unlink()
    return root


def test_a_picture_of_an_older_site_stays_where_it_is_and_is_not_stored_twice(older: Path) -> None:
    (older / "content/records/school/more.yml").write_text(MORE, "utf-8")
    before = pictures_of(older)
    assert check_repository(older).problems == []
    issue_all(older, seed="more")
    checked = check_repository(older)
    assert checked.problems == [] and pictures_of(older) == before
    [path] = before
    assert len(path) == len("badges/knots/image-01234567.png")
    files = dict(publish(checked))
    assert hashlib.sha256(files[path]).hexdigest()[:8] in path
    assert {f"c/{award}/badge.svg" for award in checked.ledger.awards} <= files.keys()


def test_new_artwork_of_an_older_site_gets_a_long_address_beside_the_short_one(older: Path) -> None:
    [short] = pictures_of(older)
    (older / "badges/knots/image.svg").write_text(RED, "utf-8")
    (older / "content/records/school/more.yml").write_text(MORE, "utf-8")
    issue_all(older, seed="more")
    checked = check_repository(older)
    assert checked.problems == []
    [long] = pictures_of(older) - {short}
    assert len(long) == len(short) + 24
    assert {short, long} <= dict(publish(checked)).keys()


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_picture_of_an_older_site_that_is_gone_or_another_is_a_problem(older: Path, suffix: str) -> None:
    file = next((older / "badges/knots/rendered").glob(f"*.{suffix}"))
    name, raw = file.relative_to(older).as_posix(), file.read_bytes()
    file.unlink()
    assert [(problem.file, problem.code) for problem in check_repository(older).problems] == [(name, "LED008")]
    file.write_bytes(raw + b" ")
    assert [(problem.file, problem.code) for problem in check_repository(older).problems] == [(name, "LED008")]
