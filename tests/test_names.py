"""Names as people write them, in the scripts of the world, and text that may not be published."""

from __future__ import annotations

import unicodedata

import pytest
from pydantic import ValidationError

from site_builder.records.models.award import AwardRow

# Common given names, names of places, invented people and people long dead. One line a script; names are separated by " | ".
NAMES = {
    "Latin": "Ada Lovelace | Émilie du Châtelet | Søren Ørsted | Łukasz Wiśniewski | Jürgen Groß | Þóra Ægisdóttir | Iñaki Núñez | "
    "Ōta Nampo | Müller-Lüdenscheidt | Zoë van ’t Hoff | Niamh Ní Bhriain | O'Neill Sørina | Ng | Ștefan Țepeș | Dvořák Šárka | "
    "Gülşah Yıldız İnci | Ħal Għarb | Ơn | ǃXóõ Dawid | Ƙofar Mata Ɗan",
    "Latin, Vietnamese": "Nguyễn Thị Minh Khai | Trần Hưng Đạo | Hồ Xuân Hương | Đoàn Thị Điểm | Phạm Ngũ Lão | Lê Quý Đôn",
    "Latin, Yoruba and Igbo": "Ọláìyá Adébọ̀wálé | Ṣẹ́gun Ọmọ́tọ́lá | Nnámdì Àzịkíwè | Ẹfúnṣetán Aníwúrà",
    "Latin, Navajo": "Hastiin Tłʼa | Asdzą́ą́ Nádleehé",
    "Greek": "Ὑπατία Θέωνος | Ελένη Παπαδοπούλου | Ἀριστοτέλης | Σαπφώ | ᾍδης",
    "Cyrillic": "Софья Ковалевская | Олександр Гаврилюк | Ђорђе Ћирић | Ґалаґан Їжакевич | Ҳасан Ғафуров | Өтеген Әлиұлы | Љубица Џорџ",
    "Armenian": "Անի Հակոբյան | Մեսրոպ Մաշտոց | Սայաթ-Նովա",
    "Georgian": "შოთა რუსთაველი | თამარ | ნინო ჭავჭავაძე",
    "Hebrew": "רות לוי | משה בן מימון | שָׂרָה | בְּרֵאשִׁית יִצְחָק | ג׳ורג׳ אורוול | דְּבוֹרָה הַנְּבִיאָה",
    "Yiddish": "שלום־עליכם | מענדעלע מוכר־ספֿרים | יִצחק לייבוש פּרץ",
    "Arabic": "فاطمة الفهرية | مُحَمَّد ابن رشد | عبد الله | لُبْنَى القُرْطُبِيَّة | أبو بكر الرَّازِيّ",
    "Persian": "علی‌رضا | حسن‌زاده | مهدی‌پور | پروین اعتصامی | گلی‌پور | سیفُ‌الدین",
    "Urdu": "میر تقی میرؔ | مرزا غالب | قرۃ العین",
    "Uyghur": "مەھمۇد قەشقىرى | يۈسۈپ خاس ھاجىپ",
    "Pashto and Kurdish": "خوشال خټک | ئەحمەدی خانی | نالی",
    "Syriac": "ܐܦܪܝܡ ܣܘܪܝܝܐ | ܡܪܝܡ",
    "Thaana": "އާދަމް | މަރިޔަމް",
    "N'Ko": "ߛߎߟߋߡߊ߫ ߞߊ߲ߕߍ߫ | ߝߊ߯ߕߎߡߊ߫",
    "Adlam": "𞤀𞤣𞤢𞤥𞤢 | 𞤊𞤢𞥄𞤼𞤭𞤥𞤢",
    "Devanagari": "लक्ष्मीबाई | कृष्ण प्रसाद | श्रीनिवास | आर्यभट | सर्‍हाटे | ज़ोहरा फ़ातिमा | र्‍याबाई | मीराबाई",
    "Bengali": "রবীন্দ্রনাথ | র‍্যাচেল | মাইকেল মধুসূদন দত্ত | উৎপল | কাজী নজরুল",
    "Assamese": "লক্ষ্মীনাথ বেজবৰুৱা | মাধৱদেৱ",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਕੌਰ | ਹਰਸਿਮਰਤ ਸਿੰਘ | ਬੁੱਲ੍ਹੇ ਸ਼ਾਹ",
    "Gujarati": "નરસિંહ મહેતા | ગંગાસતી | શ્રદ્ધા",
    "Odia": "ସାରଳା ଦାସ | କୃଷ୍ଣପ୍ରିୟା",
    "Tamil": "ஔவையார் | திருவள்ளுவர் | ஸ்ரீராம் | க்ஷேத்ரா",
    "Telugu": "అన్నమయ్య | శ్రీనాథుడు | కృష్ణమూర్తి | రాజ్‌కుమార్",
    "Kannada": "ಅಕ್ಕಮಹಾದೇವಿ | ಪುರಂದರದಾಸ | ಸೂರ‍್ಯ | ರಾಜ್‌ಕುಮಾರ್",
    "Malayalam": "എഴുത്തച്ഛൻ | ശ്രീദേവി | ഉണ്ണിക്കൃഷ്ണൻ | ലക്ഷ്മി | രാജന്‍ | സാല്‍മ",
    "Sinhala": "ශ්‍රී ජයවර්ධන | චන්ද්‍රිකා | ක්‍රිෂාන්ති | ප්‍රේමදාස | කුමාරතුංග",
    "Thai": "สุนทรภู่ | น้ำฝน | ศรีปราชญ์ | พุ่มพวง ดวงจันทร์ | เจ๊กฮวด | ณัฏฐ์",
    "Lao": "ສຸລິຍະວົງສາ | ນາງຄຳ | ບຸນມີ ພູມສະຫວັນ",
    "Khmer": "ស្រីទេព | ជ័យវរ្ម័ន | ឥន្ទ្រទេវី | សុខា ច័ន្ទ | ក្រមង៉ុយ",
    "Burmese": "အောင်ဆန်း | ခင်မျိုးချစ် | မြွှေ | ရွှေဝါ | လွှိုင် | ညွှန့်",
    "Shan and Mon": "ၸဝ်ႈသိူဝ်ႇ | ဗညားဒလ",
    "Tibetan": "བསྟན་འཛིན་རྒྱ་མཚོ | ཨོཾ་རྒྱལ | ཧཱུྃ་ཀར | རྡོ་རྗེ | སྒྲོལ་མ | བསྒྲུབས",
    "Mongolian": "ᠰᠠᠷ᠎ᠠ | ᠴᠢᠩᠭᠢᠰ | ᠨᠠᠷ᠎ᠠ | ᠭᠠ᠋ᠳᠠ",
    "Ethiopic": "አበበ ቢቂላ | ዘርዐ ያዕቆብ | ወለተ ጴጥሮስ | ጣይቱ ብጡል",
    "Cherokee": "ᏍᏏᏉᏯ | ᎠᏥᎳ | ꮳꮃꭹ",
    "Canadian syllabics": "ᐃᓄᒃ ᐱᑕᓯᐅᓛᖅ | ᓄᓇᕗᑦ | ᐱᓯᒻ",
    "Tifinagh": "ⴷⵉⵀⵢⴰ | ⵎⴰⵙⵉⵏⵉⵙⵙⴰ | ⵜⵉⵏ ⵀⵉⵏⴰⵏ",
    "Vai and Bamum": "ꕢꕝꕯ ꔀꕮ | ꛀꛣꛦ",
    "Hangul": "김만덕 | 허난설헌 | 세종대왕 | 홍길동 | 황진이 | 뷁",
    "Han, Chinese": "李清照 | 歐陽脩 | 司马迁 | 王貞儀 | 尼瑪·扎西 | 𠮷野 | 㐂子 | 𨨏明",
    "Han and kana, Japanese": "紫式部 | 清少納言 | 𠮷田 花子 | 渡邉 太郎 | 髙橋 一 | 葛󠄀城 | 辻󠄀 みどり | ヴィオラ・ガルシア | たいら の まさこ | ｶﾞｲ",
    "Bopomofo and Yi": "ㄌㄧˇ ㄅㄞˊ | ꀉꀊꀋ",
    "Javanese and Balinese": "ꦱꦸꦭ꧀ꦠꦤ꧀ ꦲꦒꦸꦁ | ꦂꦴꦗ | ᬤᬾᬯ ᬅᬕᬸᬂ",
    "Sundanese and Batak": "ᮕᮏᮏᮛᮔ᮪ | ᯅᯖᯂ᯲",
    "Tagalog and Cham": "ᜋᜎᜌ | ꨣꨯꨮꩃ",
    "Ol Chiki, Meetei and Lepcha": "ᱨᱟᱹᱜᱷᱩᱱᱟᱛᱷ | ꯀꯨꯃꯥꯔ | ᰛᰩᰵ",
    "Osage and Deseret": "𐓏𐒰𐓓𐒰𐓓𐒷 | 𐐖𐐬𐑌",
    "Gothic and Runic": "𐍅𐌿𐌻𐍆𐌹𐌻𐌰 | ᚺᚨᚱᚨᛚᛞ",
    "Coptic": "ⲡⲁϩⲱⲙ | ⲙⲁⲣⲓⲁ",
    "Chakma and Hmong": "𑄌𑄋𑄴𑄟𑄳𑄦 | 𞄀𞄩𞄰",
    "Signs within names": "Anne-Marie | D’Arcy | Jean (Hans) | J. R. R. | Smith & Sons | 3rd Cohort | R2-D2 | José “Pepe” | Œdipe | ﬁona",
}  # fmt: skip
ALL_NAMES = [(script, name) for script, names in NAMES.items() for name in names.split(" | ")]

