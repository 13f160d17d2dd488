from __future__ import annotations

import pytest

from routecost.model.report.report import Note, Report
from tests.render.reports import compare, one_table, rendered

EXPECTED = r"""% needs \usepackage[T1]{fontenc} and \usepackage{booktabs}

\begin{table}[htbp]
\centering
\caption{Compare: article-fleet}
\begin{tabular}{lrrr}
\toprule
 Strategy   &   Per task &   Per month &   Against all-opus \\
\midrule
 all-haiku  &   \$0.0036 &     \$54.00 &            -94.7\% \\
 routed     &   \$0.0083 &    \$124.20 &                 -- \\
 all-opus   &   \$0.0675 &  \$1,012.50 &           baseline \\
\bottomrule
\end{tabular}
\end{table}

Saves \$78.30 a month.

\textbf{Warning:} Old.
"""


def test_a_whole_report() -> None:
    assert rendered(compare(), "latex") == EXPECTED


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("50% & $1", r"50\% \& \$1"),
        ("a_b#c{d}", r"a\_b\#c\{d\}"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("[2pt] x", "{[}2pt{]} x"),
        (r"\hline", r"\textbackslash{}hline"),
        ("a<b>c|d", r"a\textless{}b\textgreater{}c\textbar{}d"),
    ],
)
def test_names_show_as_they_are(name: str, written: str) -> None:
    lines = rendered(one_table([(name,)]), "latex").splitlines()
    row = lines[lines.index(r"\midrule") + 1]
    assert row.removesuffix(r" \\").strip() == written
    assert lines[-3:] == [r"\bottomrule", r"\end{tabular}", r"\end{table}"]


def test_notes_are_escaped() -> None:
    assert "saves 5\\% \\& more" in rendered(
        Report("plan", "Plan", {}, (Note.of("saves 5% & more"),)), "latex"
    )
