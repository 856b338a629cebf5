"""The list as a spreadsheet: text cells that no spreadsheet program takes for formulas (R17)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from register.models import DemandState
from register.selectors.score_list import Weighed
from register.selectors.scores import plain
from register.selectors.worklist import WorklistRow
from rules.kinds.questions import Question

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
WIDTHS = (24, 30, 8, 8, 8, 18, 45, 14, 30, 12, 30)
ANSWER_WIDTH = 24
Cell = str | int | date | Decimal


def header(asked: Sequence[Question] = (), *, scored: bool = False) -> list[str]:
    """Titles of the columns: the local questions after the rest, then the score if it sorts."""
    return [
        _("Number"),
        _("Applicant"),
        _("People"),
        _("Adults"),
        _("Children"),
        _("Sizes of home"),
        _("Communes wished"),
        _("Received on"),
        _("State"),
        _("Priority"),
        _("Missing"),
        *(str(question.title) for question in asked),
        *([_("Score")] if scored else []),
    ]


def cells(row: WorklistRow, asked: Sequence[Question] = ()) -> list[Cell]:
    """One demand, in the order of the header; what the reader may not know is said to be masked."""
    demand = row.demand
    return [
        demand.number,
        row.applicant or _("Masked"),
        *_people(row),
        *(
            (", ".join(row.home_types), ", ".join(row.communes))
            if row.knows_wishes
            else (_("Masked"),) * 2
        ),
        demand.received_on,
        str(DemandState(demand.state).label),
        _priority(row),
        _("Identity to be checked") if row.identity_to_check else "",
        *(row.answers.get(question.code, _("Masked")) for question in asked),
        *([_points(row.weighed)] if row.weighed else []),
    ]


def _people(row: WorklistRow) -> tuple[Cell, ...]:
    demand = row.demand
    if demand.is_association:
        return _("Association"), "", ""
    if not row.knows_household:
        return (_("Masked"),) * 3
    return demand.household_size or 0, demand.adults or 0, demand.children or 0


def _priority(row: WorklistRow) -> str:
    if not row.knows_priority:
        return _("Masked")
    return _("Yes") if row.is_priority else _("No")


def _points(weighed: Weighed) -> str | int | Decimal:
    """A figure that a spreadsheet may add, else the reason why there is none."""
    return weighed.text if weighed.points is None else plain(weighed.points)


def harmless(text: str) -> str:
    """Text that begins like a formula gets an apostrophe in front, as spreadsheets expect."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_csv(
    rows: Iterable[WorklistRow],
    asked: Sequence[Question] = (),
    closing: Callable[[], list[str]] = list,
    *,
    scored: bool = False,
) -> Iterator[str]:
    """UTF-8 with byte order mark and semicolons: what French spreadsheet programs open well.

    Line by line; `closing` is asked for its lines once the rows are written.
    """
    yield BYTE_ORDER_MARK + _line([harmless(title) for title in header(asked, scored=scored)])
    for row in rows:
        yield _line([_plain(cell) for cell in cells(row, asked)])
    for text in closing():
        yield _line([harmless(text)])


def _line(values: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(values)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else str(cell)


def as_xlsx(
    rows: Iterable[WorklistRow],
    about: Callable[[], list[str]],
    asked: Sequence[Question] = (),
    *,
    scored: bool = False,
) -> bytes:
    """A workbook of the list; a second sheet says who exported what, when and why.

    `about` is asked for its lines once the rows are written.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Demands"))
    sheet.freeze_panes = "B2"
    for place, width in enumerate((*WIDTHS, *(ANSWER_WIDTH for _question in asked)), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append(_bold(sheet, header(asked, scored=scored)))
    for row in rows:
        sheet.append(list(_typed(sheet, cells(row, asked))))
    notes = book.create_sheet(_("About this export"))
    notes.column_dimensions["A"].width = 100
    for line in about():
        notes.append([_text_cell(notes, line)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: WriteOnlyWorksheet, titles: list[str]) -> list[Any]:
    found = [_text_cell(sheet, title) for title in titles]
    for cell in found:
        cell.font = Font(bold=True)
    return found


def _typed(sheet: WriteOnlyWorksheet, values: list[Cell]) -> Iterator[Any]:
    for value in values:
        yield _text_cell(sheet, value) if isinstance(value, str) else value


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """A cell whose type is text: "=1+1" stays the five characters somebody typed."""
    clean = "".join(c for c in text if c >= " " or c in "\t\n")
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    cell.quotePrefix = clean.startswith(FORMULA_STARTS)
    return cell
