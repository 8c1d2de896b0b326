"""What is printed of a change before it is written, and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from site_builder.cli.shell import say, show
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.authoring.change_records import Difference, Proposal

__all__ = ["say_next", "show_proposal"]


def show_proposal(proposal: Proposal) -> None:
    """What was found, what changes, and the record, for people."""
    award = proposal.target.listed
    show(f"{award.name}: {award.achievement}, awarded {award.awarded}, {award.state}")
    show(f"  {award.url}" + (f"\n  {award.record}" if award.record else ""))
    if proposal.differences:
        show("")
        _print_differences(proposal.differences)
    show(f"\n{proposal.file}")
    for line in proposal.text.splitlines():
        show(f"  {line}".rstrip())
    show("")
    for note in proposal.notes:
        say(note)


def _print_differences(differences: Sequence[Difference]) -> None:
    for difference in differences:
        show(f"{difference.field}:")
        show(f"  old  {difference.old or '(nothing)'}")
        show(f"  new  {difference.new or '(nothing)'}")


_MAX_LINES = 20
_HEADINGS = {
    "still_named_in": "Still named today, in files that stay (for you to look at: other awards, comments, pages):",
    "out_of_reach": "What this cannot reach:",
}


def say_next(proposal: Proposal, *, dry_run: bool, as_json: bool) -> None:
    """What was written, and what comes next."""
    if not as_json and not dry_run:
        show(f"wrote {proposal.file}")
        for path, content in proposal.edits.items():
            show(f"{'deleted' if content is None else 'changed'} {path}")
    if not as_json:
        _print_afterwards(proposal.afterwards)
    if dry_run:
        return say("Nothing was written (--dry-run).")
    say(f"Next: {', then '.join(proposal.next_steps)}")


def _print_afterwards(afterwards: Mapping[str, Sequence[str]]) -> None:
    for name, heading in _HEADINGS.items():
        if afterwards.get(name):
            show(f"\n{heading}")
            more = len(afterwards[name]) - _MAX_LINES
            for line in [*afterwards[name][:_MAX_LINES], *([f"and {plural(more, 'place')} more"] if more > 0 else [])]:
                show(f"- {line}")
    if afterwards.get("history"):
        show("\nTo take it out of the history, once 'laurels issue' has run and all is committed and pushed:")
        for line in afterwards["history"]:
            show(f"  {line}")
