"""One register with somebody of every kind, and a demand in every relation to them."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cms.editorial import EDITORS, set_up_editorial_team
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone
from guardian.shortcuts import assign_perm

from register import questions
from register.models import (
    Demand,
    DemandState,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from register.principals import applicant_principal
from register.services.acts import add_note, request_piece, send_message
from register.services.mandates import give_mandate
from register.services.sharing import share_file
from tests.factories import (
    ONE_PAGE,
    make_agreement,
    make_commune,
    make_counter,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_quarter,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.register.question_modules import install_questions, question

DIJON, BEAUNE, MACON = "21231", "21054", "71270"
GRESILLES, FONTAINE = "21231-gresilles", "21231-fontaine-d-ouche"
BEAUNE_EPCI, MACON_EPCI = "200006682", "200070308"
ENOUGH_FOR_FIGURES = 12
ABSENT = "021010199999999999"


@dataclass(repr=False)
class World:
    """The cast by role, and the demands by their relation to it."""

    cast: dict[str, User | None] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    demands: dict[str, Demand] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser signed in as somebody of the cast; signed out for the visitor."""
        client = Client()
        user = self.cast[role]
        if user is not None:
            client.force_login(user)
        return client


@contextmanager
def rolled_back() -> Any:
    """Whatever happens inside leaves no trace in the database."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def build_world() -> World:
    """Everybody and every demand; the rule modules must be installed."""
    world = World()
    _territories()
    _people(world)
    _demands(world)
    _history(world)
    return world


def _territories() -> None:
    make_commune(DIJON, "Dijon")
    make_commune(BEAUNE, "Beaune", epci=BEAUNE_EPCI, postal_code="21200")
    make_department("71", "Saône-et-Loire")
    make_commune(MACON, "Mâcon", epci=MACON_EPCI, department="71", postal_code="71000")


def _people(world: World) -> None:
    landlord = make_organisation("bailleur-a", name="Bailleur A")
    yesterday = timezone.localdate() - timedelta(days=1)
    dijon, beaune = make_commune(DIJON), make_commune(BEAUNE)
    counter_in = make_organisation("ville-dedans", OrganisationKind.COMMUNE, commune=dijon)
    counter_out = make_organisation("ville-dehors", OrganisationKind.COMMUNE, commune=beaune)
    no_counter = make_organisation(
        "ville-sans-guichet", OrganisationKind.COMMUNE, commune=dijon, is_counter=False
    )
    manager = make_organisation("gestion", OrganisationKind.MANAGER)
    make_counter("21BA1", landlord)
    members = {
        "landlord agent": make_member(landlord, Role.AGENT),
        "landlord reader": make_member(landlord, Role.READER),
        "landlord lead": make_member(landlord, Role.LEAD),
        "landlord statistician": make_member(landlord, Role.STATISTICS),
        "landlord of a quarter": make_member(_landlord_of_a_quarter()),
        "landlord elsewhere": make_member(make_organisation("bailleur-b", department="71")),
        "commune inside": make_member(counter_in, Role.AGENT),
        "commune outside": make_member(counter_out, Role.AGENT),
        "body without counter": make_member(no_counter, Role.AGENT),
        "manager": make_member(manager, Role.MANAGER),
        "data-protection officer": make_member(manager, Role.DATA_PROTECTION),
    }
    former = make_member(landlord, Role.AGENT, ends_on=yesterday)
    set_up_editorial_team()
    editor = make_user()
    editor.groups.add(Group.objects.get(name=EDITORS))
    world.members = members
    world.cast = {
        "visitor": None,
        "owner": make_user(),
        "other applicant": make_user(),
        "helper": make_user(),
        **{role: member.user for role, member in members.items()},
        "former agent": former.user,
        "editor": editor,
    }


def _landlord_of_a_quarter() -> Organisation:
    body = make_organisation("bailleur-q", with_agreement=False)
    agreement = make_agreement(body, make_department())
    agreement.departments.clear()
    agreement.quarters.add(make_quarter(GRESILLES))
    return body


def _demands(world: World) -> None:
    ended = {"strike_off_reason": "RADABA", "struck_off_on": timezone.localdate()}
    owner, other = world.cast["owner"], world.cast["other applicant"]
    world.demands = {
        "own": make_demand(owner, dependants=1),
        "other": make_demand(other, communes=(MACON,), department="71"),
        "sealed": make_demand(is_sealed=True),
        "erased": make_demand(owner, state=DemandState.ERASED, **ended),
        "shared": make_demand(communes=(MACON,), department="71"),
        "no longer shared": make_demand(communes=(MACON,), department="71"),
    }
    for department, commune in (("21", DIJON), ("71", MACON)):
        for _one in range(ENOUGH_FOR_FIGURES):
            make_demand(communes=(commune,), department=department, with_identity=False)


def _history(world: World) -> None:
    """Each demand has what nested addresses name: a document, a share, a mandate, a message."""
    from register.models import Mandate, Share

    today = timezone.localdate()
    landlord = world.members["landlord agent"].organisation
    elsewhere = world.members["landlord elsewhere"].organisation
    lead_elsewhere = principal_of(make_member(elsewhere, Role.LEAD))
    install_questions(
        "questions-monde",
        [
            question("garage", "boolean"),
            question("detail", "text"),
            question("debt", "text", field_set="resources"),
        ],
    )
    for name, demand in world.demands.items():
        answer(demand)
        demand.local_answers.create(
            question="debt",
            text="Dettes",
            answered_at=timezone.now(),
            version_id=world_version(),
        )
        dates = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)}
        Share.objects.create(
            demand=demand,
            organisation=landlord,
            reason="Relogement",
            granted_by=lead_elsewhere.user,
            granted_at=timezone.now(),
            **dates,
        )
        # guardian's row alone opens nothing: the share it goes with has ended.
        assign_perm("view_demand", landlord.group, demand)
        if name != "own":
            live = {"starts_on": today, "ends_on": today} if name == "other" else dates
            Mandate.objects.create(demand=demand, helper=make_user(), **live)
    give_mandate(
        principal=applicant_principal(world.cast["owner"]),
        demand=world.demands["own"],
        helper_email=world.cast["helper"].email,
        ends_on=today + timedelta(days=30),
    )
    share_file(
        principal=lead_elsewhere,
        demand=world.demands["shared"],
        organisation=landlord,
        reason="Mutation",
        starts_on=today,
        ends_on=today + timedelta(days=30),
    )
    _acts(world, lead_elsewhere)


def world_version() -> int:
    """The version that asks the questions of this world."""
    return next(each.version_id for each in questions.in_force() if each.code == "garage")


def answer(demand: Demand, **value: Any) -> None:
    """One answer to a local question of the list filters, and one in the person's own words."""
    version = world_version()
    for code, kept in (("garage", value or {"yes_no": True}), ("detail", {"text": "Détail"})):
        demand.local_answers.update_or_create(
            question=code,
            code=None,
            defaults={"version_id": version, "answered_at": timezone.now(), **kept},
        )


def _acts(world: World, lead_elsewhere: Any) -> None:
    agent = principal_of(world.members["landlord agent"])
    manager = principal_of(world.members["manager"])
    authors = {"own": agent, "sealed": manager}
    for name in ("own", "other", "sealed", "shared", "no longer shared"):
        who, demand = authors.get(name, lead_elsewhere), world.demands[name]
        add_note(principal=who, demand=demand, text=f"Note interne du dossier {name}")
        send_message(principal=who, demand=demand, body=f"Message du dossier {name}")
        request_piece(principal=who, demand=demand, piece="income", text="Une page manque")
        owner = applicant_principal(demand.account)
        send_message(principal=owner, demand=demand, body=f"Réponse du dossier {name}")


def add_document(demand: Demand, kind: str, content: bytes = ONE_PAGE) -> Any:
    """A second document in a file, for worlds that need one."""
    from register.models import Document

    stored = make_stored_file(demand.account, content)
    return Document.objects.create(
        demand=demand, kind=kind, stored_file=stored, added_at=timezone.now()
    )
