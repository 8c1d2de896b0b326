"""Pages that lie: what a stranger makes of an honest page so that readers see something else than was signed. Operators × places, and
lists of what has no other place. Each lie has a name that says what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "BODY",
    "HARVARD",
    "LOADED",
    "LOUD",
    "OF_A_FORM",
    "OUT_OF_REACH",
    "SHADOWS",
    "TOMBSTONE",
    "WITHOUT_SCRIPT",
    "Lie",
    "before",
    "instead",
    "operated",
    "told",
]

Lie = Callable[[str], str]
LOUD = "<h2>Harvard University certifies that Mallory Mayhem earned Doctor of Medicine</h2>"
_NAME = "Ada Lovelace</bdi>"

# --- operators on an element: what becomes of it -----------------------------------------------------------------------


def _with(attribute: str) -> Lie:
    """Gives the element an attribute, in the place of one of that name."""
    name = attribute.partition("=")[0]

    def changed(element: str) -> str:
        tag = element[: element.index(">") + 1]
        if f" {attribute}" in tag:
            return element
        without = re.sub(rf' {name}(?:="[^"]*")?(?=[ >])', "", tag)
        return f"{without[:-1]} {attribute}>{element[len(tag) :]}"

    return changed


def _in(before: str, after: str) -> Lie:
    return lambda element: f"{before}{element}{after}"


def _class(name: str) -> Lie:
    def classed(element: str) -> str:
        tag = re.match("<[^>]*", element)
        assert tag is not None
        if ' class="' in tag[0]:
            return re.sub(r' class="[^"]*"', f' class="{name}"', element, count=1)
        return _with(f'class="{name}"')(element)

    return classed


OPERATORS: dict[str, Lie] = {
    "hidden": _with("hidden"),
    "hidden from readers' aids": _with('aria-hidden="true"'),
    "called something else for readers' aids": _with('aria-label="Mallory Mayhem"'),
    "for the printer only": _class("print-only"),
    "off the screen": _class("skip"),
    "without a size": _class("colon"),
    "of another class": _class("diploma"),
    "not displayed": _with('style="display:none"'),
    "covered": _with('style="position:absolute;z-index:9"'),
    "from right to left": _with('dir="rtl"'),
    "turned round": _in('<bdo dir="rtl">', "</bdo>"),
    "of another language": _with('lang="ar"'),
    "that cannot be reached": _with("inert"),
    "that can be written on": _with("contenteditable"),
    "with another's number": _with('id="verdict-headline"'),
    "with a program": _with('onclick="alert(1)"'),
    "in a closed drawer": _in("<details><summary>More</summary>", "</details>"),
    "in a comment": _in("<!--", "-->"),
    "in a template": _in("<template>", "</template>"),
    "for browsers without a script": _in("<noscript>", "</noscript>"),
    "in a form": _in("<form>", "</form>"),
    "in a drawing": _in("<svg><foreignObject>", "</foreignObject></svg>"),
    "in a formula": _in("<math><mtext>", "</mtext></math>"),
    "struck out": _in("<s>", "</s>"),
    "left out": lambda element: "",
    "twice": lambda element: element * 2,
    "behind loud words": _in(LOUD, ""),
    "before loud words": _in("", LOUD),
    "without its mark": lambda element: re.sub(r' data-claim="[^"]*"', "", element, count=1),
    "with the mark of another": lambda element: re.sub(r'data-claim="[^"]*"', 'data-claim="/name"', element, count=1),
    "in other letters": lambda element: re.sub(">[^<]+", lambda found: found[0].replace("e", "\u0435"), element),
    "with letters that nobody sees": lambda element: re.sub(r">([^<\s])", ">\u200b\\1", element, count=1),
    "with words that turn": lambda element: re.sub(r">([^<\s][^<]*)<", ">\u202e\\1\u202c<", element, count=1),
    "with a space that does not break": lambda element: re.sub(r">([^<\s])", ">\u00a0\\1", element, count=1),
    "with a word more": lambda element: re.sub(r"([^<>\s])<", r"\1 with honours<", element, count=1),
}

# --- places on a page: how the start tag of an element begins --------------------------------------------------------------

PLACES = {
    "the statement": '<main id="content"',
    "the certificate": "<article",
    "the picture": '<img src="../../badges',
    "who certifies": '<p class="by">',
    "the issuer's name": '<span data-claim="/issuer/name"',
    "the name": "<h1>",
    "the word earned": '<p class="earned">',
    "what was earned": '<p class="what"',
    "the facts": '<dl class="facts">',
    "the day": '<dd data-claim="/awardedDate"',
    "the end": '<dd data-claim="/validUntil"',
    "the level": '<div data-claim="/credentialSubject/achievement/tag',
    "a correction": '<p class="past">',
    "the renewal": '<p class="past to-print">',
    "the rosette": '<img class="rosette"',
    "the four words": '<p class="words"',
    "the printed code": '<div class="imprint',
    "the verdict": '<section id="verdict"',
    "the verdict's words": '<p id="verdict-headline"',
    "the verdict's list": '<details id="verdict-details"',
    "what it took": '<section class="took">',
    "the description": '<p class="lead"',
    "the criteria": '<div class="prose" data-claim="/credentialSubject/achievement/criteria',
    "the results": '<dl class="results">',
    "a result": '<strong data-claim="/credentialSubject/result/1',
    "what was required": '<span class="required">',
    "the narrative": '<div class="prose" data-claim="/credentialSubject/narrative',
    "a skill": '<span data-claim="/credentialSubject/achievement/alignment/0/targetName"',
    "the evidence": '<ol class="evidence">',
    "the address of evidence": '<p class="address"',
    "a tag": '<li data-claim="/credentialSubject/achievement/tag/2"',
    "the downloads": '<p class="downloads">',
    "the text to embed": '<details class="embed">',
    "the mail": '<a href="mailto:',
    "the verifiers": '<a href="../../verify/">this',
    "the small print": '<section class="small-print">',
    "the address": '<dd data-claim="/id"',
    "the fingerprint": '<span class="fingerprint">',
    "the header": '<header class="site">',
    "the footer": '<footer class="site">',
}
_VOID = ("<img", "<link", "<meta")


def _element(html: str, begins: str) -> tuple[int, int]:
    """Where the first element is whose start tag begins like that."""
    start = html.index(begins)
    tag = re.match("<[a-z0-9]+", begins)
    assert tag is not None
    if tag[0] in _VOID:
        return start, html.index(">", start) + 1
    depth = 0
    for found in re.finditer(rf"<(/?){tag[0][1:]}\b[^>]*>", html[start:]):
        depth += -1 if found[1] else 1
        if not depth:
            return start, start + found.end()
    raise AssertionError(begins)


def _operated(html: str, begins: str, operator: Lie) -> str:
    start, end = _element(html, begins)
    return html[:start] + operator(html[start:end]) + html[end:]


def _moved(begins: str, before: str) -> Lie:
    """Moves an element before another one, or before an end tag."""

    def moved(html: str) -> str:
        start, end = _element(html, begins)
        element, rest = html[start:end], html[:start] + html[end:]
        return rest.replace(before, element + before, 1)

    return moved


def _swapped(one: str, other: str) -> Lie:
    """Exchanges the first places of two texts."""

    def swapped(html: str) -> str:
        assert one in html and other in html, (one, other)
        return html.replace(one, "\ue000", 1).replace(other, one, 1).replace("\ue000", other, 1)

    return swapped


def instead(old: str, new: str) -> Lie:
    """Another text in the place of one that is there."""

    def changed(html: str) -> str:
        assert old in html, old
        return html.replace(old, new, 1)

    return changed


def before(old: str, new: str) -> Lie:
    """A text more before one that is there."""
    return instead(old, new + old)


# --- lies with a place of their own ---------------------------------------------------------------------------------------

HARVARD: dict[str, Lie] = {
    "Harvard's words in place of the signed ones": lambda html: (
        html.replace("Test School", "Harvard University")
        .replace("Ada Lovelace", "Mallory Mayhem")
        .replace(">Knots<", ">Doctor of Medicine<")
    ),
    "Harvard's words above the signed ones": before('<p class="by">', LOUD),
    "Harvard's words, the signed ones hidden": lambda html: before('<p class="by" hidden>', LOUD)(
        html.replace('<p class="by">', '<p class="by" hidden>')
        .replace("<h1>", "<h1 hidden>")
        .replace('<p class="what"', '<p hidden class="what"')
    ),
    "Harvard's words, the signed ones without a size": lambda html: before('<p class="colon">', LOUD)(
        html.replace('<p class="by">', '<p class="colon">')
        .replace("<h1>", '<h1 class="colon">')
        .replace('<p class="what"', '<p class="what colon"')
    ),
    "Harvard's words, the signed ones in the small print": lambda html: before(
        "</dl>\n  </section>\n</main>", "<div><dt>x</dt><dd>Ada Lovelace</dd></div>"
    )(html.replace("<h1>", LOUD + "<h1 hidden>")),
    "Harvard's words for the printer": before('<p class="by">', LOUD.replace("<h2>", '<h2 class="print-only">')),
    "Harvard's words in the header": instead(
        '">badges.laurels.example</a>', '">Harvard University certifies that Mallory Mayhem earned</a>'
    ),
    "Harvard's words in the footer": instead("static pages, checked", "Harvard University, checked"),
    "Harvard's words in the menu": instead(">Achievements</a>", ">Harvard University</a>"),
    "Harvard's words in a link of the menu": before("</nav>", '<a href="../../harvard/">Harvard University</a>'),
    "Harvard's words for those who skip": instead("Skip to content", "Harvard University certifies"),
    "Harvard's words in the title": lambda html: re.sub(
        "<title>.*?</title>", "<title>Mallory Mayhem · Doctor of Medicine</title>", html
    ),
    "Harvard's words before the page": before('<a class="skip"', LOUD),
    "Harvard's words after the statement": instead("</main>", f"</main>{LOUD}"),
    "Harvard's words after the page": instead("</body>", f"{LOUD}</body>"),
    "Harvard's words after the end": instead("</html>", f"</html>{LOUD}"),
    "Harvard's words without an element": before("</article>", "Harvard University certifies"),
}
_VERDICT = "Not checked in this browser."
_GOOD = "Checked in this browser just now: signed by harvard.example, unchanged, not revoked."
_FACTS = "\n        <div><dt>Awarded</dt> <dd"

BODY: dict[str, Lie] = {
    # words and their pairs
    "another name": instead(_NAME, "Mallory Mayhem</bdi>"),
    "a name in other letters": instead(_NAME, "Ada L\u043evelace</bdi>"),
    "a name with a letter that nobody sees": instead(_NAME, "Ada\u200b Lovelace</bdi>"),
    "a name in wide letters": instead(_NAME, "\uff21da Lovelace</bdi>"),
    "a name taken apart": lambda html: html.replace("Ada Lovelace", "Ade\u0301 Lovelace"),
    "a name in small letters": instead(_NAME, "ada lovelace</bdi>"),
    "a name with a full stop": instead(_NAME, "Ada Lovelace.</bdi>"),
    "a name in two spaces that do not break": instead(_NAME, "Ada\u00a0Lovelace</bdi>"),
    "a name that turns": instead(_NAME, "\u202eecalevoL adA</bdi>"),
    "a name that is set apart": instead(_NAME, "\u2067Ada Lovelace\u2069</bdi>"),
    "a name with a number in it": instead(_NAME, "Ada&#8238; Lovelace</bdi>"),
    "a name in capital letters by a name": instead(_NAME, "&Agrave;da Lovelace</bdi>"),
    "a name with a title": instead("<bdi data-claim", "Dr <bdi data-claim"),
    "a name in a link": lambda html: html.replace("<h1><bdi", '<h1><a href="https://x.example/"><bdi').replace(
        "</bdi></h1>", "</bdi></a></h1>"
    ),
    "a name without its element": lambda html: re.sub("<bdi[^>]*>(.*?)</bdi>", r"\1", html),
    "another school": instead("Test School</span>", "Best School</span>"),
    "did not certify": instead("<span>certifies that", "<span>does not certify that"),
    "will earn": instead(">earned<", ">will earn<"),
    "another day": instead(">14 May 2026</dd>", ">13 May 2026</dd>"),
    "a day in other digits": instead(">14 May 2026</dd>", ">\u0661\u0664 May 2026</dd>"),
    "a day of another form": instead(">14 May 2026</dd>", ">2026-05-14</dd>"),
    "a later end": instead(">14 May 2028</dd>", ">14 May 2128</dd>"),
    "a later end in a fact": instead("<dt>Valid until</dt>", "<dt>Valid from</dt>"),
    "facts with each other's label": _swapped("<dt>Awarded</dt>", "<dt>Valid until</dt>"),
    "facts with each other's value": _swapped(">14 May 2026</dd>", ">14 May 2028</dd>"),
    "a fact more": before(_FACTS.strip(), "<div><dt>Honours</dt> <dd>highest</dd></div>"),
    "facts in another order": _moved("<div><dt>Awarded</dt>", '<div data-claim="/credentialSubject/achievement/tag'),
    "another level": instead("<dd>First</dd>", "<dd>Third</dd>"),
    "a level of another name": instead("<dt>level<", "<dt>degree<"),
    "a level out of a tag": _moved('<li data-claim="/credentialSubject/achievement/tag/2"', "</ul>\n    </div>"),
    "another description": instead("six knots that matter", "sixty knots that matter"),
    "another language of the statement": instead('<p class="what" lang="en"', '<p class="what" lang="ar"'),
    "another word of the four": instead('data-as="words">', 'data-as="words">zebra '),
    "the four words in another order": lambda html: re.sub(r'(data-as="words">)(\w+) (\w+)', r"\1\3 \2", html),
    "results with each other's value": _swapped(">27</strong>", ">25</strong>"),
    "results with each other's name": _swapped(">Written test<", ">Oral test<"),
    "a result of its own": instead(">27</strong>", ">30</strong>"),
    "a lower limit": instead("required:</span> <span", "at least</span> <span"),
    "a limit as a result": _swapped(">30</span>", ">27</strong>"),
    "results in another order": lambda html: _swapped_elements(html, 1, 2),
    "another skill": instead(">Calm</span>", ">Brain surgery</span>"),
    "skills with each other's name": _swapped("Heart &amp; &lt;lung&gt;", "Calm"),
    "another frame of skills": instead(">Open Skills<", ">WHO<"),
    "another code of a skill": instead(">S1<", ">S9<"),
    "another tag": instead("<span>night</span>", "<span>surgery</span>"),
    "tags in another order": _swapped("<span>night</span>", "<span>ropes</span>"),
    "another category": instead("<span>Seamanship</span>", "<span>Surgery</span>"),
    "other evidence": instead(">Log</strong>", ">Thesis</strong>"),
    "another heading": instead("<h2>What it took</h2>", "<h2>Honours</h2>"),
    "headings of each other": _swapped(">Results</h3>", ">Skills</h3>"),
    "a heading of another rank": lambda html: html.replace('<h3 lang="en">Results</h3>', '<h2 lang="en">Results</h2>'),
    "another role": instead(">Bosun &amp; mate<", ">Captain<"),
    "another correction": instead("Corrected on 3 June 2026.", "Corrected on 3 June 2026: with honours."),
    "a correction without a day": instead("Corrected on 3 June 2026.", "Corrected."),
    "a correction of a day that no month has": instead("Corrected on 3 June 2026.", "Corrected on 43 June 2026."),
    "a correction more": before(
        '<p class="past">',
        '<p class="past">Corrected on 3 June 2026.</p>\n      <p class="past">Corrected on 3 June 2026.</p>\n      ',
    ),
    "another number of the version": instead("This page shows version 2", "This page shows version 3"),
    "another renewal": instead("Renewed: <a", "Renewed with honours: <a"),
    "another edition": instead('data-as="text">2026</dd>', 'data-as="text">2036</dd>'),
    "another key": instead("<dd>key-1, fingerprint", "<dd>key-2, fingerprint"),
    "another fingerprint": instead('"fingerprint">905e', '"fingerprint">905f'),
    "another identifier of the issuer": instead("did:web:badges", "did:web:harvard"),
    "another day of signing": instead("signed on 3 June 2026", "signed on 5 June 2026"),
    "another version of the list": instead(">2</a>, signed", ">3</a>, signed"),
    "no demonstration": before(
        '<section class="took">',
        '<p class="notice">A demonstration: the key that signed this is public, so it proves nothing about anybody.</p>',
    ),
    "other words about the rosette": instead("they are no proof", "they are a proof"),
    "other words about the files": instead("can be checked without this page", "need not be checked"),
    # Markdown
    "fifteen hours": instead("in 1.5 hours", "in 15 hours"),
    "minus": instead("in 1.5 hours", "in -1.5 hours"),
    "a word in two": instead("A bowline", "A bow line"),
    "another weight": instead("<em>six knots</em>", "<strong>six knots</strong>"),
    "weight on another word": instead("Tied <em>six knots</em>", "<em>Tied six</em> knots"),
    "no weight": instead("<strong>not</strong>", "not"),
    "a weight that nobody sees": instead("<strong>not</strong>", '<strong class="colon">not</strong>'),
    "a list of other numbers": instead("<ol>\n<li>A", '<ol start="7">\n<li>A'),
    "a list without numbers": lambda html: html.replace("<ol>\n<li>A bow", "<ul>\n<li>A bow").replace(
        "granny</li>\n</ol>", "granny</li>\n</ul>"
    ),
    "a list in another order": _swapped("A bowline", "Not a granny"),
    "a paragraph that is a heading": lambda html: html.replace("<p>Did ", "<h3>Did ").replace(
        "fail, ever.</p>", "fail, ever.</h3>"
    ),
    "a paragraph in two": instead(" fail, ever.</p>", "</p><p>fail, ever.</p>"),
    "words behind another link": instead('href="https://school.example/knots"', 'href="https://x.example/knots"'),
    "another word of a link": instead(">the list</a>", ">the lists</a>"),
    "a link left out": lambda html: re.sub(r'<a href="https://school.example/knots"[^>]*>(.*?)</a>', r"\1", html),
    # pictures
    "another achievement's picture": lambda html: re.sub(r"badges/knots/image-[0-9a-f]+", "badges/splices/image", html),
    "another picture of the achievement": lambda html: re.sub(r"image-[0-9a-f]+", "image", html),
    "a picture of another site": instead('<img src="../../', '<img src="https://x.example/'),
    "a picture in the page": lambda html: re.sub(
        r'<img src="\.\./\.\./badges[^"]*"', '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="', html
    ),
    "a picture for large screens": instead(
        'width="600" height="600"></div>', 'srcset="https://x.example/a.png 2x" width="600" height="600"></div>'
    ),
    "a picture of another size": instead('width="600"', 'width="1"'),
    "a picture more": before("</article>", '<img src="../../assets/laurels.svg" alt="">'),
    "other words for the picture": instead('alt="A knot"', 'alt="A doctor\'s hat"'),
    "another's rosette": instead('src="rosette.svg"', 'src="../4rekskyajy2adlmjeu7rh4yvgq/rosette.svg"'),
    "a rosette with words": instead('src="rosette.svg" alt=""', 'src="rosette.svg" alt="with honours"'),
    "another's code": instead('src="qr.svg"', 'src="../4rekskyajy2adlmjeu7rh4yvgq/qr.svg"'),
    "a code from elsewhere": instead('src="qr.svg"', 'src="https://x.example/qr.svg"'),
    "another printed address": instead(
        "Check it at <span>https://badges.laurels.example/", "Check it at <span>https://harvard.example/"
    ),
    "code and rosette exchanged": _swapped('src="qr.svg"', 'src="rosette.svg"'),
    "a picture for wide screens": lambda html: _operated(
        html, '<img src="../../badges', _in("<picture><source srcset=x>", "</picture>")
    ),
    # links
    "a mail to a stranger's site": instead('href="mailto:office@school.example?', 'href="https://x.example/?'),
    "a mail with a copy": instead("?subject=", "?cc=mallory@x.example&amp;subject="),
    "a mail of another subject": instead("subject=A%20question", "subject=A%20payment"),
    "a mail of other words": instead("What%20is%20wrong", "Account%20number"),
    "a mail with words at its end": instead('%0D%0A">Write', '%0D%0AIBAN">Write'),
    "a mail to two": instead("mailto:office@school.example", "mailto:office@school.example,mallory@x.example"),
    "a mail to two with another comma": instead(
        "mailto:office@school.example", "mailto:office@school.example;mallory@x.example"
    ),
    "a mail without an address": instead("mailto:office@school.example", "mailto:office"),
    "a mail with a line": instead("mailto:office", "mailto:mallory@x.example\noffice"),
    "LinkedIn for another achievement": instead("name=Knots&amp;", "name=Surgery&amp;"),
    "LinkedIn for another school": instead("organizationName=Test+School", "organizationName=Harvard"),
    "LinkedIn for a later end": instead("expirationYear=2028", "expirationYear=2128"),
    "LinkedIn for another page": instead("certUrl=https%3A%2F%2Fbadges", "certUrl=https%3A%2F%2Fharvard"),
    "LinkedIn of another host": instead("https://www.linkedin.com/", "https://www.linkedln.example/"),
    "a download of another file": instead('href="badge.png" download', 'href="../x/badge.png" download'),
    "a download of another name": instead('download="knots.png"', 'download="surgery.png"'),
    "a download of the version before": instead(
        '<a href="credential-2.json" download', '<a href="credential.json" download'
    ),
    "a download of a program": instead('download="knots.json"', 'download="knots.exe"'),
    "downloads twice": lambda html: html.replace(
        "</p>\n      <p>Each", '<a href="badge.png" download="knots.png">image (PNG)</a></p>\n      <p>Each'
    ),
    "another verifier": instead('<a href="../../verify/">this', '<a href="https://x.example/verify/">this'),
    "another verifier of others": instead("https://vc.1ed.tech", "https://vc.led.tech"),
    "another verifier in the menu": instead('<a href="../../verify/">V', '<a href="../../verlfy/">V'),
    "other evidence behind its address": instead('<a href="https://school.example/b"', '<a href="https://x.example/b"'),
    "another address of evidence": instead(">https://school.example/b</a>", ">https://school.example/c</a>"),
    "another page of a skill": instead('href="https://skills.example/calm"', 'href="https://x.example/calm"'),
    "another site of the issuer": instead('href="https://school.example/" rel', 'href="https://x.example/" rel'),
    "another file behind the address": instead(
        'data-as="url"><a href="https://badges', 'data-as="url"><a href="https://harvard'
    ),
    "a file of another version": instead('<a href="credential.json">1</a>', '<a href="credential-2.json">1</a>'),
    "another achievement's page": instead('href="../../badges/knots/#', 'href="../../badges/splices/#'),
    "another issuer's page": instead('href="../../issuers/school/">', 'href="../../issuers/other/">'),
    "another home": instead('class="site-name" href="../../"', 'class="site-name" href="https://x.example/"'),
    "a renewal elsewhere": instead('<a href="../../c/nu5', '<a href="https://x.example/c/nu5'),
    "a link that counts": instead('rel="nofollow noopener noreferrer ugc"', 'rel="nofollow"'),
    "a link that opens elsewhere": instead('rel="noopener noreferrer">Add', 'rel="noopener noreferrer" target="x">Add'),
    "a link that is followed": instead(
        'rel="noopener noreferrer">Add', 'rel="noopener noreferrer" ping="https://x.example/">Add'
    ),
    "a program behind a link": lambda html: re.sub(
        'href="https://www.linkedin[^"]*"', 'href="javascript:alert(1)"', html
    ),
    # the verdict
    "a good verdict": instead(_VERDICT, _GOOD),
    "a good verdict and its mark": lambda html: html.replace(_VERDICT, _GOOD).replace(
        'data-verdict="none"', 'data-verdict="holds"'
    ),
    "the mark of a good verdict": instead('data-verdict="none"', 'data-verdict="holds"'),
    "a verdict that was opened": instead(
        '<details id="verdict-details" hidden>', '<details id="verdict-details" open>'
    ),
    "a verdict with a list": instead(
        '<ul id="verdict-checks"></ul>', '<ul id="verdict-checks"><li data-result="passed">signature: passed</li></ul>'
    ),
    "a second verdict before it": before(
        '<section id="verdict"', f'<section id="verdict" data-verdict="holds"><p>{_GOOD}</p></section>'
    ),
    "a good verdict and no script's": lambda html: html.replace('id="verdict-headline"', 'id="headline"').replace(
        _VERDICT, _GOOD
    ),
    "a good verdict in place of it": lambda html: _operated(
        html, '<section id="verdict"', lambda _: f'<section data-verdict="holds"><p>{_GOOD}</p></section>'
    ),
    # elements that lead away or lie over others
    "a page in the page": before("</article>", '<iframe src="/other"></iframe>'),
    "a page in the page, written out": before("</article>", '<iframe srcdoc="Mallory"></iframe>'),
    "an object": before("</article>", '<object data="/other"></object>'),
    "an embedded file": before("</article>", '<embed src="/other">'),
    "a film": before("</article>", '<video poster="/other"></video>'),
    "a canvas": before("</article>", "<canvas></canvas>"),
    "a field": before("</article>", '<input value="with honours">'),
    "a button": before("</article>", "<button>Pay</button>"),
    "a choice": before("</article>", "<select><option>with honours</select>"),
    "a text field": before("</article>", "<textarea>with honours</textarea>"),
    "a form in a form": before("</article>", "<form><form><input></form>"),
    "a dialog": before("</article>", f"<dialog open>{LOUD}</dialog>"),
    "words that pop over": before("</article>", f"<div popover>{LOUD}</div>"),
    "a drawing": before("</article>", "<svg><text>with honours</text></svg>"),
    "a formula": before("</article>", "<math><mtext>with honours</mtext></math>"),
    "a style among the words": before("</article>", "<style>h1 { display: none }</style>"),
    "a sheet among the words": before("</article>", '<link rel="stylesheet" href="https://x.example/x.css">'),
    "the site's sheet among the words": before("</article>", '<link rel="stylesheet" href="../../assets/pages.css">'),
    "a script among the words": before("</article>", "<script>alert(1)</script>"),
    "a page that leaves, among the words": before(
        "</article>", '<meta http-equiv="refresh" content="0;url=https://x.example/">'
    ),
    "a base among the words": before("</article>", '<base href="https://x.example/">'),
    "plain text from here": before('<section class="took">', "<plaintext>"),
    "plain text of old": before("</article>", "<xmp>with honours</xmp>"),
    "words that run": before("</article>", "<marquee>with honours</marquee>"),
    "words above words": instead(_NAME, "<ruby>Ada<rt>Dr</rt></ruby> Lovelace</bdi>"),
    "a comment": before("</article>", "<!-- -->"),
    "a comment before the page": before('<a class="skip"', "<!-- -->"),
    "a second statement": instead("</main>", f"</main><main>{LOUD}</main>"),
    "a statement in a statement": instead("</article>", f"</article><main>{LOUD}</main>"),
    "a slot": before("</article>", "<slot>with honours</slot>"),
    "an element of its own": before("</article>", "<x-honours>with honours</x-honours>"),
    "an element that poses as another": instead("<h1>", '<h1 is="x-honours">'),
    "a form that poses as the body": lambda html: html.replace(
        '<body class="credential">', f'<body class="credential">{LOUD}<form name="body" class="credential">'
    ).replace("</body>", "</form></body>"),
    "a form that poses as the document": before(
        '<a class="skip"', '<form name="getElementById"></form><form name="querySelector"></form>'
    ),
    "a picture that poses as the title": before("</article>", '<img name="title" src="qr.svg" alt="">'),
    "a frame that poses as a part": before("</article>", '<iframe name="location" srcdoc=""></iframe>'),
    # the body itself, and how the page is written
    "a body that nobody sees": instead('<body class="credential">', '<body class="credential" hidden>'),
    "a body from right to left": instead('<body class="credential">', '<body dir="rtl" class="credential">'),
    "a body with a style": instead(
        '<body class="credential">', '<body class="credential" style="transform:scaleX(-1)">'
    ),
    "a body with words of its own for readers' aids": instead(
        '<body class="credential">', '<body class="credential" role="img" aria-label="Harvard University certifies">'
    ),
    "a body with words that appear under the pointer": instead(
        '<body class="credential">', '<body class="credential" title="Harvard University certifies">'
    ),
    "a body that pops over": instead('<body class="credential">', '<body class="credential" popover>'),
    "a body that can be written on": instead('<body class="credential">', '<body class="credential" contenteditable>'),
    "a body in place of the verdict": instead(
        '<body class="credential">', '<body class="credential" id="verdict-checks">'
    ),
    "a page in place of the verdict": instead('<html lang="en">', '<html lang="en" id="verdict-headline">'),
    "a page with words for readers' aids": instead('<html lang="en">', '<html lang="en" aria-label="Harvard">'),
    "a page from right to left": instead('<html lang="en">', '<html lang="en" dir="rtl">'),
    "a page of another language": instead('<html lang="en">', '<html lang="ar">'),
    "a body of another class": instead('<body class="credential">', '<body class="pages">'),
    "a body of no class": instead('<body class="credential">', "<body>"),
    "a body that says withdrawn": instead('<body class="credential">', '<body class="credential withdrawn">'),
    "a mark that it was withdrawn": instead(
        '<main id="content" data-statement>', '<main id="content" data-statement data-tombstone>'
    ),
    "a statement without its mark": instead(" data-statement>", ">"),
    "another size of the name": instead("name-usual", "name-none"),
    "a space more": instead("<h1><bdi", "<h1> <bdi"),
    "a space less": instead("</dt> <dd", "</dt><dd"),
    "a space where a word ends": instead(_NAME, "Ada Love lace</bdi>"),
    "a line separator": instead(_NAME, "Ada\u2028Lovelace</bdi>"),
    "an entity that is a letter": instead(_NAME, "Ada Love&ell;ace</bdi>"),
    "an entity of nothing": instead(_NAME, "Ada&shy; Lovelace</bdi>"),
}


def _swapped_elements(html: str, one: int, other: int) -> str:
    """Two results, each with its value, in each other's place."""
    places = [
        html.rindex("<div>", 0, html.index(f"resultDescription/{number}/name")) for number in (one, other, other + 1)
    ]
    first, second = html[places[0] : places[1]], html[places[1] : places[2]]
    return html[: places[0]] + second + first + html[places[2] :]


