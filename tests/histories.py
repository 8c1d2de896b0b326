"""Random lives of credentials: what people write, step by step, and what must have become of each award after it.

A history is a list of numbers. Each number seeds one step, which chooses among what is possible then; so any shorter list is a history
too, and one that fails can be made as short as it gets."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.encoding import parse_json
from site_builder.errors import Error
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import Issued, issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.formats.yaml_writer import compose_record
from site_builder.records.models.periods import add_period
from tests.support import BADGE, DRAWING, ISSUER, NOW, fake_key

__all__ = ["Award", "History", "Version"]

Fields = dict[str, str | list[str]]
RECORDS = "content/records/school"
_FIRST_DAY = date(2026, 4, 20)
_COLOURS = ("#0b5563", "#8a1c1c", "#3c6e21")


@dataclass
class Version:
    """What one version of an award must say. until: its last day. key: whose proof it carries. withheld: its file was taken back."""

    said: Fields
    until: date | None
    key: str
    state: str = "active"
    withheld: bool = False


@dataclass
class Award:
    """An award as it is known to whoever wrote its records. row: as it stands there. file: where, or where its renewal is written.

    records: the files of all changes that name it."""

    row: Fields
    file: str
    id: str = ""
    renews: Award | None = None
    versions: list[Version] = field(default_factory=list)
    erased: bool = False
    revoking: bool = False
    records: set[str] = field(default_factory=set)

    @property
    def state(self) -> str:
        """pending, active, revoked or erased."""
        return "erased" if self.erased else self.versions[-1].state if self.versions else "pending"

    @property
    def names(self) -> set[str]:
        """Every name that a version stated."""
        return {str(version.said["name"]) for version in self.versions} | {str(self.row["name"])}


@dataclass(frozen=True)
class Correction:
    """One that is written down and not applied."""

    award: Award
    file: str
    date: str
    fields: Fields
    remove: tuple[str, ...]
    withhold: bool

    def apply(self, said: Fields) -> Fields:
        """What the award says after it."""
        return {name: value for name, value in said.items() if name not in self.remove} | self.fields


class History:
    """A repository, what was done to it, and what must have become of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.awards: list[Award] = []
        self.corrections: list[Correction] = []
        self.erasing: list[Award] = []
        self.keys = [["key-1", "active"]]
        self.done: list[str] = []
        self.issues = 0
        self.validity: str | None = "P2Y"
        self._count = 0
        self._random = random.Random()
        self._source = random.Random(0)

    # --- steps --------------------------------------------------------------------------------------------------------

    def step(self, seed: int) -> None:
        """One act of those that are possible now."""
        self._random = random.Random(seed)
        begin: list[tuple[Callable[[], str], int]] = [(self._write_award, 2), (self._write_cohort, 2), (self._issue, 8)]
        change: list[tuple[Callable[[], str], int]] = [
            (self._correct, 9), (self._revoke, 2), (self._renew, 4), (self._erase, 3), (self._drop_pending, 1), (self._bring_up_to_date, 6),
            (self._edit_badge, 1), (self._edit_issuer, 1), (self._toggle_listed, 1), (self._rotate, 1), (self._compromise, 1),
        ]  # fmt: skip
        acts = [*begin, *change] if any(award.versions for award in self.awards) else begin
        told = ""
        while not told:
            # Not every act is possible at any time; a new award is.
            told = self._random.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()
        self.done.append(told)

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _day(self) -> str:
        """A day that no other award has, some of them still to come."""
        return (_FIRST_DAY + timedelta(days=3 * self._next())).isoformat()

    def _details(self) -> Fields:
        """Some of what may be stated of an award."""
        number = self._next()
        possible: Fields = {
            "expires": self._random.choice(["never", "2026-06-12", "2027-01-31", "2030-01-01"]),
            "evidence": [f"https://school.example/books/{number}"],
            "narrative": f"Tied *all of them* in {number} minutes.",
            "license_number": f"L-{number}",
            "role": f"Deckhand {number}",
        }
        chosen = [name for name in possible if self._random.random() < 0.3]
        return {name: possible[name] for name in chosen}

    def _new_row(self) -> Fields:
        number, day = self._next(), self._day()
        row: Fields = {
            "badge": "knots",
            "awarded": day,
            "name": f"Wilhelmina {number:03d}",
        }
        if self._random.random() < 0.7:
            row["email"] = f"w{number}@example.org"
        if self._random.random() < 0.1:
            row["id"] = f"did:web:w{number}.example"
        if self._random.random() < 0.2:
            row["ref"] = f"ref {number}"
        row |= self._details()
        return row if _is_possible(row) else self._new_row()

    def _write_award(self) -> str:
        return self._write_rows([self._new_row()])

    def _write_cohort(self) -> str:
        rows = [self._new_row() for _ in range(self._random.choice([2, 2, 3]))]
        return self._write_rows([row | {"awarded": rows[0]["awarded"], "expires": "never"} for row in rows])

    def _write_rows(self, rows: list[Fields]) -> str:
        file = f"{RECORDS}/{self._next():03d}-award.yml"
        self.awards += [Award(row, file) for row in rows]
        self._rewrite(file)
        return f"award {len(rows)} in {file}"

    def _rewrite(self, file: str) -> None:
        """The file of rows as its awards have them; without any it goes."""
        there = [award for award in self.awards if award.file == file and not award.renews]
        rows = [award.row for award in there if not award.erased and award not in self.erasing]
        if not rows:
            (self.root / file).unlink(missing_ok=True)
        elif len(rows) == 1 and self._random.random() < 0.5:
            self._write(file, compose_record(rows[0]))
        else:
            shared = {"badge": "knots"}
            people = [{name: value for name, value in row.items() if name != "badge"} for row in rows]
            self._write(file, compose_record(shared, people=people))

    def _write(self, file: str, text: str) -> None:
        (self.root / file).write_text(text, "utf-8")

    def _some(self, wanted: Callable[[Award], bool]) -> Award | None:
        found = [award for award in self.awards if wanted(award)]
        return self._random.choice(found) if found else None

    def _correct(self) -> str:
        award = self._some(lambda award: award.state == "active" and not award.revoking and award not in self.erasing)
        if award is None:
            return ""
        number, said = self._next(), self._as_corrected(award)
        possible: Fields = self._details() | {
            "name": f"Wilhelmina {number:03d}",
            "email": f"w{number}@example.org",
            "awarded": self._day(),
            "id": f"did:web:w{number}.example",
        }
        before = self._random.choice(award.versions).said
        if self._random.random() < 0.3:
            # Back to what it was once.
            possible |= {name: value for name, value in before.items() if name not in ("badge", "ref")}
        if "pending" in self._renewals_of(award):
            possible.pop("awarded")  # a renewal is later than what it renews
        fields = {
            name: value for name, value in possible.items() if self._random.random() < (0.3 if name != "name" else 0.5)
        }
        gone = [name for name in said if name not in fields and name not in ("badge", "awarded", "name", "ref")]
        remove = tuple(name for name in gone if self._random.random() < 0.2)
        day = f"2026-06-0{self._random.randint(1, 4)}"
        correction = Correction(
            award, f"{RECORDS}/{number:03d}-correct.yml", day, fields, remove, self._random.random() < 0.3
        )
        if not self._is_sound([*self._pending(award), correction], award):
            return ""
        self.corrections.append(correction)
        award.records.add(correction.file)
        text: Fields = {"correct": award.id, "date": day, "note": f"Correction {number}."}
        text |= fields
        if remove:
            text["remove"] = list(remove)
        if correction.withhold:
            text["withhold_previous"] = "true"
        self._write(correction.file, compose_record(text))
        return f"correct {award.id} ({', '.join(fields)}; remove {remove}; withhold {correction.withhold}; {day}) in {correction.file}"

    def _pending(self, award: Award) -> list[Correction]:
        return [correction for correction in self.corrections if correction.award is award]

    def _as_corrected(self, award: Award) -> Fields:
        said = award.versions[-1].said
        for correction in _ordered(self._pending(award)):
            said = correction.apply(said)
        return said

    def _is_sound(self, corrections: Iterable[Correction], award: Award) -> bool:
        said = award.versions[-1].said
        for correction in _ordered(corrections):
            after = correction.apply(said)
            if after == said or not _is_possible(after):
                return False
            said = after
        return True

    def _revoke(self) -> str:
        award = self._some(
            lambda a: (
                a.state == "active"
                and not a.revoking
                and not self._pending(a)
                and a not in self.erasing
                and "pending" not in self._renewals_of(a)
            )
        )
        if award is None:
            return ""
        file = f"{RECORDS}/{self._next():03d}-revoke.yml"
        award.revoking = True
        award.records.add(file)
        self._write(file, f"revoke: {award.id}\ndate: 2026-06-02\nreason: other\nnote: Number {self._count}.\n")
        return f"revoke {award.id} in {file}"

    def _renew(self) -> str:
        old = self._some(
            lambda a: (
                a.state == "active"
                and not a.revoking
                and a not in self.erasing
                and not {"pending", "active"} & self._renewals_of(a)
            )
        )
        if old is None:
            return ""
        file, day, details = f"{RECORDS}/{self._next():03d}-renew.yml", self._day(), self._details()
        row: Fields = {"awarded": day, "name": old.versions[-1].said["name"]}
        new = Award(row | details, file, renews=old)
        if not _is_possible(new.row):
            return ""
        self.awards.append(new)
        old.records.add(file)
        head: Fields = {"renew": old.id, "date": day}
        self._write(file, compose_record(head | details))
        return f"renew {old.id} ({', '.join(details)}) in {file}"

    def _renewals_of(self, award: Award) -> set[str]:
        """How the renewals of an award stand."""
        return {other.state for other in self.awards if other.renews is award}

    def _erase(self) -> str:
        award = self._some(lambda award: award.state in ("active", "revoked") and award not in self.erasing)
        if award is None:
            return ""
        return "; ".join(self._erase_one(award))

    def _erase_one(self, award: Award) -> list[str]:
        """Deletes the row and every record that names the award; what renewed it is erased too, or stands alone from now on."""
        told = [f"erase {award.id}"]
        self.erasing.append(award)
        self.corrections = [correction for correction in self.corrections if correction.award is not award]
        for file in award.records:
            (self.root / file).unlink()
        for renewal in [
            other for other in self.awards if other.renews is award and not other.erased and other not in self.erasing
        ]:
            if renewal.state == "pending":
                self.awards.remove(renewal)
            elif self._random.random() < 0.5:
                told += self._erase_one(renewal)
            else:
                renewal.renews, renewal.file = None, renewal.file.replace("-renew", "-renewed")
                self._rewrite(renewal.file)
                told.append(f"write the renewal {renewal.id} out in {renewal.file}")
        file = f"{RECORDS}/{self._next():03d}-erase.yml"
        self._write(file, f"erase: {award.id}\ndate: 2026-06-03\n")
        if award.renews:
            (self.root / award.file).unlink(missing_ok=True)
            award.renews.records.discard(award.file)
        else:
            self._rewrite(award.file)
        return told

    def _drop_pending(self) -> str:
        award = self._some(lambda award: award.state == "pending")
        if award is None:
            return ""
        self.awards.remove(award)
        if award.renews:
            (self.root / award.file).unlink()
            award.renews.records.discard(award.file)
        else:
            self._rewrite(award.file)
        return f"delete a row of {award.file} that is not signed yet"

    def _bring_up_to_date(self) -> str:
        award = self._some(
            lambda a: a.state == "active" and len(a.versions) > 1 and not a.renews and a not in self.erasing
        )
        if award is None or not self._renewals_name_it_as_now(award):
            return ""
        award.row = dict(award.versions[-1].said)
        self._rewrite(award.file)
        return f"bring the row of {award.id} up to date in {award.file}"

    def _renewals_name_it_as_now(self, award: Award) -> bool:
        """Whether every renewal of an award was signed for the recipient as it is named now: the row alone says how it was then."""
        renewals = [other for other in self.awards if other.renews is award and other.versions]
        return all(_recipient(other.versions[0].said) == _recipient(award.versions[-1].said) for other in renewals)

    def _toggle_listed(self) -> str:
        award = self._some(lambda award: not award.renews and award.state != "erased" and award not in self.erasing)
        if award is None:
            return ""
        if award.row.pop("listed", None) is None:
            award.row["listed"] = "2026-06-01"
        self._rewrite(award.file)
        return f"list or unlist a row of {award.file}"

    def _edit_badge(self) -> str:
        self.validity = self._random.choice(["P2Y", "P1Y", "P6M", None])
        text = BADGE.replace("six knots that matter", f"{self._next()} knots that matter")
        text = text.replace("validity: P2Y\n", f"validity: {self.validity}\n" if self.validity else "")
        self._write("badges/knots/badge.yml", text)
        drawing = self.root / "badges/knots/image.svg"
        drawing.write_text(DRAWING.replace("#0b5563", self._random.choice(_COLOURS)), "utf-8")
        return f"edit the badge (validity {self.validity})"

    def _edit_issuer(self) -> str:
        text = ISSUER.replace("Test School", f"Test School {self._next()}")
        text = text.replace("Europe/Amsterdam", self._random.choice(["Europe/Amsterdam", "America/Los_Angeles"]))
        match = self._random.choice(["private", "public", "off"])
        self._write("issuers/school/issuer.yml", f"{text}email_match: {match}\n")
        return f"edit the issuer (email_match {match})"

    # --- keys ---------------------------------------------------------------------------------------------------------

    @property
    def active_key(self) -> str:
        """The key that signs."""
        return next(name for name, state in self.keys if state == "active")

    def compromised(self) -> set[str]:
        """The keys whose proofs nobody accepts any more."""
        return {name for name, state in self.keys if state == "compromised"}

    def _rotate(self) -> str:
        return self._replace_key("retired")

    def _compromise(self) -> str:
        return self._replace_key("compromised")

    def _replace_key(self, state: str) -> str:
        """The active key is replaced; a compromise may also befall one that was retired before."""
        chosen = self._random.choice(self.keys) if state == "compromised" else self.keys[-1]
        if chosen[1] == "compromised":
            return ""
        if chosen[1] == "active":
            self.keys.append([f"key-{len(self.keys) + 1}", "active"])
        chosen[1] = state
        lines = [
            f"  - {{id: {name}, publicKeyMultibase: {format_public_key(fake_key(name).public_key())}, created: 2026-05-01, state: {how}}}\n"
            for name, how in self.keys
        ]
        self._write("issuers/school/keys.yml", "keys:\n" + "".join(lines))
        return f"{chosen[0]} is {state}"

    # --- issuing ------------------------------------------------------------------------------------------------------

    def _issue(self) -> str:
        if self.done[-1:] == [] or self.done[-1].startswith("issue"):
            return ""
        resign = self._random.random() < 0.6
        self.issue(resign=resign)
        return f"issue{' --resign' if resign else ''}"

    def issue(self, *, resign: bool = False) -> Issued:
        """Signs what is pending, and expects it of the awards."""
        self.issues += 1
        done = self._issued(resign=resign)
        self._expect_awards(done)
        for correction in _ordered(self.corrections):
            self._expect_correction(correction)
        for award in self.awards:
            if award.revoking:
                award.versions[-1].state, award.revoking = "revoked", False
        for award in self.erasing:
            award.erased = True
        for version in [version for award in self.awards for version in award.versions] if resign else []:
            version.key = self.active_key if version.key in self.compromised() and not version.withheld else version.key
        self.corrections, self.erasing = [], []
        return done

    def _issued(self, *, resign: bool) -> Issued:
        now: datetime = NOW + timedelta(minutes=self.issues)
        keys = {"school": SigningKey(self.active_key, fake_key(self.active_key))}
        try:
            return issue(self.root, now=now, random_bytes=self._bytes, signing_keys=keys, resign=resign)
        except Error as error:
            raise Error(f"{error}: {[str(problem) for problem in check_repository(self.root).problems]}") from error

    def _bytes(self, count: int) -> bytes:
        """The same ones in every run. Three are for a place in a status list: there are few, so that one would soon be drawn again."""
        return bytes([0, 0, self._source.randrange(12)]) if count == 3 else self._source.randbytes(count)

    def _expect_awards(self, done: Issued) -> None:
        """Each row that was pending is an award now; a renewal takes the recipient as the old award names it, corrections of this run among them."""
        days = {}
        for stored in done.awards:
            document = parse_json((self.root / stored.folder / "credential.json").read_bytes())
            days[document["credentialSubject"]["identifier"][0]["identityHash"], stored.awarded] = stored.id
        for award in [award for award in self.awards if award.state == "pending"]:
            if award.renews:
                old = self._as_corrected(award.renews)
                person = {name: old.get(name, "") for name in ("badge", "name", "email", "id")}
                award.row |= {name: value for name, value in person.items() if value}
            said = {name: value for name, value in award.row.items() if name != "listed"}
            award.id = days.pop((str(said["name"]), str(said["awarded"])))
            award.versions = [Version(said, self._until(said), self.active_key)]
        assert not days, "more was signed than was written down"

    def _until(self, said: Fields) -> date | None:
        if "expires" in said:
            return None if said["expires"] == "never" else date.fromisoformat(str(said["expires"]))
        return add_period(date.fromisoformat(str(said["awarded"])), self.validity) if self.validity else None

    def _expect_correction(self, correction: Correction) -> None:
        versions = correction.award.versions
        said = correction.apply(versions[-1].said)
        has_new_end = {"awarded", "expires"} & {*correction.fields, *correction.remove}
        until = self._until(said) if has_new_end else versions[-1].until
        versions[-1].state = "superseded"
        for version in versions if correction.withhold else []:
            version.withheld = True
        versions.append(Version(said, until, self.active_key))


def _ordered(corrections: Iterable[Correction]) -> list[Correction]:
    return sorted(corrections, key=lambda correction: (correction.date, correction.file))


def _recipient(said: Fields) -> tuple[object, ...]:
    return tuple(said.get(name) for name in ("name", "email", "id"))


def _is_possible(said: Fields) -> bool:
    """Whether an award ends after it began."""
    expires = str(said.get("expires", "never"))
    return expires == "never" or expires >= str(said["awarded"])
