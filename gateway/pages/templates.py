"""The page templates, and the few things that all of them know."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.moments import say_time
from gateway.desk import filters as desk_filters
from gateway.pages.markdown import to_html
from gateway.settings import Settings
from knowledge.clinic import Clinic

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def make_templates(settings: Settings, clinic: Clinic) -> Environment:
    """Return the templates: everything escaped, and an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"clinic": clinic, "public_url": settings.public_url}
    environment.filters["markdown"] = to_html
    environment.filters["clock"] = say_time
    desk_filters.install(environment, clinic)
    return environment
