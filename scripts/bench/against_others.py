"""Rows 1, 2, 3, 8 and 11: Laurels beside other people's programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from scripts.bench.peers import PeerMissingError, hugo, node_script, python_command
from scripts.bench.places import Bench
from scripts.bench.repository import commit, copied
from scripts.bench.results import Result, Target, compared, unmeasured
from scripts.bench.timing import interleaved, medians, timed
from site_builder.credentials.securing.contexts import CONTEXTS
from site_builder.encoding import parse_json

__all__ = ["pages", "pages_of_hugo", "publishing", "signing", "tokens", "verifying"]

VC = "npm @digitalbazaar/vc, eddsa-rdfc-2022"
# On which a credential of the measurements is in force.
DAY = "2026-06-01"


def signing(bench: Bench) -> list[Result]:
    what, against = "sign both proofs, to JSON", f"{VC} alone"
    try:
        script = node_script()
    except PeerMissingError as missing:
        return [unmeasured(1, what, against, n=bench.n, reason=str(missing))]
    documents, contexts = _unsigned_documents(bench), _contexts(bench)
    whole: dict[str, list[float]] = {"ours": [], "theirs": []}

    def ours() -> float:
        loop_s, took_s = bench.script("signing", documents)
        whole["ours"].append(took_s)
        return loop_s

    def theirs() -> float:
        took_s, said = timed(
            ["node", script, "sign", documents, contexts], folder=script.parent, environment=bench.environment
        )
        whole["theirs"].append(took_s)
        return float(said)

    found = medians(bench.repeat, {"sign": ours, "sign, npm": theirs})
    seconds = {name: sorted(times)[len(times) // 2] for name, times in whole.items()}
    note = f"loops alone; with the start of both programs {seconds['ours']:.2f} s and {seconds['theirs']:.2f} s"
    return [_row(1, what, against, bench, found, Target("times", 20), note)]


def publishing(bench: Bench) -> list[Result]:
    what, against = "issue and build, all that is published", "openbadges sign -P ldp, a PNG each"
    return _beside_openbadges(bench, 2, what, against, proof="ldp", target=Target("times", 10))


def tokens(bench: Bench) -> list[Result]:
    what, against = "issue and build, all that is published", "openbadges sign -P vc-jwt, a PNG each, no page"
    return _beside_openbadges(bench, 11, what, against, proof="vc-jwt", target=None)


def _beside_openbadges(
    bench: Bench, number: int, what: str, against: str, *, proof: str, target: Target | None
) -> list[Result]:
    try:
        openbadges = python_command("openbadges")
    except PeerMissingError as missing:
        return [unmeasured(number, what, against, n=bench.n, reason=str(missing))]
    folder = _badge_folder(bench, openbadges)
    root = bench.memory / "publishing"

    def ours() -> float:
        bench.forget()
        copied(bench.unsigned(bench.n), root)
        took_s = bench.run(root, "issue")
        commit(root)
        return took_s + bench.run(root, "build")

    def theirs() -> float:
        shutil.rmtree(folder / "out", ignore_errors=True)
        sign: list[str | Path] = [openbadges, "sign", "--config", "config.ini", "--badge", "knots", "--no-evidence"]
        sign += ["--recipients-file", "recipients.txt", "--output", "out", "--proof-format", proof]
        return timed(sign, folder=folder, environment=bench.environment)[0]

    found = medians(bench.repeat, {"issue and build": ours, f"openbadges {proof}": theirs})
    return [_row(number, what, against, bench, found, target)]


def pages(bench: Bench) -> list[Result]:
    what = "build, all that is published"
    fastest, usual = "mkdocs build of as many tiny pages, at its fastest", "the same, as MkDocs comes (menu and search)"
    try:
        mkdocs = python_command("mkdocs")
    except PeerMissingError as missing:
        return [unmeasured(3, what, fastest, n=bench.n, reason=str(missing))]
    folder = _markdown(bench)
    root = bench.memory / "pages"

    def ours() -> float:
        bench.forget()
        copied(bench.issued(bench.n), root)
        return bench.run(root, "build")

    def theirs(config: str) -> float:
        shutil.rmtree(folder / "site", ignore_errors=True)
        return timed(
            [mkdocs, "build", "--quiet", "--config-file", config], folder=folder, environment=bench.environment
        )[0]

    cases = {"build": ours, "mkdocs": lambda: theirs("fastest.yml"), "mkdocs as it comes": lambda: theirs("usual.yml")}
    found = medians(bench.repeat, cases)
    return [
        _row(3, what, fastest, bench, {name: found[name] for name in ("build", "mkdocs")}, Target("times", 2)),
        _row(3, what, usual, bench, {name: found[name] for name in ("build", "mkdocs as it comes")}, None),
    ]


def pages_of_hugo(bench: Bench) -> list[Result]:
    what, against = "build, all that is published", "hugo, as many tiny pages"
    try:
        command = hugo()
    except PeerMissingError as missing:
        return [unmeasured(12, what, against, n=bench.n, reason=str(missing))]
    folder = bench.memory / "hugo"
    shutil.copytree(_markdown(bench) / "docs", folder / "content", dirs_exist_ok=True)
    (folder / "hugo.toml").write_text(
        'title = "Test Badges"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n', "utf-8"
    )
    (folder / "layouts" / "_default").mkdir(parents=True, exist_ok=True)
    (folder / "layouts" / "_default" / "single.html").write_text(
        "<!doctype html><main>{{ .Content }}</main>\n", "utf-8"
    )
    root = bench.memory / "pages"

    def ours() -> float:
        bench.forget()
        copied(bench.issued(bench.n), root)
        return bench.run(root, "build")

    def theirs() -> float:
        shutil.rmtree(folder / "public", ignore_errors=True)
        return timed([command, "--quiet"], folder=folder, environment=bench.environment)[0]

    return [_row(12, what, against, bench, medians(bench.repeat, {"build": ours, "hugo": theirs}), None)]


def verifying(bench: Bench) -> list[Result]:
    what, against = "verify a folder: both proofs, status, pages, images", f"{VC} alone, in memory"
    try:
        script = node_script()
    except PeerMissingError as missing:
        return [unmeasured(8, what, against, n=bench.n, reason=str(missing))]
    site = bench.site(bench.n)
    contexts = _contexts(bench, site)
    signed = bench.memory / "signed.jsonl"
    _write_lines(
        signed, [_with_first_proof(parse_json(file.read_bytes())) for file in sorted(site.glob("c/*/credential.json"))]
    )
    node = ["node", script, "verify", signed, contexts]

    def ours() -> float:
        bench.forget()
        return bench.run(site.parent, "verify", "site", "--at", DAY)

    def theirs() -> float:
        return float(timed(node, folder=script.parent, environment=bench.environment)[1])

    found = interleaved(bench.repeat, {"verify": ours, "verify, npm": theirs})
    times = {name: sorted(all_)[len(all_) // 2] for name, all_ in found.items()}
    return [_row(8, what, against, bench, times, Target("times", 8), "our whole process, their loop alone")]


def _row(
    number: int, what: str, against: str, bench: Bench, found: dict[str, float], target: Target | None, note: str = ""
) -> Result:
    seconds, other = found.values()
    return compared(number, what, against, n=bench.n, seconds=seconds, other=other, target=target, note=note)


def _unsigned_documents(bench: Bench) -> Path:
    file = bench.memory / "unsigned.jsonl"
    documents = [
        parse_json(path.read_bytes())
        for path in sorted(bench.issued(bench.n).glob("content/signed/*/*/credential.json"))
    ]
    _write_lines(file, [{key: value for key, value in document.items() if key != "proof"} for document in documents])
    return file


def _with_first_proof(document: dict[str, object]) -> dict[str, object]:
    """With the proof alone that the other program verifies."""
    proofs = document["proof"]
    assert isinstance(proofs, list)
    return {**document, "proof": proofs[0]}


def _write_lines(file: Path, documents: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(document) + "\n" for document in documents), "utf-8")


def _contexts(bench: Bench, site: Path | None = None) -> Path:
    """Every document that the other program may ask for, by address: contexts, and of a site the issuer's key."""
    known = dict(CONTEXTS)
    for file in site.glob("issuers/*/did.json") if site else ():
        did = parse_json(file.read_bytes())
        multikey = "https://w3id.org/security/multikey/v1"
        known |= {did["id"]: did, **{key["id"]: {"@context": multikey, **key} for key in did["verificationMethod"]}}
    target = bench.memory / "contexts.json"
    target.write_text(json.dumps(known), "utf-8")
    return target


