"""Artwork as PNG: what is let through, what is refused, and that no picture can do more than fail."""

from __future__ import annotations

import hashlib
import io
import resource
import struct
import time
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from site_builder.credentials.carriers.png import bake_png
from site_builder.credentials.carriers.table import unbake
from site_builder.encoding import PNG_SIGNATURE, format_png, png_chunks
from site_builder.errors import Error
from site_builder.issuing.transaction.images import RenderError, render_png
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.renderings import find_rendering
from site_builder.records.artwork.png import MAX_PNG_BYTES, reserialize_png
from site_builder.records.artwork.svg import ArtworkError
from site_builder.site.publish import publish
from site_builder.verification.whole_site import verify_site
from tests.support import DRAWING, issue_all, publish_to, write_repository

Chunks = list[tuple[bytes, bytes]]


def header(width: int = 300, height: int = 300, *, depth: int = 8, colours: int = 0, rest: bytes = b"\0\0\0") -> bytes:
    return struct.pack(">IIBB", width, height, depth, colours) + rest


def grey(width: int = 300, height: int = 300) -> Chunks:
    """A black picture, eight bits of grey a pixel."""
    return [
        (b"IHDR", header(width, height)),
        (b"IDAT", zlib.compress(bytes((width + 1) * height), 9)),
        (b"IEND", b""),
    ]


def with_part(kind: bytes, data: bytes = b"", *, at: int = 1) -> bytes:
    chunks = grey()
    return format_png([*chunks[:at], (kind, data), *chunks[at:]])


def headed(head: bytes) -> bytes:
    return format_png([(b"IHDR", head), *grey()[1:]])


