"""The repository as its people wrote it: issuers, achievements, rows and changes, with every problem of every file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from site_builder.errors import Problem
from site_builder.records.artwork.png import MAX_PNG_BYTES, reserialize_png
from site_builder.records.artwork.svg import MAX_SVG_BYTES, ArtworkError, reserialize_svg
from site_builder.records.fields.file_names import as_one_name, odd_name
from site_builder.records.fields.kinds import is_slug, slug_refusal
from site_builder.records.formats.explain import explain, nearest
from site_builder.records.formats.left_by_git import left_by_git
from site_builder.records.formats.regular_files import list_folder, read_regular_file
from site_builder.records.formats.yaml_events import MAX_YAML_BYTES, Lines, YamlRefused, parse_yaml
from site_builder.records.load.award_files import MAX_CSV_BYTES, Change, Row, read_records
from site_builder.records.load.unread_files import is_litter, unread_reason
from site_builder.records.models.achievement import AchievementRecord
from site_builder.records.models.issuer import IssuerRecord
from site_builder.records.models.keys import KeyRecord, KeysFile
from site_builder.records.settings.site_config import SiteConfig, read_site_config

__all__ = ["Badge", "Issuer", "KeyList", "Repository", "load_repository"]


@dataclass(frozen=True)
class Issuer:
    """An issuer's folder. logo: re-serialised, a drawing or a PNG picture, or None."""

    slug: str
    record: IssuerRecord
    keys: tuple[KeyRecord, ...] = ()
    logo: bytes | None = None
    lines: Lines = field(default_factory=Lines, compare=False)

    @property
    def active_key(self) -> KeyRecord | None:
        """The key that signs: the last active one."""
        return next((key for key in reversed(self.keys) if key.state == "active"), None)


@dataclass(frozen=True)
class KeyList:
    """An issuer's keys.yml, whether or not its issuer.yml can be read."""

    file: str
    keys: tuple[KeyRecord, ...]
    lines: Lines


@dataclass(frozen=True)
class Badge:
    """An achievement's folder. artwork: re-serialised, a drawing as it is published or a PNG picture."""

    slug: str
    record: AchievementRecord
    artwork: bytes
    lines: Lines = field(default_factory=Lines, compare=False)


@dataclass
class Repository:
    """All that people wrote down. Rows and changes stand in the order of their files and lines."""

    root: Path
    config: SiteConfig = field(default_factory=SiteConfig)
    issuers: dict[str, Issuer] = field(default_factory=dict)
    key_files: list[KeyList] = field(default_factory=list)
    badges: dict[str, Badge] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def load_repository(root: Path) -> tuple[Repository, list[Problem]]:
    """The repository below root, and the problems of its files, each taken by itself."""
    problems: list[Problem] = []
    repository = Repository(root, read_site_config(root, problems))
    for name in _folders(root, "issuers", problems):
        issuer = _load_issuer(repository, name, problems)
        if issuer:
            repository.issuers[name] = issuer
    for name in _folders(root, "badges", problems):
        badge = _load_badge(root, name, problems)
        if badge:
            repository.badges[name] = badge
    for name in _folders(root, "content/records", problems):
        _load_records(repository, name, problems)
    return repository, problems


_Model = TypeVar("_Model", bound=BaseModel)


def _folders(root: Path, folder: str, problems: list[Problem]) -> list[str]:
    found = []
    for name, is_folder in list_folder(root, folder, problems):
        path = f"{folder}/{name}"
        if not is_folder and not is_litter(root, path):
            fix = f"put it into a folder, {folder}/<name>/"
            problems.append(Problem(path, 0, "FIL001", "a file does not belong here", fix))
        elif is_folder and not is_slug(name):
            reason, fix = slug_refusal(name)
            problems.append(Problem(path, 0, "FIL005", f"this name {reason}", fix))
        elif is_folder:
            found.append(name)
    return found


def _read_model(
    root: Path, file: str, model: type[_Model], problems: list[Problem], *, required: bool = True
) -> tuple[_Model | None, Lines]:
    known = len(problems)
    raw = read_regular_file(root, file, problems, max_bytes=MAX_YAML_BYTES)
    if raw is None:
        if required and len(problems) == known:
            problems.append(Problem(file, 0, "FIL006", "this file is missing", "add it, or delete the folder"))
        return None, Lines()
    try:
        parsed = parse_yaml(raw, file=file)
    except YamlRefused as refused:
        problems.append(refused.problem)
        return None, Lines()
    try:
        return model(**parsed.value), parsed.lines
    except ValidationError as error:
        problems += explain(error, model, file=file, line_of=parsed.lines.find)
        return None, parsed.lines