# --- what is shown in the place of an element's content: a file has it, and a page takes it away before it is read -------------------

SHADOWS: dict[str, Lie] = {
    "a shadow in place of the words": instead(
        '<div class="sentence">', f'<div class="sentence"><template shadowrootmode="open">{LOUD}</template>'
    ),
    "a shadow that no script sees": instead(
        '<div class="sentence">',
        f'<div class="sentence"><template shadowrootmode="closed">{LOUD}<slot></slot></template>',
    ),
    "a shadow that is copied": instead(
        '<div class="sentence">',
        f'<div class="sentence"><template shadowrootmode="closed" shadowrootclonable>{LOUD}</template>',
    ),
    "a shadow of the body": instead(
        '<body class="credential">',
        f'<body class="credential"><template shadowrootmode="closed">{LOUD}<slot></slot></template>',
    ),
}


# --- the head -------------------------------------------------------------------------------------------------------------

SHEET = '<link rel="stylesheet" href="../../assets/credential.css">'
SCRIPT = '<script defer src="../../assets/statement.js"></script>'
CSP = '<meta http-equiv="Content-Security-Policy"'

# Titles, style sheets and scripts, of which the page's own script looks at the text and the addresses.
LOADED: dict[str, Lie] = {
    "another title": lambda html: re.sub("<title>.*?</title>", "<title>With honours</title>", html),
    "no title": lambda html: re.sub("<title>.*?</title>", "", html),
    "a stranger's sheet": before(SHEET, '<link rel="stylesheet" href="https://x.example/x.css">'),
    "a sheet of the stranger's own on the site": before(SHEET, '<link rel="stylesheet" href="../../assets/own.css">'),
    "a sheet beside the page": before(SHEET, '<link rel="stylesheet" href="own.css">'),
    "a sheet of other pages": before(SHEET, '<link rel="stylesheet" href="../../assets/pages.css">'),
    "a sheet of other pages in its place": instead("assets/credential.css", "assets/pages.css"),
    "a sheet in the address": before(SHEET, '<link rel="stylesheet" href="data:text/css,h1{display:none}">'),
    "a sheet under a longer name": instead("assets/credential.css", "assets/credential.css?x"),
    "another sheet to choose": before(SHEET, '<link rel="alternate stylesheet" title="x" href="../../assets/own.css">'),
    "no sheet": instead(SHEET, ""),
    "a sheet twice": before(SHEET, SHEET),
    "another issuer's colours": instead("issuers/school/accent.css", "issuers/other/accent.css"),
    "two colours": before(SHEET, '<link rel="stylesheet" href="../../issuers/other/accent.css">'),
    "colours from elsewhere": instead("../../issuers/school/accent.css", "https://x.example/accent.css"),
    "a stranger's script": before(SCRIPT, '<script src="https://x.example/x.js"></script>'),
    "a script beside the page": before(SCRIPT, '<script src="own.js"></script>'),
    "a script of other pages": before(SCRIPT, '<script defer src="../../assets/verify.js"></script>'),
    "a base": before("<title>", '<base href="https://x.example/">'),
    "a base of the site": before("<title>", '<base href="../../c/x/">'),
    "a base without an address": before("<title>", '<base target="_blank">'),
    "a module": before(SCRIPT, '<script type="module" src="own.js"></script>'),
}

