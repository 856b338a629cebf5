"""What happens in a household and is told at a counter: a separation, a death, a move."""

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.forms.act import ActForm, choice_field, day_field, text_field
from backoffice.forms.communes import CommuneInput, one_commune
from backoffice.forms.safe_way import safe_way_field, safe_words_field
from register import codes
from register.access import Action
from register.models import Demand, Event, EventKind
from register.principals import Principal
from register.selectors.deaths import death_told
from register.selectors.file import people_of
from register.selectors.people import PersonView
from register.services.application import ContactData, CurrentHousingData
from register.services.elsewhere import register_elsewhere
from register.services.mistaken_death import take_back_death
from register.services.separation import CHILDREN, NewHousehold, Split, separate_couple
from register.services.succession import record_death, transfer_to_co_applicant
from register.templatetags.shell import number_spaced

UNBORN = "unborn"
CONTACT = ("email", "phone", "address", "postal_code", "city")


def _short(label: Any, length: int, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


class _HouseholdForm(ActForm):
    """An act about the people of a household, who are named to whoever may read names.

    `roles` gives the roles of the people offered by each field.
    """

    roles: ClassVar[dict[str, tuple[str, ...]]] = {}
    is_for_couples: ClassVar[bool] = True

    email = forms.EmailField(
        label=_("Co-applicant’s own e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = _short(_("Co-applicant’s telephone"), 20, inputmode="tel")
    address = _short(_("Co-applicant’s postal address"), 200)
    postal_code = _short(_("Postal code"), 10, inputmode="numeric")
    city = _short(_("Town"), 100)

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """For a demand that a co-applicant shares."""
        is_ready = super().is_timely(principal, demand) and not demand.is_association
        return is_ready and (not cls.is_for_couples or _is_shared(demand))

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """The people to choose from; a field without any is not asked."""
        people = people_of(principal, demand)
        for name, roles in self.roles.items():
            field: Any = self.fields[name]
            field.choices += [(str(p.key), _named(p)) for p in people if p.role in roles]
            if not field.choices:
                del self.fields[name]
        return self

    @property
    def contact(self) -> ContactData:
        """How to write to the co-applicant, as it was typed."""
        return ContactData(**{name: self.cleaned_data.get(name, "") for name in CONTACT})


def _is_shared(demand: Demand) -> bool:
    return demand.persons.filter(role=codes.PersonRole.CO_APPLICANT).exists()


def _named(person: PersonView) -> str:
    name = person.name or str(codes.PersonRole(person.role).label)
    if person.age is None:
        return name
    age = ngettext("%(age)s year", "%(age)s years", person.age) % {"age": person.age}
    return f"{name}, {age}"


class SeparationForm(_HouseholdForm):
    """A couple that separates: two demands, one first date (message CRS)."""

    code, icon, move, action = "separation", "people", "separate", Action.RENEW
    title, button = _("Separate the couple"), _("Register the second demand")
    hint = _(
        "Both keep the first date. The co-applicant gets a number of her own and nothing of this"
        " address."
    )
    roles: ClassVar = {
        "leaving": (codes.PersonRole.CO_APPLICANT,),
        "going": CHILDREN,
        "shared": CHILDREN,
    }

    field_order = ("leaving", "going", "shared", "housing", "occupants", *CONTACT)

    leaving = forms.ChoiceField(
        label=_("Who gets a demand of her own"),
        choices=[("", _("Choose a person"))],
        error_messages={"required": _("Choose an answer of the list.")},
    )
    going = forms.MultipleChoiceField(
        label=_("Who leaves with her"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shared = forms.MultipleChoiceField(
        label=_("In both homes (shared custody)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    housing = choice_field(
        _("Where she lives today"), codes.CurrentHousingKind, _("Choose an answer")
    )
    occupants = forms.IntegerField(
        label=_("People living there"),
        help_text=_("Empty: only those who ask for a home with her."),
        required=False,
        min_value=1,
        max_value=99,
    )
    commune = forms.CharField(
        label=_("Commune wished"),
        help_text=_("Empty: the same wishes as today. Required when the file is sealed."),
        max_length=100,
        required=False,
        widget=CommuneInput,
    )
    home_type = forms.ChoiceField(
        label=_("Size wished"),
        required=False,
        choices=[("", _("As today")), *codes.HomeType.choices],
    )
    is_sealed = forms.BooleanField(
        label=_("Seal the new file (violence): its address is hidden"), required=False
    )
    safe_way = safe_way_field(
        _("If it is sealed, how may she be reached without danger?"),
        _("Ask her. Empty: only e-mails that do not say what they are about."),
        required=False,
    )
    safe_words = safe_words_field()

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """With the child to be born, when one is declared."""
        if demand.unborn_count:
            self.fields["going"].choices = [(UNBORN, _("The child to be born"))]  # type: ignore[attr-defined]
        return super().suit(principal, demand)

    def clean_commune(self) -> str:
        """INSEE code of the commune, if one was given."""
        typed = self.cleaned_data["commune"]
        return one_commune(typed) if typed.strip() else ""

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """The number of the second demand is told to the agent, never written in the first."""
        told = self.cleaned_data
        going = told.get("going", [])
        created = separate_couple(
            principal=principal,
            demand=demand,
            split=Split(
                leaving=int(told["leaving"]),
                going=[int(key) for key in going if key != UNBORN],
                shared=[int(key) for key in told.get("shared", [])],
                with_unborn=UNBORN in going,
            ),
            household=NewHousehold(
                contact=replace(
                    self.contact, safe_way=told["safe_way"], safe_words=told["safe_words"]
                ),
                housing=CurrentHousingData(kind=told["housing"], occupants=told["occupants"]),
                commune=told["commune"],
                home_type=told["home_type"],
                is_sealed=told["is_sealed"],
            ),
            expected_version=told["version"],
        )
        self.done = _registered(created)
        return created.events.latest("pk")


def _registered(created: Demand) -> str:
    return _("The other demand is registered under the number %(number)s.") % {
        "number": number_spaced(created.number)
    }


class TransferForm(_HouseholdForm):
    """A demand that its applicant leaves to the co-applicant, in writing."""

    code, icon, move, action = "transfer", "person-check", "transfer", Action.WITHDRAW
    title, button = _("Transfer to the co-applicant"), _("Transfer the demand")
    done = _("The demand is now the co-applicant’s, with its number and its seniority.")
    hint = _(
        "The former applicant leaves the file: her account and her helpers lose it at once, and her"
        " papers and messages stay with agents. Unless the co-applicant’s own identity document was"
        " checked, the demand then waits for that."
    )
    roles: ClassVar = {"successor": (codes.PersonRole.CO_APPLICANT,)}
    field_order = ("successor", *CONTACT)

    successor = forms.ChoiceField(
        label=_("Who takes the demand over"),
        choices=[("", _("Choose a person"))],
        error_messages={"required": _("Choose an answer of the list.")},
    )
    text = text_field(
        _("The applicant’s writing"),
        _("Date and form of the writing: the new applicant can read it."),
    )
    is_written = forms.BooleanField(
        label=_("I hold a writing of the applicant that says so"),
        error_messages={"required": _("Only a writing of the applicant gives a demand over.")},
    )

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """Same number, same first date."""
        told = self.cleaned_data
        return transfer_to_co_applicant(
            principal=principal,
            demand=demand,
            successor=int(told["successor"]),
            contact=self.contact,
            text=told["text"],
            expected_version=told["version"],
        )


class DeathForm(_HouseholdForm):
    """The applicant died: the co-applicant takes the demand over, or else it ends."""

    code, icon, move, action = "death", "slash-circle", "strike_off", Action.WITHDRAW
    title, button = _("Record the death of the applicant"), _("Record the death")
    hint = _("The demand ends. The register writes to this address no more.")
    done = _("The death is recorded. Nothing is sent to the applicant.")
    roles: ClassVar = {"successor": (codes.PersonRole.CO_APPLICANT,)}
    is_for_couples = False
    field_order = ("died_on", "text", "successor", *CONTACT)

    died_on = day_field(_("Day of the death"))
    text = text_field(_("What proves it"), _("For example the death certificate that was seen."))
    successor = forms.ChoiceField(
        label=_("Who takes the demand over"),
        choices=[("", _("Choose a person"))],
        error_messages={"required": _("Choose an answer of the list.")},
    )

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """Without a co-applicant, nobody takes over and nobody is written to."""
        if _is_shared(demand):
            self.hint = _("The demand goes on in the co-applicant’s name, with its seniority.")
            self.done = _("The death is recorded. The demand is now the co-applicant’s.")
            return super().suit(principal, demand)
        for name in ("successor", *CONTACT):
            del self.fields[name]
        return self

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """The law knows no reason of its own: see the service."""
        told = self.cleaned_data
        return record_death(
            principal=principal,
            demand=demand,
            died_on=told["died_on"],
            text=told["text"],
            successor=int(told["successor"]) if "successor" in told else None,
            contact=self.contact,
            expected_version=told["version"],
        )


class TakeBackDeathForm(ActForm):
    """A death that was recorded by mistake (GDPR art. 16)."""

    code, icon, action = "death-taken-back", "arrow-counterclockwise", Action.WITHDRAW
    title, button = _("Take back a death told by mistake"), _("Take the death back")
    hint = _(
        "The demand is again what it was, with its number, its dates and its helpers. It is not"
        " renewed, and what was not sent meanwhile is not sent: look at the day it is valid until."
    )
    done = _("The death is taken back.")
    tells = EventKind.DEATH_TAKEN_BACK
    service = staticmethod(take_back_death)

    text = text_field(
        _("How the mistake was found"), _("In simple words: the applicant can read it.")
    )

    @classmethod
    def is_timely(cls, principal: Principal, demand: Demand) -> bool:
        """While the death stands: until the data is erased, or a demand handed over ends."""
        told = death_told(demand)
        return told is not None and demand.is_live == (told.kind == EventKind.TRANSFERRED)

    def suit(self, principal: Principal, demand: Demand) -> ActForm:
        """Where the co-applicant has the demand, what is left to do is said."""
        if demand.is_live:
            self.hint = _(
                "The mistake is written in the story. The demand stays the co-applicant’s, because"
                " what was the former applicant’s alone has left the file. To give it back: the"
                " co-applicant declares this person in her space, then transfers the demand."
            )
        return self


class OtherDepartmentForm(ActForm):
    """A demand in another department, which begins a seniority of its own."""

    code, icon, move, action = "department", "geo-alt", "register_elsewhere", Action.RENEW
    title, button = _("Register in another department"), _("Register the other demand")
    hint = _(
        "The other demand begins today: seniority is not carried from one department to another."
        " This one goes on until its applicant gives it up."
    )

    commune = forms.CharField(
        label=_("Commune wished"),
        max_length=100,
        widget=CommuneInput,
        error_messages={"required": _("Give the commune that is wished.")},
    )
    home_type = choice_field(_("Size wished"), codes.HomeType, _("Choose a size"))

    def clean_commune(self) -> str:
        """INSEE code of the one commune that is meant."""
        return one_commune(self.cleaned_data["commune"])

    def record(self, *, principal: Principal, demand: Demand) -> Event:
        """What is declared here is declared there."""
        told = self.cleaned_data
        created = register_elsewhere(
            principal=principal,
            demand=demand,
            commune=told["commune"],
            home_type=told["home_type"],
            expected_version=told["version"],
        )
        self.done = _registered(created)
        return created.events.latest("pk")
