"""`python -m evaluation.chat` talks to the running assistant in the terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.panel import Panel

from evaluation.assistant import Assistant, AssistantUnreachable, running_assistant
from language.text import clean

console = Console(width=100)


def main() -> int:
    """Talk until the end of input."""
    console.print("Ask a question on facial reanimation surgery. A number presses a button. Ctrl-D ends.")
    assistant, buttons = running_assistant(), list[dict[str, str]]()
    while True:
        try:
            typed = clean(console.input("\n[bold]you>[/] "))
        except (EOFError, KeyboardInterrupt):
            return 0
        if not typed:
            continue
        try:
            replies = _send(assistant, typed, buttons)
        except AssistantUnreachable as error:
            console.print(f"[yellow]{error}[/]")
            continue
        buttons = [button for reply in replies for button in reply["buttons"]]
        for reply in replies:
            _show(reply)


def _send(assistant: Assistant, typed: str, buttons: list[dict[str, str]]) -> list[dict[str, Any]]:
    if typed.isdigit() and 1 <= int(typed) <= len(buttons):
        return assistant.press(buttons[int(typed) - 1]["payload"])
    return assistant.say(typed)


def _show(reply: dict[str, Any]) -> None:
    answer = reply["answer"]
    title = f"{answer['title']}" if answer else reply["kind"]
    console.print(Panel(reply["text"], title=title, title_align="left", subtitle=reply["assumed"], subtitle_align="left"))
    for number, button in enumerate(reply["buttons"], start=1):
        console.print(f"  [bold]{number}[/] {button['title']}")
    for source in answer["sources"] if answer else ():
        console.print(f"  [dim]from {source['title']}, read on {source['read_on']}[/]")
    if answer and not answer["reviewed_on"]:
        console.print("  [dim]not yet reviewed by this clinic[/]")


if __name__ == "__main__":
    sys.exit(main())
