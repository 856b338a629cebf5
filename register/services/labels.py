"""Answers of a person or body about a priority, dated and justified (CCH L441-1, R441-2-15)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock, codes
from register.access import Action
from register.held import documents_of
from register.models import DecisionKind, Demand, Document, Event, EventKind, Label
from register.principals import Principal
from register.priorities import BODIES, module_of, terms
from register.services.changes import begin_change
from register.services.decisions import made
from register.services.outbox import tell_applicant
from register.text import without_unstorable

EVENTS = {
    codes.LabelDecision.RECOGNISED: EventKind.LABEL_GRANTED,
    codes.LabelDecision.REFUSED: EventKind.LABEL_REFUSED,
}


@transaction.atomic
def answer_priority(
    *,
    principal: Principal,
    demand: Demand,
    label: str,
    decision: str,
    body: str = "",
    ground: str = "",
    paper: str = "",
    valid_to: date | None = None,
    expected_version: int | None = None,
) -> Event:
    """Recognise a priority or not, from today, in the name of a body.

    `paper` is the kind of a document of the file on which the answer rests. Raises ValidationError
    when the rules in force do not let this organisation answer, NotAllowed without the right.
    """
    if label not in codes.PriorityLabel.values or decision not in codes.LabelDecision.values:
        raise ValidationError({"label": _("Choose an answer of the list.")})
    words = without_unstorable(ground).strip()
    if decision == codes.LabelDecision.REFUSED and not words:
        raise ValidationError({"ground": _("Say why the priority is not recognised.")})
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RECORD_ACT,
        expected_version=expected_version,
    )
    if change.demand.is_association:
        raise ValidationError({"label": _("Priorities are of people, never of an association.")})
    given = _label(principal, change.demand, label, decision, body, words, valid_to)
    given.document = _document(change.demand, paper)
    given.full_clean()
    given.save(force_insert=True)
    # Why a priority that tells of health or violence is refused stays with the priority.
    told = decision == codes.LabelDecision.REFUSED and label not in codes.SENSITIVE_LABELS
    event = change.commit(
        EVENTS[codes.LabelDecision(decision)],
        reason=label,
        text=words if told else "",
        details=event_details(given.body, given.valid_to),
        deciding=lambda event: made(
            demand=change.demand,
            kind=DecisionKind.LABEL,
            subject=label,
            installed=module_of(demand.department_id),
            figures=change.figures,
            terms={
                "decision": str(decision),
                "bodies": [str(each) for each in BODIES.get(given.granted_by.kind, ())],
                "body": body,
                "until": valid_to.isoformat() if valid_to else "",
            },
            event=event,
        ),
    )
    tell_applicant(change.demand, event)
    return event


def event_details(body: str, valid_to: date | None) -> dict[str, str]:
    """In whose name a priority is answered and until when, as its event keeps them."""
    details = {"body": body, "until": valid_to.isoformat() if valid_to else ""}
    return {name: value for name, value in details.items() if value}


def grant_label(*, principal: Principal, demand: Demand, code: str) -> Event:
    """Recognise a priority on the usual terms of the rules."""
    return answer_priority(
        principal=principal, demand=demand, label=code, decision=codes.LabelDecision.RECOGNISED
    )


def _label(
    principal: Principal,
    demand: Demand,
    label: str,
    decision: str,
    body: str,
    ground: str,
    valid_to: date | None,
) -> Label:
    organisation = principal.organisation
    if organisation is None:
        raise ValidationError({"body": _("Your organisation may not answer about this priority.")})
    agreed = terms(
        demand.department_id,
        label,
        organisation.kind,
        clock.today(),
        body=body,
        valid_to=valid_to,
    )
    MaxLengthValidator(Label._meta.get_field("ground").max_length)(ground)
    return Label(
        demand=demand,
        code=label,
        decision=decision,
        granted_by=organisation,
        body=agreed.body,
        ground=ground,
        rule_version=agreed.version,
        valid_from=clock.today(),
        valid_to=agreed.valid_to,
    )


def _document(demand: Demand, kind: str) -> Document | None:
    """The latest document of this kind that was not refused; the paper form proves nothing."""
    if not kind:
        return None
    useless = {*codes.UNUSED_DOCUMENTS, codes.DocumentStatus.KEPT}
    usable = [d for d in documents_of(demand) if d.kind == kind and d.status not in useless]
    if not usable:
        raise ValidationError({"paper": _("The file holds no such document.")})
    return usable[-1]
