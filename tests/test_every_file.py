"""Folders and sites, file by file: each one is compared, named or counted, and none is passed over."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.carriers.png import bake_png, picture_of_png
from site_builder.credentials.carriers.svg import bake_svg, drawing_of_svg
from site_builder.credentials.qr import qr_svg
from site_builder.encoding import format_png, png_chunks
from site_builder.site.parts.accent import accent_css
from site_builder.verification.inventory.claims import claims_credential
from site_builder.verification.inventory.kinds import kind_of
from site_builder.verification.inventory.walk import walk
from tests.support import issue_all, publish_to, write_repository

JPEG, PDF = b"\xff\xd8\xff\xe0picture", b"%PDF-1.7 document"
FORGED = b"eyJhbGciOiJub25lIn0.eyJ2YyI6e319.AAAA"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with two credentials of one achievement."""
    scratch = tmp_path_factory.mktemp("published")
    root = write_repository(scratch / "repository")
    issue_all(root)
    return publish_to(root, scratch / "site")


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "site"))


def holders(site: Path) -> list[Path]:
    return sorted((site / "c").iterdir())


def verify(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, ["verify", "--at", "2026-07-01", *map(str, arguments)])


def entries(*arguments: str | Path) -> dict[str, dict[str, Any]]:
    """What --json says, by file."""
    return {entry["file"]: entry for entry in json.loads(verify(*arguments, "--json").stdout)}


# --- a folder of files ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A folder with one credential that holds."""
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(holders(published)[0] / "credential.json", folder / "good.json")
    return folder


def test_one_good_file_does_not_cover_for_the_others(published: Path, folder: Path) -> None:
    good = (folder / "good.json").read_text("ascii")
    (folder / "forged.jwt").write_bytes(FORGED)
    (folder / "tampered.jsonld").write_text(good.replace("Knots", "Ropes"), "ascii")
    (folder / "photo.jpg").write_bytes(JPEG)
    (folder / "scan.pdf").write_bytes(PDF)
    result = verify(folder, "--site", published)
    assert result.exit_code == 1
    for name in ("forged.jwt", "good.json", "photo.jpg", "scan.pdf", "tampered.jsonld"):
        assert f"{folder / name}\n" in result.stdout
    assert f"{folder / 'photo.jpg'}\nThis is a JPEG picture. It cannot" in result.stdout
    found = entries(folder, "--site", published)
    assert [(Path(file).name, entry["kind"], entry["result"]) for file, entry in found.items()] == [
        ("forged.jwt", "credential", "not_supported"),
        ("good.json", "credential", "passed"),
        ("photo.jpg", "other", "not_checked"),
        ("scan.pdf", "other", "not_checked"),
        ("tampered.jsonld", "credential", "failed"),
    ]


def test_a_folder_holds_if_its_credentials_do_and_says_what_the_rest_is(published: Path, folder: Path) -> None:
    (folder / "photo.jpg").write_bytes(JPEG)
    (folder / ".notes").write_text("about it", "utf-8")
    (folder / "deeper").mkdir()
    (folder / "deeper/list.json").write_text('{"a": 1}', "utf-8")
    (folder / "link").symlink_to("/etc/hostname")
    (folder / "deeper/up").symlink_to("..")
    os.mkfifo(folder / "pipe")
    result = verify(folder, "--site", published)
    for name, words in {
        ".notes": "Not a credential: this is a text.",
        "deeper/list.json": "Not a credential: this is JSON without a proof.",
        "deeper/up": "This is a link, which is not followed.",
        "link": "This is a link, which is not followed.",
        "pipe": "This is no file, but a device or a pipe.",
    }.items():
        assert f"{folder / name}\n{words}\n" in result.stdout
    # What could not be looked at may have been anything.
    assert result.exit_code == 1
    (folder / "pipe").unlink()
    assert verify(folder, "--site", published).exit_code == 0


def test_a_folder_in_which_nothing_was_checked_is_no_success(folder: Path) -> None:
    (folder / "good.json").write_bytes(PDF)
    result = verify(folder)
    assert result.exit_code == 1 and f"{folder / 'good.json'}\nThis is a PDF document. A PDF" in result.stdout


