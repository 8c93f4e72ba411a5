"""Import runs with their reports, written by the desk and the command line."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

MAX_RUN_FILENAME_CHARS: Final = 200
MAX_LINE_PLACE_CHARS: Final = 200

#: States of a run. `to_check` and `to_keep` are queued; `waiting` waits for a decision.
RUN_STATES: Final = ("to_check", "checking", "waiting", "to_keep", "keeping", "done", "failed", "stopped")
#: States in which the run is queued or being processed.
PENDING_STATES: Final = ("to_check", "checking", "to_keep", "keeping")
#: States in which the run is being processed.
ACTIVE_STATES: Final = ("checking", "keeping")
#: Kinds of report lines.
REPORT_LINE_KINDS: Final = ("refusal", "notice", "duplicate", "trouble")


class ImportRun(Base):
    """A file that was or will be imported: its counts, its author and its timestamps.

    While it is `waiting`, the file was only checked and the counts say what would happen.
    """

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The name of the file, by which records without an id are found again.
    file: Mapped[str] = mapped_column(String(MAX_RUN_FILENAME_CHARS))
    format: Mapped[str] = mapped_column(String(40))
    #: Hash of the content; empty for a stream or a folder.
    sha256: Mapped[str] = mapped_column(String(64), default="")
    #: The name of the mapping file, if any.
    mapping: Mapped[str] = mapped_column(String(MAX_RUN_FILENAME_CHARS), default="")
    #: The name of the file in the upload folder; empty once it was removed.
    kept_as: Mapped[str] = mapped_column(String(60), default="")
    publish: Mapped[bool] = mapped_column(default=False)
    at_desk: Mapped[bool] = mapped_column(default=False)
    author: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), index=True)
    #: The current step, the number done, and the total if known.
    step: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    #: The number of changed people that were merged with edits made here.
    joined: Mapped[int] = mapped_column(default=0)
    brought: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    #: Numbers of bundled reference records, by the name of their kind.
    brought_kinds: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seconds: Mapped[float] = mapped_column(default=0.0)
    #: Why the run failed, in English; the same is stored as a report line for the pages.
    trouble: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportLine(Base):
    """A line of a run's report: a refusal, notice, possible duplicate or reason of a failure."""

    __tablename__ = "import_lines"
    __table_args__ = (Index(None, "run_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"))
    #: One of REPORT_LINE_KINDS.
    kind: Mapped[str] = mapped_column(String(12))
    #: The position in the file: `line 3`.
    place: Mapped[str] = mapped_column(String(MAX_LINE_PLACE_CHARS))
    person_id: Mapped[str] = mapped_column(String(120), default="")
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
