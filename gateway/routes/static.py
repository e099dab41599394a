"""The widget's script and the files of our pages."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from gateway.widget_script import widget_script

FOLDER = Path(__file__).resolve().parent.parent / "static"
MIN_GZIP_BYTES = 500
WIDGET_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
    "Vary": "Accept-Encoding",
}
"""Any page may load it: module scripts are fetched with CORS, and asked for again by ETag."""

router = APIRouter(include_in_schema=False)


@router.api_route("/widget/widget.js", methods=["GET", "HEAD"])
async def send_widget(request: Request) -> Response:
    """The whole widget, as one script."""
    script = widget_script()
    headers = WIDGET_HEADERS | {"ETag": script.etag}
    if request.headers.get("if-none-match") == script.etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(script.gzipped, headers=headers | {"Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(script.source, headers=headers, media_type="text/javascript")


def mount(app: FastAPI) -> None:
    """Serve the widget to everybody and /site/ to our own pages and /desk-files/ to those of the staff.

    Raises:
        WidgetInvalid: the widget's modules cannot be joined; better known at the start than by visitors.
    """
    widget_script()
    app.include_router(router)
    app.mount("/site", GZipMiddleware(StaticFiles(directory=FOLDER / "site"), minimum_size=MIN_GZIP_BYTES))
    app.mount("/desk-files", GZipMiddleware(StaticFiles(directory=FOLDER / "desk"), minimum_size=MIN_GZIP_BYTES))
