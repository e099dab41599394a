"""Names Rasa's dialogue of each episode of a conversation. Rasa knows a dialogue by its sender id."""

CONVERSATION_ID_LENGTH = 32
"""Of the ids that `gateway.ids` makes: 192 random bits in base 64."""


def dialogue_id(conversation_id: str, episode: int) -> str:
    """Return Rasa's sender id: the conversation's own id at first, another one for each later episode.

    A new episode begins when staff hand a conversation back. Rasa then remembers nothing of the time before.
    """
    return conversation_id if episode <= 1 else f"{conversation_id}-e{episode}"


def conversation_of(sender_id: str) -> str:
    """Return the conversation to which Rasa's sender id belongs."""
    return sender_id[:CONVERSATION_ID_LENGTH]
