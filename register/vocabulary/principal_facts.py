"""Facts of whoever acts: known before any demand is looked at."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from register.models import AgreementPurpose, OrganisationKind, Role
from register.principals import PrincipalKind
from rules.publication.words import FIELD_SETS
from rules.types import FactType
from rules.vocabulary import Fact


def principal_facts() -> list[Fact]:
    """Who acts, in which role, for which organisation, on which territories."""

    def fact(code: str, type_: FactType, label: Any, choices: Any = None) -> Fact:
        listed = dict(choices.choices) if choices else None
        return Fact(code=code, type=type_, label=label, source="CCH R441-2-6", choices=listed)

    codes_of = FactType.CODE_SET
    kinds = {
        PrincipalKind.ANONYMOUS: _("a visitor"),
        PrincipalKind.APPLICANT: _("an applicant or a helper"),
        PrincipalKind.MEMBERSHIP: _("a member of an organisation"),
        PrincipalKind.SYSTEM: _("the register itself"),
    }
    return [
        Fact(
            code="principal.kind",
            type=FactType.CODE,
            label=_("the person who acts"),
            source="CCH R441-2-6",
            choices={str(kind): label for kind, label in kinds.items()},
        ),
        fact("principal.user_ids", codes_of, _("the account of the person who acts")),
        fact("principal.share_keys", codes_of, _("the organisation of the person who acts")),
        fact(
            "principal.person_share_keys",
            codes_of,
            _("the agent of the organisation, when files are shared with one agent"),
        ),
        fact("membership.role", FactType.CODE, _("the role in the organisation"), Role),
        fact("organisation.kind", FactType.CODE, _("the kind of organisation"), OrganisationKind),
        fact("organisation.is_counter", FactType.BOOLEAN, _("the organisation is a counter")),
        fact("organisation.codes", codes_of, _("the organisation")),
        fact("organisation.departments", codes_of, _("the departments of the agreement")),
        fact(
            "organisation.stock_departments",
            codes_of,
            _("the departments where the organisation has rental stock"),
        ),
        fact(
            "organisation.stock_epcis",
            codes_of,
            _("the EPCIs of the agreement where the organisation has rental stock"),
        ),
        fact(
            "organisation.stock_communes",
            codes_of,
            _("the communes of the agreement in departments where the organisation has stock"),
        ),
        fact("organisation.commune_codes", codes_of, _("the communes of the agreement")),
        fact("organisation.epci_codes", codes_of, _("the EPCIs of the agreement")),
        Fact(
            code="organisation.data_classes",
            type=codes_of,
            label=_("the groups of data that the agreement opens"),
            source="CCH R441-2-6",
            choices={name.value: text for name, text in FIELD_SETS.items()},
        ),
        fact(
            "organisation.purposes", codes_of, _("the purposes of the agreement"), AgreementPurpose
        ),
    ]
