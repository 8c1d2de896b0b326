"""What runs code, as a terminal shows it to a reviewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from site_builder.cli.shell import say
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.review.review import Notice

__all__ = ["say_kinds", "say_notices"]


def say_notices(notices: Sequence[Notice]) -> None:
    """Each thing that a change brings, with its reason; nothing, if there is none."""
    if notices:
        say("This change runs code or hides a part of itself; look at each:")
    for line in _lines(notices):
        say(line)


def say_kinds(kinds: Iterable[str]) -> None:
    """How many things of each kind a whole repository has; nothing, if there is none. kinds: that of each of them."""
    counts = ", ".join(plural(count, kind) for kind, count in Counter(kinds).items())
    if counts:
        say(f"What can run code or hide a part of a change: {counts} ('laurels check --json' names them)")


def _lines(notices: Sequence[Notice]) -> Iterator[str]:
    before = ""
    for notice in notices:
        if notice.kind.why != before:
            yield f"{notice.kind.why}:"
        before = notice.kind.why
        # A line that began with a file's name could be a command for the program that shows it.
        yield f"- {notice}"
