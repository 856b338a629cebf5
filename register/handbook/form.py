"""`docs/form.md`: every answer of the form, from the definition that each reading obeys."""

from collections.abc import Iterator

from django.utils.translation import override

from register.form.definition import AMOUNT, FORM, PLACES, Question
from register.form.revisions import current

from .markdown import page, table

INTRODUCTION = """\
`register/form/definition.py` holds one line for each answer of the form: the page that asks it, the
row that keeps it, the group of data that opens it. The online form, the counter's quick entry, the
file, the applicant's page, the certificate and her data to take away are made from it, and so are
this page and the schema below: an answer added there is told in each of them.

Software reads the same at `/api/formulaire/`, a JSON Schema (2020-12) in French and English: the
names below, the codes of each list, the cases of the paper form (`x-case`, `x-cases`), the unit
(`x-unit`), the group of data (`x-field-set`), the section and the page that ask it. The
`declaration` of "my data" (`/mon-espace/<number>/mes-donnees/`) follows this schema: amounts are
texts in euros with two decimals, days ISO 8601, choices codes.

Questions of a territory are not of the national form: modules ask them, and the schema tells those
of the installation under `local_answers`, by code, with the module and the version that ask each
(`x-local`), the department where it is asked (`x-territory`) and its wording (`x-questions`). A
question that is no longer asked is marked `deprecated`: its answers are kept."""


def write() -> str:
    """The page, in English, with the French of the screens."""
    sections = [
        f"## `{place}`{' (a list)' if is_list else ''}\n\n"
        + table(
            ("Name", "French", "Case", "Group of data", "Asked on"),
            _rows([each for each in FORM if each.whose == whose]),
        )
        for whose, (place, is_list) in PLACES.items()
    ]
    return page(f"The answers of the form {current().code}", INTRODUCTION, *sections)


def _rows(questions: list[Question]) -> Iterator[tuple[str, ...]]:
    amounts = [each for each in questions if each.income]
    for each in questions:
        if each not in amounts[1:]:
            name, title = (each.column, _french(each))
            if each.income:
                name, title = f"{AMOUNT}<code>", "Ressource mensuelle, par nature"
            yield f"`{name}`", title, each.case, str(each.part.value), f"`{each.page}`"


def _french(question: Question) -> str:
    with override("fr"):
        return str(question.title)
