"""Makes the theme's font files anew: python scripts/subset-fonts.py FOLDER, once for each change of a font.

FOLDER is where `npm install @fontsource-variable/eb-garamond@5.3.0 @fontsource-variable/commissioner@5.3.0` was run. Needs fonttools
and brotli, which nothing else here needs: the files are committed. Each is one script of one face, without hinting (which screens of
today pass over) and with just the features that text needs, so that a first visit loads two files."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

OUT = Path(__file__).resolve().parent.parent / "themes" / "laurels" / "assets" / "fonts"
FEATURES = ["calt", "ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "onum", "pnum", "tnum"]
PUNCTUATION = (
    "2002-2003 2009 200A 2010-2015 2018-201E 2020-2022 2026 2030 2032-2033 2039-203A 2044 20AC 2122 2190-2193 2212"
)
SCRIPTS = {
    "latin": f"20-7E A0-FF 131 152-153 2C6 2DA 2DC {PUNCTUATION}",
    "latin-ext": "100-101 104-127 12A-130 132-151 154-167 16A-19F 1A2-1AE 1B1-24F 259 2BB-2BC "
    "300-304 306-308 30B-30C 326-328 1E02-1E99 1E9E",
    "vietnamese": "102-103 110-111 128-129 168-169 1A0-1A1 1AF-1B0 300-301 303 309 323 1EA0-1EF9 20AB",
    "greek": "370-377 37A-37F 384-38A 38C 38E-3A1 3A3-3FF",
    "greek-ext": "1F00-1FFF",
    "cyrillic": "400-45F 490-491 4B0-4B1 2116",
    "cyrillic-ext": "460-48F 492-4AF 4B2-52F",
}
# Emphasis within Latin text only: other scripts do without, or slant.
ITALIC = "20-22 27-29 2C-3B 3F 41-5A 61-7A A0 AB BB E0 E1 E4 E7-EB F1 F3 F6 FC 2013-2014 2018-2019 201C-201D 2026"
FACES = {
    # The serif in one weight: headings are large instead of bold. The sans from 400 to 600, for small facts and strong words.
    "serif": ("eb-garamond", "normal", 400, SCRIPTS),
    "serif-italic": ("eb-garamond", "italic", 400, {"latin": ITALIC}),
    "sans": ("commissioner", "normal", (400, 600), SCRIPTS),
}


def code_points(ranges: str) -> set[int]:
    """The code points of hexadecimal ranges such as ``20-7E A9``."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def subset(source: Path, wanted: set[int], weight: object) -> bytes:
    """A font file cut down to the wanted code points and weights, as WOFF2."""
    options = Options()
    options.layout_features, options.hinting, options.notdef_outline = FEATURES, False, True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(source)
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = None
    whole = io.BytesIO()
    font.save(whole)
    font = instancer.instantiateVariableFont(TTFont(io.BytesIO(whole.getvalue())), {"wght": weight})
    font.flavor, font.recalcTimestamp = "woff2", False
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def rule(face: str, script: str, code_points: set[int]) -> str:
    """The style sheet's rule for one file: browsers load it only for a page that has one of its characters."""
    family = "Laurels Sans" if face == "sans" else "Laurels Serif"
    style = "italic" if face.endswith("italic") else "normal"
    weight = "400 600" if face == "sans" else "400"
    return (
        f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight}; font-display: swap; '
        f'src: url("fonts/{face}-{script}.woff2") format("woff2"); unicode-range: {as_ranges(code_points)}; }}'
    )


def as_ranges(code_points: set[int]) -> str:
    """Code points as CSS writes them, e.g. ``U+20-7E,U+A9``."""
    runs: list[list[int]] = []
    for point in sorted(code_points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def main() -> None:
    """Writes every file and the style sheet that names them, and prints sizes and how many characters of a script a font has."""
    rules = ["/* Written by scripts/subset-fonts.py. The fonts' licence: fonts/LICENCE-OFL.txt. */"]
    packages = Path(sys.argv[1]) / "node_modules" / "@fontsource-variable"
    for face, (name, style, weight, scripts) in FACES.items():
        for script, ranges in scripts.items():
            source = packages / name / "files" / f"{name}-{script}-wght-{style}.woff2"
            if not source.is_file():
                continue  # the family has no such part: browsers take the next font
            wanted = code_points(ranges) & set(TTFont(source).getBestCmap())
            raw = subset(source, wanted, weight)
            (OUT / f"{face}-{script}.woff2").write_bytes(raw)
            rules.append(rule(face, script, wanted))
            print(f"{face}-{script}.woff2: {len(raw):,} bytes, {len(wanted)} characters")
    (OUT.parent / "fonts.css").write_text("\n".join(rules) + "\n", "ascii")


if __name__ == "__main__":
    main()
