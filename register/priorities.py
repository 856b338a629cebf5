"""Priorities on demands: what the rules of a department notice, and who may recognise what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register import bits, codes
from register.models import Demand, DemandFacts, OrganisationKind
from rules import registry
from rules.days import add_months
from rules.kinds.priority import Priorities, Priority
from rules.priority import Detection, detect
from rules.registry import Installed

Body = codes.RecognisingBody
SENSITIVE = bits.mask(codes.SENSITIVE_LABELS, bits.LABELS)
EVERY = bits.mask(bits.LABELS, bits.LABELS)
# In whose name an organisation may answer; the manager writes for bodies without an access.
BODIES: Mapping[str, tuple[str, ...]] = {
    OrganisationKind.LANDLORD: (Body.LANDLORD,),
    OrganisationKind.STATE: (Body.PREFECT, Body.MEDIATION, Body.LOCAL_BODY),
    OrganisationKind.COMMUNE: (Body.RESERVER,),
    OrganisationKind.EPCI: (Body.PPGDID, Body.COORDINATION, Body.RESERVER),
    OrganisationKind.DEPARTMENT: (Body.LOCAL_BODY, Body.RESERVER),
    OrganisationKind.EMPLOYER: (Body.RESERVER,),
    OrganisationKind.SIAO: (Body.LOCAL_BODY,),
    OrganisationKind.MANAGER: tuple(Body.values),
}


def module_of(department: str) -> Installed[Priorities] | None:
    """The priority module of the department, else one that holds everywhere."""
    held = [m for m in registry.in_force("priority") if m.territory in (department, "")]
    return min(held, key=lambda module: module.territory == "", default=None)


def detections(
    demand: Demand, figures: Mapping[str, Any], today: date, subject: Any = None
) -> tuple[Detection, ...]:
    """What the rules notice on a demand, from its facts; nothing without a module."""
    module = module_of(demand.department_id)
    if module is None:
        return ()
    return detect(module.body, registry.vocabulary(), figures, subject or demand, today)


def write_detections(facts: DemandFacts, figures: Mapping[str, Any], today: date) -> None:
    """Put in a facts row what the rules notice, and the version by which.

    Priorities are of people (CCH L441-1): nothing is noticed of an association.
    """
    if facts.demand.is_association:
        facts.detected_priorities, facts.detected_by = 0, ""
        return
    module = module_of(facts.demand.department_id)
    found = detections(facts.demand, figures, today)
    noticed = [detection.rule.code for detection in found if detection.is_detected]
    facts.detected_priorities = bits.mask(noticed, bits.LABELS)
    facts.detected_by = str(module.version_id) if module else ""


@dataclass(frozen=True)
class Terms:
    """In whose name a priority is answered, until when, by which version of the rules."""

    body: str
    valid_to: date | None
    version: int | None = None


def terms(
    department: str,
    label: str,
    kind: str,
    on: date,
    *,
    body: str = "",
    valid_to: date | None = None,
) -> Terms:
    """The terms of an answer given that day by an organisation of this kind.

    Raises ValidationError when the rules do not let it answer about this priority.
    """
    module = module_of(department)
    rule = module.body.get(label) if module else None
    allowed = bodies_for(rule, kind)
    if rule is not None and (not allowed or (body and body not in allowed)):
        raise ValidationError({"body": _("Your organisation may not answer about this priority.")})
    given = agreed(rule, BODIES.get(kind, ()), on, body=body, valid_to=valid_to)
    return replace(given, version=module.version_id if module and rule else None)


def agreed(
    rule: Priority | None,
    own: Sequence[str],
    on: date,
    *,
    body: str = "",
    valid_to: date | None = None,
) -> Terms:
    """The terms of a rule for whoever may answer in the name of these bodies."""
    if valid_to is None and rule is not None and rule.valid_months:
        valid_to = add_months(on, rule.valid_months)
    return Terms(body or next(iter(_among(rule, own)), ""), valid_to)


def bodies_for(rule: Priority | None, kind: str) -> tuple[str, ...]:
    """In whose name an organisation of this kind may answer about a priority."""
    return _among(rule, BODIES.get(kind, ()))


def _among(rule: Priority | None, own: Sequence[str]) -> tuple[str, ...]:
    return tuple(own) if rule is None else tuple(body for body in rule.granted_by if body in own)
