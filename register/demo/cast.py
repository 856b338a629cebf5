"""The demand of the demonstration's applicant: a story with every room of the house in it."""

import random
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from register import clock, codes, questions
from register.demo.accounts import APPLICANT, HELPER
from register.demo.replay import ACTS
from register.demo.specimen import specimen_file
from register.form.tax_years import tax_years
from register.models import AccessPurpose, Counter, Demand, MandateScope, User
from register.principals import SYSTEM, Principal, applicant_principal
from register.services import acts, journal, mandates
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    IncomeLine,
    LocalAnswerData,
    PersonData,
    WishData,
)
from register.services.submission import Deposit, import_demand

LANDLORD = "grand-dijon-habitat"
STEPS: tuple[tuple[int, str, str, dict[str, str]], ...] = (
    (421, "verify_identity", LANDLORD, {}),
    (380, "request_piece", LANDLORD, {"piece": "tax_notice"}),
    (
        214,
        "propose_candidate",
        "orvitis",
        {"home_type": codes.HomeType.T3, "commune": "21171", "residence": ""},
    ),
    (192, "refuse_candidate", "orvitis", {"reason": codes.RefusalReason.BETTER_RANKED}),
    (75, "renew", LANDLORD, {}),
    (
        12,
        "propose_candidate",
        LANDLORD,
        {"home_type": codes.HomeType.T3, "commune": "21515", "residence": "Les Exemples"},
    ),
)
WELCOME = (
    "Bonjour, votre dossier est proposé à la prochaine commission. "
    "Merci de vérifier que votre numéro de téléphone est à jour."
)


def declaration(identity: uuid.UUID) -> DemandApplication:
    """A mother and her son, too cramped in a private flat, hoping for Dijon or Quetigny."""
    return DemandApplication(
        department="21",
        tax_year=tax_years()[0],
        persons=(
            PersonData(
                role=codes.PersonRole.APPLICANT,
                title=codes.Title.MRS,
                birth_name="Martin",
                first_names="Camille",
                birth_date=date(1988, 3, 4),
                nationality=codes.Nationality.FRENCH,
                family_status=codes.FamilyStatus.SEPARATED,
                work_status=codes.WorkStatus.PERMANENT,
                occupation="Aide-soignante",
                employer=codes.Employer.HOSPITAL,
                workplace="Dijon",
                tax_income_n2=Decimal("18420"),
                incomes=(IncomeLine(codes.IncomeKind.WAGE, Decimal("1640")),),
            ),
            PersonData(
                role=codes.PersonRole.DEPENDANT,
                birth_name="Martin",
                first_names="Noé",
                birth_date=date(2017, 9, 12),
                link=codes.DependantLink.CHILD,
            ),
        ),
        contact=ContactData(
            email=APPLICANT,
            phone="+33612345678",
            address="4 rue des Exemples",
            postal_code="21000",
            city="Dijon",
        ),
        current_housing=CurrentHousingData(
            kind=codes.CurrentHousingKind.PRIVATE,
            occupants=2,
            home_type=codes.HomeType.T2,
            surface=31,
            monthly_cost=Decimal("590"),
            housing_benefit=Decimal("72"),
        ),
        wish=WishData(
            home_types=(codes.HomeType.T3,),
            communes=("21231", "21515", "21540"),
            quarters={"21515": "21515-quetigny-centre"},
            building_kind=codes.BuildingKind.FLAT,
            widening=True,
            max_monthly_cost=Decimal("560"),
        ),
        documents=(DocumentData(codes.DocumentKind.IDENTITY, identity),),
        reasons=(codes.DemandReason.TOO_SMALL, codes.DemandReason.TOO_EXPENSIVE),
    )


def answered(application: DemandApplication) -> DemandApplication:
    """The same with what Camille Martin answers to the questions of her department."""
    values: dict[str, bool | frozenset[str]] = {
        "parking": True,
        "transport": frozenset({"public", "walk"}),
    }
    asker = questions.Asker(application.department, lambda: application)
    asked = asker.asked(questions.in_force())
    given = [
        LocalAnswerData(each.code, each.version_id, values[each.code])
        for each in asked
        if each.code in values
    ]
    return replace(application, local_answers=tuple(given))


def write_applicant_demand(
    *, seed_number: int, agents: dict[str, Principal], now: datetime
) -> Demand:
    """Write Camille Martin's demand as its steps went, then a message, readings and a mandate."""
    account = User.objects.get(email=APPLICANT)
    draw = random.Random(f"{seed_number}:cast")  # noqa: S311  (a demonstration, not a secret)
    identity, token = (uuid.UUID(int=draw.getrandbits(128)) for _ in range(2))
    specimen_file(identity, now - timedelta(days=430))
    with clock.at(now - timedelta(days=430)):
        demand = import_demand(
            principal=SYSTEM,
            application=answered(declaration(identity)),
            token=token,
            deposit=Deposit(
                Counter.objects.select_related("organisation").get(pk="GDPUB"),
                account,
                codes.Channel.ONLINE,
            ),
        )
    for days, act, organisation, details in STEPS:
        with clock.at(now - timedelta(days=days)):
            agent = agents[organisation]
            journal.record_access(principal=agent, demand=demand, purpose=AccessPurpose.VIEW)
            ACTS[act](principal=agent, demand=demand, **details)
    with clock.at(now - timedelta(days=11)):
        acts.send_message(principal=agents[LANDLORD], demand=demand, body=WELCOME)
        mandates.give_mandate(
            principal=applicant_principal(account),
            demand=demand,
            helper_email=HELPER,
            ends_on=(now + timedelta(days=200)).date(),
            scope=MandateScope.ANSWER,
        )
    return demand
