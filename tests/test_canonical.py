"""RDFC-1.0: the W3C suite, poison graphs, contexts that are known by hash, and no claim that nothing would sign."""

from __future__ import annotations

import copy
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.credentials.securing import full_rdfc as canonical
from site_builder.credentials.securing.contexts import CONTEXTS, CREDENTIALS_V2, OPEN_BADGES_3
from site_builder.credentials.securing.data_integrity import without_proof
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_nquads, canonicalize_rdf
from tests.full_shape import FULL_SHAPE
from tests.sampling import IS_LONG, examples
from tests.vector_files import DEMO_CREDENTIALS, VECTOR_CONTEXTS, VECTORS, read_json_vector, read_vector

Json = dict[str, Any]
Path = tuple[Any, ...]

SUITE = [entry for entry in read_json_vector("rdfc10/manifest.jsonld")["entries"] if "rdfc10/" in entry["action"]]
# RDFC-1.0 in its default hash only: #test075c is SHA-384, which no cryptosuite here uses.
EVALUATED = [
    entry for entry in SUITE if entry["type"] == "rdfc:RDFC10EvalTest" and entry.get("hashAlgorithm") != "SHA384"
]
NEGATIVE = [entry for entry in SUITE if entry["type"] == "rdfc:RDFC10NegativeEvalTest"]


# -- the W3C test suite ----------------------------------------------------------------------------------------------


def test_all_evaluation_tests_of_the_suite_are_here() -> None:
    assert (len(EVALUATED), len(NEGATIVE)) == (63, 1)


# #test060c: control characters, which RDFC-1.0 escapes and PyLD writes raw. They never reach it: canonicalize_rdf refuses
# text with them, as test_claims_that_nothing_would_sign_are_errors shows.
@pytest.mark.parametrize(
    "entry", [entry for entry in EVALUATED if entry["id"] != "#test060c"], ids=lambda entry: entry["id"]
)
def test_w3c_evaluation_test_is_met_byte_for_byte(entry: Json) -> None:
    expected = (VECTORS / "rdfc10" / entry["result"]).read_bytes()
    assert canonicalize_nquads(read_vector(f"rdfc10/{entry['action']}")) == expected


# -- poison graphs ---------------------------------------------------------------------------------------------------


def edges(pairs: Iterator[tuple[Any, Any]]) -> str:
    return "".join(f"_:n{start} <urn:example:next> _:n{end} .\n" for start, end in pairs)


def clique(size: int, name: str = "") -> str:
    return edges((f"{name}{a}", f"{name}{b}") for a in range(size) for b in range(size) if a != b)


POISON = {
    "the suite's negative test": read_vector(f"rdfc10/{NEGATIVE[0]['action']}"),
    "a clique of seven": clique(7),
    "a clique of thirty": clique(30),
    "a star of lookalikes": edges(("hub", leaf) for leaf in range(6)),
    "a ring of thirty-three": edges((place, (place + 1) % 33) for place in range(33)),
    "more blank nodes than any credential has": "".join(f"_:n{n} <urn:example:p> <urn:x:{n}> .\n" for n in range(257)),
    "lookalikes as graph names": "".join(f"<urn:s:s> <urn:p:p> <urn:o:o> _:n{n} .\n" for n in range(33)),
}


@pytest.mark.parametrize("graph", POISON.values(), ids=POISON.keys())
def test_poison_graph_is_refused_before_it_is_canonicalised(graph: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: Any) -> Any:
        raise AssertionError("the canonicaliser was called")

    monkeypatch.setattr("pyld.canon.URDNA2015.main", called)
    with pytest.raises(CanonicalizationError, match="poison graph"):
        canonicalize_nquads(graph)


@pytest.mark.parametrize(
    ("name", "graph"),
    {"a clique of four": clique(4), "four cliques of five": "".join(clique(5, n) for n in "abcd")}.items(),
)
def test_graph_that_is_only_somewhat_alike_is_put_in_order(name: str, graph: str) -> None:
    assert canonicalize_nquads(graph).count(b"\n") == graph.count("\n"), name


def test_counting_steps_is_the_second_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "_refuse_poison", lambda _dataset: None)
    monkeypatch.setattr(canonical, "_MAX_HASH_STEPS", 500)
    with pytest.raises(CanonicalizationError, match="poison graph"):
        canonicalize_nquads(clique(7))


def test_poison_within_a_credential_is_refused() -> None:
    document = demo()
    document["evidence"] = [{"type": ["Evidence"]} for _ in range(40)]
    with pytest.raises(CanonicalizationError, match="poison graph"):
        canonicalize_rdf(document)


# -- contexts --------------------------------------------------------------------------------------------------------


