"""A release of the page: what its templates can print, as data that verifiers keep for as long as such pages may be met."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment

from scripts import generate_release
from scripts.generate_release import RELEASES, expected_files, main, released_versions, written_files
from site_builder.encoding import only_slow_roads
from site_builder.ledger.checks.repository import check_repository
from site_builder.site import page_release, theme
from site_builder.site.page_patterns import PAGES, Pattern, TemplateError, page_patterns, pattern_sources
from site_builder.site.page_release import release_name, release_parts
from site_builder.site.publish import publish
from site_builder.site.theme import template_environment
from site_builder.verification import catalogue
from site_builder.verification.page import compare
from site_builder.verification.page.compare import UNKNOWN_RELEASE, compare_erased_page, compare_page
from site_builder.verification.page.expected import PageFacts, erased_values, expected_values
from site_builder.verification.page.pattern import Maybe, Rows
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.release import Release, current_release, find_release, release_digest
from site_builder.verification.whole_site import verify_site
from tests.life import Life, write_life_repository
from tests.support import BASE

NAMES = sorted(file.stem for file in RELEASES.glob("*.json"))
NOW = datetime(2028, 8, 1, tzinfo=UTC)


# --- patterns ---------------------------------------------------------------------------------------------------------


def pattern_of(body: str, *, frame: str = "") -> Pattern:
    """The pattern of a page with nothing but this."""
    environment = Environment(loader=DictLoader(dict.fromkeys(PAGES.values(), body) | {"_frame.html": frame}))
    return page_patterns(environment)["statement"]


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        ("<p>Words</p>", ["<p>Words</p>"]),
        ("<p>{{ page.name }}</p>", ["<p>", ["page.name"], "</p>"]),
        ("<p>{{ say.earned }}</p>", [f"<p>{catalogue.wording()['layout']['earned']}</p>"]),
        ('<a rel="me" href="x">\n  it\'s &amp; </a>', ['<a href="x" rel="me"> it\'s &amp; </a>']),
        ("{% if page.is_demo %}yes{% else %}no{% endif %}", [["if", "page.is_demo", ["yes"], ["no"]]]),
        ("{% if not page.is_demo %}no{% endif %}", [["if", "page.is_demo", [], ["no"]]]),
        ("{% for tag in page.tags %}{{ tag.text }}{% endfor %}", [["for", "tag", "page.tags", [["tag.text"]]]]),
        (
            '<a{% if link.current %} aria-current="page"{% endif %} class="x">',
            ["<a", ["if", "link.current", [' aria-current="page"'], []], ' class="x">'],
        ),
        ("{# a comment #}<br>", ["<br>"]),
    ],
)
def test_a_template_is_a_pattern_of_text_names_conditions_and_rows(template: str, pattern: Pattern) -> None:
    assert pattern_of(template) == pattern


def test_a_macro_is_its_body_with_what_it_is_given() -> None:
    macro = '{% macro style(place, name) %}<link href="{{ place.root }}{{ name }}.css">{% endmacro %}'
    template = '{% import "_frame.html" as f %}{{ f.style(frame, "pages") }}'
    assert pattern_of(template, frame=macro) == ['<link href="', ["frame.root"], 'pages.css">']


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("<p>\n{% if a %}x{% elif b %}y{% endif %}</p>", "elif"),
        ("\n{{ page.name | upper }}", "Filter in place of a name"),
        ("\n{{ page.name.upper() }}", "Call in place of a name"),
        ("\n{{ page.names[0] }}", "Getitem in place of a name"),
        ("\n{{ page.a + page.b }}", "Add in place of a name"),
        ("\n{{ page.a if page.b }}", "CondExpr in place of a name"),
        ('\n{{ "text" }}', "Const in place of a name"),
        ('\n{% if page.kind == "x" %}x{% endif %}', "Compare in place of a name"),
        ("\n{% if true %}x{% endif %}", "Const in place of a name"),
        ("\n{% for a, b in page.rows %}x{% endfor %}", "rows with a condition, several names or an else"),
        ("\n{% for a in page.rows if a %}x{% endfor %}", "rows with a condition, several names or an else"),
        ("\n{% for a in page.rows %}x{% else %}none{% endfor %}", "rows with a condition, several names or an else"),
        ("\n{% set a = page.name %}{{ a }}", "Assign"),
        ('\n{% include "other.html" %}', "Include"),
        ("\n{{ f.unknown(page) }}", "a call of unknown, which no macro answers"),
        ("\n{{ f.shout() }}", "a call of shout, which no macro answers"),
        ("\n{{ f.shout(word=page) }}", "a call of shout, which no macro answers"),
        ("\n{{ f.shout(page.name.upper()) }}", "Call in place of a name"),
        ("\n{{ say.unknown }}", "a sentence unknown, which the catalogue lacks"),
        ("\n{% extends page.name %}", "a name that is not fixed"),
    ],
)
def test_a_template_with_other_logic_is_refused_by_a_sentence(template: str, reason: str) -> None:
    with pytest.raises(TemplateError) as refused:
        pattern_of(template, frame="{% macro shout(word) %}{{ word }}!{% endmacro %}")
    assert str(refused.value) == (
        f"statement.html:2: the page of a credential cannot be checked if its template has {reason}; "
        "it may have text, names, 'if' and 'for'"
    )


def test_what_is_refused_is_named_by_the_file_that_has_it() -> None:
    with pytest.raises(TemplateError, match=r"^_frame\.html:2: .* has Filter in place of a name"):
        pattern_of("{{ f.shout(page.name) }}", frame="{% macro shout(word) %}\n{{ word | upper }}{% endmacro %}")


# --- the files --------------------------------------------------------------------------------------------------------


def test_the_files_are_what_the_templates_give() -> None:
    assert written_files() == expected_files(), "run make release-files"
    assert release_name() == current_release().digest


@pytest.mark.usefixtures("remembered_anew")
def test_the_name_of_the_release_is_the_same_with_and_without_the_digest_of_its_sources() -> None:
    quick = release_name()
    release_name.cache_clear()
    with only_slow_roads():
        assert release_name() == quick


def test_the_patterns_are_made_from_the_sources_that_the_digest_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    read, environment = set[str](), template_environment()
    get_source = environment.loader.get_source  # type: ignore[union-attr]

    def noting(given: Environment, name: str) -> Any:
        read.add(name)
        return get_source(given, name)

    monkeypatch.setattr(environment.loader, "get_source", noting)
    page_patterns(environment)
    assert read == pattern_sources(environment).keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_bears_the_digest_of_what_is_in_it(name: str) -> None:
    assert release_digest(json.loads((RELEASES / f"{name}.json").read_text("utf-8"))) == name


@pytest.mark.parametrize("name", ["", "0" * 32, "current", "../claims", NAMES[0].upper() + "x"])
def test_a_name_that_no_file_bears_is_no_release(name: str) -> None:
    assert find_release(name) is None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own for the program that writes releases, with version 0.2.0."""
    monkeypatch.setattr(generate_release, "ROOT", tmp_path)
    monkeypatch.setattr(generate_release, "RELEASES", tmp_path / "releases")
    monkeypatch.setattr("sys.argv", ["generate_release"])
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n')
    return tmp_path


