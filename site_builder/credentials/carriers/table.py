"""The carriers: kinds of files that have a credential inside. A new one is a module beside this and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_builder.credentials.carriers.png import bake_png, unbake_other_png, unbake_png
from site_builder.credentials.carriers.svg import bake_svg, is_svg, unbake_other_svg, unbake_svg
from site_builder.encoding import is_png

__all__ = ["CARRIERS", "Carrier", "accepted_files", "carrier_of", "unbake"]


@dataclass(frozen=True)
class Carrier:
    """A kind of file that has a credential inside.

    suffix: of its file names, without the dot. label: what pages call it. media_type: as IANA lists it.
    recognises: whether bytes say that they are of this kind.
    bake: (file without a credential, credential) to the file with it. unbake: the credential in a file; both raise BakeError.
    unbake_other: what a file carries in a form that unbake does not read; None for nothing."""

    suffix: str
    label: str
    media_type: str
    recognises: Callable[[bytes], bool]
    bake: Callable[[bytes, bytes], bytes]
    unbake: Callable[[bytes], bytes]
    unbake_other: Callable[[bytes], bytes | None] = lambda raw: None


# In the order in which pages offer them; what a file is, the first that claims it says.
CARRIERS = (
    Carrier("png", "image (PNG)", "image/png", is_png, bake_png, unbake_png, unbake_other_png),
    Carrier("svg", "image (SVG)", "image/svg+xml", is_svg, bake_svg, unbake_svg, unbake_other_svg),
)


def accepted_files() -> str:
    """What a page lets people choose: JSON and every carrier, by suffix and by media type. Source: HTML, 4.10.5.1.17 (accept)."""
    suffixes = ["json", *(carrier.suffix for carrier in CARRIERS)]
    media_types = ["application/json", *(carrier.media_type for carrier in CARRIERS)]
    return ",".join([*(f".{suffix}" for suffix in suffixes), *media_types])


def carrier_of(raw: bytes) -> Carrier | None:
    """The kind of a file, None when it is no carrier."""
    return next((carrier for carrier in CARRIERS if carrier.recognises(raw)), None)


def unbake(raw: bytes) -> bytes:
    """The credential in a baked file, whatever its kind. Raises BakeError; what claims to be nothing is refused as a drawing."""
    return (carrier_of(raw) or CARRIERS[-1]).unbake(raw)
