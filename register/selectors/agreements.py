"""Agreements as their manager and their parties read them: terms, steps, what they open."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from register import access, clock
from register.agreements import agreements_in_force, is_party, opened_today
from register.models import (
    Agreement,
    AgreementEvent,
    AgreementStatus,
    BuildState,
    BuiltAudience,
    Department,
    Epci,
    Membership,
    Organisation,
    OrganisationKind,
    Quarter,
    Role,
)
from register.principals import Principal, PrincipalKind
from register.templatetags.shell import date_long
from rules.formatting import listed

# Bodies that read named files as counters only (R441-2-6 c and d).
AS_COUNTERS = frozenset(
    {
        OrganisationKind.COMMUNE,
        OrganisationKind.EPCI,
        OrganisationKind.DEPARTMENT,
        OrganisationKind.EMPLOYER,
        OrganisationKind.SIAO,
    }
)


@dataclass(frozen=True)
class AgreementView:
    """One agreement with its places, its steps and what it opens.

    Exact counts, live and small, are for the manager only: `None` for anybody else, whose figures
    keep statistical secrecy.
    """

    agreement: Agreement
    is_in_force: bool
    territory: str
    co_signers: list[Organisation]
    events: list[AgreementEvent]
    demands: int | None
    only_here: int | None
    rules: list[tuple[str, str]]
    conflicts: list[str]
    # The exact counts of its body, while they are prepared in the background.
    being_built: BuiltAudience | None = None


def agreements_of(principal: Principal) -> list[Agreement]:
    """Every agreement for the manager; for others, those that their organisation signed."""
    found = Agreement.objects.select_related("organisation").prefetch_related(
        "departments", "epcis", "communes", "quarters__commune"
    )
    if not principal.is_manager:
        own = principal.organisation
        found = found.filter(Q(organisation=own) | Q(co_signers=own)).distinct()
        found = found.exclude(status=AgreementStatus.DRAFT)
    return list(found.order_by("organisation__name", "-starts_on", "pk"))


def agreement_of(principal: Principal, agreement_id: int) -> Agreement:
    """One agreement that the principal may read; Http404 in the same way for any other."""
    found = Agreement.objects.select_related("organisation").filter(pk=agreement_id).first()
    if found is None:
        raise Http404
    signed = found.status != AgreementStatus.DRAFT
    if not principal.is_manager and not (signed and is_party(principal.organisation, found)):
        raise Http404
    return found


def read_agreement(principal: Principal, agreement: Agreement) -> AgreementView:
    """The agreement with everything that its page tells this reader."""
    reader = typical_reader(agreement.organisation)
    facts = {**reader.facts, **_facts(agreement)}
    in_force = agreements_in_force(clock.today()).filter(pk=agreement.pk).exists()
    counted, counted_today = principal.is_manager, principal.is_manager and in_force
    return AgreementView(
        agreement=agreement,
        is_in_force=in_force,
        territory=territory(agreement),
        co_signers=list(agreement.co_signers.order_by("name")),
        events=list(agreement.events.select_related("user").order_by("-at", "-pk")),
        demands=access.scope_under(facts, access.Action.LIST).count() if counted else None,
        only_here=_only_here(agreement) if counted_today else None,
        rules=access.openings_under(facts, access.Action.LIST),
        conflicts=list(_conflicts(agreement)),
        being_built=_being_built(agreement) if counted_today else None,
    )


def _being_built(agreement: Agreement) -> BuiltAudience | None:
    states = [BuildState.WAITING, BuildState.BUILDING]
    built = BuiltAudience.objects.filter(state__in=states)
    return built.filter(organisation=agreement.organisation_id).first()


def territory(agreement: Agreement) -> str:
    """The places of an agreement in one line."""
    names = [
        *(department.name for department in agreement.departments.all()),
        *(epci.name for epci in agreement.epcis.all()),
        *(commune.name for commune in agreement.communes.all()),
        *(str(quarter) for quarter in agreement.quarters.all()),
    ]
    return listed(names, every=True) if names else _("no territory")


def organisations_known() -> QuerySet[Organisation]:
    """Bodies with which an agreement may be signed."""
    return Organisation.objects.order_by("name")


def departments_known() -> QuerySet[Department]:
    """Departments that an agreement may name."""
    return Department.objects.order_by("code")


def epcis_known() -> QuerySet[Epci]:
    """EPCIs that an agreement may name."""
    return Epci.objects.order_by("name")


def quarters_known() -> QuerySet[Quarter]:
    """Quarters that an agreement may name."""
    return Quarter.objects.select_related("commune").order_by("commune__name", "name")


def typical_reader(organisation: Organisation) -> Principal:
    """Somebody who reads files there: never saved, and nobody in particular."""
    manages = organisation.kind == OrganisationKind.MANAGER
    member = Membership(organisation=organisation, role=Role.MANAGER if manages else Role.READER)
    return Principal(PrincipalKind.MEMBERSHIP, membership=member)


def _facts(agreement: Agreement) -> dict[str, object]:
    """The facts of the organisation as if this agreement alone were in force."""
    opened = opened_today(agreement.organisation, also=agreement.pk)
    return {
        name: value
        for name, value in opened.facts([agreement.pk]).items()
        if not name.startswith("principal.")
    }


def _conflicts(agreement: Agreement) -> Iterator[str]:
    """What the manager should know before relying on this agreement."""
    organisation = agreement.organisation
    if organisation.kind in AS_COUNTERS and not organisation.is_counter:
        yield _("This body is not a counter: the agreement opens statistics only (R441-2-6).")
    departments = {department.pk: department.name for department in agreement.departments.all()}
    if organisation.kind == OrganisationKind.LANDLORD:
        held = set(organisation.stock.filter(homes__gt=0).values_list("department", flat=True))
        for code in sorted(set(departments) - held):
            yield _("%(place)s opens nothing: the landlord has no homes there (R441-2-6 a).") % {
                "place": departments[code]
            }
    if not set(agreement.purposes) - {"figures"}:
        yield _("Its only purpose is statistics: check that named files should be open.")
    for other in _others(agreement):
        yield _(
            "“%(purpose)s”, in force since %(day)s, opens a part of the same territory: ending this"
            " one alone leaves that part open."
        ) % {"purpose": other.purpose, "day": date_long(other.starts_on)}


def _others(agreement: Agreement) -> list[Agreement]:
    """Other agreements in force of the same body, on a part of the same territory."""
    same = Q(departments__in=agreement.departments.all())
    same |= Q(epcis__in=agreement.epcis.all()) | Q(communes__in=agreement.communes.all())
    same |= Q(quarters__in=agreement.quarters.all())
    return list(
        agreements_in_force(clock.today())
        .filter(same, organisation=agreement.organisation)
        .exclude(pk=agreement.pk)
        .distinct()
        .order_by("starts_on")
    )


def _only_here(agreement: Agreement) -> int:
    """How many demands the body would no longer list if this agreement ended today."""
    reader = typical_reader(agreement.organisation)
    without = reader.facts_under(reader.agreements - {agreement.pk})
    before = access.scope(reader, access.Action.LIST)
    after = access.scope_under(without, access.Action.LIST)
    return before.exclude(pk__in=after.values("pk")).count()
