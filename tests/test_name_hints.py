"""Names that are worth a second look before they are signed, and the many that are not."""

from __future__ import annotations

import pytest

from site_builder.records.load.award_files import read_record
from site_builder.records.load.name_hints import name_hint, name_hints

ODD = {
    "Lovelace, Ada": "begin with the last name",
    "du Châtelet, Émilie": "begin with the last name",
    "LOVELACE, ADA": "begin with the last name",
    "Ã‰milie du ChÃ¢telet": "wrong encoding",
    "GarcÃ­a": "wrong encoding",
    "JosÃ© Łukasz": "wrong encoding",
    "Ð¡Ð¾Ñ„ÑŒÑ\x8f": "wrong encoding",
    "Oâ€™Malley": "wrong encoding",
    "Garc?a": "question mark",
    "O&#39;Malley": "a code",
    "Smith &amp; Sons": "a code",
    "ADA LOVELACE": "all in capitals",
    "СОФЬЯ КОВАЛЕВСКАЯ": "all in capitals",
    "ada lovelace": "no capital letter",
    "Ada\u00a0Lovelace": "a space that is not the ordinary one",
    "Ada\u2003# looked at": "a sign that few names have",
}


@pytest.mark.parametrize("name", ODD)
def test_a_second_look_is_asked_for(name: str) -> None:
    assert ODD[name] in name_hint(name)


FINE = [
    "Ada Lovelace",
    "Émilie du Châtelet",
    "Martin Luther King, Jr.",
    "Ann Smith, PhD",
    "Philippus Aureolus Theophrastus Bombastus von Hohenheim, called Paracelsus",
    "O",
    "Bo",
    "JD",
    "JJ Ng",
    "d'Alembert Jean",
    "Υπατία η Αλεξανδρινή",
    "Софья Ковалевская",
    "შოთა რუსთაველი",
    "Մխիթար Հերացի",
    "ابن سينا",
    "張仲景",
    "山田\u3000太郎",
    "สุนทรภู่",
    "ወለተ ጴጥሮስ",
    "Hồ Xuân Hương",
    "Şerafeddin Sabuncuoğlu",
    "Ångström",
    "João Ñ",
    "Þorgerður Egilsdóttir",
    "Grace O’Malley",
]


@pytest.mark.parametrize("name", FINE)
def test_nothing_is_said_of(name: str) -> None:
    assert name_hint(name) == ""


def test_a_hint_names_file_and_line_and_never_the_name() -> None:
    record = "badge: knots\nawarded: 2026-05-14\nrecipients:\n  - {name: Ada Lovelace}\n  - {name: GRACE HOPPER}\n"
    rows = read_record(record.encode(), file="content/records/school/x.yml", issuer="school").rows
    assert name_hints(rows) == [
        "content/records/school/x.yml:5: look at this name: it is all in capitals; write it as it is to be read on the page"
    ]
