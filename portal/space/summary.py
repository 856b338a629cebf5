"""What the applicant declared, as rows to read; what a helper may not read stays hidden."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.access import FieldRights
from register.form.definition import groups_of, pages_of
from register.models import Demand
from register.selectors.answers import answers_of
from register.selectors.declaration import Row, declaration


@dataclass(frozen=True)
class Section:
    """A group of rows, or the rule that hides them; `pages` of the form ask for what it tells."""

    title: str | Promise
    rows: list[Row] = field(default_factory=list)
    hidden_by: str = ""
    pages: tuple[str, ...] = ()


def sections(demand: Demand, rights: FieldRights, whole: Demand | None = None) -> list[Section]:
    """The declaration in the order of the form; `whole` when it was read already."""
    told = declaration(demand, rights, whole=whole)
    declared = [
        Section(group.title, told[group.code], pages=pages_of(group))
        if group.code in told
        else Section(group.title, hidden_by=rights.reason(group.field_set))
        for group in groups_of(demand)
    ]
    return [*declared, *_local_answers(demand, rights)]


def _local_answers(demand: Demand, rights: FieldRights) -> list[Section]:
    """Answers to the questions of the territory, those no longer asked included."""
    rows = [Row(str(each.question.label), each.words) for each in answers_of(demand, rights)]
    return [Section(_("Questions of your department"), rows)] if rows else []