def versions(folder: Path) -> list[str]:
    """Of each file its version, that of the current one last."""
    current = (folder / "releases/current").read_text().strip()
    files = sorted((folder / "releases").glob("*.json"), key=lambda file: file.stem == current)
    return [json.loads(file.read_text("utf-8"))["version"] for file in files]


def reworded(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """From now on pages give another reason for what is withdrawn."""
    sentences = catalogue.wording() | {"reason": {"other": reason}}
    monkeypatch.setattr(page_release, "wording", lambda: sentences)


def test_a_version_that_the_changelog_has_keeps_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changelog = folder / "CHANGELOG.md"
    changelog.write_text("## Unreleased\n\n- A change.\n\n## 0.1.0 – 2026-11-01\n\n- All.\n")
    main()
    reworded(monkeypatch, "one")
    main()
    assert versions(folder) == ["0.2.0"], "a state that was not released leaves nothing"
    changelog.write_text("## Unreleased\n\n## 0.2.0 – 2026-12-01\n\n- A change.\n")
    main()
    assert versions(folder) == ["0.2.0"]
    # A change that reaches no page of a credential.
    changelog.write_text("## Unreleased\n\n- More.\n\n## 0.2.0 – 2026-12-01\n\n- A change.\n")
    main()
    assert versions(folder) == ["0.2.0"]
    for reason in ("two", "three"):
        reworded(monkeypatch, reason)
        main()
        assert versions(folder) == ["0.2.0", "after 0.2.0"]
    (folder / "pyproject.toml").write_text('[project]\nversion = "0.3.0"\n')
    changelog.write_text("## Unreleased\n\n## 0.3.0 – 2027-01-01\n\n- More.\n\n## 0.2.0 – 2026-12-01\n\n- A change.\n")
    main()
    assert versions(folder) == ["0.2.0", "0.3.0"]


@pytest.mark.parametrize("change", [lambda file: file.unlink(), lambda file: file.write_text("{}", "utf-8")])
def test_a_file_that_was_changed_or_lost_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], Any]
) -> None:
    (folder / "CHANGELOG.md").write_text("## Unreleased\n\n- A change.\n")
    main()
    monkeypatch.setattr("sys.argv", ["generate_release", "--check"])
    main()
    (file,) = (folder / "releases").glob("*.json")
    text = file.read_text("utf-8")
    change(file)
    with pytest.raises(SystemExit, match="run make release-files"):
        main()
    file.write_text(text, "utf-8")
    (folder / "releases" / f"{'0' * 32}.json").write_text('{"version": "after 0.1.0"}')
    with pytest.raises(SystemExit, match="run make release-files"):
        main()


