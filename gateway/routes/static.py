"""The widget's files and those of our pages."""

from os import PathLike, stat_result
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).resolve().parent.parent / "static"
MIN_GZIP_BYTES = 500


class WidgetFiles(StaticFiles):
    """Files that any page may load: module scripts are fetched with CORS, and asked for again by ETag."""

    def file_response(self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = "public, max-age=300, stale-while-revalidate=86400"
        return response


def mount(app: FastAPI) -> None:
    """Serve /widget/ to everybody and /site/ to our own pages."""
    app.mount("/widget", GZipMiddleware(WidgetFiles(directory=FOLDER / "widget", check_dir=False), minimum_size=MIN_GZIP_BYTES))
    app.mount("/site", GZipMiddleware(StaticFiles(directory=FOLDER / "site"), minimum_size=MIN_GZIP_BYTES))
