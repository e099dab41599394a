"""The wishes from the card, over those that the assistant has collected."""

from gateway.handoff_schemas import WishesPost
from language.redaction import redact


def posted(wishes: WishesPost | str | None) -> dict[str, str]:
    """Return what the card says, without identifiers: those belong into the fields for name, phone and e-mail, which are sealed.

    An empty text clears a wish. A text alone says what it is about.
    """
    given = WishesPost(about=wishes) if isinstance(wishes, str) else wishes or WishesPost()
    return {name: redact(text).text for name, text in given.model_dump().items() if text is not None}
