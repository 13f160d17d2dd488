"""What holds for all formats: how they are found, and that hostile text stays sanitize."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from routecost.errors import UsageError
from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Note, Report, Table
from routecost.render import find, format_names, format_of, write
from routecost.render import formats as formats_package
from routecost.render.escape import HARMFUL, sanitize
from tests.render.reports import compare, one_table, rendered

TEXT_FORMATS = ("csv", "html", "json", "latex", "markdown", "text")
ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "a\x1b[31m\r\nb\u202ec\x9bd\ud800e\u2028f\tg\x00"


def test_all_formats_are_found() -> None:
    assert format_names() == (
        "csv",
        "focus",
        "github",
        "html",
        "json",
        "latex",
        "markdown",
        "parquet",
        "pdf",
        "sarif",
        "spreadsheet",
        "text",
        "xlsx",
    )


@pytest.mark.parametrize("name", format_names())
def test_a_module_is_called_like_its_format(name: str) -> None:
    module = find(name)
    assert module.name == name
    assert all(format_of(suffix.upper()) == name for suffix in module.suffixes)


def test_a_new_format_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = 'NAME = "shout"\nSUFFIXES = (".loud",)\nBINARY = False\n'
    (tmp_path / "shout.py").write_text(
        source + "def render(report, sink):\n    sink.write(report.title.upper())\n"
    )
    monkeypatch.setattr(formats_package, "__path__", [*formats_package.__path__, str(tmp_path)])
    assert "shout" in format_names()
    assert rendered(compare(), "shout") == "COMPARE: ARTICLE-FLEET"
    monkeypatch.delitem(sys.modules, "routecost.render.formats.shout")


def test_an_unknown_suffix_has_no_format() -> None:
    assert format_of(".docx") is None


@pytest.mark.parametrize("name", ["cells", "charts", "", "TEXT", "../text"])
def test_an_unknown_format_is_named_with_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError, match=f'unknown format "{name}"'):
        write(compare(), name, StringIO())


def test_the_nearest_format_is_offered() -> None:
    with pytest.raises(UsageError, match='did you mean "markdown"'):
        find("markdwn")


def report_of(text: str) -> Report:
    columns = (Column("name", text), Column("cost", text, Unit.MONEY))
    table = Table("usage", columns, [(text, 1)], text)
    return Report("usage", text, {text: text}, (table, Note.of(text)), currency=text)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_hostile_text_is_harmless(name: str) -> None:
    written = rendered(report_of(HOSTILE), name)
    assert not HARMFUL.search(written.replace("\n", ""))
    assert written.count("\n") == rendered(report_of("tame"), name).count("\n")
    written.encode()


def test_escapes_say_what_was_there() -> None:
    assert sanitize(HOSTILE) == r"a\x1b[31m\r\nb\u202ec\x9bd\ud800e\u2028f\tg\x00"
    assert sanitize("zwölf 日本 👩‍💻") == "zwölf 日本 👩‍💻"


@pytest.mark.parametrize("name", ["csv", "json"])
def test_machine_formats_take_rows_one_by_one(name: str) -> None:
    sink, seen = StringIO(), []

    def rows() -> Iterator[tuple[str]]:
        for at in range(3):
            yield (f"row {at}",)
            seen.append(f"row {at}" in sink.getvalue())

    write(one_table(rows()), name, sink)
    # A row may wait for the one after it, but no longer.
    assert seen[:2] in ([True, True], [False, True])


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_report_without_tables_has_no_flat_form(name: str) -> None:
    with pytest.raises(UsageError, match=f'"rules" has no table to write as "{name}"'):
        write(Report("rules", "Rules", {}, (Note.of("none"),)), name, StringIO())


def test_small_formats_load_nothing_heavy() -> None:
    code = (
        "import sys\nfrom routecost.render import format_names\n"
        "from tests.render.reports import compare, rendered\n"
        "format_names()\nfor name in ('text', 'json', 'csv', 'html'):\n    rendered(compare(), name)\n"
        "print({'tabulate', 'matplotlib', 'numpy', 'pandas', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "set()\n"
