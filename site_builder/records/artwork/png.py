"""Pictures that people send as PNG: walked chunk by chunk, held against a list, and put together anew without being decoded.

Whoever checks a repository needs no picture library; what is not drawn yet is unpacked and counted (png_samples), and `issue` decodes it
once, in a process with limits.
Source: PNG Specification (Third Edition), 5 (datastream), 11 (chunks), 12.4 (decoder: unknown chunks)."""

from __future__ import annotations

import struct

from site_builder.encoding import EncodingError, format_png, is_png, png_chunks
from site_builder.records.artwork.svg import ArtworkError

__all__ = ["MAX_PNG_BYTES", "artwork_file", "reserialize_png"]

MAX_PNG_BYTES = 4 * 1_048_576
_MAX_CHUNKS = 5_000
_MIN_SIDE_PX, _MAX_SIDE_PX = 256, 4_096
# What a picture is made of; all else is left out: texts, times, places, profiles, thumbnails, what programs add of their own.
_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_MOVING = {b"acTL", b"fcTL", b"fdAT"}
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
# Bits of a sample that each colour type may have (PNG, table 11.1).
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_PALETTE = 3
_AGAIN = "open it in a picture program and save it again as PNG"


def artwork_file(kind: str, artwork: bytes) -> str:
    """The name of the file that artwork comes from. kind: `image` or `logo`."""
    return f"{kind}.{'png' if is_png(artwork) else 'svg'}"


def reserialize_png(raw: bytes) -> bytes:
    """The picture in the one form that is compared and published before it is signed: header, palette, transparency, samples.

    The result is the same for the same picture, whatever texts it came with. Raises ArtworkError."""
    if len(raw) > MAX_PNG_BYTES:
        raise ArtworkError("this picture is larger than 4 MiB", "make it smaller: 600 by 600 is enough", code="ART002")
    kept: list[tuple[bytes, bytes]] = []
    try:
        for number, (kind, data) in enumerate(png_chunks(raw)):
            if number == _MAX_CHUNKS:
                raise ArtworkError(f"this picture has more than {_MAX_CHUNKS:,} parts", _AGAIN, code="ART002")
            _check_chunk(kind, data)
            if kind in _KEPT:
                kept.append((kind, data))
    except EncodingError as error:
        raise ArtworkError(str(error), _AGAIN) from error
    _check_header(kept[0][1])
    _check_order([kind for kind, _ in kept], dict(kept), needs_palette=kept[0][1][9] == _PALETTE)
    return format_png(kept)


def _check_chunk(kind: bytes, data: bytes) -> None:
    if kind in _MOVING:
        raise ArtworkError("this picture moves (APNG)", "save a single picture as PNG")
    if kind in _TEXTS and data[:9].lower() == b"openbadge":
        fix = "use the picture that it was put into; a credential of somebody's must not become artwork"
        raise ArtworkError("this picture carries a credential already", fix)
    # A capital letter first says that nobody may show the picture who does not know the part.
    if kind not in _KEPT and not (kind.isalpha() and kind[:1].islower()):
        raise ArtworkError("this picture has a part that is not of the standard", _AGAIN)


def _check_header(header: bytes) -> None:
    if len(header) != 13:
        raise ArtworkError("the header of this picture is not one", _AGAIN)
    width, height, depth, colours, compression, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colours, ()) or compression or filtering or interlace > 1:
        raise ArtworkError("the header of this picture contradicts the standard", _AGAIN)
    if not _MIN_SIDE_PX <= min(width, height) <= max(width, height) <= _MAX_SIDE_PX:
        what = f"this picture has {width} by {height} pixels"
        fix = f"make it 600 by 600; each side has from {_MIN_SIDE_PX} to {_MAX_SIDE_PX:,}"
        raise ArtworkError(what, fix, code="ART002")
    if max(width, height) > 5 * min(width, height):
        raise ArtworkError("this picture is much wider than high, or the other way round", "make it nearly square")


def _check_order(kinds: list[bytes], parts: dict[bytes, bytes], *, needs_palette: bool) -> None:
    """One of each, palette before transparency before samples, and samples in one run (PNG, 5.6)."""
    runs = [kind for place, kind in enumerate(kinds) if kind != b"IDAT" or kinds[place - 1] != b"IDAT"]
    expected = [kind for kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND") if kind in parts]
    palette = parts.get(b"PLTE", b"")
    is_sound = len(palette) % 3 == 0 and len(palette) <= 768 and len(parts.get(b"tRNS", b"")) <= 256
    if runs != expected or b"IDAT" not in parts or parts[b"IEND"] or not is_sound or (needs_palette and not palette):
        raise ArtworkError("the parts of this picture do not stand in the order of the standard", _AGAIN)
