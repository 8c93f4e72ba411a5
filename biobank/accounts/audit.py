"""Audit log: one row per action, written in the transaction of the change."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts import audit_chain
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User


def note(
    session: Session, who: Identity, what: str, subject: User | None = None, **detail: Any
) -> None:
    """Record that `actor` performed `action` on the account of `subject`.

    `detail` must not contain secrets.
    """
    audit_chain.add(
        session,
        AuditEvent(
            at=now(),
            what=what,
            actor_id=who.user_id,
            actor=who.email or who.name,
            kind="account",
            subject_id=subject.id if subject else None,
            subject=subject.email if subject else "",
            address=who.address[:64],
            detail=detail,
        ),
    )


def note_about(
    session: Session, who: Identity, what: str, kind: str, subject: str, **detail: Any
) -> None:
    """Record that `actor` performed `action` on a non-account object, e.g. a person, by its id."""
    audit_chain.add(
        session,
        AuditEvent(
            at=now(),
            what=what,
            actor_id=who.user_id,
            actor=who.email or who.name,
            kind=kind,
            subject=subject,
            address=who.address[:64],
            detail=detail,
        ),
    )


def note_own(session: Session, who: Identity, what: str, user: User, **detail: Any) -> None:
    """Record an action of an anonymous actor who has just been identified as `user`."""
    who = replace(who, user_id=user.id, email=user.email)
    note(session, who, what, user, **detail)
