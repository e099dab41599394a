"""`python -m evaluation.ask "question"` prints the replies as JSON."""

import json
import sys

from evaluation.assistant import AssistantUnreachable, running_assistant
from language.text import clean


def main() -> int:
    """Return 1 with a sentence when there is no question, or no assistant."""
    question = clean(" ".join(sys.argv[1:]))
    if not question:
        print('Ask something: make ask Q="how long is recovery?"', file=sys.stderr)
        return 1
    try:
        print(json.dumps(running_assistant().say(question), indent=2, ensure_ascii=False))
    except AssistantUnreachable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
