"""Errors of the desk package. The text of each is fit to be shown, and holds no contact data.

DeskError
├── HandoffNotFound       there is no such handoff
├── HandoffChanged        somebody else was faster; says who has it now
├── TransitionRefused     a handoff in this state cannot be treated so
├── FormInvalid           a field of a staff form cannot be used; says what to mend
├── ContactInvalid        a contact cannot be used; says what to mend, and may suggest
├── WishInvalid           a wish cannot be used; says what to mend
├── EncryptionKeyMissing  none of the keys opens what is stored
├── EncryptionKeyInvalid  FRONTDESK_CONTACT_KEYS holds something that is no key
├── AccessRefused         somebody may not see or do this; told as if it did not exist
├── SignInRefused         login or password is wrong, or the next attempt has to wait
├── PasswordWeak          a new password is refused; says why
├── StaffInvalid          an account cannot be made or changed as asked; says why
├── DeliveryFailed        a target did not take an event; it is tried again
└── DeskSettingsInvalid   the environment cannot be used; says how to mend it
"""


class DeskError(Exception):
    """Root of everything that `desk` raises."""


class HandoffNotFound(DeskError):
    """There is no such handoff."""

    def __str__(self) -> str:
        return "There is no such handoff."


class HandoffChanged(DeskError):
    """Somebody else was faster. Nothing was changed; look at the handoff again.

    Attributes:
        state: in which it is now.
        by: name of who has it now; "" for nobody.
    """

    def __init__(self, state: str, by: str = "") -> None:
        self.state = state
        self.by = by
        super().__init__()

    def __str__(self) -> str:
        if self.state == "claimed" and self.by:
            return f"{self.by} has taken this handoff."
        return f"This handoff was changed in the meantime. It is {self.state} now."


class TransitionRefused(DeskError):
    """A handoff in this state cannot be treated so. Nothing was changed."""

    def __init__(self, state: str, verb: str) -> None:
        self.state = state
        self.verb = verb
        super().__init__()

    def __str__(self) -> str:
        return f"This handoff is {self.state}, so you cannot {self.verb} it now."


class FormInvalid(DeskError):
    """What staff gave with a verb cannot be used. Nothing was changed. `field`: `until`, `outcome` or `text`."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class ContactInvalid(DeskError):
    """A contact cannot be used.

    Attributes:
        field: `name`, `phone` or `email`.
        message: what to mend, in words for the visitor; never what was typed.
        suggestion: what was probably meant; None when nothing is likely. Personal: never log it.
    """

    def __init__(self, field: str, message: str, suggestion: str | None = None) -> None:
        self.field = field
        self.message = message
        self.suggestion = suggestion
        super().__init__(message)


class WishInvalid(DeskError):
    """A wish cannot be used. `field` names it as in `desk.wishes.Wishes`; `message` is for the visitor."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


class EncryptionKeyMissing(DeskError):
    """None of the keys opens what is stored: the key that sealed it is gone, or the stored bytes were damaged."""

    def __str__(self) -> str:
        return (
            "A contact cannot be opened with the keys in FRONTDESK_CONTACT_KEYS. Put the key that was used before behind the new one, "
            "with a comma between them (docs/handoff.md)."
        )


class EncryptionKeyInvalid(DeskError):
    """FRONTDESK_CONTACT_KEYS holds something that is no key, or nothing. Its text never repeats it."""

    def __str__(self) -> str:
        return (
            "FRONTDESK_CONTACT_KEYS must hold one or more keys with commas between them. Make one with: "
            'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        )


class AccessRefused(DeskError):
    """Somebody may not see or do this, or it does not exist: both look the same."""


class SignInRefused(DeskError):
    """Login or password is wrong. `wait_seconds` is None unless the next attempt has to wait."""

    def __init__(self, wait_seconds: int | None = None) -> None:
        self.wait_seconds = wait_seconds
        super().__init__()

    def __str__(self) -> str:
        if self.wait_seconds is None:
            return "The login or the password is not right."
        minutes = -(-self.wait_seconds // 60)
        wait = f"{self.wait_seconds} seconds" if self.wait_seconds < 60 else f"{minutes} minute{'' if minutes == 1 else 's'}"
        return f"There were too many attempts. Please wait {wait}, then try again."


class PasswordWeak(DeskError):
    """A new password is refused; the text says why, and never repeats it."""


class StaffInvalid(DeskError):
    """An account cannot be made or changed as asked. `field` names the place in a form."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class DeskSettingsInvalid(DeskError):
    """The environment cannot be used. Its text names each variable and how to mend it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join([*faults, "All settings: docs/configuration.md."]))


class DeliveryFailed(DeskError):
    """A target did not take an event. The text says why, without addresses of people; trying again can help."""