# What the page's own script cannot or does not look at. Each with the reason: who can change this can also take the script away, and a
# reader who needs more asks /verify/ on another site, or `laurels verify`.
_FURTHER = "its effect is on other programs (search engines, previews, LinkedIn), not on what this page shows"
_POLICY = "the browser obeyed it, or something before it, before the script ran"
_EXTENSIONS = "extensions of readers' browsers change it in honest pages too"
_FILE = "the browser has read the file into the same document"
OUT_OF_REACH: dict[str, tuple[str, Lie]] = {
    "another description": (
        _FURTHER,
        instead('name="description" content="Test School', 'name="description" content="Harvard'),
    ),
    "another title for previews": (
        _FURTHER,
        instead('property="og:title" content="Ada', 'property="og:title" content="Dr Ada'),
    ),
    "another description for previews": (
        _FURTHER,
        instead('og:description" content="Test', 'og:description" content="Best'),
    ),
    "another address for previews": (
        _FURTHER,
        instead('og:url" content="https://badges', 'og:url" content="https://harvard'),
    ),
    "another site for previews": (_FURTHER, instead('og:site_name" content="badges', 'og:site_name" content="harvard')),
    "another picture for previews": (
        _FURTHER,
        instead('og:image" content="https://badges', 'og:image" content="https://harvard'),
    ),
    "other words for the picture of previews": (
        _FURTHER,
        instead('og:image:alt" content="A knot', 'og:image:alt" content="A hat'),
    ),
    "another card": (_FURTHER, instead('twitter:card" content="summary"', 'twitter:card" content="player"')),
    "a player": (_FURTHER, before("<title>", '<meta name="twitter:player" content="https://x.example/">')),
    "another canonical address": (
        _FURTHER,
        instead('rel="canonical" href="https://badges', 'rel="canonical" href="https://harvard'),
    ),
    "no canonical address": (_FURTHER, lambda html: re.sub('<link rel="canonical"[^>]*>', "", html)),
    "another language for search engines": (
        _FURTHER,
        before("<title>", '<link rel="alternate" hreflang="nl" href="https://x.example/">'),
    ),
    "robots that follow": (_FURTHER, before("<title>", '<meta name="robots" content="index, follow">')),
    "a stranger's icon": (_FURTHER, instead("../../assets/laurels.svg", "https://x.example/laurels.svg")),
    "another colour scheme": (_FURTHER, instead('content="light dark"', 'content="only dark"')),
    "another viewport": (_FURTHER, instead("width=device-width", "width=9999")),
    "a manifest": (_FURTHER, before("<title>", '<link rel="manifest" href="own.json">')),
    "data for search engines": (_FURTHER, before("<title>", '<script type="application/ld+json">{}</script>')),
    "a referrer": (_POLICY, instead('content="no-referrer"', 'content="unsafe-url"')),
    "no policy": (_POLICY, lambda html: re.sub(f"{CSP}[^>]*>", "", html)),
    "a wider policy": (_POLICY, instead("style-src &#39;self&#39;", "style-src * &#39;unsafe-inline&#39;")),
    "a policy that lets scripts in": (
        _POLICY,
        instead("script-src &#39;self&#39;", "script-src * &#39;unsafe-inline&#39;"),
    ),
    "a policy that lets others be asked": (_POLICY, instead("connect-src &#39;self&#39;", "connect-src *")),
    "a policy without trusted types": (
        _POLICY,
        instead("; require-trusted-types-for &#39;script&#39;; trusted-types &#39;none&#39;", ""),
    ),
    "a policy that only reports": (_POLICY, instead("Content-Security-Policy", "Content-Security-Policy-Report-Only")),
    "a second policy": (_POLICY, before("<title>", f"{CSP} content=\"script-src 'none'\">")),
    "a policy after what it should stop": (
        _POLICY,
        lambda html: re.sub(f"({CSP}[^>]*>)(.*?)(</head>)", r"\2\1\3", html, flags=re.DOTALL),
    ),
    "a page that leaves": (
        _POLICY,
        before("<title>", '<meta http-equiv="refresh" content="9;url=https://x.example/">'),
    ),
    "another encoding": (_POLICY, instead('charset="utf-8"', 'charset="utf-7"')),
    "a sheet in the head": (_POLICY, before("<title>", "<style>h1 { display: none }</style>")),
    "a sheet for the printer": (
        _POLICY,
        instead(
            'rel="stylesheet" href="../../assets/credential',
            'rel="stylesheet" media="print" href="../../assets/credential',
        ),
    ),
    "a sheet that is off": (
        _POLICY,
        instead(
            'rel="stylesheet" href="../../assets/credential', 'rel="stylesheet" disabled href="../../assets/credential'
        ),
    ),
    "a sheet that others carry": (
        _POLICY,
        instead(
            'rel="stylesheet" href="../../assets/credential',
            'rel="stylesheet" integrity="sha256-AAAA" href="../../assets/credential',
        ),
    ),
    "another font first": (_POLICY, instead("fonts/serif-latin.woff2", "fonts/own.woff2")),
    "a page fetched before": (_POLICY, before("<title>", '<link rel="prefetch" href="https://x.example/">')),
    "a script in the head": (_POLICY, before(SCRIPT, "<script>document.title</script>")),
    "rules for what to fetch": (_POLICY, before(SCRIPT, '<script type="speculationrules">{}</script>')),
    "a page with a class": (_EXTENSIONS, instead('<html lang="en">', '<html lang="en" class="print-only">')),
    "no doctype": (_FILE, instead("<!doctype html>", "")),
    "an old doctype": (_FILE, instead("<!doctype html>", '<!doctype html system "about:legacy-compat">')),
    "another name for main": (_FILE, lambda html: html.replace("<main", "<MAIN").replace("</main>", "</MAIN>")),
    "an end in a start tag": (_FILE, instead("<h1>", "<h1/>")),
    "a comment in the head": (_FILE, before("<title>", "<!-- -->")),
    "a comment after the end": (_FILE, instead("</html>", "</html><!-- -->")),
    "a comment before the beginning": (_FILE, instead("<!doctype html>", "<!-- --><!doctype html>")),
    "no end of the page": (_FILE, instead("</html>", "")),
    "no end of the body": (_FILE, instead("</body>", "")),
    "no head": (_FILE, lambda html: html.replace("<head>", "").replace("</head>", "")),
    "an attribute twice": (_FILE, instead('id="content"', 'id="content" id="x"')),
    "a number for a letter": (_FILE, instead(_NAME, "&#65;da Lovelace</bdi>")),
    "an ampersand without its end": (_FILE, instead("Bosun &amp; mate", "Bosun &amp mate")),
    "quotes of another kind": (_FILE, instead('id="content"', "id='content'")),
    "no quotes": (_FILE, instead('id="content"', "id=content")),
    "letters of another size in a name": (_FILE, instead("<h1>", "<H1>")),
}

