"""Answer texts as HTML: paragraphs, lists and links only (docs/knowledge.md); everything else stays text."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_RENDERER = MarkdownIt("zero", {"html": False}).enable(["list", "link"])


def to_html(text: str) -> Markup:
    """Return `text` as safe HTML. Tags in it are shown as text, and links with script schemes are not made."""
    return Markup(_RENDERER.render(text))