# Each is put between two parts of a name, and behind it: what nobody sees, what turns text round, what is lost or has no meaning.
FORBIDDEN_ANYWHERE = [
    *range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85), *range(0x86, 0xA0), 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5,
    0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x2800, 0x3164, 0xFEFF, 0xFFA0,
    0xFFF9, 0xFFFA, 0xFFFB, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0xFDD0, 0xFDEF, 0xE000, 0xF8FF, 0xF0000, 0xFFFFE, 0x100000, 0x10FFFF,
    0x1D173, 0x1D17A, 0xE0001, 0xE0020, 0xE0041, 0xE007F, 0xE0100, 0xE01EF, 0xE01F0,
]  # fmt: skip
BAD_NAMES = [
    "",
    " ",
    "\u3000",
    "\u00a0\u2003",
    "Ada\nLovelace",
    "Ada\tLovelace",
    "Ada\u2028Lovelace",
    "Ada\u2029Lovelace",
    "Ada\x85Lovelace",
    "\ud800Ada",
    "Ada\udfff",
    "\u202eecalevoL adA",
    "A" * 301,
    "e" + "\u0301\u0300" * 5,
    "Z" + "\u0335\u0321\u0316\u0317\u0318\u0319" * 3,
    "ก" + "\u0e47" * 8,
    "ka" + "\u093c\u0941" * 5,
    "a" + "\u20dd" * 5,
    "\u200cعلی",
    "عل\u200dی",
    "علی\u200c",
    "علی\u200cAda",
    "क\u200dष",
    "र\u200dAda",
    "ᠰᠠᠷ\u180e",
    "Ada\U000e0100",
    "葛\U000e0100\U000e0101城",
    "👩\u200d🚀",
]


