"""Import runs with their reports and the revisions they created."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"

COUNTS = ("done", "new", "changed", "same", "refused", "joined", "brought", "duplicates")


def upgrade() -> None:
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.String(length=200), nullable=False),
        sa.Column("kept_as", sa.String(length=60), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("at_desk", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("brought_kinds", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_index(op.f("ix_import_runs_state"), "import_runs", ["state"])
    op.create_table(
        "import_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=120), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name=op.f("fk_import_lines_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_lines")),
    )
    op.create_index(op.f("ix_import_lines_run_id_kind"), "import_lines", ["run_id", "kind"])
    with op.batch_alter_table("revisions") as revisions:
        revisions.add_column(sa.Column("import_run", sa.Integer(), nullable=True))
        revisions.create_index(op.f("ix_revisions_import_run"), ["import_run"])
    # Older imports are known only by the revision message; run 0 stands for an unknown run.
    op.execute("UPDATE revisions SET import_run = 0 WHERE author_id IS NULL AND message LIKE 'import of %'")


def downgrade() -> None:
    with op.batch_alter_table("revisions") as revisions:
        revisions.drop_index(op.f("ix_revisions_import_run"))
        revisions.drop_column("import_run")
    op.drop_table("import_lines")
    op.drop_table("import_runs")
