"""A sheet's own first rows as they stand, with what the app took each column for written above."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from mhequity.reading import BLOCKED, FIXED, Finding, TablePlan
from mhequity.reading.grids import Grid, column_number
from mhequity.reading.plans import UNUSED, ColumnPlan
from mhequity.ui import reading_words

_ROWS, _TITLES, _PROBLEMS, _COLUMNS, _LONGEST = 6, 3, 5, 30, 80
_CELL = re.compile(r"([A-Z]{1,3})(\d+)")
_RANK = {BLOCKED: 0, FIXED: 1}


def sheet(grid: Grid, table: TablePlan, findings: Sequence[Finding], chosen: str = "") -> str:
    """HTML of a spreadsheet's corner: letters and row numbers, headings tinted, what was found marked, spare columns faded.

    Every text of the file is escaped. Beside the first rows it shows some that something was found in, and the last.
    ``chosen`` are the letters of the column that is being changed.
    """
    columns = shown_columns(table, chosen)
    problems = _problems(findings, table)
    head = "".join(_heading(each, each.column == chosen) for each in columns)
    letters = "".join(f'<th scope="col">{each.column}</th>' for each in columns)
    body, before = [], 0
    for row in _rows(grid, table, problems):
        if before and row > before + 1:
            body.append(f'<tr class="gap"><th scope="row">⋮</th><td colspan="{len(columns)}"></td></tr>')
        body.append(_row(grid, table, columns, row, problems))
        before = row
    more = len(table.columns) - len(columns)
    note = f"<p>and {more} columns more</p>" if more > 0 else ""
    label = html.escape(f"The first rows of {reading_words.place_of(table)}", quote=True)
    return (
        f'<div class="sheet" tabindex="0" role="region" aria-label="{label}"><table><thead>'
        f'<tr class="means"><th scope="row">Taken for</th>{head}</tr><tr class="letters"><th></th>{letters}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>{note}</div>"
    )


def shown_columns(table: TablePlan, chosen: str = "") -> list[ColumnPlan]:
    """The first columns, and the chosen one."""
    return [each for at, each in enumerate(table.columns) if at < _COLUMNS or each.column == chosen]


def _heading(column: ColumnPlan, chosen: bool) -> str:
    style = " ".join([*(["spare"] if column.meaning == UNUSED else []), *(["chosen"] if chosen else [])])
    return f'<th scope="col" class="{style}">{_safe(reading_words.about(column))}</th>'


def _problems(findings: Sequence[Finding], table: TablePlan) -> dict[tuple[int, str], Finding]:
    """The gravest finding of each cell of the table's sheet; notes are not marked."""
    found: dict[tuple[int, str], Finding] = {}
    for each in sorted(
        (each for each in findings if each.severity in _RANK and each.sheet == table.sheet), key=lambda each: _RANK[each.severity]
    ):
        place = _CELL.fullmatch(each.cell)
        if place and (not table.file or each.file.endswith(f"/{table.file}")):
            found.setdefault((int(place[2]), place[1]), each)
    return found


def _rows(grid: Grid, table: TablePlan, problems: Mapping[tuple[int, str], Finding]) -> list[int]:
    """Row numbers to show: some above the headings, the headings, the first of the body, some with problems, the last."""
    top = min((*table.header_rows, table.first_row))
    last = min(table.last_row, grid.top + grid.height - 1)
    inside = sorted({row for (row, _), each in problems.items() if table.first_row <= row <= last and each.severity == BLOCKED})
    wanted = {
        *range(max(grid.top, top - _TITLES), top),
        *table.header_rows,
        *range(table.first_row, min(last, table.first_row + _ROWS - 1) + 1),
    }
    wanted |= {*inside[:_PROBLEMS], last}
    return sorted(row for row in wanted if grid.top <= row < grid.top + grid.height)


def _row(grid: Grid, table: TablePlan, columns: Sequence[ColumnPlan], row: int, problems: Mapping[tuple[int, str], Finding]) -> str:
    kind = "headings" if row in table.header_rows else "outside" if not table.first_row <= row <= table.last_row else ""
    texts = [text for each in columns if (text := grid.text(row - grid.top, column_number(each.column) - grid.left))]
    if kind == "outside" and len(texts) == 1:
        return f'<tr class="outside"><th scope="row">{row}</th><td colspan="{len(columns)}">{_safe(texts[0])}</td></tr>'
    cells = "".join(_cell(grid, row, each, problems.get((row, each.column))) for each in columns)
    return f'<tr class="{kind}"><th scope="row">{row}</th>{cells}</tr>'


def _cell(grid: Grid, row: int, column: ColumnPlan, problem: Finding | None) -> str:
    text = grid.text(row - grid.top, column_number(column.column) - grid.left)
    style = " ".join([*(["spare"] if column.meaning == UNUSED else []), *([problem.severity] if problem else [])])
    title = f' title="{html.escape(f"{problem.done} {problem.advice}".strip()[:300], quote=True)}"' if problem else ""
    return f'<td class="{style}"{title}>{_safe(text)}</td>'


def _safe(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return html.escape(" ".join(short.split()), quote=True)
