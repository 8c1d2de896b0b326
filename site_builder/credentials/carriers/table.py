"""The carriers: kinds of files that have a credential inside. A new one is a module beside this and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_builder.credentials.carriers.png import bake_png, unbake_png
from site_builder.credentials.carriers.svg import bake_svg, is_svg, unbake_svg
from site_builder.encoding import is_png

__all__ = ["CARRIERS", "Carrier", "carrier_of", "unbake"]


@dataclass(frozen=True)
class Carrier:
    """A kind of file that has a credential inside.

    suffix: of its file names, without the dot. label: what pages call it. recognises: whether bytes say that they are of this kind.
    bake: (file without a credential, credential) to the file with it. unbake: the credential in a file; both raise BakeError."""

    suffix: str
    label: str
    recognises: Callable[[bytes], bool]
    bake: Callable[[bytes, bytes], bytes]
    unbake: Callable[[bytes], bytes]


# In the order in which pages offer them; what a file is, the first that claims it says.
CARRIERS = (
    Carrier("png", "image (PNG)", is_png, bake_png, unbake_png),
    Carrier("svg", "image (SVG)", is_svg, bake_svg, unbake_svg),
)


def carrier_of(raw: bytes) -> Carrier | None:
    """The kind of a file, None when it is no carrier."""
    return next((carrier for carrier in CARRIERS if carrier.recognises(raw)), None)


def unbake(raw: bytes) -> bytes:
    """The credential in a baked file, whatever its kind. Raises BakeError; what claims to be nothing is refused as a drawing."""
    return (carrier_of(raw) or CARRIERS[-1]).unbake(raw)
