"""Slips for the classroom: who is on them, what the squares hold, and that nothing runs over on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from site_builder.cli import main
from site_builder.credentials.qr import qr_svg
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.links import LearnerLink, learner_links
from site_builder.site.pages.sheet import PAPERS, sheet_page
from tests.drawn import write_drawn_repository
from tests.serving import chromium
from tests.support import BASE, as_release_0_1_signed, issue_all

RECORDS = "content/records/school"
NAMES = [
    "Ada Lovelace",
    "أبو القاسم خلف بن العباس الزهراوي",
    "สุนทรภู่ (พระสุนทรโวหาร)",
    "Philippus Aureolus Theophrastus Bombastus von Hohenheim, called Paracelsus Magnus",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen",
    "張仲景",
    "O",
    "Αἰκατερίνη Παπαδοπούλου",
    "Hồ Xuân Hương",
    "ወለተ ጴጥሮስ",
    "משה בן מימון",
    "M" * 80,
]
PEOPLE = "".join(f'  - {{name: "{name}", email: p{place}@example.org}}\n' for place, name in enumerate(NAMES))
RECORD = f"badge: knots\nawarded: 2026-05-14\nrecipients:\n{PEOPLE}"
ANOTHER = "badge: knots\nawarded: 2026-05-20\nname: Mary Anning <b>\n"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {f"{RECORDS}/2026-05.yml": RECORD, f"{RECORDS}/one.yml": ANOTHER}
    root = write_drawn_repository(tmp_path_factory.mktemp("sheet") / "repository", files=files)
    with as_release_0_1_signed():
        issue_all(root)
    return root


def run(root: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), "sheet", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def slips(html: str) -> list[str]:
    return html.split('<section class="slip">')[1:]


def test_each_learner_of_a_record_has_a_slip_with_name_achievement_address_and_square(issued: Path) -> None:
    html = run(issued, "--record", f"{RECORDS}/2026-05.yml").stdout
    links = learner_links(check_repository(issued), record=f"{RECORDS}/2026-05.yml")
    assert [link.name for link in links] == NAMES and len(slips(html)) == len(NAMES)
    for slip, link in zip(slips(html), links, strict=True):
        assert f"<bdi>{link.name}</bdi>" in slip and ">Knots<" in slip and ">Test School<" in slip
        assert re.sub(r"<[^>]*>", "", slip.partition("<code")[2]).partition(">")[2].strip() == link.page
        assert qr_svg(link.page).decode() in slip


def test_the_key_stands_nowhere_unless_own_links_are_asked_for(issued: Path) -> None:
    result = run(issued, "--badge", "knots")
    assert "#m=" not in result.stdout and "alone" not in result.output
    assert not any(link.url.partition("#m=")[2] in result.stdout for link in links_with_keys(issued))


def links_with_keys(root: Path) -> list[LearnerLink]:
    return [link for link in learner_links(check_repository(root)) if "#" in link.url]


def test_own_links_are_in_text_and_square_with_a_reason_and_a_warning(issued: Path) -> None:
    result = run(issued, "--badge", "knots", "--own-links")
    links = learner_links(check_repository(issued))
    for slip, link in zip(slips(result.stdout), links, strict=True):
        assert qr_svg(link.url).decode() in slip
        assert ("This link is yours alone" in slip) is ("#m=" in link.url)
    assert "Hand it to that learner alone." in result.stdout
    assert "hand it to that learner alone" in result.stderr


def test_a_sheet_runs_nothing_fetches_nothing_and_escapes_names(issued: Path) -> None:
    html = run(issued, "--issuer", "school").stdout
    assert "Mary Anning &lt;b&gt;" in html and "default-src 'none'" in html
    assert not re.search(r"<script|<link|\son\w+=|src=|@import|url\(|style=", unescape(html), re.I)


def test_whoever_was_revoked_or_is_not_issued_has_no_slip(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path / "repository")
    refused = run(root, "--badge", "knots")
    assert refused.exit_code == 1 and "nothing of this is issued yet" in refused.stderr and refused.stdout == ""
    award = issue_all(root).awards[0]
    (root / RECORDS / "r.yml").write_text(f"revoke: {award.id}\ndate: 2026-06-01\nreason: other\n", "utf-8")
    issue_all(root, seed="revoke")
    html = run(root, "--badge", "knots").stdout
    assert len(slips(html)) == 1 and award.id not in html


WRONG: dict[str, tuple[list[str], str]] = {
    "for nobody": ([], "for whom? Name --record, --badge or --issuer"),
    "for an unknown badge": (["--badge", "kntos"], "did you mean 'knots'?"),
    "for an unknown issuer": (["--issuer", "skool"], "did you mean 'school'?"),
    "for an unknown file": (["--record", "x.yml"], "holds no rows"),
    "seven on a page": (["--badge", "knots", "--per-page", "7"], "--per-page"),
    "on unknown paper": (["--badge", "knots", "--paper", "legal"], "--paper"),
    "among the pages": (["--badge", "knots", "-o", "{root}/content/pages/slips.html"], "would be published"),
    "into the site": (["--badge", "knots", "-o", "{root}/site/slips.html"], "would be published"),
    "over a file": (["--badge", "knots", "-o", "{root}/mkdocs.yml"], "is there already"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is(name: str, issued: Path) -> None:
    arguments, words = WRONG[name]
    config = (issued / "mkdocs.yml").read_bytes()
    result = run(issued, *(argument.replace("{root}", str(issued)) for argument in arguments))
    assert (result.exit_code, result.stdout) == (2, "") and words in result.stderr, result.output
    assert (issued / "mkdocs.yml").read_bytes() == config and not (issued / "content/pages/slips.html").exists()


def test_a_sheet_is_written_to_a_new_file_with_letters_of_every_script(issued: Path, tmp_path: Path) -> None:
    result = run(issued, "--badge", "knots", "-o", str(tmp_path / "slips.html"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "13 slips; print at 100 %, without headers and footers\n"
    assert all(f"<bdi>{name}</bdi>" in (tmp_path / "slips.html").read_text("utf-8") for name in NAMES)


def test_nothing_runs_over_on_paper(issued: Path, tmp_path: Path) -> None:
    checked = check_repository(issued)
    links = learner_links(checked)
    with chromium({}) as browser:
        for paper, (_, width_mm, height_mm) in PAPERS.items():
            for per_page in (6, 8):
                for own_links in (False, True):
                    file = tmp_path / "slips.html"
                    file.write_bytes(sheet_page(checked, links, paper=paper, per_page=per_page, own_links=own_links))
                    page = browser.new_page(viewport={"width": 1000, "height": 1000})
                    page.goto(file.as_uri())
                    page.emulate_media(media="print")
                    over = page.evaluate(
                        "() => [...document.querySelectorAll('.slip')].filter((slip) =>"
                        " slip.scrollHeight > slip.clientHeight + 1 || slip.scrollWidth > slip.clientWidth + 1).length"
                    )
                    box = page.evaluate(
                        "() => { const box = document.querySelector('.sheet').getBoundingClientRect();"
                        " return [box.width, box.height]; }"
                    )
                    pdf = page.pdf(prefer_css_page_size=True)
                    page.close()
                    where = f"{paper}, {per_page}, own links: {own_links}"
                    assert over == 0, where
                    assert box[0] <= width_mm * 96 / 25.4 + 0.5 and box[1] <= height_mm * 96 / 25.4, where
                    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == -(-len(links) // per_page), where


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Ada Lovelace", "large"),
        ("สุนทรภู่ (พระสุนทรโวหาร)", "middle"),
        ("Αἰκατερίνη Παπαδοπούλου", "middle"),
        ("Philippus Aureolus Theophrastus Bombastus von Hohenheim", "small"),
        ("W" * 20, "smallest"),
        ("Ada " * 20, "smallest"),
    ],
)
def test_a_name_is_set_as_large_as_its_longest_word_allows(name: str, size: str, issued: Path) -> None:
    checked = check_repository(issued)
    link = replace(learner_links(checked)[0], name=name)
    assert f'class="name {size}"' in sheet_page(checked, [link]).decode("utf-8")


def test_an_address_ends_a_line_only_between_its_steps(issued: Path) -> None:
    html = run(issued, "--record", f"{RECORDS}/one.yml").stdout
    code = html.partition("<code")[2].partition("</code>")[0].partition(">")[2]
    assert code.split("<wbr>")[:2] == [BASE, "c/"] and code.endswith("/<wbr>")
