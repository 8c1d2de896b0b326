"""What a credential page must print, by name: what was signed, what follows from it, and the form of what nobody signs.

browser/src/verification/page/expected.js is the same program. Not signed, and so only of a form: the days on which something was corrected,
withdrawn or signed, the reason from a closed list, another award's page, whether search engines may list the page, LinkedIn's number of the
issuer, which section of an achievement's page is meant, and the office's address where the issuer's DID document names none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any
from urllib.parse import quote, urlencode

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.did_web import DidError
from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.openbadges3.read import (
    achievement_json_of,
    credential_id_of,
    first_method_of,
    issuer_id_of,
    proven_at_of,
    status_list_of,
)
from site_builder.credentials.urls import credential_file
from site_builder.encoding import format_mailto
from site_builder.verification.catalogue import filled
from site_builder.verification.page.pattern import Markdown, Maybe, Rows
from site_builder.verification.page.policy import content_security_policy, did_origin
from site_builder.verification.page.release import Release
from site_builder.verification.page.statement import PageError, Values, linkedin_link, statement, tombstone
from site_builder.verification.versions import version_number
from site_builder.wording import format_date

__all__ = ["PageFacts", "complaint_mail", "expected_values"]

# As long as an address of a record may be: expressions are made of it.
_ADDRESS = re.compile(r"(https://[!-~]{1,2000}/)(c/[a-z0-9]{1,64}/)(credential(?:-[0-9]+)?\.json)")
_DATE = (
    r"[1-3]?[0-9] (?:January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{4}"
)
_CREATED = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}T")
_SLUG = "[a-z0-9-]{1,64}"
# With the element around it, which no text on a page can imitate.
_ORGANIZATION = re.compile('<ul class="actions"> <li><a href="[^"]*&amp;organizationId=([0-9]{1,20})&amp;')
_ERASED = re.compile(
    r'<p class="what" lang="([A-Za-z0-9-]+)">([^<]*)</p> <p class="by">[^<]*<span class="named">([^<]*)</span>'
)
# One address, as complaint_mail writes it.
_OFFICE = "[A-Za-z0-9_.~%-]{1,255}@[A-Za-z0-9_.~%-]{1,255}"


class PageFacts:
    """Where a page lies and who signed what it states.

    base: of its site, with a trailing slash. path: below it. number: of the version. office: the mailto address that the issuer's
    DID document names, "" for none. Raises PageError for an id of another form."""

    def __init__(self, document: dict[str, Any], *, multibase: str, office: str = "") -> None:
        found = _ADDRESS.fullmatch(credential_id_of(document))
        self.number = version_number(found[3]) if found else 0
        if not found or not self.number:
            raise PageError("/id")
        self.document, self.multibase, self.office = document, multibase, office
        self.base, self.path, self.file = found[1], found[2], found[3]


def expected_values(facts: PageFacts, release: Release, text: str, *, is_withdrawn: bool) -> dict[str, Any]:
    """The values that the page of a credential must have. text: the page, for what only it can say. Raises PageError."""
    page = _withdrawn(facts, release) if is_withdrawn else _in_force(facts, release, text)
    try:
        connect = did_origin(issuer_id_of(facts.document), facts.base)
    except DidError:
        # The proofs are checked elsewhere: here the page of such an issuer has the strictest policy.
        connect = []
    frame = _frame(facts.base, facts.path, release, text, page) | {"csp": content_security_policy(connect=connect)}
    if not is_withdrawn:
        frame |= _head(release.wording["head"], page, kind="")
        frame |= {"indexed": Maybe(True), "image": f"{facts.base}{facts.path}badge.png", "image_alt": page["image_alt"]}
    return {"frame": frame, "page": page}


def erased_values(base: str, path: str, release: Release, text: str, *, office: str = "") -> dict[str, Any]:
    """The values of the page of an erased credential, of which nothing is signed: the names that it gives are taken from it.

    base: of the site. path: of the page below it. office: as PageFacts has it."""
    found = _ERASED.search(text)
    language, achievement, issuer = map(unescape, found.groups()) if found else ("", "", "")
    page = {
        "language": language,
        "achievement_name": achievement,
        "issuer_name": issuer,
        "date": re.compile(_DATE),
        "issuer_path": re.compile(f"issuers/{_SLUG}/"),
        "achievement_path": re.compile(f"badges/{_SLUG}/"),
        "complaint": _complaint(base, path, office),
    }
    return {"frame": _frame(base, path, release, text, page), "page": page}


def _frame(base: str, path: str, release: Release, text: str, page: Values) -> Values:
    """What surrounds the page of a credential that is not in force."""
    head = release.wording["head"]
    sections = [("achievements", "badges/"), ("verify", "verify/")]
    if '<a href="../../manual/">' in text:
        sections.append(("manual", "manual/"))
    return _head(head, page, kind="withdrawn_") | {
        "root": "../../",
        "release": release.digest,
        "csp": content_security_policy(),
        "indexed": False,
        "canonical": base + path,
        "site_name": base.removeprefix("https://").rstrip("/"),
        "image": "",
        "accent": Maybe(_accent(page["issuer_path"])),
        "links": [{"path": path, "title": head[name], "current": ""} for name, path in sections],
    }


def _accent(issuer_path: str | re.Pattern[str]) -> str | re.Pattern[str]:
    """The issuer's colours, which lie in its folder."""
    if isinstance(issuer_path, str):
        return f"{issuer_path}accent.css"
    return re.compile(rf"{issuer_path.pattern}accent\.css")