def test_unknown_context_is_an_error_that_names_it_and_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: Any, **__: Any) -> Any:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", called)
    monkeypatch.setattr(socket, "getaddrinfo", called)
    for url in ("https://example.org/context.json", "https://www.w3.org/ns/credentials/examples/v2"):
        document = demo() | {"@context": [CREDENTIALS_V2, OPEN_BADGES_3, url]}
        with pytest.raises(CanonicalizationError, match=url):
            canonicalize_rdf(document)


def test_contexts_of_one_call_do_not_serve_another() -> None:
    url = "https://www.w3.org/ns/credentials/examples/v2"
    document = demo() | {"@context": [CREDENTIALS_V2, OPEN_BADGES_3, url]}
    assert canonicalize_rdf(document, contexts=VECTOR_CONTEXTS)
    for contexts in (CONTEXTS, {}):
        with pytest.raises(CanonicalizationError, match="needs the JSON-LD context"):
            canonicalize_rdf(document, contexts=contexts)


# -- claims that nothing would sign ----------------------------------------------------------------------------------


def demo() -> Json:
    """The demo's credential with the most parts among those that end, without its proofs."""
    documents = [without_proof(json.loads(file.read_bytes())) for file in DEMO_CREDENTIALS]
    return max(documents, key=lambda document: ("validUntil" in document, len(json.dumps(document))))


def put(*path_and_value: Any) -> Callable[[Json], None]:
    """A change that writes a value at a place: keys and indexes, then the value."""
    *path, key, value = path_and_value

    def change(document: Any) -> None:
        for step in path:
            document = document[step]
        document[key] = value

    return change


def renamed(term: str) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        document[f"https://www.w3.org/2018/credentials#{term}"] = document.pop(term)

    return change


SUBJECT, ACHIEVEMENT = ("credentialSubject",), ("credentialSubject", "achievement")
ON_AN_OBJECT = {
    "an undefined term": ("nickname", "Ada"),
    "an undefined term with an object": ("nickname", {"id": "https://example.org/"}),
    "an empty key": ("", "Ada"),
    "a number as key": ("5", "Ada"),
    "a term in other letters": ("Name", "Ada"),
    "a term with a space behind": ("name ", "Ada"),
    "a blank node as term": ("_:name", "Ada"),
    "an address as term": ("https://schema.org/alternateName", "Ada"),
    "an address with a space as term": ("urn:x y", "Ada"),
    "something like an address as term": ("1x:name", "Ada"),
    "a control character in a key": ("na\x00me", "Ada"),
    "@id": ("@id", "https://example.org/"),
    "@type": ("@type", "https://example.org/"),
    "@graph": ("@graph", [{"name": "Ada"}]),
    "@included": ("@included", [{"id": "https://example.org/", "name": "Ada"}]),
    "@nest": ("@nest", {"name": "Ada"}),
    "@reverse": ("@reverse", {"name": "Ada"}),
    "@index": ("@index", "Ada"),
    "@set": ("@set", ["Ada"]),
    "@list": ("@list", ["Ada"]),
    "@language on an object": ("@language", "de"),
    "@direction on an object": ("@direction", "rtl"),
    "@value on an object": ("@value", "Ada"),
    "@vocab": ("@vocab", "https://example.org/"),
    "an unknown keyword": ("@unknown", "Ada"),
    "a context written out": ("@context", {"nickname": None}),
    "a context as text": ("@context", CREDENTIALS_V2),
    "a context written out in a list": ("@context", [CREDENTIALS_V2, {"nickname": None}]),
    "a context of null": ("@context", None),
    "no context": ("@context", []),
}
AT_A_PLACE = {
    "null": put("name", None),
    "null in a list": put(*ACHIEVEMENT, "tag", ["a", None]),
    "an empty list": put(*ACHIEVEMENT, "tag", []),
    "a list in a list": put(*ACHIEVEMENT, "tag", [["a"]]),
    "a relative id": put("id", "credential.json"),
    "a relative id of a part": put("issuer", "id", "issuer"),
    "an empty id": put("issuer", "id", ""),
    "a blank node as id": put("issuer", "id", "_:b0"),
    "a canonical blank node as id": put("issuer", "id", "_:c14n0"),
    "an id with a space": put("issuer", "id", "https://example.org/a b"),
    "an id with angle brackets": put("issuer", "id", "https://example.org/<a>"),
    "an id that is a number": put("issuer", "id", 5),
    "an id that is an object": put("issuer", "id", {"name": "Ada"}),
    "an id that is a keyword": put("issuer", "id", "@type"),
    "an unknown keyword as id": put("issuer", "id", "@unknown"),
    "a relative type": put("issuer", "type", ["Profile", "Teacher"]),
    "an empty type": put("issuer", "type", ["Profile", ""]),
    "a blank node as type": put("issuer", "type", ["Profile", "_:teacher"]),
    "@json as type of an object": put("issuer", "type", ["Profile", "@json"]),
    "@none as type": put("issuer", "type", ["Profile", "@none"]),
    "an unknown keyword as type": put("issuer", "type", ["Profile", "@unknown"]),
    "a type that is an object": put("issuer", "type", {"id": "https://example.org/"}),
    "a type that is a number": put("issuer", "type", 5),
    "a free-floating value": put("name", {"@language": "en"}),
    "a free-floating value in a list": put(*ACHIEVEMENT, "tag", ["a", {"@language": "en"}]),
    "a direction alone": put("name", {"@direction": "rtl"}),
    "an empty language": put("name", {"@value": "a", "@language": ""}),
    "a language that is none": put("name", {"@value": "a", "@language": "not one"}),
    "a language with a line end": put("name", {"@value": "a", "@language": "en\n"}),
    "a direction that is none": put("name", {"@value": "a", "@direction": "up"}),
    "a value with a type": put("name", {"@value": "a", "type": "http://www.w3.org/2001/XMLSchema#string"}),
    "a value of type @json": put("name", {"@value": "a", "type": "@json"}),
    "a value with a term beside it": put("name", {"@value": "a", "name": "b"}),
    "a value that is a list": put("name", {"@value": ["a"]}),
    "a value that is a number": put("name", {"@value": 5}),
    "a control character": put("name", "a\x08"),
    "a deletion character": put("name", "a\x7f"),
    "a truth value as text": put(*SUBJECT, "identifier", 0, "hashed", "false"),
    "a truth value as number": put(*SUBJECT, "identifier", 0, "hashed", 0),
    "a number as text": put(*ACHIEVEMENT, "creditsAvailable", "8"),
    "a number as truth value": put(*ACHIEVEMENT, "creditsAvailable", True),
    "an address as number": put("issuer", "url", 5),
    "more digits than are signed": put(*ACHIEVEMENT, "creditsAvailable", 0.1 + 0.2),
    "a number that jsonld.js takes for 0": put(*ACHIEVEMENT, "creditsAvailable", 1e-7),
    "texts that implementations order differently": put(*ACHIEVEMENT, "tag", ["\U0001f600", "\uff21"]),
    "evidence where it has no meaning": put(*SUBJECT, "evidence", [{"id": "https://example.org/"}]),
    "a status list at a relative address": put("credentialStatus", "statusListCredential", "1.json"),
    "a credential whose context a term takes away": put(*SUBJECT, "verifiableCredential", {"name": "a"}),
    "more entries than any credential has": put(*ACHIEVEMENT, "tag", [f"tag {number}" for number in range(1001)]),
    # Both would stay signed, and nobody who reads the JSON would find them.
    "an end date under its address": renamed("validUntil"),
    "a status under its address": renamed("credentialStatus"),
}


