"""What some applicants of the demonstration wrote or sent: the desk has somebody to answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from register import clock, codes
from register.demo.accounts import APPLICANT, agents_by_organisation
from register.demo.cast import LANDLORD
from register.demo.specimen import NAME
from register.models import LIVE_STATES, Demand, User
from register.models.document import private_storage
from register.principals import Principal, applicant_principal
from register.services.acts import request_piece, send_message
from register.services.documents import add_document

OTHER_LANDLORD = "orvitis"


class Said(NamedTuple):
    """How many days ago, by which organisation (none: the applicant), and what."""

    days: int
    by: str
    text: str


TALKS: tuple[tuple[Said, ...], ...] = (
    (
        Said(20, LANDLORD, "Bonjour, un T3 à Quetigny vous intéresserait-il toujours ?"),
        Said(17, "", "Bonjour, oui, toujours. Je suis disponible pour une visite le soir."),
    ),
    (Said(9, "", "Bonjour, mon propriétaire vend mon logement. Que dois-je vous envoyer ?"),),
    (
        Said(30, "", "Bonjour, ma demande est-elle complète ?"),
        Said(28, OTHER_LANDLORD, "Bonjour, oui : il ne manque rien."),
        Said(26, "", "Merci beaucoup !"),
    ),
    (Said(1, "", "Bonjour, notre fille est née dimanche. Où puis-je le déclarer ?"),),
)
OWN_TALK = (Said(10, "", "Bonjour, mon numéro n’a pas changé. Merci de votre message."),)
# In days: a paper is asked for, then sent.
ASKED, SENT = 12, 6
OLD_ENOUGH = timedelta(days=60)


def write_words(*, now: datetime) -> None:
    """Write the talks, on demands made online, and a paper that was asked for and sent."""
    agents = agents_by_organisation()
    for own in Demand.objects.filter(account__email=APPLICANT):
        _talk(own, OWN_TALK, agents, now)
    waiting = Demand.objects.filter(
        state__in=LIVE_STATES,
        channel=codes.Channel.ONLINE,
        department="21",
        account=None,
        is_sealed=False,
        received_at__lt=now - OLD_ENOUGH,
    )
    found = list(waiting.order_by("number")[: len(TALKS) + 1])
    for rank, demand in enumerate(found, start=1):
        demand.account = User.objects.create_user(f"demande{rank}@example.org", None)
        demand.save(update_fields=["account"])
    for demand, talk in zip(found, TALKS, strict=False):
        _talk(demand, talk, agents, now)
    for demand in found[len(TALKS) :]:
        _ask_and_send(demand, agents, now)


def _talk(
    demand: Demand, talk: tuple[Said, ...], agents: Mapping[str, Principal], now: datetime
) -> None:
    for said in talk:
        with clock.at(now - timedelta(days=said.days)):
            who = agents[said.by] if said.by else _applicant(demand)
            send_message(principal=who, demand=demand, body=said.text)


def _applicant(demand: Demand) -> Principal:
    return applicant_principal(User.objects.get(demands=demand))


def _ask_and_send(demand: Demand, agents: Mapping[str, Principal], now: datetime) -> None:
    with clock.at(now - timedelta(days=ASKED)):
        request_piece(principal=agents[LANDLORD], demand=demand, piece="tax_notice")
    with private_storage().open(NAME) as specimen:
        upload = SimpleUploadedFile("avis-impot-specimen.pdf", specimen.read(), "application/pdf")
    with clock.at(now - timedelta(days=SENT)):
        add_document(
            principal=_applicant(demand),
            demand=demand,
            kind=codes.DocumentKind.TAX_NOTICE,
            upload=upload,
        )
