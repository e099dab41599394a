"""Pages of a clinic, on an origin of their own, with the widget's one line in them."""

from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Example Clinic</title>
{style}</head>
<body>
<header><a href="/other?{query}">Our team</a></header>
<main>
<h1>Example Facial Nerve Clinic</h1>
<p>We treat people whose face does not move as it should. This page is made up for a test.</p>
<p><button id="ask" type="button">Ask about recovery</button></p>
</main>
<footer>Not a real clinic.</footer>
<script type="module" src="{widget}" {attributes}></script>
</body></html>
"""
# What some pages do to all elements, and what the widget must not mind.
STYLE = """<style>html { font-size: 62.5%; } * { letter-spacing: .01em; }
body { font: 1.8rem/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 4rem 2rem; }
div, button, frontdesk-chat { border: 3px dashed red; transform: rotate(1deg); text-transform: uppercase; }
#ask { border: 1px solid; transform: none; }</style>"""


def create_site(gateway_url: str) -> Starlette:
    """All pages read their settings from the query: `data-…` attributes, `lang`, `dir`, and `csp=strict`."""

    async def page(request: Request) -> HTMLResponse:
        query = dict(request.query_params)
        data = {"clinic": "main", "emergency": "911", "phone": "+1 312-555-0142"} | {
            name: value for name, value in query.items() if name not in {"lang", "dir", "csp"}
        }
        attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
        is_strict = query.get("csp") == "strict"
        html = PAGE.format(
            lang=query.get("lang", "en"),
            dir=query.get("dir", "ltr"),
            style="" if is_strict else STYLE,
            query=escape(str(request.url.query)),
            widget=f"{gateway_url}/widget/widget.js",
            attributes=attributes,
        )
        csp = f"default-src 'none'; script-src {gateway_url}; connect-src {gateway_url}; require-trusted-types-for 'script'"
        return HTMLResponse(html, headers={"Content-Security-Policy": csp} if is_strict else {})

    return Starlette(routes=[Route("/", page), Route("/other", page)])