def painted(mode: str = "RGBA", size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    """A red disc, as Pillow writes it."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, size[0] - 10, size[1] - 10), fill=(200, 30, 30, 255))
    stored = io.BytesIO()
    (picture.quantize(16) if mode == "P" else picture.convert(mode)).save(stored, "PNG", **options)
    return stored.getvalue()


# --- the walk -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "LA", "L", "P", "1"])
def test_ordinary_picture_keeps_its_samples_and_stays_as_it_is_the_second_time(mode: str) -> None:
    raw = painted(mode)
    stored = reserialize_png(raw)
    assert reserialize_png(stored) == stored
    assert [chunk for chunk in png_chunks(raw) if chunk[0] == b"IDAT"] == [
        chunk for chunk in png_chunks(stored) if chunk[0] == b"IDAT"
    ]
    with Image.open(io.BytesIO(raw)) as before, Image.open(io.BytesIO(stored)) as after:
        assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()


@pytest.mark.parametrize(
    "part",
    [
        (b"tEXt", b"Author\0Ada"),
        (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(10_000_000))),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta/>"),
        (b"eXIf", b"MM\0*\0\0\0\x08GPS"),
        (b"tIME", b"\x07\xea\x05\x0e\0\0\0"),
        (b"iCCP", b"x\0\0" + zlib.compress(bytes(10_000_000))),
        (b"pHYs", bytes(9)),
        (b"prVW", b"a program's own"),
        (b"caBX", b"a maker's mark"),
    ],
    ids=lambda part: part[0].decode(),
)
def test_what_nobody_sees_is_left_out(part: tuple[bytes, bytes]) -> None:
    assert reserialize_png(with_part(*part)) == format_png(grey())


def test_interlaced_picture_is_let_through() -> None:
    assert reserialize_png(headed(header(rest=b"\0\0\1")))


PALETTE = [(b"IHDR", header(colours=3)), (b"PLTE", bytes(6)), (b"tRNS", b"\0"), *grey()[1:]]
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a PNG"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(40), "not a PNG"),
    "a drawing": (DRAWING.encode(), "not a PNG"),
    "cut off": (format_png(grey())[:-5], "cut off"),
    "a wrong checksum": (format_png(grey())[:-1] + b"\0", "damaged"),
    "something behind its end": (format_png(grey()) + b"PK\3\4", "behind its end"),
    "another picture behind its end": (format_png(grey()) * 2, "behind its end"),
    "no samples": (format_png([grey()[0], grey()[2]]), "order"),
    "no header": (format_png(grey()[1:]), "does not begin"),
    "two headers": (with_part(b"IHDR", header()), "order"),
    "a moving picture": (with_part(b"acTL", bytes(8)), "moves"),
    "a frame of a moving picture": (with_part(b"fdAT", bytes(8)), "moves"),
    "a critical part that nobody knows": (with_part(b"JDAT", b"x"), "not of the standard"),
    "a part whose name is no name": (with_part(b"a\0\0\0", b"x"), "not of the standard"),
    "a palette after the samples": (with_part(b"PLTE", bytes(3), at=2), "order"),
    "two palettes": (format_png([PALETTE[0], PALETTE[1], *PALETTE[1:]]), "order"),
    "a palette of no colours": (format_png([PALETTE[0], (b"PLTE", b""), *PALETTE[2:]]), "order"),
    "a palette that is not of threes": (format_png([PALETTE[0], (b"PLTE", bytes(4)), *PALETTE[2:]]), "order"),
    "a palette of 257": (format_png([PALETTE[0], (b"PLTE", bytes(771)), *PALETTE[2:]]), "order"),
    "transparency before the palette": (format_png([PALETTE[0], PALETTE[2], PALETTE[1], *PALETTE[3:]]), "order"),
    "indexes without a palette": (headed(header(colours=3)), "order"),
    "an end with something in it": (format_png([*grey()[:2], (b"IEND", b"x")]), "order"),
    "a header that is too short": (headed(header()[:-1]), "not one"),
    "a depth that is none": (headed(header(depth=3)), "contradicts"),
    "a palette of 16 bits": (headed(header(depth=16, colours=3)), "contradicts"),
    "a colour type that is none": (headed(header(colours=5)), "contradicts"),
    "another compression": (headed(header(rest=b"\1\0\0")), "contradicts"),
    "another interlacing": (headed(header(rest=b"\0\0\2")), "contradicts"),
    "no width": (headed(header(width=0)), "0 by 300"),
    "too small": (headed(header(255, 300)), "255 by 300"),
    "too wide": (headed(header(4097, 4000)), "4097 by 4000"),
    "a thousand million pixels": (headed(header(2**31 - 1, 2**31 - 1)), "pixels"),
    "a ribbon": (headed(header(300, 1600)), "wider"),
    "too large": (with_part(b"prVW", bytes(MAX_PNG_BYTES)), "larger than 4 MiB"),
    "very many parts": (format_png([grey()[0], *[(b"IDAT", b"")] * 6_000, *grey()[1:]]), "more than 5,000"),
    "baked": (bake_png(format_png(grey()), b'{"a": 1}'), "carries a credential"),
    "baked the old way": (with_part(b"tEXt", b"openbadges\0https://old.example/assertion"), "carries a credential"),
    "baked with capitals and compressed": (with_part(b"zTXt", b"OpenBadgeCredential\0\0x"), "carries a credential"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_picture_is_refused_in_plain_words(name: str) -> None:
    raw, words = REFUSED[name]
    started = time.process_time()
    with pytest.raises(ArtworkError, match=words) as refused:
        reserialize_png(raw)
    assert refused.value.fix and refused.value.code in ("ART001", "ART002")
    assert time.process_time() - started < 2


SMALL = st.sampled_from([kind for kind, _ in PALETTE] + [b"IDAT", b"tEXt", b"acTL", b"prVW", b"ABCD", b"\0\0\0\0"])
WILD = st.lists(st.tuples(SMALL, st.binary(max_size=20) | st.just(header()) | st.just(bytes(9))), max_size=8)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(WILD, st.integers(0, 40), st.binary(max_size=3))
def test_any_chunks_and_any_damage_are_refused_or_put_in_order(chunks: Chunks, place: int, damage: bytes) -> None:
    for raw in (format_png(chunks), format_png([*grey()[:1], *chunks, *grey()[1:]])):
        for sent in (raw, raw[:place] + damage + raw[place + len(damage) :], raw[: len(raw) - place]):
            try:
                stored = reserialize_png(sent)
            except ArtworkError:
                continue
            assert reserialize_png(stored) == stored
            assert {kind for kind, _ in png_chunks(stored)} <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


# --- decoding -------------------------------------------------------------------------------------------------------


def test_picture_is_made_to_fit_into_a_square_of_600() -> None:
    for size in [(300, 300), (400, 300), (300, 1200), (4096, 2048)]:
        with Image.open(io.BytesIO(render_png(reserialize_png(painted(size=size))))) as picture:
            assert picture.size == (600, 600) and picture.format == "PNG"
            seen = picture.convert("RGBA")
            assert seen.getpixel((300, 300)) == (200, 29, 29, 255) or seen.getpixel((300, 300)) == (200, 30, 30, 255)
            assert seen.getpixel((1, 1)) == (0, 0, 0, 0)


def test_grey_of_sixteen_bits_keeps_its_brightness() -> None:
    stored = io.BytesIO()
    Image.new("I;16", (300, 300), 40_000).save(stored, "PNG")
    with Image.open(io.BytesIO(render_png(reserialize_png(stored.getvalue())))) as picture:
        assert picture.convert("RGBA").convert("L").getpixel((300, 300)) == 40_000 // 256


def test_rendering_carries_nothing_of_the_picture_that_was_sent_but_its_look() -> None:
    kinds = {kind for kind, _ in png_chunks(render_png(reserialize_png(painted(pnginfo=None, dpi=(72, 72)))))}
    assert kinds <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def bomb(samples: Iterable[bytes], *, side: int = 4_096, colours: int = 6) -> bytes:
    return format_png(
        [(b"IHDR", header(side, side, colours=colours)), *((b"IDAT", part) for part in samples), (b"IEND", b"")]
    )


def zeros(size: int) -> bytes:
    packer, parts = zlib.compressobj(9), []
    for _ in range(size // 1_048_576):
        parts.append(packer.compress(bytes(1_048_576)))
    return b"".join([*parts, packer.flush()])


BOMBS: dict[str, Callable[[], bytes]] = {
    "samples of 1 GB": lambda: bomb([zeros(1024 * 1_048_576)], side=300),
    "no samples at all": lambda: bomb([b""]),
    "samples that are noise": lambda: bomb([bytes(range(256)) * 4_000]),
    "a few samples of many": lambda: bomb([zlib.compress(bytes(100))]),
    "an endless window": lambda: bomb([b"\x78\x01" + b"\xff" * 100_000]),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_costs_seconds_and_a_bounded_memory(name: str) -> None:
    raw = BOMBS[name]()
    assert len(raw) <= MAX_PNG_BYTES
    stored = reserialize_png(raw)
    started = time.perf_counter()
    try:
        picture = render_png(stored)
    except RenderError as error:
        assert "save it again as PNG" in str(error)
    else:
        assert len(picture) < 2 * 1_048_576
    assert time.perf_counter() - started < 30
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_100_000  # kibibytes


# --- from the folder to the page ------------------------------------------------------------------------------------


def pictured(root: Path) -> Path:
    """The small repository with PNG pictures as artwork and logo."""
    write_repository(root, files={"badges/knots/image.svg": ""})
    (root / "badges/knots/image.svg").unlink(missing_ok=True)
    (root / "badges/knots/image.png").write_bytes(painted(pnginfo=None))
    (root / "issuers/school/logo.png").write_bytes(painted("P", (300, 300)))
    return root


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = pictured(tmp_path_factory.mktemp("png") / "repository")
    issue_all(root)
    return root


def test_rendered_folder_holds_the_picture_and_the_digest_of_what_it_was_made_from(issued: Path) -> None:
    for folder, kind in (("badges/knots", "image"), ("issuers/school", "logo")):
        picture, source = sorted((issued / folder / "rendered").iterdir())
        assert (picture.suffix, source.suffix) == (".png", ".source") and picture.stem == source.stem
        artwork = reserialize_png((issued / folder / f"{kind}.png").read_bytes())
        assert source.read_text("ascii") == f"{hashlib.sha256(artwork).hexdigest()}  {kind}.png\n"
        found = find_rendering(issued / folder / "rendered", [picture.name], artwork)
        assert found is not None and found.png == picture.read_bytes()


def test_same_picture_with_other_texts_is_not_rendered_again(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_artwork: bytes) -> bytes:
        raise AssertionError("rendered again")

    monkeypatch.setattr("site_builder.issuing.transaction.drawing.render_png", never)
    image = issued / "badges/knots/image.png"
    before = image.read_bytes()
    chunks = list(png_chunks(before))
    image.write_bytes(format_png([chunks[0], (b"tEXt", b"Comment\0other"), *chunks[1:]]))
    (issued / "content/records/school/more.yml").write_text("badge: knots\nawarded: 2026-05-20\nname: Mary Shelley\n")
    assert len(issue_all(issued, seed="more").awards) == 1
    image.write_bytes(before)


def test_site_has_the_baked_picture_and_no_drawing(issued: Path, tmp_path: Path) -> None:
    checked = check_repository(issued)
    assert checked.problems == []
    files = dict(publish(checked))
    for award_id, award in checked.ledger.awards.items():
        raw = checked.raw(award, award.current)
        assert unbake(files[f"c/{award_id}/badge.png"]) == raw
        assert f"c/{award_id}/badge.svg" not in files
        page = files[f"c/{award_id}/index.html"].decode()
        assert "badge.svg" not in page and 'href="badge.png"' in page
    assert not [path for path in files if path.endswith((".source", "image.png", "logo.png"))]
    site = publish_to(issued, tmp_path / "site")
    verdicts = {report.verdict for _, report in verify_site(site, now=datetime(2026, 6, 2, tzinfo=UTC))}
    assert verdicts <= {"holds", "copy"}


def test_before_anything_is_signed_the_achievement_shows_the_picture_as_it_was_put_together_anew(
    tmp_path: Path,
) -> None:
    root = pictured(tmp_path)
    files = dict(publish(check_repository(root)))
    assert files["badges/knots/image.png"] == reserialize_png((root / "badges/knots/image.png").read_bytes())
    assert 'src="../../badges/knots/image.png"' in files["badges/knots/index.html"].decode()


def rendered(root: Path, suffix: str) -> Path:
    [found] = (root / "badges/knots/rendered").glob(f"*{suffix}")
    return found


DAMAGES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "picture removed": (lambda root: rendered(root, ".png").unlink(), ".png", "LED008"),
    "picture replaced": (lambda root: rendered(root, ".png").write_bytes(painted()), ".png", "LED008"),
    "digest removed": (lambda root: rendered(root, ".source").unlink(), ".source", "LED008"),
    "digest that is none": (lambda root: rendered(root, ".source").write_text("hello\n"), ".source", "LED008"),
    "a long digest": (lambda root: rendered(root, ".source").write_bytes(b"0" * 600_000), ".source", "LED008"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_to_what_was_rendered_is_a_problem(name: str, tmp_path: Path) -> None:
    damage, suffix, code = DAMAGES[name]
    root = pictured(tmp_path)
    issue_all(root)
    damage(root)
    assert [(Path(problem.file).suffix, problem.code) for problem in check_repository(root).problems] == [
        (suffix, code)
    ]


def test_picture_that_cannot_be_decoded_is_told_by_its_name_and_nothing_is_issued(tmp_path: Path) -> None:
    root = pictured(tmp_path)
    (root / "badges/knots/image.png").write_bytes(format_png([(b"IHDR", header()), (b"IDAT", b"no"), (b"IEND", b"")]))
    assert check_repository(root).problems == []  # it is not decoded
    with pytest.raises(Error, match=r"^badges/knots/image\.png: ART002 this picture cannot be read"):
        issue_all(root)
    assert not list((root / "content/signed").glob("school/*"))


def test_drawing_may_take_the_place_of_a_picture_and_what_was_signed_stays(issued: Path, tmp_path: Path) -> None:
    root = pictured(tmp_path)
    issue_all(root)
    (root / "badges/knots/image.png").unlink()
    (root / "badges/knots/image.svg").write_text(DRAWING)
    (root / "content/records/school/more.yml").write_text("badge: knots\nawarded: 2026-05-20\nname: Mary Shelley\n")
    [award] = issue_all(root, seed="more").awards
    files = dict(publish(check_repository(root)))
    assert [path for path in files if path.endswith("badge.svg")] == [f"c/{award.id}/badge.svg"]
    assert len([path for path in files if path.endswith("badge.png")]) == 3
    assert PNG_SIGNATURE in files[f"c/{award.id}/badge.png"]
