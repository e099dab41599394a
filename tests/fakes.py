"""Stand-ins that several tests share."""

from knowledge.search import Search


class FakeLiveSearch:
    """Stands for `knowledge.live.LiveSearch`: one release that never changes, and no thread.

    Attributes:
        calls: `start` and `stop`, in order.
    """

    def __init__(self, current: Search) -> None:
        self.current = current
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")
