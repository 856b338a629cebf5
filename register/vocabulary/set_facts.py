"""Facts of a demand that are sets of codes: its territories, and the people who may be told."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from register.models import Demand, MandateScope
from register.territories import territory_tree
from rules.types import FactType
from rules.vocabulary import Fact

from .lookups import (
    granted_to,
    granted_to_people,
    helpers_of,
    shares_in_force,
    wished_places,
)


def territory_facts() -> list[Fact]:
    """Where the demand belongs: the audiences from which most rights follow (R441-2-6)."""
    return [
        _territory(
            "demand.departments",
            "dep",
            _("the department of the demand"),
            "CCH R441-2-3",
            _department,
        ),
        _territory(
            "demand.wished_communes",
            "commune",
            _("the wished communes"),
            "CCH R441-2-2 h",
            _communes,
        ),
        _territory(
            "demand.wished_epcis",
            "epci",
            _("the EPCIs of the wished communes"),
            "CCH R441-2-6",
            _epcis,
        ),
        _territory(
            "demand.registering_organisations",
            "org",
            _("the organisation that registered the demand"),
            "CCH R441-2-1",
            _registered_by,
        ),
        _territory(
            "demand.wished_quarters",
            "quarter",
            _("the quarters where the demand wishes to live"),
            "CCH R441-2-2 h",
            _quarters,
        ),
        Fact(
            code="demand.wished_territories",
            type=FactType.TERRITORY_SET,
            label=_("the wished territories"),
            source="CCH R441-2-2 h",
            relation="audience",
            getter=_territories,
        ),
    ]


def people_facts() -> list[Fact]:
    """To whom the demand is personally open."""
    return [
        Fact(
            code="demand.accounts",
            type=FactType.CODE_SET,
            label=_("the applicant’s account"),
            source="CCH L441-2-6",
            relation="account",
            is_identifying=True,
            getter=lambda d: _as_keys({d.account_id} - {None}),
        ),
        _helpers("", "mandate", MandateScope.READ, _("the helpers mandated by the applicant")),
        _helpers(
            "_who_answer",
            "mandate_answer",
            MandateScope.ANSWER,
            _("the helpers mandated to send documents and answer requests to correct"),
        ),
        _helpers(
            "_who_modify",
            "mandate_modify",
            MandateScope.MODIFY,
            _("the helpers mandated to change the declaration and renew"),
        ),
        _helpers(
            "_who_represent",
            "mandate_represent",
            MandateScope.REPRESENT,
            _("the guardians who represent the applicant"),
        ),
        Fact(
            code="demand.shares",
            type=FactType.CODE_SET,
            label=_("the organisations with which the file is exceptionally shared"),
            source="Charte",
            relation="share",
            listed="org",
            getter=_share_codes,
        ),
        Fact(
            code="demand.people_shared_with",
            type=FactType.CODE_SET,
            label=_("the people with whom the file is exceptionally shared"),
            source="Charte",
            relation="person_share",
            is_identifying=True,
            getter=_people_shared_with,
        ),
    ]


def _helpers(name: str, relation: str, scope: MandateScope, label: Any) -> Fact:
    return Fact(
        code=f"demand.helpers{name}",
        type=FactType.CODE_SET,
        label=label,
        source="Cerfa 14069",
        relation=relation,
        is_identifying=True,
        getter=lambda d: _as_keys(helpers_of(d, scope)),
    )


def _territory(
    code: str,
    prefix: str,
    label: Any,
    source: str,
    getter: Callable[[Demand], frozenset[str]],
) -> Fact:
    return Fact(
        code=code,
        type=FactType.CODE_SET,
        label=label,
        source=source,
        relation="audience",
        key=f"{prefix}:{{}}".format,
        listed=prefix,
        getter=getter,
    )


def _territories(demand: Demand) -> frozenset[str]:
    """Every territory that the demand reaches, from the quarters to the region.

    A wish lies in its commune, its EPCI, its department and its region. It reaches the quarter that
    it names; a wish for a whole commune reaches every quarter of it.
    """
    tree = territory_tree()
    found = {f"dep:{demand.department_id}", *tree.chain(f"dep:{demand.department_id}")}
    for place in wished_places(demand):
        found.add(f"commune:{place.commune}")
        found |= {f"quarter:{code}" for code in place.quarters}
        found |= {f"epci:{place.epci}"} if place.epci else set()
    return frozenset(found)


def _department(demand: Demand) -> frozenset[str]:
    return frozenset({demand.department_id})


def _registered_by(demand: Demand) -> frozenset[str]:
    return _as_keys({demand.registered_by_id})


def _communes(demand: Demand) -> frozenset[str]:
    return frozenset(place.commune for place in wished_places(demand))


def _epcis(demand: Demand) -> frozenset[str]:
    return frozenset(place.epci for place in wished_places(demand) if place.epci)


def _quarters(demand: Demand) -> frozenset[str]:
    return frozenset().union(*(place.quarters for place in wished_places(demand)))


def _share_codes(demand: Demand) -> frozenset[str]:
    dated = set(
        shares_in_force(demand=demand, recipient__isnull=True).values_list(
            "organisation_id", flat=True
        )
    )
    granted = set(
        granted_to(dated)
        .filter(content_object=demand)
        .values_list("group__organisation", flat=True)
    )
    return _as_keys(dated & granted)


def _people_shared_with(demand: Demand) -> frozenset[str]:
    dated = set(
        shares_in_force(demand=demand, recipient__isnull=False).values_list(
            "recipient_id", "organisation_id"
        )
    )
    granted = set(
        granted_to_people([person for person, _organisation in dated])
        .filter(content_object=demand)
        .values_list("user_id", flat=True)
    )
    return frozenset(f"{person}:{body}" for person, body in dated if person in granted)


def _as_keys(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(str(value) for value in values)
