"""Turns errors into `{"error": {"code", "message"}}`, the one form in which this API refuses."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from desk.errors import ContactInvalid, WishInvalid
from gateway.errors import GatewayError, RequestRefused
from gateway.schemas import ErrorBody, ErrorDetail

BY_STATUS = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that kind of request."),
    422: ("malformed_json", "The request cannot be read."),
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of a route for its OpenAPI."""
    return {status: {"model": ErrorBody} for status in (403, 413, 422, 429, 503, *statuses)}


def refusal(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    *,
    field: str | None = None,
    suggestion: str | None = None,
) -> JSONResponse:
    """Return one refusal."""
    body = ErrorBody(error=ErrorDetail(code=code, message=message, field=field, suggestion=suggestion))
    return JSONResponse(body.model_dump(exclude_none=True), status, headers)


def error_response(error: GatewayError) -> JSONResponse:
    """Return the refusal that belongs to one of our errors."""
    field = error.field if isinstance(error, RequestRefused) else None
    return refusal(error.status, error.code, error.message, error.headers, field=field)


def install(app: FastAPI) -> None:
    """Let `app` answer every error in our form."""
    app.add_exception_handler(GatewayError, _ours)
    app.add_exception_handler(ContactInvalid, _contact)
    app.add_exception_handler(WishInvalid, _wish)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _count(request: Request, code: str) -> None:
    request.app.state.metrics.errors.labels(code).inc()


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GatewayError)
    _count(request, error.code)
    return error_response(error)


async def _contact(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ContactInvalid)
    _count(request, "contact_invalid")
    return refusal(422, "contact_invalid", error.message, field=error.field, suggestion=error.suggestion)


async def _wish(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WishInvalid)
    _count(request, "wish_invalid")
    return refusal(422, "wish_invalid", error.message, field=error.field)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Name the place and the rule, never the value: it may be what a visitor wrote."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(filter(_is_name, first["loc"][1:])) or "body"
    code = "malformed_json" if first["type"] == "json_invalid" else "invalid_request"
    _count(request, code)
    return refusal(422, code, f"{place}: {first['msg']}"[:300])


def _is_name(part: object) -> bool:
    """A key that the sender made up can be anything, down to half characters that no reply can carry."""
    return isinstance(part, str) and part.isascii() and part.isidentifier()


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = 422 if error.status_code == 400 else error.status_code  # a body nested too deeply to be read
    code, message = BY_STATUS.get(status, ("request_failed", "The request cannot be answered."))
    _count(request, code)
    return refusal(status, code, message, error.headers)
