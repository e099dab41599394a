"""The pages that people open."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from gateway.pages.faq import FaqPage, example_questions, render, sections_of
from gateway.parts import Parts, PartsHere

router = APIRouter(include_in_schema=False)
HTML = "text/html; charset=utf-8"
READ = ["GET", "HEAD"]


@router.api_route("/", methods=READ)
async def show_home(parts: PartsHere) -> HTMLResponse:
    """The demonstration page of an example clinic, with the widget on it."""
    published = await parts.library.published()
    sections = sections_of(published) if published else ()
    html = parts.templates.get_template("home.html").render(topics=sections, questions=example_questions(sections))
    return HTMLResponse(html)


@router.api_route("/embed", methods=READ)
async def show_embed(parts: PartsHere) -> HTMLResponse:
    """The page that builds the line for a clinic's own page."""
    return HTMLResponse(parts.templates.get_template("embed.html").render(allowed_origins=parts.settings.allowed_origins))


@router.api_route("/faq", methods=READ)
async def show_faq(request: Request, parts: PartsHere) -> Response:
    """All published answers on one page; works without JavaScript and without the bot."""
    page = await _faq_page(request, parts)
    headers = {"ETag": page.etag, "Cache-Control": "public, max-age=60", "Content-Security-Policy": page.policy, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == page.etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(page.gzipped, headers=headers | {"Content-Encoding": "gzip"}, media_type=HTML)
    return Response(page.html, headers=headers, media_type=HTML)


async def _faq_page(request: Request, parts: Parts) -> FaqPage:
    """The page of the newest release, rendered once."""
    published = await parts.library.published()
    known: FaqPage | None = getattr(request.app.state, "faq_page", None)
    if known is None or known.release_id != (published.release_id if published else None):
        known = request.app.state.faq_page = render(parts.templates, published)
    return known