def test_versions_are_read_from_the_changelog() -> None:
    text = "# Changelog\n\n## Unreleased\n\n- x\n\n## 0.2.0 – 2026-12-01\n\n### Pages\n\n## 0.1.0 – 2026-11-01\n"
    assert released_versions(text) == {"0.1.0", "0.2.0"}


# --- pages of a release -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return write_life_repository(tmp_path_factory.mktemp("life"))


@pytest.fixture(scope="module")
def site(life: Life) -> dict[str, bytes]:
    return dict(publish(check_repository(life.root)))


def page_of(life: Life, site: dict[str, bytes], who: str) -> tuple[StatementPage, dict[str, Any]]:
    """Somebody's page, and the credential that it states."""
    folder = life.page(who)
    html = site[folder + "index.html"].decode()
    (file,) = re.findall('type="application/vc" href="([^"]+)"', html)
    name = folder + file
    return StatementPage(html, name, site.__getitem__), json.loads(site[name])


def all_names(pattern: Pattern) -> set[str]:
    """Each name of a pattern."""
    found = set[str]()
    for piece in pattern:
        match piece:
            case [str(name)]:
                found.add(name)
            case ["if", name, then, otherwise]:
                found |= {name} | all_names([*then, *otherwise])
            case ["for", _, name, body]:
                found |= {name} | all_names(body)
    return found


def reached_names(pattern: Pattern, values: dict[str, Any]) -> set[str]:
    """The names that a page with these values asks for. Raises KeyError for one without a value."""

    def valued(name: str) -> Any:
        value: Any = values
        for part in name.split("."):
            value = value[part]
        return value

    found = set[str]()
    for piece in pattern:
        match piece:
            case [str(name)]:
                valued(name)
                found.add(name)
            case ["if", name, then, otherwise]:
                value = valued(name)
                taken = [*then, *otherwise] if isinstance(value, Maybe) else then if value else otherwise
                found |= {name} | reached_names(taken, values)
            case ["for", row, name, body]:
                value = valued(name)
                found.add(name)
                for each in [value.values] * value.most if isinstance(value, Rows) else value:
                    found |= reached_names(body, values | {row: each})
    return found


def full(document: dict[str, Any]) -> dict[str, Any]:
    """A credential with all that a page can state."""
    subject = document["credentialSubject"]
    described = {
        "id": "urn:1",
        "name": "Test",
        "valueMin": "0",
        "valueMax": "9",
        "requiredValue": "5",
        "allowedValue": ["5", "9"],
    }
    skill = {"targetName": "Knots", "targetUrl": "https://skills.example/", "targetFramework": "F", "targetCode": "1"}
    achievement = subject["achievement"] | {
        "tag": ["category:ropes", "level:first", "knots"],
        "alignment": [skill | {"targetDescription": "Six."}],
        "resultDescription": [described],
    }
    more = {"achievement": achievement, "result": [{"resultDescription": "urn:1", "value": "7"}], "role": "Bosun"}
    evidence = [{"id": "https://school.example/e", "name": "Log", "description": "Of six."}]
    return document | {"credentialSubject": subject | more | {"narrative": "Tied *six*."}, "evidence": evidence}


# What the frame has on pages of credentials in force alone, and of links on a page that is one of those that they lead to.
PICTURE = {"frame.image", "frame.image_alt"}
NEVER = {"statement": {"link.current"}, "tombstone": {"link.current"} | PICTURE, "erased": {"link.current"} | PICTURE}


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_stored_release_has_a_value(life: Life, site: dict[str, bytes], name: str) -> None:
    release = find_release(name)
    assert release is not None and release.pages.keys() == PAGES.keys()
    reached = {"erased": reached_names(release.pages["erased"], erased_values(BASE, life.page("erased"), release, ""))}
    for who in ("corrected twice", "renewal", "revoked"):
        page, document = page_of(life, site, who)
        kind = "tombstone" if page.is_tombstone else "statement"
        for stated in (document, full(document)):
            facts = PageFacts(stated, multibase="")
            values = expected_values(facts, release, page.html, is_withdrawn=page.is_tombstone)
            reached[kind] = reached.get(kind, set()) | reached_names(release.pages[kind], values)
    for kind, pattern in release.pages.items():
        assert len(reached[kind]) > 15
        assert all_names(pattern) - reached[kind] <= NEVER[kind]


def forget() -> None:
    """Templates and the release are read again."""
    theme.template_environment.cache_clear()
    release_name.cache_clear()


@pytest.fixture
def remembered_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget()
    yield
    monkeypatch.undo()
    forget()


