"""Demonstration accounts: one agent per partner, a manager, an editor, applicants, a helper.

All share one published password; the command that creates them refuses to run outside a demo.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from register.models import Membership, Organisation, OrganisationKind, Role, User
from register.principals import Principal, member_principal

PASSWORD = "demo-cote-d-or-2026"  # noqa: S105  (published on purpose, synthetic data only)
EDITORS_GROUP = "Éditeurs USH"
SINCE = date(2015, 1, 1)

LANDLORD_AGENT = "agent@grand-dijon-habitat.example.org"
OTHER_LANDLORD_AGENT = "agent@orvitis.example.org"
LANDLORD_LEAD = "responsable@grand-dijon-habitat.example.org"
STATE_LEAD = "responsable@ddets-21.example.org"
EPCI_LEAD = "responsable@dijon-metropole.example.org"
COMMUNE_AGENT = "agent@ville-dijon.example.org"
STATISTICS_AGENT = "observatoire@ca-beaune-cote-et-sud.example.org"
MANAGER = "gestionnaire@ush-bourgogne.example.org"
OFFICER = "dpo@ush-bourgogne.example.org"
EDITOR = "redaction@ush-bourgogne.example.org"
APPLICANT = "camille.martin@example.org"
OTHER_APPLICANT = "samir.benali@example.org"
ASSOCIATION = "un-toit-pour-tous@example.org"
HELPER = "aide@entraide-logement.example.org"
LEADS = {
    LANDLORD_LEAD: "grand-dijon-habitat",
    STATE_LEAD: "ddets-21",
    EPCI_LEAD: "dijon-metropole",
}


@dataclass(frozen=True)
class DemoAccount:
    """An account to try the product with: who it is and where it goes first."""

    email: str
    who: str
    page: str


def ensure_accounts() -> None:
    """Create the demonstration accounts that do not exist yet; never changes an existing one."""
    for organisation in Organisation.objects.filter(is_counter=True):
        manages = organisation.kind == OrganisationKind.MANAGER
        name = "gestionnaire" if manages else "agent"
        user = _ensure_user(
            f"{name}@{organisation.code}.example.org", "Agent", organisation.short_name
        )
        _ensure_member(user, organisation, Role.MANAGER if manages else Role.AGENT)
    for email, code in LEADS.items():
        led = Organisation.objects.get(code=code)
        _ensure_member(_ensure_user(email, "Responsable", led.short_name), led, Role.LEAD)
    _ensure_member(
        _ensure_user(STATISTICS_AGENT, "Observatoire", "Beaune Côte et Sud"),
        Organisation.objects.get(code="ca-beaune-cote-et-sud"),
        Role.STATISTICS,
    )
    for manager in Organisation.objects.filter(kind=OrganisationKind.MANAGER):
        officer = _ensure_user(OFFICER, "Protection des données", manager.short_name)
        _ensure_member(officer, manager, Role.DATA_PROTECTION)
    editor = _ensure_user(EDITOR, "Rédaction", "USH Bourgogne")
    group, _created = Group.objects.get_or_create(name=EDITORS_GROUP)
    editor.groups.add(group)
    _ensure_user(APPLICANT, "Camille", "Martin")
    _ensure_user(OTHER_APPLICANT, "Samir", "Benali")
    _ensure_user(ASSOCIATION, "Alix", "Morel")
    _ensure_user(HELPER, "Aide", "Entraide Logement")


def listed() -> list[DemoAccount]:
    """The accounts shown when the demonstration is ready, in the order of the journey."""
    return [
        DemoAccount(APPLICANT, _("applicant"), "/mon-espace/"),
        DemoAccount(LANDLORD_AGENT, _("agent of a landlord"), "/bureau/"),
        DemoAccount(LANDLORD_LEAD, _("team lead of the same landlord"), "/bureau/"),
        DemoAccount(OTHER_LANDLORD_AGENT, _("agent of another landlord"), "/bureau/"),
        DemoAccount(COMMUNE_AGENT, _("agent of a commune’s counter"), "/bureau/"),
        DemoAccount(STATISTICS_AGENT, _("body that is not a counter: statistics"), "/bureau/"),
        DemoAccount(STATE_LEAD, _("team lead of the State’s service: signs the rules"), "/bureau/"),
        DemoAccount(EPCI_LEAD, _("team lead of the Métropole: signs the rules"), "/bureau/"),
        DemoAccount(MANAGER, _("manager of the shared file"), "/bureau/"),
        DemoAccount(OFFICER, _("data-protection officer"), "/bureau/"),
        DemoAccount(EDITOR, _("editor of the public site"), "/edition/"),
        DemoAccount(ASSOCIATION, _("association that applies"), "/mon-espace/"),
        DemoAccount(HELPER, _("helper with a mandate"), "/mon-espace/"),
    ]


def agents_by_organisation() -> dict[str, Principal]:
    """The acting agent of each counter organisation, by organisation code."""
    members = (
        Membership.objects.filter(
            organisation__is_counter=True, role__in=(Role.AGENT, Role.MANAGER)
        )
        .select_related("user", "organisation")
        .order_by("pk")
    )
    agents: dict[str, Principal] = {}
    for member in members:
        principal = member_principal(member.user, member.pk)
        if principal and member.user.email.endswith(".example.org"):
            agents.setdefault(member.organisation.code, principal)
    return agents


@lru_cache(maxsize=1)
def _password() -> str:
    """Hashed once for all: one by one, twenty-five accounts keep the first start waiting."""
    return make_password(PASSWORD)


def _ensure_user(email: str, first_name: str, last_name: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, first_name=first_name, last_name=last_name)
        user.password = _password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _ensure_member(user: User, organisation: Organisation, role: str) -> None:
    Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, defaults={"starts_on": SINCE}
    )
