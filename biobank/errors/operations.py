"""Errors of backup and restore."""

from biobank.errors.base import BiobankError


class BackupRefused(BiobankError):
    """A backup cannot be written, read or restored; the message says why and what to do."""

    code = "backup_refused"
