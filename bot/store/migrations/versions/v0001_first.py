"""The first schema."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PERSON = ("person_platform", "person_scope", "person_id")
PLACE = ("place_platform", "place_scope", "place_channel", "place_thread")


def _texts(*names: str) -> Iterable[sa.Column[str]]:
    return (sa.Column(name, sa.String, nullable=False) for name in names)


def _moment(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _of_debate(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_debate_id_debate"
    return sa.ForeignKeyConstraint(["debate_id"], ["debate.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table("deck", *_texts("sha", "id", "json"), _key("deck", "sha"))
    op.create_table("board", *_texts(*PERSON, "name"), _key("board", *PERSON))
    op.create_table("setting", *_texts("scope", "name", "value"), _key("setting", "scope", "name"))
    op.create_table("tombstone", *_texts("hmac"), _key("tombstone", "hmac"))
    _debate()
    _entry()
    _inbox()
    _result()


def _debate() -> None:
    op.create_table(
        "debate",
        sa.Column("id", sa.Integer, nullable=False),
        *_texts("deck_id", "deck_sha", *PERSON, *PLACE, "side", "level"),
        _moment("opened_at"),
        _moment("ended_at", nullable=True),
        _key("debate", "id"),
        sa.ForeignKeyConstraint(["deck_sha"], ["deck.sha"], name="fk_debate_deck_sha_deck"),
        sqlite_autoincrement=True,
    )
    open_ = sa.text("ended_at IS NULL")
    op.create_index("uq_debate_open", "debate", [*PERSON, *PLACE], unique=True, sqlite_where=open_)
    op.create_index("ix_debate_person", "debate", [*PERSON])


def _entry() -> None:
    op.create_table(
        "entry",
        sa.Column("debate_id", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        *_texts("kind", "body"),
        _moment("at"),
        _key("entry", "debate_id", "seq"),
        _of_debate("entry"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("key", "kind"),
        sa.Column("debate_id", sa.Integer),
        sa.Column("first_seq", sa.Integer),
        sa.Column("last_seq", sa.Integer),
        *_texts("text"),
        sa.Column("erased", sa.Boolean, nullable=False),
        *_texts(*PERSON, *PLACE, "locale"),
        _moment("at"),
        _moment("answered_at", nullable=True),
        _moment("delivered_at", nullable=True),
        _key("inbox", "number"),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
        _of_debate("inbox"),
    )
    waiting = sa.text("delivered_at IS NULL")
    op.create_index("ix_inbox_unfinished", "inbox", ["number"], sqlite_where=waiting)
    op.create_index("ix_inbox_person", "inbox", [*PERSON])
    op.create_index("ix_inbox_debate_id", "inbox", ["debate_id"])


def _result() -> None:
    op.create_table(
        "result",
        sa.Column("debate_id", sa.Integer, nullable=False),
        *_texts("deck_id", "side", "level"),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("contested", sa.Float),
        sa.Column("complete", sa.Boolean, nullable=False),
        _moment("at"),
        _key("result", "debate_id"),
        _of_debate("result"),
    )


def downgrade() -> None:
    for table in ("result", "inbox", "entry", "debate", "tombstone", "setting", "board", "deck"):
        op.drop_table(table)