@pytest.mark.parametrize("where", [(), ("issuer",), SUBJECT, ACHIEVEMENT, (*SUBJECT, "identifier", 0)], ids=str)
@pytest.mark.parametrize(("key", "value"), ON_AN_OBJECT.values(), ids=ON_AN_OBJECT.keys())
def test_property_that_nothing_would_sign_is_an_error(key: str, value: Any, where: Path) -> None:
    document = demo()
    put(*where, key, value)(document)
    with pytest.raises(CanonicalizationError):
        canonicalize_rdf(document)


@pytest.mark.parametrize("change", AT_A_PLACE.values(), ids=AT_A_PLACE.keys())
def test_claims_that_nothing_would_sign_are_errors(change: Callable[[Json], None]) -> None:
    document = demo()
    assert canonicalize_rdf(document)
    change(document)
    with pytest.raises(CanonicalizationError):
        canonicalize_rdf(document)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"name": "Ada"},
        {"@context": [CREDENTIALS_V2]},
        {"@context": [CREDENTIALS_V2], "id": "https://example.org/"},
        {"@context": [CREDENTIALS_V2], "@value": "Ada"},
        {"@context": CREDENTIALS_V2, "id": "https://example.org/", "name": "Ada"},
    ],
    ids=json.dumps,
)
def test_document_of_which_nothing_would_be_signed_is_an_error(document: Json) -> None:
    with pytest.raises(CanonicalizationError):
        canonicalize_rdf(document)


def test_document_that_is_nested_beyond_reason_is_an_error() -> None:
    document = demo()
    inner = document["issuer"]
    for _ in range(3000):
        inner["parentOrg"] = {"type": ["Profile"]}
        inner = inner["parentOrg"]
    with pytest.raises(CanonicalizationError):
        canonicalize_rdf(document)


