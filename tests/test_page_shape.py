"""A page that was filled has the bytes of the page that Jinja renders, whatever its values hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import FileSystemLoader
from markupsafe import Markup

from site_builder.encoding import format_json
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.ledger import SignedFile
from site_builder.site import page_shape
from site_builder.site.context import Site
from site_builder.site.page_shape import only_jinja, render_shaped
from site_builder.site.pages import credential
from site_builder.site.pages.credential import CredentialInput, credential_files, credential_inputs
from site_builder.site.pages.version_history import CorrectionLine, OtherAward, VersionFile, VersionHistory
from site_builder.site.parts.withdrawal import Withdrawal
from site_builder.site.theme import render, template_environment
from tests.drawn import write_drawn_repository
from tests.sampling import examples
from tests.support import issue_all

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_shape, "_seen", set())
    monkeypatch.setattr(page_shape, "_shapes", {})


# --- the pages of credentials -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> CredentialInput:
    """The page of a credential with little more than it must have."""
    root = write_drawn_repository(tmp_path_factory.mktemp("shape") / "site")
    issue_all(root)
    return next(iter(credential_inputs(Site(check_repository(root)))))


# What ends a text, a tag, an attribute or a page, and what marks consist of.
_ODD = (
    *(
        "<b>&amp;\"'</b>",
        "{{ page.name }}",
        "</main>",
        " ",
        "0",
        "a\0b",
        "\0",
        "\n\n",
        "\u2028",
        "'",
        '"',
        "<",
        ">",
        "&",
    ),
    *("\ue000Aa&<>\"'1\ue001", "\ue002Aa0\ue003", "\ue000", "\ue003"),
)
_SCRIPTS = ("Ada Lovelace", "ابن سينا", "गणित", "李善蘭", "Ḥaydar", "\N{WOMAN}\u200d\N{MICROSCOPE}", "Ж" * 200)


def any_text(dice: Random, *, nul: bool) -> str:
    text = "".join(dice.choices(_ODD + _SCRIPTS, k=dice.choice((1, 1, 1, 2, 5))))
    return text if nul else text.replace("\0", "x")


@dataclass(frozen=True)
class Parts:
    """Which of the parts that a page need not have are there, and how many of each."""

    narrative: bool
    role: bool
    skills: int
    results: int
    evidence: int
    tags: int
    history: int
    withdrawn: bool


_PARTS = st.builds(
    Parts,
    *(st.booleans() for _ in ("narrative", "role")),
    *(st.integers(0, 2) for _ in ("skills", "results", "evidence", "tags", "history")),
    st.booleans(),
)


def page_with(page: CredentialInput, parts: Parts, dice: Random) -> CredentialInput:
    """The page of a credential with these parts, and any texts in all of them."""
    document = page.current.document
    subject = document["credentialSubject"]
    achievement_id = subject["achievement"]["id"]

    # A page with a NUL is never filled, and nearly every page has one where all texts may.
    nul = dice.random() < 0.2

    def text() -> str:
        return any_text(dice, nul=nul)

    def address() -> str:
        return f"https://a.example/{''.join(dice.choices('a<>&#?=1', k=9))}"

    ids = [f"{achievement_id}#result-{index}" for index in range(parts.results)]
    described = {"type": ["ResultDescription"], "resultType": "Status"}
    achievement = subject["achievement"] | {
        "name": text(),
        "description": text(),
        "tag": [text() for _ in range(parts.tags)],
        "alignment": [
            {"targetName": text(), "targetUrl": address(), "targetCode": text()} for _ in range(parts.skills)
        ],
        "resultDescription": [described | {"id": url, "name": text(), "valueMin": text()} for url in ids],
    }
    more: Json = {"achievement": achievement, "identifier": [subject["identifier"][0] | {"identityHash": text()}]}
    more |= {"narrative": text()} if parts.narrative else {}
    more |= {"role": text()} if parts.role else {}
    more |= {"result": [{"type": ["Result"], "resultDescription": url, "value": text()} for url in ids]}
    evidence = [{"id": address(), "type": ["Evidence"], "name": text()} for _ in range(parts.evidence)]
    return replace(
        page,
        current=SignedFile(
            format_json(document | {"name": text(), "credentialSubject": subject | more, "evidence": evidence})
        ),
        office=text(),
        linkedin_organization=text(),
        key_id=text(),
        withdrawal=Withdrawal(text(), text()) if parts.withdrawn else None,
        history=VersionHistory(
            tuple(CorrectionLine(text()) for _ in range(parts.history)),
            OtherAward(text(), text(), text()) if parts.history else OtherAward(),
            OtherAward(),
            tuple(VersionFile(text(), text(), text(), text()) for _ in range(parts.history)),
        ),
    )


@settings(max_examples=examples(40))
@given(parts=_PARTS, seed=st.integers(0, 2**32))
def test_a_filled_page_of_a_credential_has_the_bytes_of_a_rendered_one(
    plain: CredentialInput, parts: Parts, seed: int
) -> None:
    """The third of a shape is filled, with other texts than those that its shape was made with."""
    with pytest.MonkeyPatch.context() as then:
        then.setattr(credential, "rosette_svg", bytes)
        then.setattr(credential, "qr_svg", str.encode)
        dice = Random(seed)
        for _ in range(3):
            page = page_with(plain, parts, dice)
            files = dict(credential_files(page))
            with only_jinja():
                assert files == dict(credential_files(page))


def test_a_page_is_filled_from_the_third_of_its_shape_on(plain: CredentialInput, rendered: list[str]) -> None:
    """One more render is of the page with marks. A page that is met once costs nothing more."""
    for number in range(5):
        list(credential_files(replace(plain, key_id=f"key-{number}")))
        assert len(rendered) == (1, 3, 3, 3, 3)[number]
    list(credential_files(replace(plain, is_listed=True)))
    assert len(rendered) == 4


# --- templates --------------------------------------------------------------------------------------------------------


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that Jinja has rendered, in order."""
    names: list[str] = []

    def watched(template: str, **values: Any) -> bytes:
        names.append(template)
        return render(template, **values)

    monkeypatch.setattr(page_shape, "render", watched)
    return names


