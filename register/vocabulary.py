"""The facts that rule modules may use, and how each is read from SQL and from an object."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register import codes
from register.models import (
    Demand,
    DemandAudience,
    DemandGroupPermission,
    DemandState,
    Label,
    Mandate,
    OrganisationKind,
    Role,
    Share,
)
from register.phrases import PHRASES
from register.principals import PrincipalKind, in_force_on
from rules.types import FactType
from rules.vocabulary import Fact, Vocabulary

SHARE_PERMISSION = "view_demand"


def _in_audience(keys: frozenset[str]) -> Q:
    rows = DemandAudience.objects.filter(demand=OuterRef("pk"), audience__in=sorted(keys))
    return Q(Exists(rows))


def _of_account(keys: frozenset[str]) -> Q:
    return Q(account_id__in=[int(key) for key in keys])


def _mandates(**where: Any) -> Any:
    return Mandate.objects.filter(
        in_force_on(timezone.localdate()), revoked_at__isnull=True, **where
    )


def _with_mandate(keys: frozenset[str]) -> Q:
    helpers = [int(key) for key in keys]
    return Q(Exists(_mandates(demand=OuterRef("pk"), helper_id__in=helpers)))


def _shares(**where: Any) -> Any:
    return Share.objects.filter(in_force_on(timezone.localdate()), revoked_at__isnull=True, **where)


def _granted_to(group_ids: Any) -> Any:
    return DemandGroupPermission.objects.filter(
        permission__codename=SHARE_PERMISSION, group__organisation__in=group_ids
    )


def _with_share(keys: frozenset[str]) -> Q:
    """Both rows of a share are needed: guardian's right and its dated reason."""
    organisations = [int(key) for key in keys]
    dated = _shares(demand=OuterRef("pk"), organisation_id__in=organisations)
    granted = _granted_to(organisations).filter(content_object=OuterRef("pk"))
    return Q(Exists(dated)) & Q(Exists(granted))


def _labels_today(**where: Any) -> Any:
    today = timezone.localdate()
    return Label.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today, **where
    )


def _with_label(keys: frozenset[str]) -> Q:
    return Q(Exists(_labels_today(demand=OuterRef("pk"), code__in=sorted(keys))))


def _audience_codes(prefix: str) -> Callable[[Demand], frozenset[str]]:
    def read(demand: Demand) -> frozenset[str]:
        start = f"{prefix}:"
        return frozenset(
            row.audience.removeprefix(start)
            for row in demand.audiences.all()
            if row.audience.startswith(start)
        )

    return read


def _share_codes(demand: Demand) -> frozenset[str]:
    dated = set(_shares(demand=demand).values_list("organisation_id", flat=True))
    granted = set(
        _granted_to(dated)
        .filter(content_object=demand)
        .values_list("group__organisation", flat=True)
    )
    return _as_keys(dated & granted)


def _as_keys(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(str(value) for value in values)


def _territory(code: str, prefix: str, label: Any, source: str) -> Fact:
    return Fact(
        code=code,
        type=FactType.CODE_SET,
        label=label,
        source=source,
        relation="audience",
        key=f"{prefix}:{{}}".format,
        getter=_audience_codes(prefix),
    )


def _labels_of(choices: Any) -> dict[str, Any]:
    return dict(choices.choices)


def build_vocabulary() -> Vocabulary:
    """Every fact, declared once."""
    facts = (*_row_facts(), *_principal_facts())
    worded = (replace(fact, phrases=PHRASES.get(fact.code, {})) for fact in facts)
    return Vocabulary(worded, RELATIONS)


RELATIONS = {
    "audience": _in_audience,
    "account": _of_account,
    "mandate": _with_mandate,
    "share": _with_share,
    "label": _with_label,
}


def _row_facts() -> list[Fact]:
    return [
        _territory("demand.departments", "dep", _("the department of the demand"), "CCH R441-2-3"),
        _territory("demand.wished_communes", "commune", _("the wished communes"), "CCH R441-2-2 h"),
        _territory(
            "demand.wished_epcis", "epci", _("the EPCIs of the wished communes"), "CCH R441-2-6"
        ),
        _territory(
            "demand.registering_organisations",
            "org",
            _("the organisation that registered the demand"),
            "CCH R441-2-1",
        ),
        Fact(
            code="demand.accounts",
            type=FactType.CODE_SET,
            label=_("the applicant’s account"),
            source="CCH L441-2-6",
            relation="account",
            getter=lambda d: _as_keys({d.account_id} - {None}),
        ),
        Fact(
            code="demand.helpers",
            type=FactType.CODE_SET,
            label=_("the helpers mandated by the applicant"),
            source="Cerfa 14069",
            relation="mandate",
            getter=lambda d: _as_keys(_mandates(demand=d).values_list("helper_id", flat=True)),
        ),
        Fact(
            code="demand.shares",
            type=FactType.CODE_SET,
            label=_("the organisations with which the file is exceptionally shared"),
            source="Charte",
            relation="share",
            getter=_share_codes,
        ),
        Fact(
            code="demand.priority_labels",
            type=FactType.CODE_SET,
            label=_("the recognised priorities"),
            source="CCH L441-1",
            choices=_labels_of(codes.PriorityLabel),
            relation="label",
            getter=lambda d: _as_keys(_labels_today(demand=d).values_list("code", flat=True)),
        ),
        Fact(
            code="demand.state",
            type=FactType.CODE,
            label=_("the state of the demand"),
            source="CCH R441-2-8",
            choices=_labels_of(DemandState),
            column="state",
            getter=lambda d: d.state,
        ),
        Fact(
            code="demand.sealed",
            type=FactType.BOOLEAN,
            label=_("the file is sealed"),
            source="Charte",
            sensitivity="high",
            column="is_sealed",
            getter=lambda d: d.is_sealed,
        ),
        Fact(
            code="demand.received_on",
            type=FactType.DATE,
            label=_("the date of reception of the demand"),
            source="CCH R441-2-3",
            column="received_on",
            getter=lambda d: d.received_on,
        ),
        Fact(
            code="demand.household_size",
            type=FactType.INTEGER,
            label=_("the number of people to house"),
            source="Cerfa 14069 G2",
            column="facts__household_size",
            getter=lambda d: d.facts.household_size,
        ),
        Fact(
            code="demand.household_category",
            type=FactType.INTEGER,
            label=_("the household category"),
            source="Arrêté du 29 juillet 1987",
            column="facts__household_category",
            getter=lambda d: d.facts.household_category,
        ),
        Fact(
            code="demand.annual_income",
            type=FactType.MONEY_YEAR,
            label=_("the reference income"),
            source="CCH R441-1",
            unit=_("euros per year"),
            sensitivity="high",
            column="facts__annual_income",
            getter=lambda d: d.facts.annual_income,
        ),
        Fact(
            code="demand.first_application",
            type=FactType.BOOLEAN,
            label=_("the applicant does not live in social housing yet"),
            source="Cerfa 14069 F2",
            column="facts__is_first_application",
            getter=lambda d: d.facts.is_first_application,
        ),
    ]


def _principal_facts() -> list[Fact]:
    def fact(code: str, type_: FactType, label: Any, choices: Any = None) -> Fact:
        listed = _labels_of(choices) if choices else None
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
        fact("organisation.commune_codes", codes_of, _("the commune of the organisation")),
        fact("organisation.epci_codes", codes_of, _("the EPCI of the organisation")),
    ]