def test_language_and_direction_of_a_name_are_signed() -> None:
    def signed(**words: str) -> bytes:
        return canonicalize_rdf(demo() | {"name": {"@value": "a", **words}})

    variants = [{}, {"@language": "he"}, {"@direction": "rtl"}, {"@language": "he", "@direction": "rtl"}]
    variants.append({"@language": "he", "@direction": "ltr"})
    assert len({signed(**words) for words in variants}) == len(variants)


def test_part_that_only_refers_to_the_whole_is_no_error() -> None:
    document = demo()
    document["credentialSubject"]["source"] = {"id": document["id"], "type": ["Profile"]}
    assert canonicalize_rdf(document)


def test_claim_cannot_move_from_the_whole_into_a_part_with_its_id() -> None:
    # RDF knows one thing by one id: the end date would stay signed, and nobody who reads the JSON would find it.
    document = demo()
    document["credentialSubject"]["source"] = {"id": document["id"], "type": ["VerifiableCredential"]}
    assert canonicalize_rdf(document)
    document["credentialSubject"]["source"]["validUntil"] = document.pop("validUntil")
    with pytest.raises(CanonicalizationError, match="has the id of the whole"):
        canonicalize_rdf(document)


# -- the oracle: every leaf is signed --------------------------------------------------------------------------------


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))
    if not isinstance(value, dict | list):
        yield path, value


def objects(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from objects(inner, (*path, key))


def at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def canonical_or_none(document: Json) -> bytes | None:
    try:
        return canonicalize_rdf(document)
    except CanonicalizationError:
        return None


def other_values(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [value + "x", value[:-1], value.swapcase() if value.swapcase() != value else "x", 5, True, None, {}]
    return [not value, str(value).lower(), None] if isinstance(value, bool) else [value + 1, str(value), True, None]


SHAPES = {
    "the largest": demo(),
    "the first": without_proof(json.loads(DEMO_CREDENTIALS[0].read_bytes())),
    "the last": without_proof(json.loads(DEMO_CREDENTIALS[-1].read_bytes())),
    "the full shape": FULL_SHAPE,
}


# One shape has every term that we sign; `make fuzz` goes through all of them.
CHANGED = SHAPES if IS_LONG else {"the full shape": FULL_SHAPE}


@pytest.mark.parametrize("document", CHANGED.values(), ids=CHANGED.keys())
def test_no_leaf_can_change_without_changing_what_is_signed(document: Json) -> None:
    signed = canonicalize_rdf(document)
    for path, value in leaves(document):
        for other in other_values(value):
            if path[-1] == "@language" and isinstance(other, str) and other.lower() == value.lower():
                continue  # languages have no case (RFC 5646, 2.1.1)
            changed = copy.deepcopy(document)
            at(changed, path[:-1])[path[-1]] = other
            assert canonical_or_none(changed) != signed, (path, other)


@pytest.mark.parametrize("document", CHANGED.values(), ids=CHANGED.keys())
def test_nothing_can_be_left_out_without_changing_what_is_signed(document: Json) -> None:
    signed = canonicalize_rdf(document)
    for path in objects(document):
        for key in at(document, path):
            changed = copy.deepcopy(document)
            del at(changed, path)[key]
            # An embedded document may repeat the contexts of the whole: they are no claim.
            assert (path != () and key == "@context") or canonical_or_none(changed) != signed, (path, key)


@pytest.mark.parametrize("document", SHAPES.values(), ids=SHAPES.keys())
def test_no_object_takes_a_property_that_the_contexts_do_not_define(document: Json) -> None:
    for path in objects(document):
        if "@value" in at(document, path):
            continue
        changed = copy.deepcopy(document)
        at(changed, path)["unheardOf"] = "claim"
        with pytest.raises(CanonicalizationError):
            canonicalize_rdf(changed)


TERMS = sorted({key for url in (CREDENTIALS_V2, OPEN_BADGES_3) for key in CONTEXTS[url]["@context"]} | {"id", "type"})
KEYWORDS = (
    "@id @type @graph @included @nest @reverse @index @set @list @language @direction @value @base @vocab @none @x"
)
KEYS = (
    st.sampled_from(TERMS) | st.sampled_from(KEYWORDS.split()) | st.text(max_size=6).filter(lambda key: key[:1] != "@")
)
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=6)
WORDS = st.sampled_from(["https://example.org/", "_:b0", "@json", "en", "rtl", "Profile", "Image", ""])
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=examples(150), deadline=None)
@given(place=st.sampled_from(list(objects(SHAPES["the first"]))), key=KEYS, value=VALUES)
def test_property_no_addition_leaves_what_is_signed_as_it_was(place: Path, key: str, value: Any) -> None:
    document = copy.deepcopy(SHAPES["the first"])
    if key in at(document, place):
        return
    at(document, place)[key] = value
    assert canonical_or_none(document) != canonicalize_rdf(SHAPES["the first"])
