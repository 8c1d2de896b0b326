"""The JSON-LD contexts that are known: bundled byte for byte, the same rows in both verifiers, and none that changes what a name means.

A credential is read by the names of its members, so the contexts behind the first two may add names and change none. The cases with other
contexts are files in tests/vectors/verification, as those of test_verifiers_agree.py are."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from site_builder.credentials.securing import contexts
from site_builder.credentials.securing.contexts import (
    CONTEXTS,
    CREDENTIALS_V2,
    DID_V1,
    OPEN_BADGES_3,
    ROWS,
    Context,
    ContextError,
    are_open_badges_contexts,
)
from site_builder.credentials.securing.data_integrity import RDFC
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from tests.full_shape import FULL_SHAPE
from tests.test_verifiers_agree import (
    CREDENTIAL,
    UNSIGNED,
    VERIFICATION,
    Case,
    Change,
    jcs_proof,
    jcs_signed,
    proof_with,
    sign,
)
from tests.vector_files import ROOT, VECTOR_CONTEXTS, VECTORS, read_json_vector

Json = dict[str, Any]

SECOND = [row.url for row in ROWS if row.place == "second"]
FURTHER = [row.url for row in ROWS if row.place == "further"]
OPEN_BADGES_3_0_2 = OPEN_BADGES_3.replace("3.0.3", "3.0.2")
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


# -- the documents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
def test_a_bundled_context_is_the_one_that_its_source_names(row: Context) -> None:
    folder = ROOT / "site_builder" / "credentials" / "contexts"
    assert hashlib.sha256((folder / row.file).read_bytes()).hexdigest() == row.sha256
    assert "@context" in CONTEXTS[row.url]
    line = next(line for line in (folder / "SOURCE.md").read_text("utf-8").splitlines() if f"`{row.file}`" in line)
    assert f"| {row.url} |" in line
    assert f"`{row.sha256}`" in line


def test_no_document_is_without_a_row() -> None:
    folder = ROOT / "site_builder" / "credentials" / "contexts"
    assert sorted(row.file for row in ROWS) == sorted(path.name for path in folder.iterdir() if path.suffix != ".md")
    assert len(CONTEXTS) == len(ROWS) == len({row.url for row in ROWS})


def test_a_changed_document_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ROWS[0]
    changed = Context(row.url, row.file, "0" * 64, row.place)
    monkeypatch.setitem(contexts._BY_URL, row.url, changed)
    with pytest.raises(ContextError, match=r"credentials-v2\.jsonld was changed"):
        CONTEXTS[CREDENTIALS_V2]
    with pytest.raises(CanonicalizationError, match=r"credentials-v2\.jsonld was changed"):
        canonicalize_rdf({**FULL_SHAPE, "@context": [CREDENTIALS_V2]}, contexts=contexts._Contexts())


@pytest.mark.parametrize("file", ["credentials/securing/contexts.js", "entry/rdfc.js"])
def test_the_browser_has_the_same_rows(file: str) -> None:
    text = (VERIFICATION / "browser" / "src" / file).read_text("utf-8")
    assert re.findall(r'"(https://[^"]+)"', text) == [CREDENTIALS_V2, *SECOND, *FURTHER]


# -- what a name means -------------------------------------------------------------------------------------------------


def loaded(url: str, _options: Any) -> Json:
    document = VECTOR_CONTEXTS[url]
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


def meanings(*named: str | Json) -> Json:
    """What each name means where a document begins, after these contexts, with all that its own context says of names inside of it."""
    processor = jsonld.JsonLdProcessor()
    options = {
        "base": None,
        "processingMode": "json-ld-1.1",
        "documentLoader": loaded,
        "contextResolver": ContextResolver({}, loaded),
    }
    active = processor.process_context(processor._get_initial_context(options), {"@context": list(named)}, options)
    return {**active["mappings"], **{key: value for key, value in active.items() if key.startswith("@")}}


def definitions(context: Json) -> Iterator[tuple[str, str]]:
    """Each name that a context defines, at whatever depth, with how it defines it; what of its inside is said comes by itself."""
    for name, stated in context.items():
        if name == "@protected":
            continue
        whole = stated if isinstance(stated, dict) else {"@id": stated}
        yield name, json.dumps({key: value for key, value in whole.items() if key != "@context"}, sort_keys=True)
        yield from definitions(whole.get("@context") or {})


@cache
def meanings_of_the_first_two(second: str) -> Json:
    return meanings(CREDENTIALS_V2, second)


@cache
def known_definitions() -> set[tuple[str, str]]:
    """All that is said of names somewhere, if only inside of another part or in another version of Open Badges."""
    return set().union(*(definitions(CONTEXTS[url]["@context"]) for url in (CREDENTIALS_V2, *SECOND)))


def changes(second: str, *further: str | Json) -> list[str]:
    """The names whose meaning the further contexts change in a credential: those of the first two, and any default."""
    before = meanings_of_the_first_two(second)
    try:
        after = meanings(CREDENTIALS_V2, second, *further)
    except jsonld.JsonLdError as error:
        return [str(error.code)]
    found = {name for name in before if after.get(name) != before[name]}
    known = known_definitions()
    names = {name for name, _ in known}
    for context in further:
        stated = CONTEXTS[context]["@context"] if isinstance(context, str) else context
        found |= {name for name, how in definitions(stated) if name in names and (name, how) not in known}
        # @vocab, @language and the like give a meaning to what has none.
        found |= {name for name, _ in definitions(stated) if name.startswith("@")}
    return sorted(found)


ORDERS = [order for size in range(len(FURTHER) + 1) for order in itertools.permutations(FURTHER, size)]


@pytest.mark.parametrize("second", SECOND)
def test_no_further_context_changes_what_a_name_means(second: str) -> None:
    assert {order: found for order in ORDERS if (found := changes(second, *order))} == {}


@pytest.mark.parametrize("second", SECOND)
def test_no_bundled_context_that_a_part_names_changes_what_a_name_means(second: str) -> None:
    # A part may name any of them, as an endorsement does; the other version of Open Badges is refused by JSON-LD itself.
    found = {row.url: changes(second, row.url) for row in ROWS}
    others = {url: ["protected term redefinition"] for url in SECOND if url != second}
    assert {url: changed for url, changed in found.items() if changed} == others


@pytest.mark.parametrize("second", SECOND)
def test_a_document_is_signed_as_the_same_with_and_without_further_contexts(second: str) -> None:
    document = in_version(FULL_SHAPE, second)
    signed = canonicalize_rdf(document)
    for further in (*([url] for url in FURTHER), FURTHER):
        assert canonicalize_rdf(document | {"@context": [CREDENTIALS_V2, second, *further]}) == signed, further


OTHER = "https://elsewhere.example/other"
# Some of what a context could do.
HOSTILE: dict[str, tuple[str, Json]] = {
    "a name of the first": (OPEN_BADGES_3, {"validUntil": OTHER}),
    "a name of the second": (OPEN_BADGES_3, {"awardedDate": OTHER}),
    "a name as Open Badges 3.0.1 has it": (
        OPEN_BADGES_3,
        {"name": {"@id": "https://schema.org/name", "@type": "http://www.w3.org/2001/XMLSchema#string"}},
    ),
    "a name that this version does not define": (OPEN_BADGES_3_0_2, {"awardedDate": OTHER}),
    "its language": (OPEN_BADGES_3_0_2, {"inLanguage": OTHER}),
    "its type": (OPEN_BADGES_3, {"Achievement": OTHER}),
    "the type of the proof, as data-integrity/v1 has it": (
        OPEN_BADGES_3,
        {"DataIntegrityProof": {"@id": "https://w3id.org/security#DataIntegrityProof", "@context": {}}},
    ),
    "a name inside of a part": (OPEN_BADGES_3, {"identityHash": OTHER}),
    "a name inside of a new type": (OPEN_BADGES_3, {"Other": {"@id": OTHER, "@context": {"identityHash": OTHER}}}),
    "a name inside of a new property": (OPEN_BADGES_3, {"other": {"@id": OTHER, "@context": {"achievement": OTHER}}}),
    "the same address, with another type of value": (
        OPEN_BADGES_3,
        {"criteria": {"@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria", "@type": "@json"}},
    ),
    "a meaning for every name": (OPEN_BADGES_3, {"@vocab": OTHER}),
    "a language for every text": (OPEN_BADGES_3, {"@language": "en"}),
    "a base for every address": (OPEN_BADGES_3, {"Other": {"@id": OTHER, "@context": {"@base": OTHER}}}),
}


@pytest.mark.parametrize(("second", "context"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_context_that_changes_what_a_name_means_is_found(second: str, context: Json) -> None:
    assert changes(second, context)


def test_every_name_that_is_read_is_one_of_the_first_two_contexts() -> None:
    pointers = [claim["pointer"] for claim in json.loads((VERIFICATION / "page" / "claims.json").read_bytes())]
    read = {step for pointer in pointers for step in pointer.split("/") if step not in ("", "*", "0")}
    read |= set(names_in(CREDENTIAL)) | set(names_in(FULL_SHAPE))
    known = {name for url in (CREDENTIALS_V2, OPEN_BADGES_3) for name, _ in definitions(CONTEXTS[url]["@context"])}
    assert read - known == {"@context", "@value", "@language", "@direction"}


def names_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from itertools.chain.from_iterable(map(names_in, value))
    elif isinstance(value, dict):
        yield from value
        yield from itertools.chain.from_iterable(map(names_in, value.values()))


OB_TERM = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
# Corrections: the same properties under other addresses, and two that 3.0.2 does not have.
CORRECTED = {
    "achievement": ({f"{OB_TERM}achievement-0"}, {f"{OB_TERM}achievement"}),
    "image": ({f"{OB_TERM}Image"}, {f"{OB_TERM}image"}),
    "awardedDate": (set(), {f"{OB_TERM}awardedDate"}),
    "inLanguage": (set(), {"https://schema.org/inLanguage"}),
}


def test_open_badges_3_0_2_says_the_same_as_3_0_3_but_for_its_corrections() -> None:
    old, new = (set(definitions(CONTEXTS[url]["@context"])) for url in (OPEN_BADGES_3_0_2, OPEN_BADGES_3))
    differ = {name for name, _ in old ^ new}
    assert {name: (ids_of(name, old), ids_of(name, new)) for name in differ} == CORRECTED


def ids_of(name: str, found: set[tuple[str, str]]) -> set[str]:
    return {json.loads(how)["@id"] for other, how in found if other == name}


# -- which contexts a credential may have ------------------------------------------------------------------------------

KNOWN: dict[str, list[str]] = {
    "what Laurels signs with": [CREDENTIALS_V2, OPEN_BADGES_3],
    "Open Badges 3.0.2": [CREDENTIALS_V2, OPEN_BADGES_3_0_2],
    **{f"{url.removeprefix('https://')} as well": [CREDENTIALS_V2, OPEN_BADGES_3, url] for url in FURTHER},
    "everything that is known, and Open Badges 3.0.2": [CREDENTIALS_V2, OPEN_BADGES_3_0_2, *FURTHER],
    "the further ones in another order": [CREDENTIALS_V2, OPEN_BADGES_3, *reversed(FURTHER)],
}
NOT_KNOWN: dict[str, Any] = {
    "an address that nobody knows": [CREDENTIALS_V2, OPEN_BADGES_3, "https://harbour.example.org/context"],
    "a meaning for every name": [CREDENTIALS_V2, OPEN_BADGES_3, EXAMPLES],
    "names given another meaning": [CREDENTIALS_V2, OPEN_BADGES_3, {"name": OTHER}],
    "names given a meaning in the place of Open Badges": [CREDENTIALS_V2, {"achievement": OTHER}, FURTHER[0]],
    "Open Badges 3.0.1": [CREDENTIALS_V2, OPEN_BADGES_3.replace("3.0.3", "3.0.1")],
    "Open Badges without a version": [CREDENTIALS_V2, OPEN_BADGES_3.replace("-3.0.3", "")],
    "data-integrity v1": [CREDENTIALS_V2, OPEN_BADGES_3, "https://w3id.org/security/data-integrity/v1"],
    "VC 1.1": ["https://www.w3.org/2018/credentials/v1", OPEN_BADGES_3],
    "a key document's context": [CREDENTIALS_V2, OPEN_BADGES_3, DID_V1],
    "both versions": [CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_3_0_2],
    "no Open Badges": [CREDENTIALS_V2, *FURTHER],
    "a further one before Open Badges": [CREDENTIALS_V2, FURTHER[0], OPEN_BADGES_3],
    "a further one before VC 2.0": [FURTHER[0], CREDENTIALS_V2, OPEN_BADGES_3],
    "a further one twice": [CREDENTIALS_V2, OPEN_BADGES_3, FURTHER[0], FURTHER[0]],
    "VC 2.0 twice": [CREDENTIALS_V2, OPEN_BADGES_3, CREDENTIALS_V2],
    "a list in the list": [CREDENTIALS_V2, OPEN_BADGES_3, [FURTHER[0]]],
    "null in the list": [CREDENTIALS_V2, OPEN_BADGES_3, None],
    "an address in capital letters": [CREDENTIALS_V2, OPEN_BADGES_3, FURTHER[0].upper()],
    "an address with a fragment": [CREDENTIALS_V2, f"{OPEN_BADGES_3}#"],
    "one address": CREDENTIALS_V2,
    "nothing": [],
    "names of properties of lists": ["length", "constructor"],
}


@pytest.mark.parametrize("named", KNOWN.values(), ids=KNOWN.keys())
def test_contexts_that_are_known_are_taken_in_their_order(named: list[str]) -> None:
    assert are_open_badges_contexts(named)


@pytest.mark.parametrize("named", NOT_KNOWN.values(), ids=NOT_KNOWN.keys())
def test_contexts_that_are_not_known_are_not_taken(named: Any) -> None:
    assert not are_open_badges_contexts(named)


# -- credentials with these contexts, in both verifiers ----------------------------------------------------------------


def in_version(document: Json, second: str) -> Json:
    """A document as its issuer would write it in a version of Open Badges 3.0: without the two names that 3.0.2 lacks."""
    missing = {name for name, (old, _) in CORRECTED.items() if not old} if second == OPEN_BADGES_3_0_2 else set()

    def written(value: Any) -> Any:
        if isinstance(value, list):
            return [written(inner) for inner in value]
        if not isinstance(value, dict):
            return second if value == OPEN_BADGES_3 else value
        return {name: written(inner) for name, inner in value.items() if name not in missing}

    rewritten: Json = written(document)
    return rewritten


def signed_with(named: list[str]) -> Change:
    """The sound credential, signed with these contexts by its issuer."""

    def apply(case: Case) -> None:
        case.document, case.page = sign({**in_version(UNSIGNED, named[1]), "@context": named}), None

    return apply


def jcs_signed_with(named: Any) -> Change:
    """As signed_with, with the proof that pages check only: the other one cannot be made."""
    return jcs_signed(lambda document: document.update({"@context": named}))


def dropped(named: list[str], change: Callable[[Json], Any]) -> Change:
    """As signed_with, and changed before the proof that signs JSON: with what JSON-LD drops in these contexts."""

    def apply(case: Case) -> None:
        document = {**in_version(UNSIGNED, named[1]), "@context": named}
        first = sign(document)["proof"][0]
        change(document)
        case.document, case.page = {**document, "proof": [first, jcs_proof(document)]}, None

    return apply


def with_rdf_alone(named: list[str], then: list[str]) -> Change:
    """The credential signed as RDF alone with some contexts, and handed on by somebody else with others."""

    def apply(case: Case) -> None:
        document = {**in_version(UNSIGNED, named[1]), "@context": named}
        case.document = {**document, "@context": then, "proof": proof_with(document, suite=RDFC)}
        case.page = None

    return apply


def relabelled(then: list[str]) -> Change:
    """The credential as it was signed, under other contexts."""

    def apply(case: Case) -> None:
        case.document, case.page = {**sign(in_version(UNSIGNED, OPEN_BADGES_3_0_2)), "@context": then}, None

    return apply


OLD, NEW = [CREDENTIALS_V2, OPEN_BADGES_3_0_2], [CREDENTIALS_V2, OPEN_BADGES_3]
# Each with its verdicts: of who knows eddsa-jcs-2022 alone, and of who knows both suites.
VOCABULARIES: dict[str, tuple[Change, tuple[str, str]]] = {
    **{f"known: {name}": (signed_with(named), ("holds", "holds")) for name, named in KNOWN.items()},
    **{
        f"not known: {name}": (jcs_signed_with(named), ("not_supported", "not_supported"))
        for name, named in NOT_KNOWN.items()
    },
    # A name that the contexts do not define. Who signs JSON signs it all the same.
    "a date that Open Badges 3.0.2 does not define": (
        dropped(OLD, lambda document: document.update(awardedDate=UNSIGNED["awardedDate"])),
        ("holds", "fails"),
    ),
    "a language that Open Badges 3.0.2 does not define": (
        dropped(OLD, lambda document: document["credentialSubject"]["achievement"].update(inLanguage="en")),
        ("holds", "fails"),
    ),
    "a term that further contexts do not define either": (
        dropped([*NEW, *FURTHER], lambda document: document.update(extra=1)),
        ("holds", "fails"),
    ),
    "a type of the extensions without their context": (
        dropped(NEW, lambda document: document["issuer"].update(type=["Profile", "1EdTechRevocationList"])),
        ("holds", "fails"),
    ),
    "another version in a part, which gives its names another meaning": (
        dropped(OLD, lambda document: document["credentialSubject"].update({"@context": NEW[1:]})),
        ("holds", "fails"),
    ),
    "a context in a part, which nobody knows": (
        dropped(NEW, lambda document: document["credentialSubject"].update({"@context": [EXAMPLES]})),
        ("holds", "fails"),
    ),
    # Contexts that somebody else changed.
    "signed with 3.0.2, shown with 3.0.3": (relabelled(NEW), ("fails", "fails")),
    "signed as RDF with 3.0.2, shown with 3.0.3": (with_rdf_alone(OLD, NEW), ("not_supported", "fails")),
    "signed as RDF with 3.0.3, shown with 3.0.2": (
        with_rdf_alone(NEW, OLD),
        ("not_supported", "fails"),
    ),
    # RDF does not sign which contexts gave a name its meaning, and the meaning is the same.
    "signed as RDF, shown with a further context": (with_rdf_alone(NEW, [*NEW, *FURTHER]), ("not_supported", "holds")),
}


def other(name: str) -> Change:
    """A credential that others have signed, with the key document of its issuer where one lies at an address."""

    def apply(case: Case) -> None:
        case.raw, case.page = (VECTORS / "others" / f"{name}.json").read_bytes(), None
        case.responses = {"https://issuer.example.edu/.well-known/did.json": read_json_vector("others/minted-did.json")}

    return apply


OTHERS: dict[str, tuple[Change, tuple[str, str]]] = {
    "minted with the ed25519-2020 context": (
        other("minted-with-the-ed25519-2020-context"),
        ("not_supported", "holds"),
    ),
    "minted with Open Badges 3.0.2": (other("minted-with-open-badges-3.0.2"), ("not_supported", "holds")),
    "minted with the extensions context": (other("minted-with-the-extensions-context"), ("not_supported", "holds")),
    # Its status and the next one's key are of kinds that are not known here, its words are.
    "minted with a 1EdTech revocation list": (
        other("minted-with-a-1edtech-revocation-list"),
        ("not_supported", "not_supported"),
    ),
    "1EdTech, simple, context version": (other("1edtech-simple-context-version"), ("not_supported", "not_supported")),
}
