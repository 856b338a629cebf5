"""The association of the demonstration: two homes looked for, hence two demands (L442-8-1)."""

import random
import uuid
from datetime import datetime, timedelta

from register import clock, codes
from register.demo.accounts import ASSOCIATION
from register.models import Counter, User
from register.principals import SYSTEM
from register.services.application import (
    AssociationData,
    ContactData,
    CurrentHousingData,
    DemandApplication,
    WishData,
)
from register.services.submission import Deposit, import_demand

# Nobody bears this SIREN; its key is right.
BODY = AssociationData("Un Toit pour Tous (démonstration)", "999999980", "Alix Morel, présidente")
# How many days ago, the size and the communes.
HOMES: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (210, codes.HomeType.T4, ("21231", "21515")),
    (40, codes.HomeType.T2, ("21231",)),
)


def write_association_demands(*, seed_number: int, now: datetime) -> None:
    """Write both demands as their association sent them online."""
    account = User.objects.get(email=ASSOCIATION)
    counter = Counter.objects.select_related("organisation").get(pk="GDPUB")
    draw = random.Random(f"{seed_number}:association")  # noqa: S311  (a demonstration)
    for days, home_type, communes in HOMES:
        with clock.at(now - timedelta(days=days)):
            import_demand(
                principal=SYSTEM,
                application=_declared(home_type, communes),
                token=uuid.UUID(int=draw.getrandbits(128)),
                deposit=Deposit(counter, account, codes.Channel.ONLINE),
            )


def _declared(home_type: str, communes: tuple[str, ...]) -> DemandApplication:
    return DemandApplication(
        department="21",
        persons=(),
        association=BODY,
        contact=ContactData(
            email=ASSOCIATION,
            phone="+33380112233",
            address="2 rue des Exemples",
            postal_code="21000",
            city="Dijon",
        ),
        current_housing=CurrentHousingData(),
        wish=WishData(home_types=(home_type,), communes=communes, widening=True),
    )
