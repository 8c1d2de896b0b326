"""Pages that two readers of HTML could read in two ways: what Python takes for a statement must be what a browser shows."""

from __future__ import annotations

import re

from tests.lying_pages import LOUD, Lie, before, instead

__all__ = ["FILES_ONLY", "MISREAD"]

NAME = '<bdi data-claim="/credentialSubject/identifier/0/identityHash">Ada Lovelace</bdi>'
ARTWORK = 'alt="A knot" width="600" height="600">'
MAIN = '<main id="content" data-statement>'
SECTION = '<section class="small-print">'

MISREAD: dict[str, Lie] = {
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
    "words in a formula": before(SECTION, "<math><mtext>with honours</mtext></math>"),
    "words above words": instead(NAME, f"<ruby>{NAME}<rt>Dr</rt></ruby>"),
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
    "a second statement, fixed": instead("</main>", f"</main><main>{LOUD}</main>"),
    "a statement in a statement": instead("</article>", f"</article><main>{LOUD}</main>"),
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
    "an end that is not one": instead(NAME, f"<span/>{LOUD}</span>{NAME}"),
    "a row outside of a table": before(SECTION, f"<table><tr><td></td></tr>{LOUD}</table>"),
    "a statement in a table": instead(NAME, f"<table>{NAME}</table>"),
    "a paragraph in a paragraph": before(SECTION, f"<p><p>{LOUD}</p></p>"),
    "a heading in a heading": before(SECTION, "<h2><h2>Mallory</h2></h2>"),
    "a term in a term": instead("<dt>Awarded</dt>", "<dt>Awarded<dt>Mallory</dt></dt>"),
    "an item in an item": before(SECTION, "<ul><li><li>Mallory</li></li></ul>"),
    "a link in a link": before(SECTION, '<a href="/"><a href="/">Mallory</a></a>'),
    "crossed elements": before(SECTION, "<strong><em>x</strong>Mallory</em>"),
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
    "a program behind a fixed word": before(SECTION, '<a href="javascript:alert(1)">x</a>'),
    "a program behind a space": before(SECTION, '<a href=" javascript:alert(1)">x</a>'),
    "a program behind a line": before(SECTION, '<a href="java\nscript:alert(1)">x</a>'),
    "a document behind a fixed word": before(SECTION, '<a href="data:text/html,Mallory">x</a>'),
    "a link without encryption": before(SECTION, '<a href="http://x.example/">x</a>'),
    "a match key behind a fixed word": before(SECTION, '<a href="../x/#m=abc">x</a>'),
    "a link to another host in short": before(SECTION, '<a href="//x.example/">x</a>'),
    "a page that leaves": instead("<title>", '<meta http-equiv="refresh" content="0;url=https://x.example/"><title>'),
}
# What only a reader of files must refuse: a browser sees the page that results, and judges that.
FILES_ONLY = {"a page that leaves", "a zero byte", "the last of two attributes"}
