"""What texts and automatic rules may name besides facts: placeholders, steps, bodies, tags."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from register.codes import RecognisingBody
from register.models import EventKind, Organisation, OrganisationKind, WebhookEndpoint
from register.territories import departments_of_france
from rules.kinds.fields import FieldSet
from rules.lists import Lists, Placeholder, ValueType

# What may travel by each channel. An e-mail is read on shared phones and a helper reads the space:
# they tell less than a sealed letter. Health, notes and scores never leave the file.
CHANNELS = {
    "email": frozenset[str](),
    "space": frozenset({FieldSet.IDENTITY.value, FieldSet.WISHES.value, FieldSet.DOCUMENTS.value}),
    "post": frozenset(
        {
            FieldSet.IDENTITY.value,
            FieldSet.CONTACT.value,
            FieldSet.HOUSEHOLD.value,
            FieldSet.WISHES.value,
            FieldSet.DOCUMENTS.value,
        }
    ),
}

MOMENTS = {
    "to_notify": _("the renewal must be announced"),
    "to_warn": _("the demand is no longer valid and is not struck off yet"),
    "to_strike_off": _("the demand should be struck off, not having been renewed"),
    "to_erase": _("the data must be erased"),
    "beyond_abnormal_delay": _("the wait has become abnormally long"),
}

BODIES = {
    "registering": _("the body in charge of the demand"),
    "acting": _("the organisation that acted"),
    "manager": _("the manager of the shared file"),
}

TAGS = {
    "to_complete": pgettext_lazy("working tag", "File to complete"),
    "to_call": pgettext_lazy("working tag", "Applicant to call"),
    "to_check": pgettext_lazy("working tag", "To be checked"),
    "renewal": pgettext_lazy("working tag", "Renewal to follow"),
}


def lists() -> Lists:
    """Every closed list, declared once."""
    return Lists(
        placeholders={item.code: item for item in (*_people(), *_file(), *_steps())},
        channels=CHANNELS,
        events=dict(EventKind.choices),
        moments=MOMENTS,
        bodies=BODIES,
        tags=TAGS,
        recognisers=dict(RecognisingBody.choices),
        registered={
            "org": _organisations,
            "kind": _kinds,
            "endpoint": _endpoints,
            "department": departments_of_france,
        },
    )


def _organisations() -> dict[str, str]:
    """The organisations of the register, under the key by which rules know them."""
    return {str(key): name for key, name in Organisation.objects.values_list("pk", "name")}


def _kinds() -> dict[str, Any]:
    return dict(OrganisationKind.choices)


def _endpoints() -> dict[str, str]:
    """The programs of partners that may be told, each with its organisation."""
    open_ones = WebhookEndpoint.objects.filter(ended_at__isnull=True)
    return dict(open_ones.values_list("code", "organisation__name"))


def _placeholder(
    code: str, label: Any, example: Any, type_: ValueType = ValueType.TEXT, **more: Any
) -> Placeholder:
    return Placeholder(code=code, label=label, type=type_, example=example, **more)


def _people() -> list[Placeholder]:
    return [
        _placeholder(
            "applicant.name", _("name of the applicant"), "Camille Martin", field_set="identity"
        ),
        _placeholder(
            "household.size",
            _("number of people to house"),
            "3",
            ValueType.NUMBER,
            field_set="household",
        ),
        _placeholder(
            "demand.communes",
            _("wished communes"),
            "Dijon, Quetigny",
            ValueType.LIST,
            field_set="wishes",
        ),
        _placeholder("counter.name", _("name of the counter"), "Guichet de Dijon"),
        _placeholder("counter.phone", _("telephone of the counter"), "03 80 00 00 00"),
        _placeholder("organisation.name", _("organisation that writes"), "Grand Dijon Habitat"),
    ]


def _file() -> list[Placeholder]:
    date = ValueType.DATE
    return [
        _placeholder("demand.number", _("registration number"), "021112600000101GDP"),
        _placeholder("demand.received_on", _("date of the first deposit"), "2026-01-15", date),
        _placeholder(
            "demand.missing",
            _("what is missing from the demand"),
            "avis d’imposition",
            ValueType.LIST,
            field_set="documents",
        ),
        _placeholder("demand.expires_on", _("end of validity"), "2027-01-15", date),
        _placeholder("demand.strike_off_on", _("day of striking off"), "2027-02-15", date),
        _placeholder("demand.reactivation_until", _("last day to come back"), "2027-07-15", date),
        _placeholder("demand.abnormal_from", _("end of the abnormal delay"), "2028-01-15", date),
        _placeholder("delay.offer_answer", _("delay to answer an offer"), "10 jours"),
        _placeholder("delay.renewal_notice", _("delay of the renewal notice"), "1 mois"),
        _placeholder("space.address", _("address of the applicant’s space"), "https://…/"),
        _placeholder("today", _("today’s date"), "2026-11-24", date),
    ]


def _steps() -> list[Placeholder]:
    proposed = frozenset({EventKind.CANDIDATE_PROPOSED.value})
    date = ValueType.DATE
    return [
        _placeholder("step.day", _("day of the step that is told"), "2026-11-02", date),
        _placeholder(
            "step.words",
            _("the step that is told, in its own words"),
            "Document demandé : avis d’imposition. Celui de 2024.",
            field_set="contact",
        ),
        # Without a value in a text about any other step: that text is not sent.
        _placeholder("merge.kept_number", _("number that goes on"), "021112600000101GDP"),
        _placeholder("merge.other_number", _("number that is closed"), "021112600000102GDP"),
        _placeholder("merge.received_on", _("oldest date of the two"), "2026-01-15", date),
        _placeholder("merge.until", _("last day to undo the merge"), "2028-01-15", date),
        # Titles of the form, and no answer.
        _placeholder(
            "merge.not_kept",
            _("what the demand that goes on does not keep of the other"),
            "Logement souhaité (communes souhaitées)",
            ValueType.LIST,
        ),
        _placeholder(
            "event.piece",
            _("document asked for"),
            "Avis d’imposition",
            field_set="documents",
            about=frozenset({EventKind.PIECE_REQUESTED.value}),
        ),
        _placeholder(
            "event.day",
            _("day of the step"),
            "2026-11-02",
            ValueType.DATE,
            about=frozenset(EventKind.values),
        ),
        _placeholder("event.home", _("size of the home"), "T3", field_set="wishes", about=proposed),
        _placeholder(
            "event.commune", _("commune of the home"), "Dijon", field_set="wishes", about=proposed
        ),
    ]