def _load_issuer(repository: Repository, slug: str, problems: list[Problem]) -> Issuer | None:
    root, folder = repository.root, f"issuers/{slug}"
    record, lines = _read_model(root, f"{folder}/issuer.yml", IssuerRecord, problems)
    keys, key_lines = _read_model(root, f"{folder}/keys.yml", KeysFile, problems, required=False)
    if keys:
        repository.key_files.append(KeyList(f"{folder}/keys.yml", keys.keys, key_lines))
    logo = _load_artwork(root, folder, "logo", problems)
    own = {"issuer.yml", "keys.yml", "logo.svg", "logo.png", "status", "rendered"}
    _refuse_others(root, folder, own, problems)
    return Issuer(slug, record, keys.keys if keys else (), logo, lines) if record else None


def _load_badge(root: Path, slug: str, problems: list[Problem]) -> Badge | None:
    folder = f"badges/{slug}"
    record, lines = _read_model(root, f"{folder}/badge.yml", AchievementRecord, problems)
    known = len(problems)
    artwork = _load_artwork(root, folder, "image", problems)
    if artwork is None and len(problems) == known:
        fix = "add a drawing named image.svg, or a picture named image.png"
        problems.append(Problem(f"{folder}/image.svg", 0, "FIL006", "this achievement has no artwork", fix))
    _refuse_others(root, folder, {"badge.yml", "image.svg", "image.png", "rendered"}, problems)
    return Badge(slug, record, artwork or b"", lines) if record else None


def _load_artwork(root: Path, folder: str, kind: str, problems: list[Problem]) -> bytes | None:
    drawing, picture = f"{folder}/{kind}.svg", f"{folder}/{kind}.png"
    # What is a little too large is refused with advice for artwork.
    svg = read_regular_file(root, drawing, problems, max_bytes=8 * MAX_SVG_BYTES)
    png = read_regular_file(root, picture, problems, max_bytes=2 * MAX_PNG_BYTES)
    if svg is not None and png is not None:
        what = f"a drawing lies here as well: {kind}.svg"
        problems.append(
            Problem(picture, 0, "ART003", what, "delete one of the two; a drawing stays sharp at every size")
        )
    left = left_by_git(svg or png or b"")
    if left:
        problems.append(Problem(picture if svg is None else drawing, left[0], "ART001", *left[1:]))
        return None
    try:
        if svg is not None:
            return reserialize_svg(svg)
        return reserialize_png(png) if png is not None else None
    except ArtworkError as error:
        problems.append(Problem(picture if svg is None else drawing, 0, error.code, error.what, error.fix))
        return None


def _refuse_others(root: Path, folder: str, allowed: set[str], problems: list[Problem]) -> None:
    for name, _is_folder in list_folder(root, folder, problems):
        if name not in allowed and not is_litter(root, f"{folder}/{name}"):
            fix = f"what is read here is {', '.join(sorted(allowed - {'status', 'rendered'}))}"
            problems.append(Problem(f"{folder}/{name}", 0, "FIL001", "this does not belong here", fix))


def _load_records(repository: Repository, issuer: str, problems: list[Problem]) -> None:
    folder = f"content/records/{issuer}"
    if issuer not in repository.issuers and not (repository.root / "issuers" / issuer).is_dir():
        similar = nearest(issuer, repository.issuers)
        fix = f"did you mean '{similar}'?" if similar else f"add issuers/{issuer}/issuer.yml"
        problems.append(Problem(folder, 0, "ISS001", f"there is no issuer {issuer!r}", fix))
    seen: dict[str, str] = {}
    for name, is_folder in list_folder(repository.root, folder, problems):
        file = f"{folder}/{name}"
        kind = name.rpartition(".")[2].lower()
        if is_litter(repository.root, file):
            continue
        if is_folder or kind not in ("yml", "yaml", "csv"):
            problems.append(Problem(file, 0, "FIL001", *unread_reason(name, is_folder=is_folder, folder=folder)))
            continue
        odd = odd_name(name)
        if odd:
            problems.append(Problem(file, 0, "FIL007", *odd))
            continue
        first = seen.setdefault(as_one_name(name), name)
        if first != name:
            what = f"Windows and macOS take this name for that of {folder}/{first}, and check out one of the two"
            problems.append(Problem(file, 0, "FIL007", what, "rename one of them"))
        # The reader of YAML says best what to do about a file that is too large.
        raw = read_regular_file(repository.root, file, problems, max_bytes=MAX_CSV_BYTES)
        if raw is None:
            continue
        found = read_records(raw, file=file, issuer=issuer)
        problems += found.problems
        repository.rows += found.rows
        repository.changes += found.changes
