from pathlib import Path

from desk import chat_tables
from desk.register import LIFETIMES, entries, personal_columns
from gateway import models as gateway
from knowledge import models as knowledge

METADATA = gateway.Conversation.metadata
ROOT = Path(__file__).resolve().parents[2]


def test_every_column_is_classed() -> None:
    assert knowledge.Answer.metadata is METADATA
    assert [f"{entry.table}.{entry.column}" for entry in entries(METADATA) if entry.personal is None] == []


def test_every_table_is_listed() -> None:
    assert {entry.table for entry in entries(METADATA)} == set(METADATA.tables)


def test_every_table_with_personal_columns_has_a_lifetime() -> None:
    assert set(personal_columns(METADATA)) == set(LIFETIMES)


def test_knowledge_is_not_personal() -> None:
    ours = {mapper.class_.__tablename__ for mapper in knowledge.Answer.registry.mappers if mapper.class_.__module__ == knowledge.__name__}
    assert ours
    assert not ours & set(personal_columns(METADATA))


def test_desk_knows_the_columns_of_the_gateway() -> None:
    for table in chat_tables.ALL:
        real = METADATA.tables[table.name].columns
        for column in table.columns:
            assert isinstance(real[column.name].type, type(column.type)), f"{table.name}.{column.name}"


def test_desk_knows_every_personal_column_of_the_gateway_that_is_exported() -> None:
    known = {table.name: set(table.columns.keys()) for table in chat_tables.ALL}
    deleted_with_the_row = {"token_hash", "contact_card", "buttons", "assumed", "title", "payload"}
    missing = {
        f"{table}.{column}"
        for table, columns in personal_columns(METADATA).items()
        if table in known
        for column in columns
        if column not in known[table] | deleted_with_the_row
    }
    assert missing == set()


def test_every_personal_column_is_documented() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text()
    for table, columns in personal_columns(METADATA).items():
        for column in columns:
            assert f"`{table}.{column}`" in page, f"{table}.{column}"