# Without the page's script nothing checks here, and nothing says that it did: only a reader of files refuses these.
WITHOUT_SCRIPT: dict[str, Lie] = {
    "no script": instead(SCRIPT, ""),
    "no script and a good verdict": lambda html: (
        html.replace(SCRIPT, "").replace(_VERDICT, _GOOD).replace('"none"', '"holds"')
    ),
    "another script in its place": instead("assets/statement.js", "assets/own.js"),
    "a stranger's script in its place": instead("../../assets/statement.js", "https://x.example/statement.js"),
    "a script with a good verdict": instead(
        SCRIPT, "<script>document.getElementById('verdict').dataset.verdict = 'holds'</script>"
    ),
    "a script of another kind": instead("<script defer", '<script type="text/plain"'),
    "no credential": lambda html: re.sub('<link rel="alternate" type="application/vc"[^>]*>', "", html),
}

# --- pages of withdrawn credentials -------------------------------------------------------------------------------------------

TOMBSTONE: dict[str, Lie] = {
    "no word of the withdrawal": instead("This credential was withdrawn", "This credential was earned"),
    "another day of the withdrawal": instead("9 July 2026", "9 July"),
    "another reason": instead("misconduct", "a mistake of the office"),
    "a reason in words of its own": instead("misconduct", "misconduct, since forgiven"),
    "a person": before("</h1>", ": Charles Ponzi"),
    "another achievement": instead(">Splices</p>", ">Knots</p>"),
    "another school": instead('"/issuer/name">Test School', '"/issuer/name">Other School'),
    "no mark": instead(" data-tombstone>", ">"),
    "no marks": instead(" data-statement data-tombstone>", ">"),
    "a good verdict": instead(_VERDICT, _GOOD),
    "other words about copies": instead("has a withdrawn credential", "has a good credential"),
    "a picture": instead(
        '<div class="artwork vacant"></div>', '<div class="artwork"><img src="../../assets/laurels.svg" alt=""></div>'
    ),
    "a class of pages in force": instead('<body class="credential withdrawn">', '<body class="credential">'),
    "hidden words": instead("<h1>", "<h1 hidden>"),
    "Harvard's words": before("<h1>", LOUD),
    "another issuer's page": instead('href="../../issuers/school/">', 'href="../../issuers/other/">'),
    "a mail to two": instead("mailto:office@school.example", "mailto:office@school.example,mallory@x.example"),
}
_TOMBSTONE_PLACES = [
    "<h1>",
    '<p class="what"',
    '<p class="by">',
    '<dl class="facts">',
    '<section id="verdict"',
    '<section class="wrong">',
    "<article",
]


