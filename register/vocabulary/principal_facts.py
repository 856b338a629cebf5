"""Facts of whoever acts: known before any demand is looked at."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from register.models import AgreementPurpose, OrganisationKind, Role
from register.principals import PrincipalKind
from rules.publication.words import FIELD_SETS
from rules.types import FactType
from rules.vocabulary import Fact

CODES_OF = FactType.CODE_SET
KINDS = {
    PrincipalKind.ANONYMOUS: _("a visitor"),
    PrincipalKind.APPLICANT: _("an applicant or a helper"),
    PrincipalKind.MEMBERSHIP: _("a member of an organisation"),
    PrincipalKind.SYSTEM: _("the register itself"),
}


def principal_facts() -> list[Fact]:
    """Who acts, in which role, for which organisation, on which territories."""
    return [*_who(), *_territories(), *_terms()]


def _fact(code: str, type_: FactType, label: Any, choices: Any = None, listed: str = "") -> Fact:
    known = {str(key): text for key, text in dict(choices or {}).items()} or None
    return Fact(
        code=code, type=type_, label=label, source="CCH R441-2-6", choices=known, listed=listed
    )


def _who() -> list[Fact]:
    return [
        _fact("principal.kind", FactType.CODE, _("the person who acts"), KINDS),
        _fact("principal.user_ids", CODES_OF, _("the account of the person who acts")),
        _fact(
            "principal.share_keys",
            CODES_OF,
            _("the organisation of the person who acts"),
            listed="org",
        ),
        _fact(
            "principal.person_share_keys",
            CODES_OF,
            _("the agent of the organisation, when files are shared with one agent"),
        ),
        _fact("membership.role", FactType.CODE, _("the role in the organisation"), Role.choices),
        _fact(
            "organisation.kind",
            FactType.CODE,
            _("the kind of organisation"),
            OrganisationKind.choices,
        ),
        _fact("organisation.is_counter", FactType.BOOLEAN, _("the organisation is a counter")),
        _fact("organisation.codes", CODES_OF, _("the organisation"), listed="org"),
    ]


def _territories() -> list[Fact]:
    return [
        _fact(
            "organisation.departments",
            CODES_OF,
            _("the departments of the agreement"),
            listed="dep",
        ),
        _fact(
            "organisation.commune_codes",
            CODES_OF,
            _("the communes of the agreement"),
            listed="commune",
        ),
        _fact("organisation.epci_codes", CODES_OF, _("the EPCIs of the agreement"), listed="epci"),
        _fact(
            "organisation.quarter_codes",
            CODES_OF,
            _("the quarters of the agreement"),
            listed="quarter",
        ),
        _fact(
            "organisation.stock_departments",
            CODES_OF,
            _("the departments where the organisation has rental stock"),
            listed="dep",
        ),
        _fact(
            "organisation.stock_epcis",
            CODES_OF,
            _("the EPCIs of the agreement where the organisation has rental stock"),
            listed="epci",
        ),
        _fact(
            "organisation.stock_communes",
            CODES_OF,
            _("the communes of the agreement in departments where the organisation has stock"),
            listed="commune",
        ),
        _fact(
            "organisation.stock_quarters",
            CODES_OF,
            _("the quarters of the agreement in departments where the organisation has stock"),
            listed="quarter",
        ),
    ]


def _terms() -> list[Fact]:
    return [
        _fact(
            "organisation.data_classes",
            CODES_OF,
            _("the groups of data that the agreement opens"),
            FIELD_SETS,
        ),
        _fact(
            "organisation.purposes",
            CODES_OF,
            _("the purposes of the agreement"),
            AgreementPurpose.choices,
        ),
        _fact(
            "organisation.agreement_starts_on",
            FactType.DATE,
            _("the first day of the agreements in force"),
        ),
        # Not known when one of them was signed without a last day.
        _fact(
            "organisation.agreement_ends_on",
            FactType.DATE,
            _("the last day of the agreements in force"),
        ),
        _fact(
            "organisation.agreement_months_left",
            FactType.DURATION,
            _("the time left before the agreements in force end"),
        ),
    ]
