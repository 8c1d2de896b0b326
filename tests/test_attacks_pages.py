"""Pages by somebody who wants readers to see something else than was signed, and records that try to become markup."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import parse_json
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.file import verify_from
from site_builder.verification.page.canonical import canonical_page
from site_builder.verification.page.compare import UNKNOWN_RELEASE, compare_page
from site_builder.verification.page.expected import PageFacts
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.statement import PageError
from site_builder.verification.report import Report
from site_builder.verification.whole_site import verify_site
from tests.honest_pages import NOW, HonestPage, HonestSite, honest_site
from tests.lying_pages import (
    BODY,
    HARVARD,
    LOADED,
    OF_A_FORM,
    OUT_OF_REACH,
    SHADOWS,
    TOMBSTONE,
    WITHOUT_SCRIPT,
    before,
    operated,
    told,
)
from tests.misread_pages import FILES_ONLY, MISREAD
from tests.sampling import IS_LONG, sampled
from tests.serving import chromium, served, write_certificate
from tests.support import BADGE, BASE, COHORT, ISSUER, as_release_0_1_signed, issue_all, publish_to, write_repository

VERIFICATION = Path(__file__).parents[1] / "site_builder" / "verification"
HOST = BASE.split("/")[2]
InChromium = Callable[[HonestPage, Iterable[str]], list[str]]

# Reads HTML as this browser parses it, and compares it as a page's own scripts do.
READ = """async ([texts, address, credentials, multibase]) => {
    const { readPage } = await import("/-/browser/src/verification/page/reader.js");
    const { withoutMasks } = await import("/-/browser/src/verification/page/bare.js");
    const { compare } = await import("/-/browser/dist/page.js");
    return Promise.all(texts.map(async (text, index) => {
        try {
            const shown = new DOMParser().parseFromString(text, "text/html");
            withoutMasks(shown);
            return await compare(readPage(shown, address), JSON.parse(credentials[index % credentials.length]), multibase);
        } catch (error) {
            return `threw ${error}`;
        }
    }));
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> HonestSite:
    return honest_site(tmp_path_factory.mktemp("honest"))


@pytest.fixture(scope="module")
def browser(site: HonestSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser that finds the site at its host."""
    certificate = write_certificate(tmp_path_factory.mktemp("certificate"), [HOST])
    with served(site.folder, certificate) as port, chromium({HOST: port}) as opened:
        yield opened


def serve(opened: Any, files: dict[str, bytes]) -> list[str]:
    """Answers the site's addresses from these files, and every other one not at all. Gives the addresses asked for."""
    asked: list[str] = []
    kinds = {".js": "text/javascript", ".json": "application/json", ".css": "text/css", ".svg": "image/svg+xml"}

    def answer(route: Any) -> None:
        url = route.request.url
        asked.append(url)
        path = url.removeprefix(BASE)
        if path.startswith("-/"):
            body = (VERIFICATION / path[2:]).read_bytes() if path != "-/" else b"<!doctype html>"
        else:
            body = files.get(f"{path}index.html" if path.endswith("/") or not path else path, b"")
        kind = kinds.get(Path(path).suffix, "text/html; charset=utf-8")
        route.fulfill(status=200 if body else 404, headers={"content-type": kind}, body=body)

    opened.route("**/*", answer)
    return asked


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_python(site: HonestSite, page: HonestPage, html: str) -> str:
    """Where `verify` finds the page to differ."""
    # As a file is decoded.
    read = StatementPage(html.encode("utf-8").decode("utf-8"), page.path + page.file, site.ask)
    return compare_page(read, page.document, multibase=site.multibase)


@pytest.fixture(scope="module")
def reader(browser: Any) -> Iterator[Any]:
    """A window without a policy, in which a page's own scripts can be asked."""
    opened = browser.new_page(ignore_https_errors=True)
    serve(opened, {})
    opened.goto(BASE + "-/")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def in_chromium(site: HonestSite, reader: Any) -> InChromium:
    """Where a page's own scripts find each text to differ from what a page of the site should say."""

    def read(page: HonestPage, texts: Iterable[str]) -> list[str]:
        found: list[str] = []
        for some in batched(texts, 200):
            found += reader.evaluate(READ, [some, page.path + page.file, [json.dumps(page.document)], site.multibase])
        return found

    return read


def batched(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = list(texts)
    while rest:
        yield rest[:size]
        rest = rest[size:]


# -- pages that show more, or less, or something else --------------------------------------------------------------------------

KINDS = ["full", "plain", "withdrawn", "renewal", "right to left"]


def lies_within_reach(html: str) -> dict[str, str]:
    """Lies in the body of a page, in its title, and in what it loads."""
    moved = dict(sampled(list(operated(html)), every=7))
    return (
        told(html, HARVARD | BODY | LOADED)
        | moved
        | told(html, {name: MISREAD[name] for name in MISREAD.keys() - FILES_ONLY})
    )


def lies_of_files(html: str) -> dict[str, str]:
    """Lies that only a reader of files can see."""
    return told(
        html, {name: lie for name, (_, lie) in OUT_OF_REACH.items()} | {name: MISREAD[name] for name in FILES_ONLY}
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_as_published_says_what_was_signed(kind: str, site: HonestSite, in_chromium: InChromium) -> None:
    page = site.pages[kind]
    assert in_python(site, page, page.html) == ""
    assert in_chromium(page, [page.html]) == [""]


def test_there_are_more_than_two_hundred_lies_and_none_is_told_twice(site: HonestSite) -> None:
    html = site.pages["full"].html
    lies = [*lies_within_reach(html).values(), *lies_of_files(html).values(), *told(html, WITHOUT_SCRIPT).values()]
    assert len(set(lies)) > 500
    assert html not in lies


def test_no_lie_passes_as_a_file(site: HonestSite) -> None:
    page = site.pages["full"]
    lies = lies_within_reach(page.html) | lies_of_files(page.html) | told(page.html, WITHOUT_SCRIPT)
    assert [name for name, html in lies.items() if in_python(site, page, html) in ("", UNKNOWN_RELEASE)] == []


def test_no_lie_within_its_reach_passes_the_pages_own_check(site: HonestSite, in_chromium: InChromium) -> None:
    page = site.pages["full"]
    lies = lies_within_reach(page.html)
    found = zip(lies, in_chromium(page, lies.values()), strict=True)
    assert [name for name, difference in found if difference in ("", UNKNOWN_RELEASE)] == []


def test_what_is_called_out_of_reach_is(site: HonestSite, in_chromium: InChromium) -> None:
    page = site.pages["full"]
    lies = lies_of_files(page.html)
    found = zip(lies, in_chromium(page, lies.values()), strict=True)
    assert [name for name, difference in found if difference != ""] == []


def test_no_page_of_a_withdrawn_credential_says_something_else(site: HonestSite, in_chromium: InChromium) -> None:
    page = site.pages["withdrawn"]
    lies = told(page.html, TOMBSTONE) | dict(operated(page.html))
    assert [name for name, html in lies.items() if in_python(site, page, html) in ("", UNKNOWN_RELEASE)] == []
    found = zip(lies, in_chromium(page, lies.values()), strict=True)
    assert [name for name, difference in found if difference in ("", UNKNOWN_RELEASE)] == []


def test_the_page_of_one_credential_does_not_pass_for_anothers(site: HonestSite, in_chromium: InChromium) -> None:
    for kind in KINDS:
        others = [site.pages[other].html for other in site.pages if other != kind]
        assert "" not in [in_python(site, site.pages[kind], html) for html in others]
        assert "" not in in_chromium(site.pages[kind], others)


def test_what_is_of_a_form_only_is_all_that_may_differ(site: HonestSite, in_chromium: InChromium) -> None:
    for kind, lies in OF_A_FORM.items():
        page = site.pages[kind]
        texts = told(page.html, lies)
        assert page.html not in texts.values()
        assert [name for name, html in texts.items() if in_python(site, page, html) != ""] == []
        assert set(in_chromium(page, texts.values())) == {""}


# -- two parsers, one page ------------------------------------------------------------------------------------------------------

SCRAPS = [*"\f|\r| x |\ufeff|\u00a0|\0".split("|")]
SCRAPS += """<p> </p> <div> </div> <b> </b> <a href="/x"> </a> <table> <tr> <td> </table> <li> </li> <ul> </ul> <dd> </dd> <dt> </dt> <h1>
</h1> <br> </br> <br/> <hr> <span/> <svg> </svg> <math> <template> </template> <noscript> </noscript> <script> </script> <style> </style>
<title> </title> <textarea> </textarea> <select> <option> <button> <form> </form> <iframe> <frameset> <plaintext> <xmp> <image> <main>
</main> <body> </body> <html> </html> <head> </head> <!-- --> <!--> <!---> --!> <![CDATA[ ]]> <? ?> <! </ < > " ' = & &amp &lt &#0; &#x80;
&notit; &NotEqualTilde; &nbsp; data-fixed data-claim="/issuer/name" hidden <p data-fixed> <span data-fixed> <h1 data-fixed> <P>
<DIV HIDDEN> <a/b> <details> <summary> <ruby> <rt> <nobr> <font> <em> </em> <strong> </strong> <pre> </pre> <code> <dl> </dl>
""".split()


def mutated(html: str, chance: random.Random) -> str:
    """The page with a few scraps put in, parts left out, moved or doubled."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        places = [match.start() for match in re.finditer(r"[<>\"]", html)]
        place, other = sorted(chance.choices(places, k=2))
        place += chance.randrange(2)
        kind = chance.randrange(5)
        if kind == 0:
            html = html[:place] + html[place + chance.randrange(1, 30) :]
        elif kind == 1 and other - place < 400:
            html = html[:place] + html[place:other] + html[place:]
        else:
            html = html[:place] + chance.choice(SCRAPS) + html[place:]
    return html


def test_what_passes_as_a_file_is_what_a_browser_reads(site: HonestSite, in_chromium: InChromium) -> None:
    page, chance = site.pages["plain"], random.Random(20260601)
    texts = [mutated(page.html, chance) for _ in range(6000 if IS_LONG else 200)]
    # In main alone, where it matters most.
    start, end = page.html.index("<main"), page.html.index("</main>")
    texts += [
        page.html[:start] + mutated(page.html[start:end], chance) + page.html[end:]
        for _ in range(14_000 if IS_LONG else 400)
    ]
    passed = [text for text in texts if in_python(site, page, text) == ""]
    assert passed
    # In Markdown white space is one space, of whatever kind.
    without = [re.sub(r"\s", "", canonical_page(text)) for text in (page.html, *passed)]
    assert len(set(without)) == 1
    assert set(in_chromium(page, passed)) == {""}


# -- credentials that mean no good, and pages that cost ----------------------------------------------------------------------------

# What a key may sign, and no form foresees.
ODD: list[Any] = [
    None,
    True,
    0,
    -1.5,
    1e300,
    "",
    [],
    {},
    [[]],
    {"a": 1},
    {"__proto__": 1},
    "__proto__",
    "{name} {0} %s \\1 \\g<0> $& $1",
]
ODD += [
    "a\r\nb",
    " a  b ",
    "\u00a0",
    "\u200b\u202e\ufeff",
    "</title><b>&amp;\"'",
    "2026-99-99T",
    "2026-02-00T00:00:00Z",
    "0000-12-31T",
]
ODD += ['https://x.example/"><b>', "https://badges.laurels.example/c/a/credential-9999.json", "x" * 20_000]


def odd_documents(document: dict[str, Any]) -> Iterator[str]:
    """The document, as JSON, with one value after the other replaced by each odd one."""
    for path in paths_of(document):
        for odd in ODD:
            yield json.dumps(put(document, path, odd))


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield from paths_of(inner, (*path, step))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of a JSON value with another value at a path."""
    if not path:
        return new
    step, *rest = path
    copy = value.copy()
    copy[step] = put(value[step], tuple(rest), new)
    return copy


@pytest.mark.parametrize("kind", ["full", "withdrawn"])
def test_no_credential_whatever_it_says_breaks_the_comparison(kind: str, site: HonestSite, reader: Any) -> None:
    page = site.pages[kind]
    documents = sampled(list(odd_documents(page.document)), every=37)
    read = StatementPage(page.html, page.path + page.file)
    for text in documents:
        compare_page(read, parse_json(text.encode()), multibase=site.multibase)
    for some in batched(documents, 200):
        found = reader.evaluate(READ, [[page.html] * len(some), page.path + page.file, some, site.multibase])
        assert [difference for difference in found if difference.startswith("threw")] == []


def test_an_address_longer_than_any_record_has_is_that_of_no_page(site: HonestSite, reader: Any) -> None:
    page = site.pages["plain"]
    # Expressions are made of it: a megabyte would take seconds.
    document = put(page.document, ("id",), f"https://{'a/' * 500_000}{page.path}{page.file}")
    with pytest.raises(PageError):
        PageFacts(document, multibase=site.multibase)
    read = StatementPage(page.html, page.path + page.file)
    refusal = compare_page(read, document, multibase=site.multibase)
    assert refusal == "its credential says something that no such page can show"
    found = reader.evaluate(READ, [[page.html], page.path + page.file, [json.dumps(document)], site.multibase])
    assert found == [refusal]


def costly(html: str) -> dict[str, str]:
    """Pages of a megabyte."""
    size = 1_000_000 - len(html)
    repeated = [
        "a",
        "&amp;",
        "<",
        "&",
        ">",
        "<b>",
        "</b>",
        "<div>",
        "<p></p>",
        "<br>",
        "<script>",
        "<!--",
        "<form>",
        "<p ",
        '<p a="',
        "\0",
    ]
    lies = {text: before("<h1>", text * (size // len(text))) for text in repeated}
    lies |= {f"<p{text}": before("<h1>", f"<p{text * (size // len(text))}>") for text in (' a="b"', " ", "a", " a")}
    lies |= {"marks": before("<h1>", '<main id="content" data-statement data-tombstone>' * 20_000)}
    lies |= {
        "corrections": before('<p class="past">', '<p class="past">Corrected on 3 June 2026.</p>\n      ' * 20_000)
    }
    lies = dict(sampled(list(lies.items()), every=3)) | {"corrections": lies["corrections"]}
    return told(html, lies | {"beyond": before("<h1>", "a" * 2_000_000)})


def test_a_page_of_a_megabyte_is_refused_like_any_other(site: HonestSite, in_chromium: InChromium) -> None:
    page = site.pages["full"]
    pages = costly(page.html)
    assert [name for name, html in pages.items() if in_python(site, page, html) in ("", UNKNOWN_RELEASE)] == []
    assert "" not in in_chromium(page, [pages["corrections"], pages["beyond"]])


# -- pages as readers open them ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Any]:
    """A window on the site as it is served."""
    opened = browser.new_page(ignore_https_errors=True)
    opened.clock.set_fixed_time(NOW)
    yield opened
    opened.close()


def shown(window: Any, site: HonestSite, path: str, html: str, *, verdict: str) -> list[str]:
    """Waits until a page of the site, with this HTML, shows the verdict; gives the checks that failed."""
    file = site.folder / path / "index.html"
    honest = file.read_bytes() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, "utf-8")
    try:
        window.goto(BASE + path)
        window.wait_for_selector(f"#verdict[data-verdict={verdict}]", timeout=5000)
        return [str(item.get_attribute("data-check")) for item in window.locator("[data-result=failed]").all()]
    finally:
        file.write_bytes(honest) if honest is not None else file.unlink()


AS_OPENED = """another name, a name that turns, facts with each other's label, results with each other's value, another school,
another achievement's picture, a mail with a copy, LinkedIn for another achievement, a good verdict and its mark, another title,
a second verdict before it, a style among the words, a page in the page, a stranger's sheet, a sheet of other pages, no sheet,
Harvard's words in place of the signed ones, Harvard's words, the signed ones hidden, Harvard's words in the footer, a drawing,
a form that poses as the body, a picture that poses as the title, a statement without its mark, a comment"""


# Commas part them, and one name has a comma.
@pytest.mark.parametrize("name", re.split(r",\s(?!the signed)", AS_OPENED))
def test_a_reader_who_opens_a_lying_page_is_warned(name: str, window: Any, site: HonestSite) -> None:
    page = site.pages["full"]
    html = (HARVARD | BODY | LOADED)[name](page.html)
    assert shown(window, site, page.path, html, verdict="fails") == ["page"]


NO_PLACE = ["a good verdict and no script's", "a good verdict in place of it", "a form that poses as the document"]


@pytest.mark.parametrize("name", NO_PLACE)
def test_a_page_that_leaves_no_place_for_a_verdict_is_given_one(name: str, window: Any, site: HonestSite) -> None:
    page = site.pages["full"]
    assert shown(window, site, page.path, BODY[name](page.html), verdict="fails") == ["page"]
    assert window.locator("#verdict-headline").is_visible()


@pytest.mark.parametrize("hidden", ["a form", "a verdict that nobody sees"])
def test_a_check_that_cannot_finish_says_so_where_it_is_seen(hidden: str, window: Any, site: HonestSite) -> None:
    page = site.pages["full"]
    old, new = ("<main", "<form><main") if hidden == "a form" else ('id="verdict"', 'id="verdict" hidden')
    html = page.html.replace(old, new).replace('vc" href="credential', 'vc" href="nothing')
    shown(window, site, page.path, html, verdict="unknown")
    assert window.locator("#verdict-headline").is_visible()


@pytest.mark.parametrize("name", SHADOWS)
def test_a_shadow_that_no_script_sees_is_not_shown(name: str, window: Any, site: HonestSite) -> None:
    page = site.pages["full"]
    html = SHADOWS[name](page.html)
    assert in_python(site, page, html) != ""
    assert shown(window, site, page.path, html, verdict="holds") == []
    assert window.locator("h1").is_visible()
    # Playwright looks into open ones, and the tree of what is shown into all.
    assert "Harvard" not in json.dumps(window.context.new_cdp_session(window).send("Accessibility.getFullAXTree"))


def test_a_page_that_links_to_another_credential_fails_wherever_it_lies(window: Any, site: HonestSite) -> None:
    page, other = site.pages["plain"], site.pages["renewal"].path
    html = page.html.replace('vc" href="credential.json">', f'vc" href="/{page.path}{page.file}">')
    assert html != page.html
    assert shown(window, site, page.path, html, verdict="holds") == []
    assert shown(window, site, other, html, verdict="fails") == ["page"]
    assert shown(window, site, "x/y/", html, verdict="fails") == ["page"]


# -- whole sites --------------------------------------------------------------------------------------------------------------------


def reports(site: HonestSite, changed: dict[str, str]) -> dict[str, Report]:
    """What `verify SITE` says of a site with these files in the place of its own."""
    honest = {path: (site.folder / path).read_bytes() for path in changed}
    try:
        for path, text in changed.items():
            (site.folder / path).write_text(text, "utf-8")
        return dict(verify_site(site.folder, now=NOW))
    finally:
        for path, raw in honest.items():
            (site.folder / path).write_bytes(raw)


def test_verify_site_names_each_lying_page_and_no_other(site: HonestSite) -> None:
    full, withdrawn = site.pages["full"], site.pages["withdrawn"]
    lies = {
        f"{full.path}index.html": HARVARD["Harvard's words above the signed ones"](full.html),
        f"{withdrawn.path}index.html": TOMBSTONE["a person"](withdrawn.html),
        f"{site.pages['plain'].path}index.html": site.pages["renewal"].html,
    }
    found = reports(site, lies)
    failed = {path for path, report in found.items() if report.checks and report.check("page").result == "failed"}
    assert failed == {
        full.path + full.file,
        withdrawn.path + withdrawn.file,
        site.pages["plain"].path + "credential.json",
    }
    assert {found[path].verdict for path in failed} == {"fails"}


RELEASE = '<meta name="laurels-release" content="'
UNKNOWN = {
    "another release": lambda html: re.sub(f"{RELEASE}[0-9a-f]+", RELEASE + "0" * 32, html),
    "no release": lambda html: re.sub(f'{RELEASE}[0-9a-f]+">', "", html),
    "a release in a comment": lambda html: re.sub(f'({RELEASE}[0-9a-f]+">)', r"<!--\1-->", html),
    "a release of capital letters": lambda html: re.sub(
        f"{RELEASE}([0-9a-f]+)", lambda found: RELEASE + found[1].upper(), html
    ),
    "a release that leads out of its folder": lambda html: re.sub(f"{RELEASE}[0-9a-f]+", f"{RELEASE}../current", html),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_of_a_page_of_an_unknown_release_nothing_is_said_but_that(
    name: str, site: HonestSite, in_chromium: InChromium
) -> None:
    page = site.pages["full"]
    html = UNKNOWN[name](BODY["another name"](page.html))
    # One in a comment is read, and the comment is refused.
    in_a_file = in_python(site, page, html)
    assert (in_a_file == UNKNOWN_RELEASE) == (name != "a release in a comment") and in_a_file != ""
    assert in_chromium(page, [html]) == [UNKNOWN_RELEASE]
    report = verify_from(SiteFolder(site.folder), site.ask(page.path + page.file), now=NOW, page=StatementPage(html))
    if in_a_file == UNKNOWN_RELEASE:
        check = report.check("page")
        assert (check.result, check.counts, report.verdict) == ("not_checked", False, "holds")
        assert "a version that this verifier does not know" in check.sentence
        assert "a version that this verifier does not know" in report.headline


def test_a_page_and_a_script_of_two_releases_are_neither_good_nor_bad(window: Any, site: HonestSite) -> None:
    page = site.pages["full"]
    html = UNKNOWN["another release"](BODY["another name"](page.html))
    assert shown(window, site, page.path, html, verdict="unknown") == []


def test_two_names_of_releases_are_one_too_many(site: HonestSite) -> None:
    page = site.pages["full"]
    twice = re.sub(f'({RELEASE}[0-9a-f]+">)', r"\1\1", page.html)
    assert in_python(site, page, twice) != ""


@pytest.mark.parametrize("kind", ["full", "withdrawn", "erased"])
def test_among_pages_of_a_known_release_one_of_another_fails(kind: str, site: HonestSite) -> None:
    page = site.pages[kind]
    found = reports(site, {f"{page.path}index.html": UNKNOWN["another release"](page.html)})
    path = page.path + (page.file or "index.html")
    assert found[path].verdict == "fails"
    assert "other pages of this site do" in (found[path].check("page").sentence if page.file else found[path].headline)


def test_a_site_of_a_release_that_is_not_known_is_not_called_false(site: HonestSite) -> None:
    pages = {f"{page.path}index.html": UNKNOWN["another release"](page.html) for page in site.pages.values()}
    found = reports(site, pages)
    assert {report.verdict for report in found.values()} == {"holds", "revoked", "superseded"}


# -- records that try to become markup --------------------------------------------------------------------------------------------

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "{{7*7}} {% include 'x' %} ${7*7} #{7}",
    "<!-- ]]> --><![CDATA[ &lt;script&gt; &amp;amp;",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    "</title></main></body><base href=//x.example/><meta http-equiv=refresh content=0;url=//x.example>",
    "<link rel=stylesheet href=//x.example/x.css> \\u003cscript\\u003e %3Cscript%3E ;}</style>",
    'two\u00a0\u00a0spaces, {name} {achievement} {0} $& $1 \\1 __proto__ &organizationId=1& href="badge.svg" href="../../manual/"',
]
LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,x)",
    "[x](vbscript:x)",
    "[x](//x.example/)",
    "[x](http://x.example/)",
    "[x](<https://x.example/ onclick=alert(1)>)",
    "![x](https://x.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "&lt;script&gt;",
]


def records(text: str, narrative: str) -> dict[str, str]:
    """A repository in which every free text is this one."""
    quoted, told = json.dumps(text), json.dumps(narrative)
    issuer = ISSUER.replace("Test School", quoted) + f"description: {quoted}\n"
    badge = re.sub(r"criteria: .*", lambda _: f"criteria: {{narrative: {told}}}", BADGE).replace(
        "name: Knots", f"name: {quoted}"
    )
    badge = badge.replace("Ties the six knots that matter.", quoted).replace("A knot", quoted)
    badge += f"category: {quoted}\nlevel: {quoted}\nversion: {quoted}\ntags: [{quoted}]\n"
    row = f"{{name: {quoted}, narrative: {told}, license_number: {quoted}, listed: 2026-05-14}}"
    evidence = f"[{{url: 'https://school.example/a?b=1&c=(x)', name: {quoted}, description: {quoted}}}]"
    cohort = (
        COHORT[: COHORT.index("recipients:")].replace("https://school.example/cohort", evidence)
        + f"recipients:\n  - {row}\n"
    )
    files = {
        "issuers/school/issuer.yml": issuer,
        "badges/knots/badge.yml": badge,
        "content/records/school/2026-05.yml": cohort,
    }
    return files


SHAPE = """() => {
    const walk = (node) => [node.nodeName, [...(node.attributes ?? [])].map(({ name }) => name), [...node.children].map(walk)];
    document.getElementById("verdict-checks")?.replaceChildren();
    return walk(document.documentElement);
}"""


def shapes(browser: Any, folder: Path) -> dict[str, Any]:
    """The elements of every page, without their texts; nothing may be asked of anybody else, and nothing may run."""
    files = files_of(folder)
    found: dict[str, Any] = {}
    opened = browser.new_page()
    opened.clock.set_fixed_time("2026-06-01T12:00:00Z")
    alarms: list[str] = []
    opened.on("dialog", lambda dialog: alarms.append(dialog.message))
    opened.on("pageerror", lambda error: alarms.append(str(error)))
    opened.on("console", lambda message: alarms.append(message.text))
    asked = serve(opened, files)
    for path in sorted(path for path in files if path.endswith("index.html")):
        opened.goto(BASE + path.removesuffix("index.html"))
        if path.startswith("c/"):
            opened.wait_for_selector("#verdict:not([data-verdict=none])")
            assert opened.get_attribute("#verdict", "data-verdict") == "holds", path
        found[re.sub(r"c/.{26}/", "c/", path)] = opened.evaluate(SHAPE)
    opened.close()
    assert alarms == []
    assert [url for url in asked if not url.startswith(BASE)] == []
    return found


def published(tmp_path: Path, text: str, narrative: str) -> Path:
    root = write_repository(tmp_path / "repository", files=records(text, narrative))
    with as_release_0_1_signed():
        issue_all(root)
    return publish_to(root, tmp_path / "site")


@pytest.fixture(scope="module")
def neutral(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> dict[str, Any]:
    return shapes(browser, published(tmp_path_factory.mktemp("neutral"), "Plain words", "Plain words"))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_record_becomes_markup(text: str, browser: Any, neutral: dict[str, Any], tmp_path: Path) -> None:
    assert shapes(browser, published(tmp_path, text, "Plain words")) == neutral


@pytest.mark.parametrize("link", LINKS, ids=range(len(LINKS)))
def test_no_narrative_of_a_record_becomes_markup_or_it_is_refused(link: str, browser: Any, tmp_path: Path) -> None:
    from site_builder.ledger.checks.repository import check_repository

    root = write_repository(tmp_path / "repository", files=records("Plain words", f"Words {link} words"))
    if check_repository(root).problems:
        return
    issue_all(root)
    folder = publish_to(root, tmp_path / "site")
    shapes(browser, folder)
    for path, body in files_of(folder).items():
        if path.endswith("index.html"):
            assert not re.search(rb'(?:href|src)="(?!https://|mailto:|\.\./|\./|#|[a-z0-9.-]+")', body), path


# -- addresses of people --------------------------------------------------------------------------------------------------------


def test_nothing_published_tells_an_address_or_a_salt(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "repository")
    awards = issue_all(root).awards
    files = files_of(publish_to(root, tmp_path / "site"))
    stored = [json.loads((root / award.folder / "award.json").read_text()) for award in awards]
    salts = [award["versions"][0]["salt"] for award in stored]
    assert len(set(salts)) == 2 and all(len(salt) == 22 for salt in salts)
    for email in ("ada@example.org", "grace@example.org"):
        digests = [hashlib.new(name, email.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]
        secrets = [email, email.upper(), email.split("@")[0] + "%40", *digests, *salts]
        for path, body in files.items():
            assert not any(secret.encode() in body for secret in secrets), path


def test_every_page_of_an_issuer_asks_for_the_same_addresses(browser: Any, site: HonestSite) -> None:
    """Who watches key document and list learns that somebody looked at something, and not at what."""
    kinds = set()
    for kind in ("plain", "right to left"):
        opened, path = browser.new_page(ignore_https_errors=True), site.pages[kind].path
        opened.clock.set_fixed_time(NOW)
        asked = serve(opened, files_of(site.folder))
        opened.goto(BASE + path)
        opened.wait_for_selector("#verdict:not([data-verdict=none])")
        kinds.add(tuple(sorted(url.replace(path, "") for url in asked)))
        opened.close()
    assert len(kinds) == 1
