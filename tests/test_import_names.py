"""Names in reading order, and the tables of what each format calls a field."""

from __future__ import annotations

import pytest

from sitegen.ingest import fields, names
from sitegen.model import Paper


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Low, Ada", "Ada Low"),
        ("King, Martin Luther, Jr.", "Martin Luther King Jr."),
        ("King, Jr., Martin Luther", "Martin Luther King Jr."),
        ("Barnes, Inc.", "Barnes Inc."),
        ("Li, Xi", "Xi Li"),
        ("Ada Low", "Ada Low"),
        ("a, b, c, d", "a, b, c, d"),
        ("", ""),
    ],
)
def test_a_name_is_turned_into_reading_order(written: str, shown: str) -> None:
    assert names.turned(written) == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Low; Bo Chen", ["Ada Low", "Bo Chen"]),
        ("Low, Ada; Chen, Bo", ["Ada Low", "Bo Chen"]),
        ("Ada Low and Bo Chen", ["Ada Low", "Bo Chen"]),
        ("Ada Low, Bo Chen, and Wei Wang", ["Ada Low", "Bo Chen", "Wei Wang"]),
        ("Ada Low, Bo Chen & Wei Wang", ["Ada Low", "Bo Chen", "Wei Wang"]),
        ("Low, Ada and Chen, Bo", ["Ada Low", "Bo Chen"]),
        ("Wei Wang; Wei Wang", ["Wei Wang", "Wei Wang"]),
        ("Plato", ["Plato"]),
        ("; ,", []),
    ],
)
def test_names_in_one_text_are_parted(text: str, found: list[str]) -> None:
    assert names.listed(text) == found


@pytest.mark.parametrize("table", [fields.BIBTEX, fields.RIS, fields.CSL])
def test_the_tables_name_fields_of_a_record(table: dict[str, str]) -> None:
    beside = {"abstract", "id", "first_page", "last_page", "notes", "custom"}
    assert set(table.values()) <= {*Paper.__struct_fields__, *beside}


def test_every_kind_of_every_format_is_one_of_ours() -> None:
    for table in (fields.FROM_BIBTEX, fields.FROM_RIS, fields.FROM_CSL):
        assert set(table.values()) == set(fields.KINDS)