# --- what nobody signs, and is of a form only: these pass, by the kind of the page ------------------------------------------------

OF_A_FORM: dict[str, dict[str, Lie]] = {
    "full": {
        "another day of a correction": instead("Corrected on 3 June 2026.", "Corrected on 4 June 2026."),
        "another fate of the file before": instead(
            "the file of 15 May 2026 is superseded", "the file before it is withdrawn"
        ),
        "no correction": lambda html: _operated(html, '<p class="past">', lambda _: ""),
        "another award for its renewal": lambda html: re.sub("c/nu5[a-z0-9]+/", "c/abc/", html),
        "another day of its renewal": instead("the award of 10 May 2028", "the award of 9 May 2028"),
        "another end of its renewal": instead("valid until 10 May 2030", "valid without end"),
        "no renewal": lambda html: _operated(html, '<p class="past to-print">', lambda _: ""),
        "another day on which the version before was signed": instead("signed on 15 May 2026", "signed on 14 May 2026"),
        "a version before that was withdrawn": instead(
            '<a href="credential.json">1</a>, signed on 15 May 2026', "1, withdrawn"
        ),
        "another mail of the office": instead("mailto:office@school.example", "mailto:mallory@x.example"),
        "LinkedIn's number of a school": instead("organizationName=Test+School", "organizationId=1"),
        "another section of the achievement's page": lambda html: re.sub("#edition-[0-9a-f]+", "#edition-0", html),
        "a wish not to be listed": before("<title>", '<meta name="robots" content="noindex, noarchive">'),
        "another size of the name": instead("name-usual", "name-short"),
        "Markdown as it was written": instead("<em>six knots</em>", "*six knots*"),
    },
    "withdrawn": {
        "another day of the withdrawal": instead("9 July 2026", "8 July 2026"),
        "another reason of the list": instead("misconduct", "issued in error"),
    },
}


def told(html: str, lies: Mapping[str, Lie]) -> dict[str, str]:
    """What each lie makes of a page, by its name."""
    return {name: lie(html) for name, lie in lies.items()}


def operated(html: str) -> Iterator[tuple[str, str]]:
    """Each operator on each place that a page has, and each place moved to where nobody looks, with a name."""
    for place, begins in PLACES.items():
        if begins not in html:
            continue
        for name, operator in OPERATORS.items():
            lie = _operated(html, begins, operator)
            # What nobody signs may be left out: OF_A_FORM.
            if lie != html and (place, name) not in (("a correction", "left out"), ("the renewal", "left out")):
                yield f"{place} {name}", lie
        for name, end in (("at the end of the statement", "</main>"), ("at the end of the page", "</body>")):
            if place not in ("the statement", "the footer"):
                yield f"{place} {name}", _moved(begins, end)(html)