def _head(head: Mapping[str, str], page: Values, *, kind: str) -> Values:
    """Title and description. kind: of their sentences, "" or "withdrawn_"."""
    names = {"name": page.get("name", ""), "achievement": page["achievement_name"], "issuer": page["issuer_name"]}
    return {name: filled(head[kind + name], **names) for name in ("title", "description")}


def _withdrawn(facts: PageFacts, release: Release) -> Values:
    reasons = "|".join(map(re.escape, release.wording["reason"].values()))
    return tombstone(facts.document) | _beside(facts) | {"date": re.compile(_DATE), "reason": re.compile(reasons)}


def _in_force(facts: PageFacts, release: Release, text: str) -> Values:
    shown = statement(facts.document, claims=release.claims, base=facts.base)
    past = release.wording["past"]
    markdown = {name: Markdown(shown[name]) if shown[name] else "" for name in ("criteria", "narrative")}
    return (
        shown
        | markdown
        | _beside(facts)
        | _past(past, facts)
        | {
            "name_size": re.compile("short|usual|longest|longer|long"),
            "linkedin": _linkedin(facts, text),
            "downloads": _downloads(facts, release, text),
        }
    )


def _linkedin(facts: PageFacts, text: str) -> str:
    """LinkedIn's form for this credential, with the issuer's name, or the number that the page has in its place."""
    found = _ORGANIZATION.search(text)
    return linkedin_link(facts.document, organization=found[1] if found else None)


def _downloads(facts: PageFacts, release: Release, text: str) -> list[Values]:
    """The current credential in its forms; a site has an image of those kinds that the achievement's artwork gives."""
    badge = _badge(facts)
    files = [
        f"badge.{suffix}"
        for suffix in ("png", "svg")
        if f'<a download="{badge}.{suffix}" href="badge.{suffix}">' in text
    ] + [facts.file]
    suffixes = [file.rpartition(".")[2] for file in files]
    return [
        {"file": file, "name": f"{badge}.{suffix}", "label": release.wording["download"][suffix]}
        for file, suffix in zip(files, suffixes, strict=True)
    ]


def _badge(facts: PageFacts) -> str:
    """The folder of the achievement."""
    achievement_id = str((achievement_json_of(facts.document) or {}).get("id"))
    found = re.fullmatch(rf"{re.escape(facts.base)}badges/({_SLUG})/achievement\.json", achievement_id)
    if not found:
        raise PageError("/credentialSubject/achievement/id")
    return found[1]


