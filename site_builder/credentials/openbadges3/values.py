"""What an Open Badges 3.0 credential states, as values: one class for each class of the standard that this program signs.

Texts are "" and tuples empty where nothing is stated. Sources: Open Badges 3.0, Data Model (OpenBadgeCredential,
AchievementSubject, Achievement, Alignment, ResultDescription, Result, Evidence, IdentityObject, Profile, Image);
VCDM 2.0, 4; Bitstring Status List 1.0, 2.1; VC Data Integrity 1.0, 2.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = [
    "Alignment",
    "Credential",
    "Evidence",
    "Image",
    "Issuer",
    "Number",
    "Proof",
    "Result",
    "ResultDescription",
    "SignedAchievement",
    "StatusListEntry",
    "Subject",
]

Number = int | float


@dataclass(frozen=True)
class Alignment:
    """What an achievement shows, as a framework names it. type: a word of AlignmentTargetType, or ""."""

    name: str
    url: str
    framework: str = ""
    code: str = ""
    description: str = ""
    type: str = ""


@dataclass(frozen=True)
class ResultDescription:
    """A result that an achievement can have. key: its name in addresses. type: ResultType. allowed: from the lowest to the highest.

    Numbers are text here as they are in the standard: 4.0 and 4 are one number, and not one grade."""

    key: str
    name: str
    type: str
    minimum: str = ""
    maximum: str = ""
    allowed: tuple[str, ...] = ()
    required: str = ""


@dataclass(frozen=True)
class Result:
    """A result that a recipient reached. key: of its ResultDescription. is_status: value is a word of ResultStatusType."""

    key: str
    value: str
    is_status: bool = False


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: an https address, with a name and a description if the provider gave them."""

    url: str
    name: str = ""
    description: str = ""


@dataclass(frozen=True)
class Image:
    """A picture at an address. caption: its text alternative."""

    url: str
    caption: str = ""


@dataclass(frozen=True)
class Issuer:
    """Who issues, as a credential names it. id: a DID. image: the address of the logo."""

    id: str
    name: str
    url: str
    image: str = ""


@dataclass(frozen=True)
class SignedAchievement:
    """What was earned, as a credential states it. id and criteria_url: addresses. criteria: Markdown. language: BCP 47."""

    id: str
    name: str
    description: str
    criteria_url: str
    criteria: str
    language: str
    image: Image | None = None
    type: str = ""
    tags: tuple[str, ...] = ()
    credits_available: Number | None = None
    version: str = ""
    alignments: tuple[Alignment, ...] = ()
    results: tuple[ResultDescription, ...] = ()


@dataclass(frozen=True)
class Subject:
    """The recipient, and what the award says of this one person.

    id: the recipient's own identifier. email_hash: identityHash of the e-mail address, with the salt if the credential carries it.
    stated: the optional members of AchievementSubject that are one text or one number, by the standard's name."""

    name: str
    achievement: SignedAchievement
    id: str = ""
    email_hash: str = ""
    email_salt: str = ""
    stated: Mapping[str, str | Number] = field(default_factory=dict)
    results: tuple[Result, ...] = ()

    @property
    def narrative(self) -> str:
        """About this very award, in Markdown."""
        return self._text("narrative")

    @property
    def role(self) -> str:
        """What the recipient was while earning it."""
        return self._text("role")

    @property
    def license_number(self) -> str:
        """The number of the licence that was granted."""
        return self._text("licenseNumber")

    @property
    def credits_earned(self) -> Number | None:
        """How many of the achievement's credits were earned."""
        credits = self.stated.get("creditsEarned")
        return None if isinstance(credits, str) else credits

    @property
    def activity_start(self) -> datetime | None:
        """When what it was earned by began: the first second of a day."""
        return self._moment("activityStartDate")

    @property
    def activity_end(self) -> datetime | None:
        """When what it was earned by ended: the last second of a day."""
        return self._moment("activityEndDate")

    def _text(self, member: str) -> str:
        return str(self.stated.get(member, ""))

    def _moment(self, member: str) -> datetime | None:
        return datetime.fromisoformat(self._text(member)) if member in self.stated else None


@dataclass(frozen=True)
class StatusListEntry:
    """Where the credential's revocation is published. list_url: of the status list credential. index: of its bit."""

    list_url: str
    index: int


@dataclass(frozen=True)
class Proof:
    """A Data Integrity proof. created: as it is written, UTC. value: proofValue, multibase."""

    suite: str
    created: str
    verification_method: str
    value: str


@dataclass(frozen=True)
class Credential:
    """A credential of an award. Times are aware and keep the offset in which they were signed; valid_until None: no end."""

    id: str
    name: str
    issuer: Issuer
    valid_from: datetime
    awarded: datetime
    valid_until: datetime | None
    subject: Subject
    status: StatusListEntry
    evidence: tuple[Evidence, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def award_id(self) -> str:
        """The id of the award, which is the name of its folder: ``c/<award_id>/<file>``."""
        return self.id.split("/")[-2]

    @property
    def file(self) -> str:
        """The file name of this version, e.g. ``credential-2.json``."""
        return self.id.rpartition("/")[2]
