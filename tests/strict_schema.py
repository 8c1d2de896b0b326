"""The strict JSON Schema of Open Badges 3.0, with the formats that it names: jsonschema alone knows but some of them."""

from __future__ import annotations

import re
from datetime import datetime

from jsonschema import Draft201909Validator, FormatChecker

from tests.vector_files import read_json_vector

_FORMATS = FormatChecker()
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*", re.ASCII)


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or bool(_DATE_TIME.fullmatch(value) and datetime.fromisoformat(value))


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(_URI.fullmatch(value))


_VALIDATOR = Draft201909Validator(
    read_json_vector("schemas/ob3-strict/ob_v3p0_achievementcredential_schema.json"), format_checker=_FORMATS
)


def schema_errors(document: object) -> list[str]:
    """What the schema finds wrong with a credential."""
    return [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(document)]
