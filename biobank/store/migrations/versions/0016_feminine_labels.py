"""Labels of terms for women."""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"


def upgrade() -> None:
    op.add_column("terms", sa.Column("feminine", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("terms", "feminine")
