"""The list as a spreadsheet: text cells that no spreadsheet program takes for formulas (R17).

A column is an answer of the form, which the definition titles and words; what the register knows of
the demand; or a question of a territory. What the reader may not know is said to be masked.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from register.access import FieldSet
from register.codes import PersonRole
from register.form.definition import COMMUNES, FORM, HOME_TYPES, Question
from register.form.words import said
from register.models import DemandState
from register.selectors.exported_answers import column_key, title_of
from register.selectors.scores import plain
from register.selectors.worklist import WorklistRow
from rules.kinds.questions import Question as LocalQuestion

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
Cell = str | int | date | Decimal


@dataclass(frozen=True)
class Column:
    """A column: its title, what it tells of a demand (None: masked), its width in characters."""

    title: str | Promise
    told: Callable[[WorklistRow], Cell | None]
    width: int = 24

    def cell(self, row: WorklistRow) -> Cell:
        """What one line says."""
        told = self.told(row)
        return _("Masked") if told is None else told


def columns(
    asked: Sequence[LocalQuestion] = (),
    *,
    scored: bool = False,
    chosen: Sequence[Question] = (),
    coded: bool = False,
) -> list[Column]:
    """The local questions come after the rest, then the score if it sorts, then what was chosen.

    Of the answers chosen, `coded` adds the codes in a second column.
    """
    return [
        Column(gettext_lazy("Number"), lambda row: row.demand.number),
        Column(PersonRole.APPLICANT.label, lambda row: row.applicant or None, 30),
        *(_of_form(question) for question in FORM if question.name in _HELD),
        *_OF_REGISTER,
        *(_of_territory(question) for question in asked),
        *([Column(gettext_lazy("Score"), _points)] if scored else []),
        *(column for question in chosen for column in _of_answer(question, coded=coded)),
    ]


def _of_answer(question: Question, *, coded: bool) -> Iterator[Column]:
    """An answer that the agent chose; the cell is empty where she may not read it."""
    key, title = column_key(question), title_of(question)
    yield Column(title, lambda row: row.given[key].words if key in row.given else "", 30)
    if coded:
        codes = _("%(column)s: code") % {"column": title}
        yield Column(codes, lambda row: row.given[key].codes if key in row.given else "", 16)


# The answers of the form that a line of the list holds, as they are kept.
_HELD: Mapping[str, Callable[[WorklistRow], list[str]]] = {
    HOME_TYPES: lambda row: row.home_types,
    COMMUNES: lambda row: row.communes,
}


def _of_form(question: Question) -> Column:
    field, group = question.field, FieldSet(question.part.value)

    def told(row: WorklistRow) -> str | None:
        if group not in row.readable:
            return None
        return ", ".join(map(str, said(field, _HELD[question.name](row), question.unit)))

    return Column(question.title, told, 30)


def _of_territory(question: LocalQuestion) -> Column:
    return Column(str(question.title), lambda row: row.answers.get(question.code))


def _people(row: WorklistRow) -> Cell | None:
    if row.demand.is_association:
        return _("Association")
    return (row.demand.household_size or 0) if row.knows_household else None


def _counted(count: Callable[[WorklistRow], int | None]) -> Callable[[WorklistRow], Cell | None]:
    """Some of the people to house: an association houses those that it chooses."""

    def told(row: WorklistRow) -> Cell | None:
        if row.demand.is_association:
            return ""
        return (count(row) or 0) if row.knows_household else None

    return told


def _priority(row: WorklistRow) -> str | None:
    if not row.knows_priority:
        return None
    return _("Yes") if row.is_priority else _("No")


# What no page of the form asks: counts, dates and states are the register's own.
_OF_REGISTER = (
    Column(gettext_lazy("People"), _people, 12),
    Column(gettext_lazy("Adults"), _counted(lambda row: row.demand.adults), 8),
    Column(gettext_lazy("Children"), _counted(lambda row: row.demand.children), 8),
    Column(gettext_lazy("Received on"), lambda row: row.demand.received_on, 14),
    Column(gettext_lazy("State"), lambda row: str(DemandState(row.demand.state).label), 30),
    Column(gettext_lazy("Priority"), _priority, 12),
    Column(
        gettext_lazy("Missing"),
        lambda row: ", ".join(row.missing),
        30,
    ),
)


def _points(row: WorklistRow) -> Cell:
    """A figure that a spreadsheet may add, else the reason why there is none."""
    weighed = row.weighed
    if weighed is None:
        return ""
    return weighed.text if weighed.points is None else plain(weighed.points)


def harmless(text: str) -> str:
    """Text that begins like a formula gets an apostrophe in front, as spreadsheets expect."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_csv(
    rows: Iterable[WorklistRow],
    shown: Sequence[Column],
    closing: Callable[[], list[str]] = list,
) -> Iterator[str]:
    """UTF-8 with byte order mark and semicolons: what French spreadsheet programs open well.

    Line by line; `closing` is asked for its lines once the rows are written.
    """
    yield BYTE_ORDER_MARK + _line([harmless(str(column.title)) for column in shown])
    for row in rows:
        yield _line([_plain(column.cell(row)) for column in shown])
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
    shown: Sequence[Column],
    about: Callable[[], list[str]],
) -> bytes:
    """A workbook of the list; a second sheet says who exported what, when and why.

    `about` is asked for its lines once the rows are written.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Demands"))
    sheet.freeze_panes = "B2"
    for place, column in enumerate(shown, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append(_bold(sheet, [str(column.title) for column in shown]))
    for row in rows:
        sheet.append(list(_typed(sheet, [column.cell(row) for column in shown])))
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
    # XML, which a workbook is made of, has no place for the other control characters.
    clean = "".join(c for c in text if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n")
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    cell.quotePrefix = clean.startswith(FORMULA_STARTS)
    return cell
