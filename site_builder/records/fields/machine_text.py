"""What programs write where they had nothing to write, or wrote wrongly: it is no name of anybody, and nothing to be signed.

What could be somebody's name is never refused here: people are called Null, True, Nan and X Æ A-12."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_misread", "may_say_nothing", "not_a_name", "says_nothing", "unfilled_piece"]

# Errors of spreadsheets, in English, German, French, Spanish, Italian, Dutch, Portuguese and Russian.
_SHEET_ERROR = re.compile(
    r"#(?:(?:N/A|N/D|N/B|NV|Н/Д|GETTING_DATA)(?!\w)|(?:NAME|NOM|¿NOMBRE|NOME|NAAM|ИМЯ)\?"
    r"|(?:REF|BEZUG|¡REF|RIF|VERW|ССЫЛКА|VALUE|WERT|VALEUR|¡VALOR|VALOR|VALORE|WAARDE|ЗНАЧ|NUM|ZAHL|NOMBRE|¡NUM|GETAL|NÚM|ЧИСЛО"
    r"|NULL|NUL|NULO|DIV/0|¡DIV/0|DEEL/0|SPILL|CALC|FIELD|BLOCKED|UNKNOWN|CONNECT|BUSY|EXTERNAL|ERROR)!)"
)
# Fields of templates: mail merge, Mustache and Jinja, shells, ASP and EJS, Mailchimp, Python, Moodle's filter for languages.
_TEMPLATE_FIELD = re.compile(
    r"<<\w[^<>\n]{0,80}>>|\{\{[^{}\n]{1,80}\}\}|\$\{[^{}\n]{1,80}\}|\{%[^%\n]{1,80}%\}|<%[^%\n]{1,80}%>|\*\|[^|\n]{1,80}\|\*"
    r"|%\(\w{1,80}\)s|\{mlang\b[^{}\n]{0,80}\}|\[object \w{1,40}\]"
)
_FIELD_IN_A_LINE = re.compile(r"%[A-Z][A-Z0-9_]{2,60}%|\{[A-Za-z_][\w .:-]{0,80}\}|\[\[[^\[\]]{1,80}\]\]|@@\w{1,80}@@")
# Brackets around the whole.
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|«[^«»]*»|<{1,2}[^<>]*>{1,2}|\{[^{}]*\}|__\w+__|\$\w+|%\w+%|@\w+@")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_CODES = re.compile(
    r"%[0-9A-Fa-f]{2}|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|N\b|[nrt])|(?:=[0-9A-F]{2}){2}|=\?[\w-]{1,40}\?[BbQq]\?"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_APOSTROPHES = "‘’‚‛“”„´¨–—·"
_WORD_FOR_WORD = re.compile(r"```.*?```|`[^`\n]*`|“[^“”\n]*”", re.DOTALL)

# Just as programs spell it; a name begins with a capital letter and goes on in small ones.
_SAYS_NOTHING = {"null", "NULL", "none", "None", "NONE", "nan", "NaN", "NaT", "undefined", "Undefined", "UNDEFINED"}
_NO_NAME = _SAYS_NOTHING | set("unknown UNKNOWN tbc TBC tbd TBD tba TBA true TRUE false FALSE False".split())
# In any spelling: remarks, and the words at the head of a column.
_NO_NAMES = set(
    "not available|not applicable|not given|not provided|not known|not set|no name|no data|no value|name missing|unknown user|"
    "unknown name|deleted user|to be confirmed|to be announced|to be decided|to be determined|first name|last name|full name|"
    "firstname|lastname|fullname|first name last name|firstname lastname|first last|your name|recipient name|student name|"
    "learner name|participant name|vorname nachname|prénom nom|nombre apellido|nome cognome|voornaam achternaam|name surname".split(
        "|"
    )
)
_MAY_BE_NONE = set(
    "null nil none unknown anonymous nobody noname tbc tbd tba true test tester testing dummy demo example sample student learner "
    "participant recipient user guest admin name empty blank missing void xxx asdf".split()
)


def unfilled_piece(text: str, *, is_markdown: bool = False, is_name: bool = False) -> str:
    """What a text holds that a person would have filled in, in words; "" for most. What is quoted is meant as it is, but in a name."""
    text = text if is_name else _WORD_FOR_WORD.sub("", text)
    if _SHEET_ERROR.search(text):
        return "a spreadsheet's error"
    if _TEMPLATE_FIELD.search(text) or (not is_markdown and _FIELD_IN_A_LINE.search(text)):
        return "a field of a template that was not filled in"
    return ""


def says_nothing(text: str) -> bool:
    """Whether a text is a program's word for no value, as it spells it; None is left out, which may be the value of a result."""
    return text in _SAYS_NOTHING - {"none", "None", "NONE"} or text in ("~", "<NA>", "(null)", "[null]")


def not_a_name(name: str) -> str:
    """Why nobody has this name, in words; "" for every name that somebody could have."""
    # Full-width signs and the like as their plain forms.
    plain = unicodedata.normalize("NFKC", name).strip()
    if not any(unicodedata.category(letter).startswith("L") for letter in plain):
        return "it has no letter in it"
    found = unfilled_piece(plain, is_name=True)
    if found or plain.startswith(("#", "=")):
        return f"it is {found or 'what a spreadsheet calculates, or an error of it'}"
    if _TAG.search(plain) or _ENTITY.search(plain) or _CODES.search(plain):
        return "it has codes in it in place of letters, such as &euml;, %C3%AB or <b>"
    if is_misread(name, surely=True):
        return "its accented letters were read in the wrong encoding (Ã© for é)"
    if _BRACKETED.fullmatch(plain):
        return "it is a field or a remark between brackets"
    return "it is a word for a name that is not known" if _is_no_name(plain) else ""


def _words(name: str) -> list[str]:
    return [bare for word in name.split() if (bare := word.strip(".,;:!…"))]


def _is_no_name(plain: str) -> bool:
    words = _words(plain)
    folded = " ".join(re.split(r"[\s_.-]+", plain.casefold().strip(" .")))
    if folded in _NO_NAMES or all(word in _NO_NAME for word in words):
        return True
    return any(word.casefold() in ("n/a", "undefined") or word == "NaN" for word in words)


def may_say_nothing(name: str) -> bool:
    """Whether a name may be a word for a name that is not known, or was written as a test; somebody may be called so."""
    words = _words(name)
    if all(word.casefold() in _MAY_BE_NONE or word.isdigit() for word in words):
        return True
    return name in ("NA", "NAN", "nil", "NIL") or any(word in ("null", "none", "None") for word in words)


def is_misread(name: str, *, surely: bool = False) -> bool:
    """Whether letters beyond ASCII are the bytes of UTF-8, each read as a letter of Windows-1252 or Latin-1.

    surely: with a sign among them that no name has. Åž alone may be meant, Ã« cannot be; in Ó’Brien the sign is an apostrophe."""
    runs = [run for run in _BEYOND_ASCII.findall(name) if _reads_as_utf8(run)]
    return any(map(_has_sign, runs)) if surely else bool(runs)


def _has_sign(run: str) -> bool:
    signs = [letter for letter in run if letter in "ªºµ" or unicodedata.category(letter)[0] not in "LM"]
    return bool(signs) and (run.startswith("Ã") or not set(signs) <= set(_APOSTROPHES))


def _reads_as_utf8(run: str) -> bool:
    try:
        return len(b"".join(map(_byte, run)).decode("utf-8")) < len(run)
    except UnicodeError:
        return False


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # the five bytes that Windows-1252 leaves free