def _beside(facts: PageFacts) -> Values:
    """What both pages print beside the statement."""
    return {
        "key": first_method_of(facts.document).rpartition("#")[2],
        "fingerprint": fingerprint(facts.multibase)
        if facts.multibase
        else re.compile("[0-9a-f]{4}(?: [0-9a-f]{4}){15}"),
        "is_demo": is_demo_key(facts.multibase) if facts.multibase else Maybe(True),
        "issuer_path": _issuer_path(facts),
        "achievement_path": re.compile(f"badges/{re.escape(_badge(facts))}/#[a-z0-9-]*"),
        "complaint": _complaint(facts.base, facts.path, facts.office),
    }


def _complaint(base: str, path: str, office: str) -> str | re.Pattern[str]:
    """The mail to the issuer's office; where no DID document names that, its form as an attribute has it."""
    if office:
        return office + _mail_text(path, base)
    return re.compile(f"mailto:{_OFFICE}{re.escape(escape(_mail_text(path, base)))}")


def _issuer_path(facts: PageFacts) -> str | re.Pattern[str]:
    """The issuer's folder: that of its revocation list."""
    form = rf"{re.escape(facts.base)}(issuers/{_SLUG}/)status/[0-9]+\.json"
    found = re.fullmatch(form, status_list_of(facts.document))
    return found[1] if found else re.compile(f"issuers/{_SLUG}/")


def _past(past: Mapping[str, str], facts: PageFacts) -> Values:
    """What became of an award, in the sentences of the release."""
    date, number = f"(?:{_DATE})", str(facts.number)
    befores = [name for name in past if name.startswith("before_")]
    before = "|".join(_form(past[name], date=date) for name in befores)
    last = _form(past["corrected_last"], date=date, number=number, before=f"(?:{before})")
    line = f"{last}|{_form(past['corrected'], date=date)}"
    award = re.compile(_form(past["award"], date=date))
    page = Maybe(re.compile("c/[a-z0-9]{1,64}/"))
    rest = re.compile(f"{_form(past['until'], date=date)}|{re.escape(past['no_end'])}")
    return {
        "history": Rows(facts.number - 1, {"text": re.compile(line)}),
        "renews": {"path": page, "text": award},
        "renewal": {"path": page, "text": award, "rest": rest},
        "has_versions": facts.number > 1,
        "versions": [_version(past, number, facts) for number in range(1, facts.number + 1)],
    }


def _version(past: Mapping[str, str], number: int, facts: PageFacts) -> Values:
    """A version of the list. When the last was signed, its proof says."""
    date, is_last = f"(?:{_DATE})", number == facts.number
    created = proven_at_of(facts.document) if is_last else ""
    day = re.escape(format_date(created)) if _CREATED.match(created) else date
    signed = f"{_form(past['signed_again'], date=date, again=day)}|{_form(past['signed'], date=day)}"
    withdrawn = "" if is_last else f"|{re.escape(past['version_withdrawn'])}"
    file = credential_file(number)
    return {
        "separator": "; " if number > 1 else "",
        "number": str(number),
        "file": file if is_last else Maybe(file),
        "signed": re.compile(signed + withdrawn),
    }


def _form(sentence: str, **values: str) -> str:
    """A regular expression for a sentence with values of such a form."""
    return re.sub(r"\\\{(\w+)\\\}", lambda found: values[found[1]], re.escape(sentence))


def complaint_mail(path: str, *, base: str, office: str) -> str:
    """A mailto address with subject and text that name the credential and nobody. path: of its page. Source: RFC 6068."""
    return format_mailto(office) + _mail_text(path, base)


def _mail_text(path: str, base: str) -> str:
    award_id = path.rstrip("/").rpartition("/")[2]
    return _MAIL_TEXT.format(id=quote(award_id, safe=""), page=_encoded_base(base) + quote(path, safe=""))


@lru_cache(maxsize=64)
def _encoded_base(base: str) -> str:
    return quote(base, safe="")


_MAIL_LINES = ("Credential: {id}", "Page: {page}", "", "What is wrong:", "")
# Percent-encoded but for the two names.
_MAIL_TEXT = "?" + urlencode(
    {"subject": "A question about credential {id}", "body": "\r\n".join(_MAIL_LINES)}, quote_via=quote, safe="{}"
)