def _award(name: str) -> AwardRow:
    return AwardRow.model_validate({"badge": "knots", "awarded": "2026-05-14", "name": name})


@pytest.mark.parametrize(("script", "name"), ALL_NAMES)
def test_a_name_is_kept_as_it_is_written(script: str, name: str) -> None:
    assert _award(name).name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("script", "name"), ALL_NAMES)
def test_a_decomposed_name_is_the_same_name(script: str, name: str) -> None:
    assert _award(unicodedata.normalize("NFD", name)).name == unicodedata.normalize("NFC", name)


def test_there_are_names_enough() -> None:
    assert len(set(ALL_NAMES)) >= 200
    assert len(NAMES) >= 40


@pytest.mark.parametrize("number", FORBIDDEN_ANYWHERE, ids=lambda number: f"U+{number:04X}")
def test_a_hidden_character_is_refused(number: int) -> None:
    for name in (f"Ada{chr(number)}Lovelace", f"Ada Lovelace {chr(number)}x"):
        with pytest.raises(ValidationError) as refused:
            _award(name)
        assert _code(refused.value) == "REC007"
        assert f"U+{number:04X}" in _what(refused.value)


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _award(name)
    assert _code(refused.value) in ("REC003", "REC007", "REC009")


def _code(error: ValidationError) -> str:
    return str(error.errors()[0]["ctx"]["code"])


def _what(error: ValidationError) -> str:
    return str(error.errors()[0]["ctx"]["what"])
