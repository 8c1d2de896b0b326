"""A QR code of an address as one whole number: what a drawing of it takes, in microseconds.

Bytes of data, error correction level M, versions 1 to 6: up to 106 characters. Each module of such a code is a sum without carries
(exclusive or) of bits of the text, so a code is the sum of one number for each character at its place, which are worked out once.
Source: ISO/IEC 18004:2015, 7 (the sections are named below)."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

__all__ = ["Symbol", "symbol_of"]

# Version: error correction codewords in a block, data codewords in a block, blocks. Source: 7.5.1, table 9 (level M).
_BLOCKS = {1: (10, 16, 1), 2: (16, 28, 1), 3: (26, 44, 1), 4: (18, 32, 2), 5: (24, 43, 2), 6: (16, 27, 4)}
# The mode of bytes in four bits, their number in eight; four bits end the data. Source: 7.4.1 and 7.4.9.
_HEADER_BITS, _BYTE_MODE = 12, 0b0100
# A text of at most 20 characters, or one with so many letters and digits of the compact modes in a row, has another code.
_OTHER_MODES = re.compile(rb"[0-9A-Z $%*+\-./:]{20}")
_LEAST_BYTES = 21


def symbol_of(text: str, mask: int) -> tuple[int, Symbol] | None:
    """The modules of a text's code, and how to read them; None for a text that has another kind of code. mask: 0 to 7."""
    raw = text.encode("ascii", "replace") if text.isascii() else b""
    if len(raw) < _LEAST_BYTES or _OTHER_MODES.search(raw):
        return None
    version = next((version for version, (_, data, blocks) in _BLOCKS.items() if len(raw) <= data * blocks - 2), None)
    if version is None:
        return None
    symbol = _symbol(version)
    return symbol.modules(raw, mask), symbol


class _Character(dict[int, int]):
    """Which modules a character at one place turns round, by its byte."""

    def __init__(self, bits: list[int]) -> None:
        self._bits = bits

    def __missing__(self, byte: int) -> int:
        self[byte] = turned = _sum(self._bits, byte)
        return turned


class Symbol:
    """The codes of one version. size: modules on a side. stride: bits of a row, a multiple of eight; the last ones are 0.

    A code is a number of size · stride bits, the first row and in it the first column in the highest."""

    def __init__(self, version: int) -> None:
        self.size = 17 + 4 * version
        self.stride = (self.size + 7) // 8 * 8
        self._version = version
        self._bits = self._bits_of_data()
        self._characters = [_Character(self._bits[at : at + 8]) for at in range(_HEADER_BITS, len(self._bits) - 4, 8)]
        # Of each length and mask, the modules that no character changes.
        self._steady: dict[tuple[int, int], int] = {}

    def modules(self, raw: bytes, mask: int) -> int:
        """The code of a text that this version can hold."""
        modules = self._steady.get((len(raw), mask))
        if modules is None:
            modules = self._steady[len(raw), mask] = self._without_text(len(raw), mask)
        for character, byte in zip(self._characters, raw, strict=False):
            modules ^= character[byte]
        return modules

    def _module(self, row: int, column: int) -> int:
        return 1 << (self.size - row) * self.stride - 1 - column

    def _without_text(self, length: int, mask: int) -> int:
        """A code with only zeros where the text is: patterns, format, mask, header and padding."""
        capacity = len(self._bits) // 8
        # Source: 7.4.10 (padding).
        padding = bytes([0xEC, 0x11] * capacity)[: capacity - length - 2]
        stream = (_BYTE_MODE << 8 | length) << (8 * length + 4) << 8 * len(padding) | int.from_bytes(padding, "big")
        modules = _sum(self._bits, stream)
        fixed = _fixed_modules(self._version) | _format_modules(self.size, mask)
        for row, column in product(range(self.size), repeat=2):
            if fixed.get((row, column), _MASKS[mask](row, column)):
                modules ^= self._module(row, column)
        return modules

    def _bits_of_data(self) -> list[int]:
        """For each bit of the data, the modules that it turns round: its own, and those of error correction."""
        corrections, length, blocks = _BLOCKS[self._version]
        places = self._places()
        # Of each codeword: the modules of its first four bits and of its last four, by their value.
        halves = [[_sums(places[at : at + 4]), _sums(places[at + 4 : at + 8])] for at in range(0, len(places) - 7, 8)]
        remainders = _remainders(corrections, length)
        turned: list[int] = []
        for block, place in product(range(blocks), range(length)):
            # Codewords of the blocks alternate. Source: 7.6.
            own = places[8 * (place * blocks + block) :][:8]
            following = halves[length * blocks + block :: blocks]
            remainder, of_bits = remainders[place], []
            for module in reversed(own):
                parts = (
                    high[byte >> 4] | low[byte & 15] for (high, low), byte in zip(following, remainder, strict=True)
                )
                of_bits.append(module | sum(parts))
                remainder = remainder.translate(_DOUBLED)
            turned += reversed(of_bits)
        return turned

    def _places(self) -> list[int]:
        """The modules of the codewords' bits in their order: in pairs of columns, upwards and downwards. Source: 7.7.3."""
        fixed = _fixed_modules(self._version) | _format_modules(self.size, 0)
        places = []
        # Without the one of a timing pattern.
        columns = [column for column in range(self.size - 1, -1, -1) if column != 6]
        for turn, pair in enumerate(zip(columns[::2], columns[1::2], strict=True)):
            rows = range(self.size) if turn % 2 else range(self.size - 1, -1, -1)
            places += [(row, column) for row in rows for column in pair if (row, column) not in fixed]
        return [self._module(row, column) for row, column in places]


