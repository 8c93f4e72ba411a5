"""Expiry of API tokens. Tokens without one get the default lifetime, counted from the upgrade."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"

#: Lifetime of existing tokens, so that programs can be given new ones in time.
LIFETIME = timedelta(days=90)

TOKENS = sa.table("api_tokens", sa.column("expires_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.update(TOKENS).values(expires_at=datetime.now(UTC) + LIFETIME))
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.drop_column("api_tokens", "expires_at")
