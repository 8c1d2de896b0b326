"""Pages by somebody who wants readers to see something else than was signed, and records that try to become markup."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import parse_json
from site_builder.verification.page.compare import compare_page
from site_builder.verification.page.reader import StatementPage, read_page
from tests.sampling import IS_LONG
from tests.support import BADGE, BASE, COHORT, ISSUER, issue_all, publish_to, write_repository

sync_api = pytest.importorskip("playwright.sync_api")

VERIFICATION = Path(__file__).parents[1] / "site_builder" / "verification"
HOST = BASE.removesuffix("/")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]

# Reads HTML as this browser parses it, with the page script's own reader, and compares it with the credential.
READ = """async ([texts, address, credential]) => {
    const { readPage } = await import("/-/browser/src/verification/page/reader.js");
    const { comparePage } = await import("/-/browser/src/verification/page/compare.js");
    return Promise.all(texts.map(async (text) => {
        const page = readPage(new DOMParser().parseFromString(text, "text/html"), address);
        return [page, await comparePage(page, credential)];
    }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield opened
        opened.close()


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


class Sample:
    """A published credential: its page, what was signed, and a browser to read pages with."""

    def __init__(self, folder: Path, browser: Any) -> None:
        self.files = files_of(folder)
        self.pages = sorted(path for path in self.files if re.fullmatch(r"c/.{26}/index\.html", path))
        self.path = next(path for path in self.pages if b"Ada Lovelace</bdi>" in self.files[path])
        self.html = self.files[self.path].decode("utf-8")
        self.address = self.path.replace("index.html", "credential.json")
        self.credential = parse_json(self.files[self.address])
        self.browser = browser
        self.opened = browser.new_page()
        serve(self.opened, self.files)
        self.opened.goto(BASE + "-/")

    def in_python(self, html: str) -> tuple[StatementPage, str]:
        # As Path.read_text does.
        html = html.replace("\r\n", "\n").replace("\r", "\n")
        page = read_page(html, address=self.address)
        return page, compare_page(page, self.credential)

    def in_chromium(self, *texts: str) -> list[tuple[dict[str, Any], str]]:
        found: list[tuple[dict[str, Any], str]] = []
        for start in range(0, len(texts), 500):
            some = texts[start : start + 500]
            found += self.opened.evaluate(READ, [some, self.address, self.credential])
        return [(page, difference) for page, difference in found]

    def changed(self, old: str, new: str) -> str:
        assert old in self.html, old
        return self.html.replace(old, new, 1)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Sample]:
    root = write_repository(tmp_path_factory.mktemp("repository"))
    issue_all(root)
    found = Sample(publish_to(root, tmp_path_factory.mktemp("site")), browser)
    yield found
    found.opened.close()


# -- pages that show more, or less, or something else --------------------------------------------------------------------------

NAME = '<bdi data-claim="/credentialSubject/identifier/0/identityHash">Ada Lovelace</bdi>'
ARTWORK = 'alt="A knot" width="600" height="600">'
MAIN = '<main id="content" data-statement>'
SECTION = '<section class="small-print">'
LOUD = "<h1>Mallory</h1>"


def instead(old: str, new: str) -> Callable[[str], str]:
    return lambda html: html.replace(old, new, 1)


def before(old: str, new: str) -> Callable[[str], str]:
    return instead(old, new + old)


ATTACKS: dict[str, Callable[[str], str]] = {
    "a name that nobody sees": instead("<h1><bdi", "<h1 hidden><bdi"),
    "a name for the printer only": instead("<h1><bdi", '<h1 class="print-only"><bdi'),
    "a name off the screen": instead("<h1><bdi", '<h1 class="a skip"><bdi'),
    "a name in a closed drawer": instead(f"<h1>{NAME}</h1>", f"<details>{NAME}</details>"),
    "a statement that nobody sees": instead(MAIN, MAIN.replace(">", " hidden>")),
    "a statement for the printer only": instead(MAIN, MAIN.replace(">", ' class="print-only">')),
    "a body that nobody sees": instead('<body class="credential">', '<body class="credential" hidden>'),
    "a statement in a hidden part": lambda html: html.replace("<main", "<div hidden><main").replace(
        "</main>", "</main></div>"
    ),
    "a statement in a link": lambda html: html.replace("<main", '<a href="/x"><main').replace("</main>", "</main></a>"),
    "a name read from right to left": instead("<h1><bdi", '<h1 dir="rtl"><bdi'),
    "a name turned round": instead(NAME, f'<bdo dir="rtl">{NAME}</bdo>'),
    "words that pop up": instead("<h1>", '<h1 title="with honours">'),
    "words in an input": before(SECTION, '<input value="with honours">'),
    "words in a faint input": before(SECTION, '<input placeholder="with honours">'),
    "words in a button": before(SECTION, '<input type="submit" value="with honours">'),
    "words in a drawing": before(SECTION, "<svg><text>with honours</text></svg>"),
    "words in a formula": before(SECTION, "<math><mtext data-fixed>with honours</mtext></math>"),
    "words above words": instead(NAME, f"<ruby data-fixed>{NAME}<rt>Dr</rt></ruby>"),
    "a page in the page": before(SECTION, '<iframe src="/other"></iframe>'),
    "an object": before(SECTION, '<object data="/other"></object>'),
    "another picture": instead("image-", "image-0"),
    "a picture of another site": instead('<img src="../../', '<img src="https://x.example/'),
    "a picture more": before(SECTION, '<img src="../../assets/laurels.svg" alt="">'),
    "a picture of a path that climbs": instead('<img src="../../', '<img src="../../x/../'),
    "other words for the picture": instead(ARTWORK, ARTWORK.replace("A knot", "With honours")),
    "a code with words": instead('<img src="qr.svg" alt=""', '<img src="qr.svg" alt="With honours"'),
    "a rosette with words": instead('src="rosette.svg" alt=""', 'src="rosette.svg" alt="With honours"'),
    "a rosette from elsewhere": instead('src="rosette.svg"', 'src="../rosette.svg"'),
    "another row of words": lambda html: re.sub(r'(data-as="words">)[a-z]+', r"\1zebra-like", html),
    "no row of words": lambda html: re.sub(r'<p class="words".*?</p>', "", html),
    "a row of words that nobody sees": instead('<p class="words"', '<p hidden class="words"'),
    "a row of words that is fixed text": lambda html: re.sub(r'data-claim="" data-as="words"', "data-fixed", html),
    "letters in a style": instead("<h1>", '<h1 style="display:none">'),
    "a second statement": instead("</main>", f"</main><main>{LOUD}</main>"),
    "a second statement, fixed": instead("</main>", f"</main><main data-fixed>{LOUD}</main>"),
    "a statement in a statement": instead("</article>", f"</article><main data-fixed>{LOUD}</main>"),
    "a statement in a frozen part": lambda html: html.replace("<main", "<template><main").replace(
        "</main>", "</main></template>"
    ),
    "a name in a frozen part": instead(NAME, f"<template>{NAME}</template>"),
    "a name for old browsers": instead(NAME, f"<noembed>{NAME}</noembed>"),
    "a name in a text field": instead(NAME, f"<textarea>{NAME}</textarea>"),
    "a name in a style sheet": instead(NAME, f"<style>{NAME}</style>"),
    "a name in a comment": instead(NAME, f"<!--{NAME}-->"),
    "a name in half a comment": instead(NAME, f"<!-->{LOUD}<!--{NAME}-->"),
    "a name in a section of data": instead(NAME, f"<![CDATA[{NAME}]]>"),
    "a name in an instruction": instead(NAME, f"<?x {NAME}?>"),
    "the first of two attributes": instead("<bdi data-claim=", '<bdi data-claim="/name" data-claim='),
    "the last of two attributes": instead(
        'identityHash">Ada Lovelace', 'identityHash" data-claim="/name">Ada Lovelace'
    ),
    "an end that is not one": instead(NAME, f"<span data-fixed/>{LOUD}</span>{NAME}"),
    "a row outside of a table": before(SECTION, f"<table><tr><td data-fixed></td></tr>{LOUD}</table>"),
    "a statement in a table": instead(NAME, f"<table>{NAME}</table>"),
    "a paragraph in a paragraph": before(SECTION, f"<p data-fixed><p>{LOUD}</p></p>"),
    "a heading in a heading": before(SECTION, "<h2 data-fixed><h2>Mallory</h2></h2>"),
    "a term in a term": instead("<dt data-fixed>Awarded</dt>", "<dt data-fixed>Awarded<dt>Mallory</dt></dt>"),
    "an item in an item": before(SECTION, "<ul><li data-fixed><li>Mallory</li></li></ul>"),
    "a link in a link": before(SECTION, '<a data-fixed href="/"><a href="/">Mallory</a></a>'),
    "crossed elements": before(SECTION, "<strong data-fixed><em>x</strong>Mallory</em>"),
    "an end tag more": before(SECTION, f"</section></div></article>{LOUD}"),
    "an end tag less": instead("</article>", ""),
    "a zero byte": instead("Ada Lovelace</bdi>", "Ada\0 Lovelace</bdi>"),
    "a reference without its end": instead("Ada Lovelace</bdi>", "Ada&nbsp Lovelace</bdi>"),
    "a number for nothing": instead("Ada Lovelace</bdi>", "Ada&#0; Lovelace</bdi>"),
    "a sign that shows nothing": instead("Ada Lovelace</bdi>", "Ada\u200b Lovelace</bdi>"),
    "a sign that turns": instead("Ada Lovelace</bdi>", "\u202eecalevoL adA</bdi>"),
    "quotes of another kind": instead("<bdi data-claim=", "<bdi title='\"' data-claim="),
    "an attribute that does not end": instead("<bdi data-claim=", '<bdi title="x data-claim='),
    "another name for main": lambda html: html.replace("<main", "<MAIN x=1").replace("</main>", "</main >"),
    "no end of main": instead("</main>", ""),
    "a plain text": before(SECTION, "<plaintext>"),
    "a mail among the statements": before(SECTION, '<a href="mailto:mallory@x.example"></a>'),
    "a mail behind the name": instead(NAME, f'<a href="mailto:mallory@x.example">{NAME}</a>'),
    "a mail with a line more": instead('href="mailto:', 'href="mailto:mallory@x.example\n'),
    "a program behind a fixed word": before(SECTION, '<a data-fixed href="javascript:alert(1)">x</a>'),
    "a program behind a space": before(SECTION, '<a data-fixed href=" javascript:alert(1)">x</a>'),
    "a program behind a line": before(SECTION, '<a data-fixed href="java\nscript:alert(1)">x</a>'),
    "a document behind a fixed word": before(SECTION, '<a data-fixed href="data:text/html,Mallory">x</a>'),
    "a link without encryption": before(SECTION, '<a data-fixed href="http://x.example/">x</a>'),
    "a match key behind a fixed word": before(SECTION, '<a data-fixed href="../x/#m=abc">x</a>'),
    "a link to another host in short": before(SECTION, '<a data-fixed href="//x.example/">x</a>'),
    "a page that leaves": instead("<title>", '<meta http-equiv="refresh" content="0;url=https://x.example/"><title>'),
}
# What only a reader of files must refuse: a browser sees the page that results, and judges that.
FILES_ONLY = {
    "another name for main",
    "a body that nobody sees",
    "no end of main",
    "a name in a comment",
    "a page that leaves",
    "an end tag less",
    "the last of two attributes",
    "an end that is not one",
    "a zero byte",
    "a reference without its end",
}


def test_the_page_as_published_says_what_was_signed(sample: Sample) -> None:
    page, difference = sample.in_python(sample.html)
    assert difference == ""
    assert sample.in_chromium(sample.html)[0] == (asdict(page), "")


@pytest.mark.parametrize("name", ATTACKS)
def test_a_page_does_not_pass_with(name: str, sample: Sample) -> None:
    html = ATTACKS[name](sample.html)
    assert html != sample.html
    assert sample.in_python(html)[1] != ""
    assert name in FILES_ONLY or sample.in_chromium(html)[0][1] != ""


def test_the_list_of_what_only_files_are_refused_for_is_not_too_long(sample: Sample) -> None:
    good = {name for name in ATTACKS if sample.in_chromium(ATTACKS[name](sample.html))[0][1] == ""}
    assert good <= FILES_ONLY


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


def test_what_passes_as_a_file_is_what_a_browser_reads(sample: Sample) -> None:
    chance = random.Random(20260601)
    texts = [mutated(sample.html, chance) for _ in range(6000 if IS_LONG else 300)]
    # In main alone, where it matters most.
    start, end = sample.html.index("<main"), sample.html.index("</main>")
    texts += [
        sample.html[:start] + mutated(sample.html[start:end], chance) + sample.html[end:]
        for _ in range(12_000 if IS_LONG else 600)
    ]
    passed = 0
    for text, (page, difference) in zip(texts, sample.in_chromium(*texts), strict=True):
        in_python, difference_in_python = sample.in_python(text)
        if difference_in_python == "":
            passed += 1
            assert (page, difference) == (asdict(in_python), ""), text
    assert passed > 10


# -- where a page lies ------------------------------------------------------------------------------------------------------------


def verdict_of(sample: Sample, path: str, html: str) -> tuple[str, list[str]]:
    opened = sample.browser.new_page()
    opened.clock.set_fixed_time("2026-06-01T12:00:00Z")
    serve(opened, sample.files | {f"{path}index.html": html.encode("utf-8")})
    opened.goto(BASE + path)
    opened.wait_for_selector("#verdict:not([data-verdict=none])")
    verdict = opened.get_attribute("#verdict", "data-verdict")
    failed = [item.get_attribute("data-check") for item in opened.locator("[data-result=failed]").all()]
    opened.close()
    return verdict, failed


def test_a_page_that_links_to_another_credential_fails_wherever_it_lies(sample: Sample) -> None:
    other = next(path for path in sample.pages if path != sample.path).removesuffix("index.html")
    html = sample.changed('"application/vc" href="credential.json">', f'"application/vc" href="/{sample.address}">')
    assert verdict_of(sample, sample.path.removesuffix("index.html"), html) == ("holds", [])
    assert verdict_of(sample, other, html) == ("fails", ["page"])
    assert verdict_of(sample, "x/y/", html) == ("fails", ["page"])


# -- records that try to become markup --------------------------------------------------------------------------------------------

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "{{7*7}} {% include 'x' %} ${7*7} #{7}",
    "<!-- ]]> --><![CDATA[ &lt;script&gt; &amp;amp;",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    "</title></main></body><base href=//x.example/><meta http-equiv=refresh content=0;url=//x.example>",
    "<link rel=stylesheet href=//x.example/x.css> \\u003cscript\\u003e %3Cscript%3E ;}</style>",
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


def test_nothing_published_tells_an_address_or_a_salt(sample: Sample, tmp_path: Path) -> None:
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


def test_every_page_of_an_issuer_asks_for_the_same_addresses(sample: Sample) -> None:
    """Who watches key document and list learns that somebody looked at something, and not at what."""
    kinds = set()
    for path in sample.pages:
        opened = sample.browser.new_page()
        opened.clock.set_fixed_time("2026-06-01T12:00:00Z")
        asked = serve(opened, sample.files)
        folder = path.removesuffix("index.html")
        opened.goto(BASE + folder)
        opened.wait_for_selector("#verdict:not([data-verdict=none])")
        kinds.add(tuple(sorted(url.replace(folder, "") for url in asked)))
        opened.close()
    assert len(sample.pages) == 2 and len(kinds) == 1
