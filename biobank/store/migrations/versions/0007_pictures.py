"""Stored pictures and the index of media URLs."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("licence", sa.String(length=100), nullable=False),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("alt", sa.JSON(), nullable=False),
        sa.Column("uploader", sa.String(length=200), nullable=False),
        sa.Column("uploader_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("sha", name=op.f("uq_pictures_sha")),
    )
    op.create_index(op.f("ix_pictures_uploader_id"), "pictures", ["uploader_id"])
    op.create_index(op.f("ix_pictures_at"), "pictures", ["at"])
    op.create_index(op.f("ix_media_url"), "media", ["url"])


def downgrade() -> None:
    op.drop_index(op.f("ix_media_url"), table_name="media")
    op.drop_table("pictures")