@cache
def _symbol(version: int) -> Symbol:
    return Symbol(version)


def _sum(bits: list[int], number: int) -> int:
    """The sum without carries of those whose bit in a number is 1; the last one's is the lowest."""
    turned = 0
    for modules in reversed(bits):
        if number & 1:
            turned ^= modules
        number >>= 1
    return turned


def _sums(bits: list[int]) -> list[int]:
    """_sum with each number."""
    return [_sum(bits, number) for number in range(1 << len(bits))]


# By row and column. Source: 7.8.2, table 10.
_MASKS = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)


def _fixed_modules(version: int) -> dict[tuple[int, int], bool]:
    """(row, column) of each module of the patterns: whether it is dark. Source: 6.3."""
    size = 17 + 4 * version
    modules = {place: place[0] % 2 + place[1] % 2 == 0 for at in range(size) for place in ((6, at), (at, 6))}
    modules |= _squares([(size - 7, size - 7)] if version > 1 else [], reach=2, light=(1,), size=size)
    modules |= _squares([(3, 3), (3, size - 4), (size - 4, 3)], reach=4, light=(2, 4), size=size)
    return modules | {(size - 8, 8): True}


def _squares(
    centres: list[tuple[int, int]], *, reach: int, light: tuple[int, ...], size: int
) -> dict[tuple[int, int], bool]:
    """Squares around each other: dark, but those at a distance that is light."""
    near = range(-reach, reach + 1)
    return {
        (row + down, column + right): max(abs(down), abs(right)) not in light
        for row, column in centres
        for down, right in product(near, repeat=2)
        if 0 <= row + down < size and 0 <= column + right < size
    }


def _format_modules(size: int, mask: int) -> dict[tuple[int, int], bool]:
    """The number of the mask for level M, twice, each with its error correction. Source: 7.9.1."""
    rest = mask << 10
    for bit in range(14, 9, -1):
        rest ^= 0x537 << bit - 10 if rest >> bit & 1 else 0
    bits = (mask << 10 | rest) ^ 0x5412
    upright = [*range(6), 7, 8, *range(size - 7, size)]
    level = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    return {place: bits >> bit & 1 == 1 for bit in range(15) for place in ((upright[bit], 8), (8, level[bit]))}


# --- error correction: Reed and Solomon's codes over the field of 256 elements. Source: 7.5.2 and annex A ------------------


_DOUBLED = bytes(byte << 1 ^ (0x11D if byte & 0x80 else 0) for byte in range(256))


def _times(codewords: bytes, factor: int) -> bytes:
    """Each of some elements times another one."""
    found = 0
    for bit in range(8):
        found ^= int.from_bytes(codewords, "big") if factor >> bit & 1 else 0
        codewords = codewords.translate(_DOUBLED)
    return found.to_bytes(len(codewords), "big")


def _plus(first: bytes, second: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(first, second, strict=True))


def _remainders(corrections: int, length: int) -> list[bytes]:
    """For each codeword of a block: the error correction codewords where it is 1 and all others are 0."""
    generator, root = b"\1", 1
    for _ in range(corrections):
        generator = _plus(generator + b"\0", b"\0" + _times(generator, root))
        root = _DOUBLED[root]
    generator = remainder = generator[1:]
    found = []
    for _ in range(length):
        found.append(remainder)
        remainder = _plus(remainder[1:] + b"\0", _times(generator, remainder[0]))
    return found[::-1]
