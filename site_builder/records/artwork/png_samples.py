"""Whether a PNG picture holds every sample that its header promises: unpacked row by row in bounded memory, and thrown away.

A picture library draws what there is of a damaged picture and leaves the rest empty, without a word; that would be signed.
Source: PNG Specification (Third Edition), 7.2 (scanlines), 8.1 (interlacing), 9.2 (filter types), 10.1 (compression)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from site_builder.encoding import png_chunks
from site_builder.records.artwork.svg import ArtworkError

__all__ = ["check_samples"]

_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Where each pass of an interlaced picture begins, and how far its columns and its rows lie apart: x, y, dx, dy.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_LAST_FILTER = 4
_READ_BYTES = 65_536
_BLOCK_BYTES = 1_048_576
_CUT_OFF = "this picture is cut off: the samples of its last rows are missing"


def check_samples(artwork: bytes) -> None:
    """Raises ArtworkError for a re-serialised picture whose samples are cut off, damaged or too many."""
    chunks = list(png_chunks(artwork))
    lengths = list(_row_lengths(chunks[0][1]))
    total, row, place, length = sum(lengths), 0, 0, 0
    for block in _unpacked(b"".join(data for kind, data in chunks if kind == b"IDAT")):
        # place: where the next row begins, with the byte that names its filter.
        while row < len(lengths) and place < length + len(block):
            if block[place - length] > _LAST_FILTER:
                raise _refused("this picture is damaged: a row has a filter that does not exist")
            place += lengths[row]
            row += 1
        length += len(block)
        if length > total:
            raise _refused("this picture has more samples than its width and height say")
    if length < total:
        raise _refused(_CUT_OFF)


def _row_lengths(header: bytes) -> Iterator[int]:
    """How many bytes each row has, its filter included, in the order in which they are stored."""
    width, height, depth, colours, _, _, interlace = struct.unpack(">IIBBBBB", header)
    bits = depth * _SAMPLES[colours]
    for x, y, dx, dy in _PASSES if interlace else ((0, 0, 1, 1),):
        columns, rows = -(-(width - x) // dx), -(-(height - y) // dy)
        yield from [1 + -(-columns * bits // 8)] * (rows if columns > 0 else 0)


def _unpacked(packed: bytes) -> Iterator[bytes]:
    """The samples in blocks of a bounded size. Raises ArtworkError when they cannot be unpacked to their end."""
    stream = zlib.decompressobj()
    try:
        for start in range(0, len(packed), _READ_BYTES):
            rest = packed[start : start + _READ_BYTES]
            while rest and not stream.eof:
                yield stream.decompress(rest, _BLOCK_BYTES)
                rest = stream.unconsumed_tail
        while not stream.eof and (block := stream.decompress(b"", _BLOCK_BYTES)):
            yield block
    except zlib.error:
        raise _refused("this picture is damaged: its samples cannot be unpacked") from None
    if not stream.eof:
        raise _refused(_CUT_OFF)


def _refused(what: str) -> ArtworkError:
    # A picture program opens such a file, shows the part that it has, and saves that.
    return ArtworkError(
        what, "copy it anew from where it came, or export it again from the program that it was drawn in"
    )