def test_what_belongs_to_a_credential_beside_it_is_called_so(published: Path, tmp_path: Path) -> None:
    kept = Path(shutil.copytree(holders(published)[0], tmp_path / "kept/one")).parent
    found = entries(kept, "--site", published)
    kinds = {Path(file).name: entry["kind"] for file, entry in found.items()}
    parts = dict.fromkeys(("index.html", "qr.svg", "rosette.svg", "versions.json"), "part")
    assert kinds == parts | dict.fromkeys(("badge.png", "badge.svg", "credential.json"), "credential")
    (kept / "one/credential.json").unlink()
    assert {entry["kind"] for file, entry in entries(kept).items() if "qr.svg" in file} == {"other"}
    # Nobody is a part who claims to be more.
    shutil.copy(holders(published)[1] / "badge.svg", kept / "one/qr.svg")
    assert {entry["kind"] for file, entry in entries(kept).items() if "qr.svg" in file} == {"credential"}


def test_what_is_no_badge_is_said_in_one_sentence(folder: Path) -> None:
    (folder / "page.html").write_text("<html>", "utf-8")
    assert f"{folder / 'page.html'}\nThis is a web page, not a credential: paste" in verify(folder).stdout


def test_a_device_without_an_end_is_not_read_to_its_end() -> None:
    result = verify("/dev/zero")
    assert result.exit_code == 1 and "This file is larger than 12 MB" in result.stdout


PROOF = '{"type": ["VerifiableCredential"], "proof": {}}'
CLAIMS: dict[str, tuple[bytes, bool]] = {
    "a proof": (b'{"proof": {}}', True),
    "a proof within something": (b'[{"a": {"proof" : []}}]', True),
    "a proof that is written in escapes": (rb'{"\u0070roof": {}}', True),
    "a credential without a proof": (b'{"type": "OpenBadgeCredential"}', True),
    "a type by its address": (b'{"@type": "https://www.w3.org/2018/credentials#VerifiableCredential"}', True),
    "a badge of Open Badges 2.0": (b'{"type": "Assertion"}', True),
    "a presentation": (b'{"verifiableCredential": []}', True),
    "behind a byte order mark": (b"\xef\xbb\xbf" + PROOF.encode(), True),
    "in UTF-16": (PROOF.encode("utf-16"), True),
    "with a key twice": (b'{"proof": {}, "a": 1, "a": 2}', True),
    "cut off": (PROOF[:-2].encode(), True),
    "a token": (b"\n" + FORGED, True),
    "a token between quotes": (b'"' + FORGED + b'"', True),
    "a PNG of Open Badges 2.0": (b"\x89PNG\r\n\x1a\n....tEXtopenbadges\0https", True),
    "a PNG": (b"\x89PNG\r\n\x1a\n....", False),
    "an SVG that carries something": (b'<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"/>', True),
    "an SVG whose namespace is written in references": (
        b'<svg xmlns:o="&#104;ttps://purl.imsglobal.org/ob/v3p0"><o:credential>{}</o:credential></svg>',
        True,
    ),
    "an SVG": (b"<svg/>", False),
    "other JSON": (b'{"text": "a \\"proof\\": of \\"VerifiableCredential\\""}', False),
    "a web page that speaks of one": (b"<!doctype html><p>" + PROOF.encode(), False),
    "text": (b"the proof", False),
    "nothing": (b"", False),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_what_claims_to_be_a_credential(name: str) -> None:
    raw, expected = CLAIMS[name]
    assert claims_credential(raw) == expected


def test_a_folder_and_a_file_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "locked").mkdir()
    scan = os.scandir

    def refuse(place: Path) -> Any:
        if Path(place).name == "locked":
            raise PermissionError
        return scan(place)

    # Not by the rights of the files: whoever runs the tests may be allowed everything.
    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    flaws = {found.path: found.flaw for found in walk(tmp_path)}
    assert flaws == {"file": "a file that cannot be read", "locked": "a folder that cannot be read"}


# --- a site -----------------------------------------------------------------------------------------------------------

BADGE = "badges/knots"