@pytest.mark.usefixtures("remembered_anew")
def test_a_site_with_a_theme_of_its_own_names_a_release_that_no_verifier_knows(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = template_environment().loader.get_source(template_environment(), "statement.html")[0]  # type: ignore[union-attr]
    own = DictLoader({"statement.html": changed.replace("{{ say.certifies }}", "{{ say.certifies }}, with honours,")})
    environment = template_environment()
    monkeypatch.setattr(environment, "loader", ChoiceLoader([own, environment.loader]))  # type: ignore[list-item]
    site = dict(publish(check_repository(life.root)))
    page, document = page_of(life, site, "corrected")
    assert "with honours" in page.html and find_release(page.release) is None
    assert compare_page(page, document) == UNKNOWN_RELEASE
    for path, raw in site.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    reports = dict(verify_site(tmp_path, now=NOW))
    checks = {check.name: check for check in reports[page.address].checks}
    assert (checks["page"].result, reports[page.address].verdict) == ("not_checked", "expired")


SENTENCES = {
    "layout": ("certifies", "attests that"),
    "head": ("title", "{achievement}: {name}"),
    "reason": ("misconduct", "conduct"),
}


@pytest.fixture(scope="module")
def older_version(life: Life) -> Iterator[tuple[Release, dict[str, bytes]]]:
    """A version with other sentences: its release, and the site that it published."""
    sentences = {group: dict(known) for group, known in catalogue.wording().items()}
    for group, (name, text) in SENTENCES.items():
        assert sentences[group][name] != text
        sentences[group][name] = text
    modules = ["site.theme", "site.page_release", "site.page_patterns", "site.pages.credential", "site.pages.erased"]
    with pytest.MonkeyPatch.context() as then:
        for module in [*modules, "site.pages.version_history", "site.parts.withdrawal"]:
            then.setattr(f"site_builder.{module}.wording", lambda: sentences)
        then.setattr(page_release, "current_release", lambda: Release("", "0.0.9", "", (), {}, {}, {}))
        forget()
        parts = release_parts("0.0.9")
        site = dict(publish(check_repository(life.root)))
    forget()
    shared = {name: parts[name] for name in ("version", "language", "claims", "wording", "pages")}
    yield Release(digest=release_digest(parts), assets=parts["assets"] | parts["scripts"], **shared), site


@pytest.fixture
def older(older_version: tuple[Release, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The site of the older version, where its release is stored: {path: bytes}."""
    stored, site = older_version
    known = {stored.digest: stored, current_release().digest: current_release()}
    monkeypatch.setattr(compare, "find_release", known.get)
    return site


@pytest.mark.parametrize("who", ["corrected", "corrected twice", "withheld", "renewed", "revoked"])
def test_a_page_of_an_older_release_is_held_in_full_against_that_release(
    life: Life, older: dict[str, bytes], who: str
) -> None:
    page, document = page_of(life, older, who)
    assert page.release != current_release().digest
    assert compare_page(page, document) == ""
    for old, new in [("data-claim", 'class="x" data-claim'), ("Knots", "Nots"), ("</main>", "<p>More.</p></main>")]:
        changed = StatementPage(page.html.replace(old, new), page.address, page.ask)
        assert compare_page(changed, document) not in ("", UNKNOWN_RELEASE)


def test_a_page_of_an_older_release_is_not_one_of_the_current(
    life: Life, older: dict[str, bytes], site: dict[str, bytes]
) -> None:
    page, document = page_of(life, older, "corrected")
    assert "attests that" in page.html and "<title>Knots" in page.html
    renamed = StatementPage(page.html.replace(page.release, current_release().digest), page.address)
    assert compare_page(renamed, document) not in ("", UNKNOWN_RELEASE)
    today, _ = page_of(life, site, "corrected")
    renamed = StatementPage(today.html.replace(today.release, page.release), today.address)
    assert compare_page(renamed, document) not in ("", UNKNOWN_RELEASE)


def test_the_page_of_an_erased_credential_of_an_older_release_too(life: Life, older: dict[str, bytes]) -> None:
    path = life.page("erased")
    page = StatementPage(older[path + "index.html"].decode(), ask=older.__getitem__)
    assert compare_erased_page(page, base=BASE, path=path) == ""
    changed = StatementPage(page.html.replace("withdrawn by", "given by"))
    assert compare_erased_page(changed, base=BASE, path=path) not in ("", UNKNOWN_RELEASE)


def test_a_file_of_another_release_is_found(life: Life, site: dict[str, bytes]) -> None:
    page, document = page_of(life, site, "corrected")
    for path in ("assets/credential.css", "assets/statement.js", "assets/page.js", "assets/fonts/serif-latin.woff2"):
        changed = site | {path: site[path] + b"\n"}
        assert path in compare_page(StatementPage(page.html, page.address, changed.__getitem__), document)
