"""The file told section by section, in the order of the form, each with its rights and source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from register.codes import DocumentStatus
from register.selectors.file import DemandFile
from register.selectors.people import PersonView
from register.selectors.wishes import accepted_too
from register.templatetags.shell import date_long, euros

Line = tuple[str, Any]
FRANCE = "+33"


@dataclass(frozen=True)
class Section:
    """A part of the file. Masked: `lines` is empty and `mask` says which rule hides it."""

    code: str
    title: str | Promise
    icon: str
    lines: list[Line] = field(default_factory=list)
    mask: str = ""
    source: str = ""


def sections(file: DemandFile) -> list[Section]:
    """The sections the reader may know of; one she may know nothing about is absent."""
    found = []
    for code, field_set, title, icon, lines in _SECTIONS:
        if file.rights.is_masked(field_set):
            mask = file.rights.reason(field_set)
            found.append(Section(code, title, icon, mask=mask))
        elif file.rights.can_read(field_set):
            shown = [(label, value) for label, value in lines(file) if value not in ("", None, [])]
            source = _source(file, code)
            found.append(Section(code, title, icon, lines=shown, source=source))
    return [*found, *_local_answers(file)]


def _local_answers(file: DemandFile) -> Iterator[Section]:
    """Answers to the questions of the territory; groups that may only be known of, masked."""
    title, icon = _("Local questions"), "card-checklist"
    lines: list[Line] = [(str(answer.question.label), answer.words) for answer in file.answers]
    if lines:
        yield Section("questions", title, icon, lines=lines, source=_source(file, "questions"))
    for name in file.masked_answers:
        yield Section(f"questions-{name}", title, icon, mask=file.rights.reason(name))


def _source(file: DemandFile, code: str) -> str:
    """Who vouches for the values: the applicant, or the agent who saw the document."""
    if code == "identity":
        for document in file.documents:
            if document.kind == "identity" and document.status == DocumentStatus.VERIFIED:
                return _("Compared with the document by %(who)s on %(day)s") % {
                    "who": document.checked_by,
                    "day": date_long(document.checked_at.date()),
                }
    return _("Declared by the applicant on %(day)s") % {"day": date_long(file.demand.received_on)}


def _identity(file: DemandFile) -> list[Line]:
    asking = [
        (_role_label(person), _named(person))
        for person in file.people
        if person.role in ("applicant", "co_applicant")
    ]
    sharing = [
        (_("Flat-sharer, with a demand of his or her own"), [str(sharer), _born(sharer.birth_date)])
        for sharer in file.flat_sharers
    ]
    return [*asking, *sharing]


def _born(day: Any) -> str:
    return _("Date of birth: %(day)s") % {"day": date_long(day)}


def _named(person: PersonView) -> list[str]:
    name = f"{person.title} {person.name}".strip()
    if person.birth_name and person.birth_name not in person.name:
        name = _("%(name)s, born %(birth_name)s") % {
            "name": name,
            "birth_name": person.birth_name,
        }
    born = _born(person.birth_date)
    return [name, born, person.nationality] if person.nationality else [name, born]


def _contact(file: DemandFile) -> list[Line]:
    contact = file.contact
    if contact is None:
        return []
    address = [contact.care_of, contact.address, contact.address_extra, str(contact)]
    agreed = [
        text
        for agrees, text in (
            (contact.accepts_email, _("e-mail")),
            (contact.accepts_sms, _("text messages")),
        )
        if agrees
    ]
    return [
        (_("Telephone"), phone_words(contact.phone)),
        (_("E-mail"), contact.email),
        (_("Address"), [line for line in address if line]),
        (_("Lives at"), _lives_at(contact)),
        (_("Agrees to receive"), ", ".join(agreed)),
    ]


def _lives_at(contact: Any) -> list[str]:
    """Where she lives, when she does not receive her letters there."""
    by = _("with %(name)s") % {"name": contact.housed_by} if contact.housed_by else ""
    town = f"{contact.home_postal_code} {contact.home_city}".strip()
    lines = [by, contact.home_address, contact.home_address_extra, town]
    return [line for line in lines if line]


def phone_words(number: str) -> str:
    """A French number by pairs, as one dials it; any other stays international."""
    if not number.startswith(FRANCE):
        return number
    national = f"0{number.removeprefix(FRANCE)}"
    return "\u00a0".join(national[i : i + 2] for i in range(0, len(national), 2))


def _household(file: DemandFile) -> list[Line]:
    demand = file.demand
    lines: list[Line] = [(_role_label(person), _member(person)) for person in file.people]
    if demand.unborn_count:
        lines.append((_("To be born"), _unborn(demand)))
    facts = demand.facts
    lines.append((_("Household category (income ceilings)"), str(facts.household_category)))
    return lines


def _unborn(demand: Any) -> str:
    text = ngettext("%(count)s child", "%(count)s children", demand.unborn_count)
    text = text % {"count": demand.unborn_count}
    if not demand.unborn_due_on:
        return text
    return _("%(children)s, expected on %(day)s") % {
        "children": text,
        "day": date_long(demand.unborn_due_on),
    }


def _role_label(person: PersonView) -> str:
    return {
        "applicant": _("Applicant"),
        "co_applicant": _("Co-applicant"),
        "dependant": _("Dependant"),
        "visiting_child": _("Visiting child"),
    }[person.role]


def _member(person: PersonView) -> str:
    years = ngettext("%(count)s year old", "%(count)s years old", person.age or 0)
    parts = [
        person.name if person.role != "applicant" else "",
        years % {"count": person.age},
        person.link,
        person.family_status,
        person.sex,
        person.custody,
    ]
    return ", ".join(str(part) for part in parts if part)


def _housing(file: DemandFile) -> list[Line]:
    home = file.housing
    if home is None:
        return [(_("Reasons for the demand"), file.reasons)]
    return [
        (_("Lives today"), home.get_kind_display()),
        (_("Landlord"), home.landlord_name),
        (_("SIREN of the landlord"), home.landlord_siren),
        (_("Size"), home.get_home_type_display()),
        (_("Surface"), f"{home.surface}\u00a0m²" if home.surface else ""),
        (_("People living there"), str(home.occupants) if home.occupants else ""),
        (_("Rent and charges"), _monthly(home.monthly_cost)),
        (_("Housing benefit"), _monthly(home.housing_benefit)),
        (_("Since"), date_long(home.since)),
        (_("Reasons for the demand"), file.reasons),
        (_("Further details"), file.demand.remarks),
    ]


def _monthly(amount: Any) -> str:
    return _("%(amount)s per month") % {"amount": euros(amount)} if amount is not None else ""


def _yearly(amount: Any) -> str:
    return _("%(amount)s per year") % {"amount": euros(amount)} if amount is not None else ""


def _declared(amount: Any) -> str:
    """What is not declared is said: the agent knows what to ask for."""
    return _yearly(amount) or _("not declared")


def _resources(file: DemandFile) -> list[Line]:
    lines: list[Line] = []
    for person in file.people:
        told = _monthly_lines(person)
        if person.role in ("applicant", "co_applicant"):
            tax = [
                _("Fiscal income N-2: %(amount)s") % {"amount": _declared(person.tax_income_n2)},
                _("Fiscal income N-1: %(amount)s") % {"amount": _declared(person.tax_income_n1)},
            ]
            told = [*_work(person), *tax, *told]
        lines.append((_role_label(person), told))
    lines.append((_("Reference income of the household"), _yearly(file.demand.facts.annual_income)))
    return lines


def _monthly_lines(person: PersonView) -> list[str]:
    lines = [
        _("%(kind)s: %(amount)s") % {"kind": kind, "amount": _monthly(amount)}
        for kind, amount in person.incomes
    ]
    if person.alimony_paid is not None:
        paid = _("Alimony paid: %(amount)s")
        lines.append(paid % {"amount": _monthly(person.alimony_paid)})
    return lines


def _work(person: PersonView) -> list[str]:
    """The job, for whom and where, and a long unemployment before it."""
    job = (person.work_status, person.occupation, person.employer, person.workplace)
    lines = [", ".join(str(part) for part in job if part)]
    if person.employer_siret:
        lines.append(_("SIRET %(number)s") % {"number": person.employer_siret})
    if person.unemployed_until:
        told = _("Unemployed for more than a year, until %(day)s")
        lines.append(told % {"day": date_long(person.unemployed_until)})
    elif person.long_unemployed:
        lines.append(_("Unemployed for more than a year before"))
    return [line for line in lines if line]


def _health(file: DemandFile) -> list[Line]:
    concerned = [person for person in file.people if person.has_disability]
    if not concerned:
        return [(_("Home adapted to a disability"), _("Not asked for"))]
    return [
        (
            person.name or _role_label(person),
            [
                _("%(asked)s: %(told)s") % {"asked": asked, "told": told}
                for asked, told in person.needs
            ]
            or _("Needs not described"),
        )
        for person in concerned
    ]


def _wishes(file: DemandFile) -> list[Line]:
    demand = file.demand
    return [
        (_("Size of home"), ", ".join(str(kind) for kind in file.home_types)),
        (_("Communes, in order"), file.communes),
        (_("Flat or house"), demand.get_building_kind_display()),
        (_("Neighbouring communes"), _("Accepted") if demand.widening else _("Not accepted")),
        (_("Highest monthly cost"), _monthly(demand.max_monthly_cost)),
        (_("Accepts too"), ", ".join(accepted_too(demand))),
    ]


_SECTIONS: tuple[tuple[str, str, Any, str, Callable[[DemandFile], list[Line]]], ...] = (
    ("identity", "identity", gettext_lazy("Identity"), "person", _identity),
    ("contact", "contact", gettext_lazy("How to reach the applicant"), "telephone", _contact),
    ("household", "household", gettext_lazy("People to house"), "people", _household),
    ("housing", "household", gettext_lazy("Current home and reasons"), "house", _housing),
    ("resources", "resources", gettext_lazy("Resources"), "wallet2", _resources),
    ("health", "health", gettext_lazy("Disability"), "person-wheelchair", _health),
    ("wishes", "wishes", gettext_lazy("Home wished"), "geo-alt", _wishes),
)