def other_pixels(png: bytes) -> bytes:
    """A PNG whose bytes are sound, and which is another picture."""
    return format_png((kind, data[::-1] if kind == b"IDAT" else data) for kind, data in png_chunks(png))


def picture_in(site: Path) -> Path:
    return next((site / BADGE).glob("image-*.png"))


def rebake(holder: Path, change: Callable[[bytes], bytes]) -> None:
    """Puts the credential into another picture."""
    raw, image = (holder / "credential.json").read_bytes(), holder / "badge.png"
    image.write_bytes(bake_png(change(picture_of_png(image.read_bytes(), raw)), raw))


def rebake_alone(site: Path, holder: Path) -> None:
    """The same, and there is nothing to compare it with but the address that was signed."""
    rebake(holder, other_pixels)
    picture_in(site).unlink()


def redraw(holder: Path, more: bytes) -> None:
    """Adds something to the drawing, and puts the credential into it."""
    raw, image = (holder / "credential.json").read_bytes(), holder / "badge.svg"
    drawing = drawing_of_svg(image.read_bytes(), raw).replace(b"</svg>", more + b"</svg>")
    image.write_bytes(bake_svg(drawing, raw))


def rewrite(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


ID = "<id>"
# What is done to a site; the file that is at fault; and what is said of it.
FAULTS: dict[str, tuple[Callable[[Path, Path], object], str, str]] = {
    "a script in an image": (
        lambda site, holder: redraw(holder, b"<script>alert(1)</script>"),
        f"c/{ID}/badge.svg",
        "badge.svg has something else in it than a drawing and this credential.",
    ),
    "a script behind an image": (
        lambda site, holder: rewrite(holder / "badge.svg", (holder / "badge.svg").read_bytes() + b"<!-- -->"),
        f"c/{ID}/badge.svg",
        "badge.svg has something else in it than a drawing and this credential.",
    ),
    "an image with other pixels": (
        lambda site, holder: rebake(holder, other_pixels),
        f"c/{ID}/badge.png",
        "badge.png shows a different picture from the one that was signed.",
    ),
    "an image with other pixels where the picture is elsewhere": (
        rebake_alone,
        f"c/{ID}/badge.png",
        "badge.png shows a different picture from the one that was signed.",
    ),
    "an image of somebody else": (
        lambda site, holder: shutil.copy(holders(site)[1] / "badge.png", holder / "badge.png"),
        f"c/{ID}/badge.png",
        "An image next to it carries something else.",
    ),
    "a QR code of another page": (
        lambda site, holder: rewrite(holder / "qr.svg", qr_svg("https://elsewhere.example/")),
        f"c/{ID}/qr.svg",
        "The QR code next to it is not that of its page's address.",
    ),
    "no drawing where the page offers one": (
        lambda site, holder: (holder / "badge.svg").unlink(),
        f"c/{ID}/badge.svg",
        "badge.svg is missing next to it.",
    ),
    "no QR code": (
        lambda site, holder: (holder / "qr.svg").unlink(),
        f"c/{ID}/qr.svg",
        "qr.svg is missing next to it.",
    ),
    "no image": (
        lambda site, holder: (holder / "badge.png").unlink(),
        f"c/{ID}/badge.png",
        "badge.png is missing next to it.",
    ),
    "no page": (
        lambda site, holder: (holder / "index.html").unlink(),
        f"c/{ID}/index.html",
        "This page was altered: it is missing.",
    ),
    "one more file": (
        lambda site, holder: rewrite(holder / "diploma.pdf", PDF),
        f"c/{ID}/diploma.pdf",
        "No build writes a file of this name here.",
    ),
    "one more folder": (
        lambda site, holder: rewrite(holder / "more/page.html", b"<!doctype html>"),
        f"c/{ID}/more",
        "No build writes a file of this name here.",
    ),
    "one more version": (
        lambda site, holder: shutil.copy(holder / "credential.json", holder / "credential-2.json"),
        f"c/{ID}/credential-2.json",
        "No build writes a file of this name here.",
    ),
    "a file below c/": (
        lambda site, holder: rewrite(site / "c/index.html", b"<!doctype html>"),
        "c/index.html",
        "No build writes a file of this name here.",
    ),
    "a link below c/": (
        lambda site, holder: (site / "c/other").symlink_to(holder.name),
        "c/other",
        "This is a link, which no build writes, and which is not followed.",
    ),
    "another picture of an achievement": (
        lambda site, holder: rewrite(picture_in(site), other_pixels(picture_in(site).read_bytes())),
        f"{BADGE}/<picture>",
        "The address of this picture is made of its digest, and this is another picture.",
    ),
    "another logo": (
        lambda site, holder: rewrite(site / f"issuers/school/logo-{'0' * 8}.png", b"\x89PNG\r\n\x1a\n"),
        "issuers/school/logo-00000000.png",
        "The address of this picture is made of its digest, and this is another picture.",
    ),
    "no picture of an achievement": (
        lambda site, holder: picture_in(site).unlink(),
        f"{BADGE}/<picture>",
        "This file is missing, and what was signed names its address.",
    ),
    "no definition of an achievement": (
        lambda site, holder: (site / BADGE / "achievement.json").unlink(),
        f"{BADGE}/achievement.json",
        "This file is missing, and what was signed names its address.",
    ),
    "the definition of another achievement": (
        lambda site, holder: rewrite(site / BADGE / "achievement.json", b'{"id": "https://elsewhere.example/"}'),
        f"{BADGE}/achievement.json",
        "This is not the definition of the achievement at this address.",
    ),
    "more than a colour": (
        lambda site, holder: rewrite(
            site / "issuers/school/accent.css", accent_css(None) + b"main { display: none; }\n"
        ),
        "issuers/school/accent.css",
        "This style sheet does more than set an issuer's colour, or sets one in which words are hard to read.",
    ),
    "a list of keys that is none": (
        lambda site, holder: rewrite(site / "issuers/gone/did.json", b"{"),
        "issuers/gone/did.json",
        "This file is no JSON that can be read.",
    ),
    "a credential where none belongs": (
        lambda site, holder: rewrite(site / "manual/example.txt", FORGED),
        "manual/example.txt",
        "This is a JSON Web Token",
    ),
    "a device": (
        lambda site, holder: os.mkfifo(site / "badges/pipe"),
        "badges/pipe",
        "This is no file, but a device or a pipe.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_is_not_as_it_was_built_is_named(name: str, site: Path) -> None:
    change, path, words = FAULTS[name]
    holder = holders(site)[0]
    path = path.replace(ID, holder.name).replace("<picture>", picture_in(site).name)
    change(site, holder)
    result = verify(site, "--json")
    assert result.exit_code == 1 and words in result.stdout
    results = {entry["file"]: entry["result"] for entry in json.loads(result.stdout)}
    assert results[f"{site}/{path}"] == ("not_supported" if words.startswith("This is a JSON Web Token") else "failed")
    assert not {found.path for found in walk(site)} - {file.removeprefix(f"{site}/") for file in results}


def test_what_is_wrong_is_printed_with_the_file(site: Path) -> None:
    holder = holders(site)[0]
    rewrite(holder / "qr.svg", qr_svg("https://elsewhere.example/"))
    rewrite(holder / "diploma.pdf", PDF)
    (holder / "badge.png").unlink()
    result = verify(site)
    assert "Do not rely on this." in result.stdout
    assert "The QR code next to it is not that of its page's address. qr.svg, 2026-07-01T00:00:00Z" in result.stdout
    assert "badge.png is missing next to it. badge.png, 2026" in result.stdout
    assert f"{holder}/diploma.pdf\nNo build writes a file of this name here.\n" in result.stdout
    assert "2 credentials: 1 genuine, 0 revoked, 0 expired, 0 not yet valid, 2 FAIL" in result.stderr


def test_of_a_sound_site_every_file_is_compared_or_counted(site: Path) -> None:
    rewrite(site / "manual/index.html", b"<!doctype html>")
    rewrite(site / "manual/photo.jpg", JPEG)
    rewrite(site / "feed_rss_created.xml", b"<rss/>")
    (site / "manual/link").symlink_to("index.html")
    result = verify(site)
    assert result.exit_code == 0 and result.stdout == ""
    assert "1 file for hosts and crawlers" not in result.stderr and "1 feed" in result.stderr
    assert " compared; not a credential, and only counted: " in result.stderr and "1 link" in result.stderr
    found = entries(site)
    assert set(found) == {f"{site}/{item.path}" for item in walk(site)}
    results = {file.removeprefix(f"{site}/"): (entry["kind"], entry["result"]) for file, entry in found.items()}
    beside = f"c/{holders(site)[0].name}/"
    compared = {path: kind for path, (kind, result) in results.items() if result == "passed"}
    assert {path.removeprefix(beside): kind for path, kind in compared.items() if path.startswith(beside)} == {
        "badge.png": "badge image",
        "badge.svg": "badge image",
        "credential.json": "credential",
        "index.html": "page of a credential",
        "qr.svg": "QR code",
        "rosette.svg": "rosette",
        "versions.json": "list of versions",
    }
    assert {kind for path, kind in compared.items() if path.startswith("assets/")} >= {"script", "style sheet", "font"}
    assert {path for path in compared if not path.startswith(("c/", "assets/"))} == {
        f"{BADGE}/{picture_in(site).name}",
        "issuers/school/accent.css",
        "issuers/school/did.json",
        "issuers/school/status/1.json",
    }
    assert {result for _, result in results.values()} == {"passed", "not_checked"}
    assert not {kind for kind, _ in results.values()} & {"other file", "unexpected file"}


def test_files_beside_a_credential_that_is_gone_count_as_not_compared(site: Path) -> None:
    holder = holders(site)[0]
    (holder / "credential.json").unlink()
    results = {Path(file).name: entry.get("result") for file, entry in entries(site).items() if holder.name in file}
    assert results["badge.png"] == results["index.html"] == "not_checked"
    assert results["versions.json"] == "passed" and results["credential.json"] == "failed"


def test_pages_of_a_release_that_is_not_known_count_as_not_compared(site: Path) -> None:
    pages = [holder / "index.html" for holder in holders(site)]
    for page in pages:
        rename_release(page)
    result = verify(site)
    assert (
        f"{len(pages)} pages of a credential" in result.stderr or f"{len(pages)} pages of credentials" in result.stderr
    )
    assert [entries(site)[str(page)]["result"] for page in pages] == ["not_checked"] * len(pages)


def test_one_page_of_another_release_than_the_rest_fails(site: Path) -> None:
    page = holders(site)[0] / "index.html"
    rename_release(page)
    assert verify(site).exit_code == 1
    assert entries(site)[str(page)]["result"] == "failed"


def rename_release(page: Path) -> None:
    """Lets a page name a release that nobody knows."""
    name = 'name="laurels-release" content="'
    page.write_text(re.sub(f"({name})[0-9a-f]+", rf"\g<1>{'0' * 32}", page.read_text("utf-8")), "utf-8")


def test_a_picture_at_an_older_address_is_compared_too(site: Path) -> None:
    digest = hashlib.sha256(JPEG).hexdigest()
    rewrite(site / f"{BADGE}/image-{digest[:8]}.png", JPEG)
    assert verify(site).exit_code == 0


@pytest.mark.parametrize("accent", [None, "#000000", "#ffffff", "#c8402f"])
def test_every_colour_that_a_build_writes_is_accepted(site: Path, accent: str | None) -> None:
    rewrite(site / "issuers/school/accent.css", accent_css(accent))
    assert verify(site).exit_code == 0


@pytest.mark.parametrize(
    ("path", "kind"),
    {
        "search/search_index.json": "search index",
        "assets/fonts/sans-latin.woff2": "font",
        "_headers": "file for hosts and crawlers",
        ".well-known/did.json": "list of keys",
        "c/a/credential-2.json": "credential",
        "c/a/b/credential.json": "unexpected file",
        "badges/knots/image-123.png": "picture",
        "a\nb": "other file",
    }.items(),
)
def test_a_path_says_what_a_file_of_a_site_is(path: str, kind: str) -> None:
    assert kind_of(path).name == kind
