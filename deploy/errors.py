"""Errors of the deploy package. Each text says what to do.

DeployError
├── BackupKeyInvalid   FRONTDESK_BACKUP_KEY is missing, or is no key
├── BackupFailed       the database could not be copied
├── ArchiveDamaged     a backup is cut off, changed, or belongs to another key
└── RestoreRefused     something is in the way; nothing was changed
"""


class DeployError(Exception):
    """Root of everything that `deploy` raises."""


class BackupKeyInvalid(DeployError):
    """FRONTDESK_BACKUP_KEY is missing or no key; its text never repeats it."""

    def __str__(self) -> str:
        return "FRONTDESK_BACKUP_KEY must hold 32 bytes in base 64. `openssl rand -base64 32` makes one (docs/running.md, Backup)."


class BackupFailed(DeployError):
    """The database could not be copied."""


class ArchiveDamaged(DeployError):
    """A backup cannot be opened."""

    def __str__(self) -> str:
        return "This backup cannot be opened: it is cut off or changed, or FRONTDESK_BACKUP_KEY is not the key it was made with."


class RestoreRefused(DeployError):
    """Something is in the way; nothing was changed."""