@pytest.fixture
def write_template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], None]:
    """Puts a template into a theme of the test's own."""
    monkeypatch.setattr(template_environment(), "loader", FileSystemLoader(tmp_path))
    times = count(1_700_000_000)

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, "utf-8")
        os.utime(tmp_path / name, (next(times),) * 2)

    return write


@dataclass(frozen=True)
class Link:
    title: str
    path: str = "here"

    @property
    def shout(self) -> str:
        return f"{self.title}!"


def assert_same(rows: list[Json]) -> None:
    """Each page is as Jinja renders it, at its first, second and third time."""
    for values in rows * 3:
        assert render_shaped("page.html", page=values) == render("page.html", page=values)


# What no template of a credential may have either: one that compares a text with another could not be found out here.
@pytest.mark.parametrize(
    "template",
    [
        "{{ page.a | upper }}",
        "{{ page.a | safe }}",
        "{{ page.a | e | e }}",
        "{{ page.a | length }}",
        "{{ page.a[0] }}",
        "{{ page.a ~ page.m }}",
        "{{ page.a * 2 }}",
        "{{ page.m | striptags }}",
        "{% for letter in page.a %}{{ letter }}.{% endfor %}",
        "{{ page.link.shout }}",
        "{{ page.link }}",
        "{{ page.rows }}",
        "{{ page }}",
        "{% set x = page.a.split('&') %}{{ x | join('-') }}",
        "{{ page.a | urlencode }}",
        "{{ page.number + 1 }} {{ page.is_so }} {{ page.none }}",
    ],
)
def test_a_template_that_does_more_than_to_print_is_rendered_each_time(
    write_template: Callable[[str, str], None], template: str
) -> None:
    write_template("page.html", "{{ page.b }}" + template + "{{ page.m }}")
    texts = ("lower", "UPPER", "Aa&<>", "<b>", "é")
    assert_same(
        [
            {
                "a": text,
                "b": "<b>",
                "m": Markup(f"<i>{text}</i>"),
                "link": Link(text),
                "rows": [text],
                "number": number % 2,
                "is_so": bool(number % 2),
                "none": None,
            }
            for number, text in enumerate(texts)
        ]
    )


def test_what_is_there_decides_the_shape(write_template: Callable[[str, str], None]) -> None:
    write_template(
        "page.html",
        "{% if page.a %}a{{ page.a }}{% endif %}{% for row in page.rows %}{{ row }},{% endfor %}{{ page.n }}{{ page.link.title }}",
    )
    rows: list[Json] = [
        {"a": a, "rows": rows, "n": n, "link": link}
        for a in ("", "x", Markup("<x>"), Markup(""))
        for rows in ([], ["r"], ("r", "s"), ["", "s"], [Markup("<r>")])
        for n in (1, True, 0, False, None)
        for link in (Link("t"), Link(""), {"title": "t"}, {"title": "t", "path": "here"})
    ]
    assert_same(rows)


def test_a_value_that_may_print_anything_is_left_to_jinja(write_template: Callable[[str, str], None]) -> None:
    class Text(str):
        def __html__(self) -> str:
            return "<em>"

    write_template("page.html", "{{ page.a }}{{ page.b }}")
    assert_same([{"a": Text("a"), "b": "b"}, {"a": 1.5, "b": "b"}, {"a": ["b", {"c"}], "b": "b"}])
    assert not page_shape._shapes


@pytest.mark.parametrize("changed", ["page.html", "frame.html"])
def test_a_template_that_changes_is_read_again(write_template: Callable[[str, str], None], changed: str) -> None:
    """Also when another page has read it before."""
    write_template("frame.html", "frame {% block body %}{% endblock %}")
    write_template("page.html", '{% extends "frame.html" %}{% block body %}{{ page.a }} {{ page.b }}{% endblock %}')
    write_template("other.html", '{% extends "frame.html" %}')
    values = [{"a": str(number), "b": "b"} for number in range(4)]
    assert_same(values)
    write_template(
        changed, {"frame.html": "other {% block body %}{% endblock %}", "page.html": "{{ page.b }}"}[changed]
    )
    render("other.html")
    assert_same(values)


def test_the_memory_of_shapes_has_an_end(
    write_template: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_shape, "_MOST_SHAPES", 5)
    write_template("page.html", "{% for row in page.rows %}{{ row }}{% endfor %}")
    for number in range(1, 20):
        assert_same([{"rows": ["r"] * number}])
        assert len(page_shape._shapes) + len(page_shape._seen) <= 5
    assert_same([{"rows": ["r"] * 501}])
    assert len(page_shape._shapes) + len(page_shape._seen) <= 5
