"""An issuer's colour: legible as text on every ground of the theme, and as a ground under the theme's paper."""

from __future__ import annotations

import re

import pytest

from site_builder.site.parts.accent import accent_css
from site_builder.site.theme import theme_folder
from site_builder.verification.page.accent import contrast, is_accent

ACCENTS = """#000000 #ffffff #ffff00 #00ffff #ff00ff #ff0000 #00ff00 #0000ff #0b5563 #2f5d46 #fcfaf5 #14171a #808080 #f4c20d
#ffd1dc #e0e0e0 #8b0000 #4b0082 #ff7f50 #a0522d #003366 #7fff00 #dda0dd #36454f #fffacd""".split()


def grounds() -> tuple[list[str], list[str]]:
    """Paper and wash of the theme, by day and by night."""
    css = (theme_folder() / "assets" / "laurels.css").read_text("utf-8")
    found = re.findall(r"--(?:paper|wash): (#[0-9a-f]{6});", css)
    return found[:2], found[2:4]


def test_there_are_at_least_twenty_accents_pale_and_dark() -> None:
    assert len(set(ACCENTS)) >= 20
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("accent", [None, *ACCENTS])
def test_an_accent_is_legible_as_text_and_as_a_ground(accent: str | None) -> None:
    by_day, by_night = accent_css(accent).decode("ascii").splitlines()
    assert by_day.startswith(":root") and by_night.startswith("@media screen and (prefers-color-scheme: dark)")
    for line, colours in zip((by_day, by_night), grounds(), strict=True):
        text = re.findall(r"--accent-text: (#[0-9a-f]{6})", line)[0]
        # Contrast reads the same both ways: what can be read on paper also carries words in paper's colour.
        assert len(colours) == 2 and min(contrast(text, ground) for ground in colours) >= 4.5


def test_what_is_legible_already_stays_as_the_issuer_chose_it() -> None:
    assert "--accent-text: #0b5563" in accent_css("#0b5563").decode()


@pytest.mark.parametrize("accent", [None, *ACCENTS])
def test_a_verifier_takes_what_a_build_writes(accent: str | None) -> None:
    assert is_accent(accent_css(accent))


@pytest.mark.parametrize(
    ("what", "colour"),
    [
        ("--accent-text: #0b5563; }\n", "--accent-text: #fbf9f4; }\n"),
        ("--accent-text: #0b5563; }\n", "--accent-text: #808080; }\n"),
        ("--accent-text: #0b5563; }\n", "--accent-text: #0b5563; display: none; }\n"),
        ("@media screen", "@media print"),
    ],
)
def test_a_colour_in_which_words_hide_is_none(what: str, colour: str) -> None:
    css = accent_css("#0b5563").decode()
    assert what in css
    assert not is_accent(css.replace(what, colour).encode())
    night = re.search(r"dark.*--accent: (#......); --accent-text", css)
    assert night is not None and not is_accent(css.replace(night[1], "#1c2023").encode())
