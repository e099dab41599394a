"""The widget's modules become one small script that means the same."""

import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gateway.errors import WidgetInvalid
from gateway.widget_script import FOLDER, compact, joined, module_names, widget_script

WIDGET = "/widget/widget.js"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("const a = 1; // a note\nconst b = 2;", "const a=1;const b=2;\n"),
        ("/** @param {string} a */\nfunction f(a) {\n  return a + 1;\n}\n", "function f(a){return a+1;}\n"),
        ("let a = b\n++c", "let a=b\n++c\n"),
        ("a + +b - -c", "a+ +b- -c\n"),
        ("x = 'a  // b' + \"/* c */\";", "x='a  // b'+\"/* c */\";\n"),
        ("x = `a  // b\n  c`;", "x=`a  // b\n  c`;\n"),
        ("x = `a ${ b ? `  ${ c }  ` : { d: 1 }.d } e`;", "x=`a ${b?`  ${c}  `:{d:1}.d} e`;\n"),
        ("x = `\\` \\${ $ { }  `;", "x=`\\` \\${ $ { }  `;\n"),
        ("x = /[/'\"]  \\/\\/ `/g.test(a);", "x=/[/'\"]  \\/\\/ `/g.test(a);\n"),
        ("x = a / b / c; // d", "x=a/b/c;\n"),
        ("return /a  b/;", "return/a  b/;\n"),
        ("get  #text() { return this.#a; }", "get #text(){return this.#a;}\n"),
        (
            "const s = /* css */ `\n  a { b: c; }\n  /* note */\n  d  e,\n  f { g: 1px  2px; }\n`;",
            "const s=`a{b: c;}d e,f{g: 1px 2px;}`;\n",
        ),
    ],
)
def test_script_is_smaller_and_means_the_same(written: str, sent: str) -> None:
    assert compact(written) == sent
    assert compact(sent) == sent


def test_template_without_an_end_is_refused() -> None:
    with pytest.raises(WidgetInvalid, match="no end"):
        compact("x = `a")


def test_modules_stand_behind_those_they_import(tmp_path: Path) -> None:
    (tmp_path / "widget.js").write_text('import { b } from "./b.js";\nimport { c } from "./c.js";\nb(c);\n')
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport async function b() {}\n')
    (tmp_path / "c.js").write_text("export const c = 1;\n")

    assert module_names(tmp_path) == ["c.js", "b.js", "widget.js"]
    assert joined(tmp_path).split() == "const c = 1; async function b() {} b(c);".split()


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ('import { c } from "./missing.js";\n', "missing.js cannot be read"),
        ("export default 1;\n", "cannot be joined: export default 1;"),
        ('import x from "./c.js";\n', "cannot be joined: import x"),
        ('import { c } from "./c.js";\nconst c = 2;\n', "declare c: rename one"),
    ],
)
def test_module_in_another_form_is_refused(module: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    (tmp_path / "widget.js").write_text(module)

    with pytest.raises(WidgetInvalid, match=words):
        widget_script(tmp_path)


def test_widget_is_one_script_without_imports_and_comments() -> None:
    source = widget_script().source.decode()

    assert "import{" not in source
    assert "@param" not in source
    assert "customElements.define(NAME,FrontdeskChat)" in source
    assert compact(source) == source


@pytest.mark.slow
def test_widget_is_parsed_by_an_engine(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    script = tmp_path / "widget.mjs"
    script.write_bytes(widget_script().source)

    subprocess.run([node, "--check", script], check=True, timeout=60)


def test_widget_is_for_every_page_and_known_again(client: TestClient) -> None:
    response = client.get(WIDGET, headers={"Origin": "https://anybody.example"})

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.content == widget_script().source
    again = client.get(WIDGET, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_widget_is_sent_plain_to_who_cannot_unpack(client: TestClient) -> None:
    response = client.get(WIDGET, headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in response.headers
    assert response.content == widget_script().source


def test_single_modules_are_not_served(client: TestClient) -> None:
    assert (FOLDER / "client.js").exists()
    assert client.get("/widget/client.js").status_code == 404
