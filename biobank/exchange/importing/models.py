"""Runs of imports, kept with their reports: what the desk and the command line both write."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

FILE_MOST: Final = 200
PLACE_MOST: Final = 200

#: The states of a run. `to_check` and `to_keep` wait for their turn; `waiting` for a decision.
STATES: Final = (
    "to_check",
    "checking",
    "waiting",
    "to_keep",
    "keeping",
    "done",
    "failed",
    "stopped",
)
#: States in which something is being done, or will be without anybody's doing.
RUNNING: Final = ("to_check", "checking", "to_keep", "keeping")
#: Those in which something is being done right now.
BEGUN: Final = ("checking", "keeping")
#: What a line of a report may be.
LINE_KINDS: Final = ("refusal", "notice", "duplicate", "trouble")


class ImportRun(Base):
    """One file that was brought in, or is to be: its counts, and who did it when.

    Only checked, as long as it is `waiting`: then its counts tell what would happen.
    """

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The file's own name, by which lines without an id are found again.
    file: Mapped[str] = mapped_column(String(FILE_MOST))
    format: Mapped[str] = mapped_column(String(40))
    #: Of the file's content; empty where it came from a stream or a folder.
    sha256: Mapped[str] = mapped_column(String(64), default="")
    #: The name of the mapping file, where there was one.
    mapping: Mapped[str] = mapped_column(String(FILE_MOST), default="")
    #: How the uploaded file is called in its folder; empty once it is gone.
    kept_as: Mapped[str] = mapped_column(String(60), default="")
    publish: Mapped[bool] = mapped_column(default=False)
    at_desk: Mapped[bool] = mapped_column(default=False)
    author: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), index=True)
    #: What is being done, how much of it is done, of how much if that is known.
    step: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    #: Of those changed, how many were joined with what editors wrote.
    joined: Mapped[int] = mapped_column(default=0)
    brought: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    #: Reference records that came with it, by the name of their kind.
    brought_kinds: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seconds: Mapped[float] = mapped_column(default=0.0)
    #: Why it failed, in English; for the pages it is a line of the report too.
    trouble: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportLine(Base):
    """A line of a run's report: something refused, a notice, two that may be one person, or why the
    whole run failed.
    """

    __tablename__ = "import_lines"
    __table_args__ = (Index(None, "run_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"))
    #: One of LINE_KINDS.
    kind: Mapped[str] = mapped_column(String(12))
    #: Where in the file: `line 3`.
    place: Mapped[str] = mapped_column(String(PLACE_MOST))
    person_id: Mapped[str] = mapped_column(String(120), default="")
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
