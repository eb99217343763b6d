"""The tables of keys: every field of a record can be corrected, and each key tells editors what it is."""

from __future__ import annotations

import msgspec

from sitegen import keys
from sitegen.model import Override, Paper


def test_every_field_of_a_record_can_be_corrected_but_those_that_only_the_program_writes() -> None:
    fields = {field.name for field in msgspec.structs.fields(Paper)}
    assert fields - set(keys.CORRECTIONS) == {"slug", "enriched", "sources", "extra"}


def test_no_correction_takes_the_name_of_a_rule() -> None:
    assert not set(keys.CORRECTIONS) & {field.name for field in msgspec.structs.fields(Override)}


def test_every_key_says_what_it_is() -> None:
    for table in (keys.SITE, keys.GROUP, keys.TOPIC, keys.OVERRIDE, keys.WORDS):
        assert all(reader.schema["description"].endswith((".", ")")) for reader in table.values())