def _badge_folder(bench: Bench, openbadges: Path) -> Path:
    """A working folder of openbadgeslib: one achievement, its key and artwork, and N recipients."""
    folder = bench.memory / "openbadges"
    if not folder.exists():
        timed([openbadges, "init", folder], folder=bench.memory, environment=bench.environment)
        (folder / "config.ini").write_text(OPENBADGES, "utf-8")
        timed([openbadges, "keygen", "--genkey", "knots"], folder=folder, environment=bench.environment)
        [artwork, *_] = bench.issued(bench.n).glob("badges/knots/rendered/*.png")
        shutil.copyfile(artwork, folder / "images" / "knots.png")
        (folder / "recipients.txt").write_text("".join(f"person{i}@example.org\n" for i in range(bench.n)), "utf-8")
    return folder


def _markdown(bench: Bench) -> Path:
    """A repository of MkDocs: tiny pages, configured to be fast, and as it comes."""
    folder = bench.memory / "mkdocs"
    if not folder.exists():
        (folder / "docs").mkdir(parents=True)
        (folder / "docs" / "index.md").write_text("# Test Badges\n", "utf-8")
        for number in range(bench.n):
            text = f"# Ada Lovelace the {number}th\n\nHolds *Knots*, awarded on 14 May 2026.\n"
            (folder / "docs" / f"p{number:05}.md").write_text(text, "utf-8")
        (folder / "usual.yml").write_text("site_name: Test Badges\n", "utf-8")
        # A menu of the home page alone: a menu of all pages is on every page.
        fastest = "site_name: Test Badges\nnav: [index.md]\nplugins: []\nvalidation: {nav: {omitted_files: ignore}}\n"
        (folder / "fastest.yml").write_text(fastest + "theme: {name: mkdocs, highlightjs: false}\n", "utf-8")
    return folder


OPENBADGES = """\
[paths]
base = .
base_key = ${base}/keys
base_log = ${base}/log
base_image = ${base}/images
base_status = ${base}/status
[logs]
general = general.log
signer = signer.log
[smtp]
smtp_server = localhost
smtp_port = 25
use_ssl = False
mail_from = office@school.example
[issuer]
name = Test School
url = https://school.example
image = logo.png
email = office@school.example
publish_url = https://badges.school.example/issuer/
revocationList = revoked.json
[badge_knots]
name = Knots
description = Ties the six knots that matter.
local_image = knots.png
image = https://badges.school.example/issuer/knots/knots.png
criteria = https://badges.school.example/issuer/knots/criteria.html
criteria_narrative = Tied six knots in ten minutes.
verify_key = https://badges.school.example/issuer/knots/verify.pem
badge = https://badges.school.example/issuer/knots/badge.json
private_key = ${paths:base_key}/sign.pem
public_key = ${paths:base_key}/verify.pem
key_type = ED25519
proof_format = ldp
"""
