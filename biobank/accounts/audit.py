"""Audit log: one row per action, written in the transaction of the change."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts import audit_chain
from biobank.accounts.identity import Identity
from biobank.accounts.models import AuditEvent, User
from biobank.common.clock import now


def record(
    session: Session, actor: Identity, action: str, subject: User | None = None, **detail: Any
) -> None:
    """Record that `actor` performed `action` on the account of `subject`.

    `detail` must not contain secrets.
    """
    audit_chain.add(
        session,
        AuditEvent(
            at=now(),
            what=action,
            actor_id=actor.user_id,
            actor=actor.email or actor.name,
            kind="account",
            subject_id=subject.id if subject else None,
            subject=subject.email if subject else "",
            address=actor.ip_address[:64],
            detail=detail,
        ),
    )


def record_for(
    session: Session, actor: Identity, action: str, kind: str, subject: str, **detail: Any
) -> None:
    """Record that `actor` performed `action` on a non-account object, e.g. a person, by its id."""
    audit_chain.add(
        session,
        AuditEvent(
            at=now(),
            what=action,
            actor_id=actor.user_id,
            actor=actor.email or actor.name,
            kind=kind,
            subject=subject,
            address=actor.ip_address[:64],
            detail=detail,
        ),
    )


def record_self(session: Session, actor: Identity, action: str, user: User, **detail: Any) -> None:
    """Record an action of an anonymous actor who has just been identified as `user`."""
    actor = replace(actor, user_id=user.id, email=user.email)
    record(session, actor, action, user, **detail)
