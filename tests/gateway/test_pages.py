import base64
import hashlib
import html
import json
import re

import pytest
from starlette.testclient import TestClient

from gateway.pages.markdown import to_html


@pytest.mark.parametrize("path", ["/", "/faq", "/embed"])
def test_page_has_landmarks_and_no_inline_script_or_style(client: TestClient, path: str) -> None:
    page = client.get(path).text
    for part in ('<a class="skip" href="#content">', '<main id="content"', '<nav aria-label="Pages">', "<footer", '<html lang="en">'):
        assert part in page
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.S)
    assert [text for text in scripts if text.strip() and not text.startswith('{"@context"')] == []
    assert not re.search(r"\sstyle=|\son\w+=|<style", page)


@pytest.mark.parametrize("path", ["/", "/faq", "/embed"])
def test_page_loads_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    page = client.get(path).text
    loaded = re.findall(r'<(?:script|img|iframe|link rel="(?:icon|stylesheet)")[^>]*(?:src|href)="([^"]+)"', page)
    assert len(loaded) >= 3
    assert [address for address in loaded if not address.startswith("/")] == []


def test_home_says_that_it_is_an_example(client: TestClient) -> None:
    page = client.get("/").text
    assert "This is a demonstration." in page
    assert '<script type="module" src="/widget/widget.js" data-clinic="example"' in page


def test_faq_shows_each_answer_by_topic_and_procedure(client: TestClient) -> None:
    page = client.get("/faq").text
    order = [
        "Recovery</h2>",
        "In general</h3>",
        "<summary>How long does recovery take?",
        "Gracilis muscle transfer</h3>",
        "Risks and scars</h2>",
    ]
    assert [page.index(part) for part in order] == sorted(page.index(part) for part in order)
    assert "Not yet reviewed by this clinic." in page
    assert '<a href="https://example.org/page" rel="noopener noreferrer">A page</a>' in page


def test_faq_data_block_is_allowed_by_its_hash_and_cannot_be_left(client: TestClient) -> None:
    response = client.get("/faq")
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.S)
    digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in response.headers["Content-Security-Policy"]
    questions = json.loads(block)["mainEntity"]
    assert "Will there be </script><b>scars</b> & marks?" in [question["name"] for question in questions]


def test_faq_shows_tags_as_text(client: TestClient) -> None:
    page = client.get("/faq").text
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert html.escape("<script>alert(1)</script>") in page


def test_faq_is_sent_once(client: TestClient) -> None:
    etag = client.get("/faq").headers["ETag"]
    assert client.get("/faq", headers={"If-None-Match": etag}).status_code == 304
    assert client.head("/faq").status_code == 200


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("[x](https://example.org)", '<p><a href="https://example.org">x</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ('<img src=x onerror="alert(1)">', "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>\n"),
        ("![x](https://example.org/x.png)", '<p>!<a href="https://example.org/x.png">x</a></p>\n'),
    ],
)
def test_markdown_makes_paragraphs_lists_and_links_only(text: str, shown: str) -> None:
    assert to_html(text) == shown


def test_site_files_are_compressed_and_known_again(client: TestClient) -> None:
    response = client.get("/site/site.css")
    assert (response.headers["Content-Encoding"], response.headers["Content-Type"]) == ("gzip", "text/css; charset=utf-8")
    assert client.get("/site/site.css", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/widget/../settings.py", "/widget/%2e%2e/%2e%2e/settings.py", "/site/..%2f..%2fsettings.py"])
def test_files_outside_are_not_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
