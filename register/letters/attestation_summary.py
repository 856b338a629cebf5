"""The demand as declared, in labelled rows: the first annex of the certificate."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from register.access import FieldRights, FieldSet, Level
from register.form.definition import groups_of
from register.models import Demand
from register.selectors.answers import answers_of
from register.selectors.declaration import Row, declaration
from rules.kinds.questions import Sensitivity

from .attestation_data import SummaryGroup

# A paper that is shown around tells nothing of health or violence, and how to reach its holder no
# more than article R441-2-4 asks: the address, which its first page bears.
SHOWN_AROUND = FieldRights(
    {name: Level.NONE if name == FieldSet.HEALTH else Level.READ for name in FieldSet}, {}
)
LEFT_OUT = ("phone", "accepts_email", "accepts_sms")


def summary(demand: Demand) -> tuple[SummaryGroup, ...]:
    """What was declared, part by part; what was not said is left out."""
    told = declaration(demand, SHOWN_AROUND, without=LEFT_OUT)
    groups = [
        *(
            SummaryGroup(str(each.title), tuple(told.get(each.code, ())))
            for each in groups_of(demand)
        ),
        SummaryGroup(_("Questions of your department"), tuple(_local_answers(demand))),
    ]
    return tuple(group for group in groups if group.rows)


def _local_answers(demand: Demand) -> Iterable[Row]:
    """Answers that tell little of a person."""
    for answer in answers_of(demand):
        question = answer.question
        if question.field_set != FieldSet.HEALTH and question.sensitivity != Sensitivity.HIGH:
            yield Row(str(question.label), answer.words)
