"""What the applicant declared, as rows to read; what a helper may not read stays hidden."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.space.words import day_of
from register import codes
from register.access import FieldRights
from register.codes import SENSITIVE_REASONS
from register.form.pages import PAGES
from register.models import Contact, Demand, Person
from register.selectors.answers import answers_of
from register.selectors.people import needs_of
from register.selectors.wishes import accepted_too
from register.templatetags.shell import euros, phone_spaced

Row = dict[str, Any]


def _asked_in(*sections: str, apart: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The pages of these parts of the form, those told elsewhere apart."""
    return tuple(page.key for page in PAGES if page.section in sections and page.key not in apart)


HEALTH = ("foyer-handicap", "foyer-annexes")
HOME_ADDRESS = "logement-actuel-adresse"
PEOPLE = _asked_in("vous", "foyer", apart=HEALTH)
CONTACT = (*_asked_in("coordonnees"), HOME_ADDRESS)
HOUSING = _asked_in("logement-actuel", apart=(HOME_ADDRESS,))
RESOURCES, WISHES = _asked_in("ressources"), _asked_in("motifs", "logement-souhaite")


@dataclass(frozen=True)
class Section:
    """A group of rows, or the rule that hides them; `pages` of the form ask for what it tells."""

    title: str
    rows: list[Row]
    hidden_by: str = ""
    field_set: str = ""
    pages: tuple[str, ...] = ()


def sections(demand: Demand, rights: FieldRights) -> list[Section]:
    """The declaration in the order of the form."""
    wishes = partial(_wishes, health=rights.can_read("health"))
    parts: tuple[tuple[str, str, Callable[[Demand], list[Row]], tuple[str, ...]], ...] = (
        ("household", _("The people to be housed"), _people, PEOPLE),
        ("contact", _("How to reach you"), _contact, CONTACT),
        ("household", _("Your present home"), _housing, HOUSING),
        ("resources", _("Your resources"), _resources, RESOURCES),
        ("health", _("Disability"), _health, HEALTH),
        ("wishes", _("The home you ask for"), wishes, WISHES),
    )
    declared = [
        Section(title, read(demand), field_set=field_set, pages=pages)
        if rights.can_read(field_set)
        else Section(title, [], rights.reason(field_set), field_set)
        for field_set, title, read, pages in parts
    ]
    return [*declared, *_local_answers(demand, rights)]


def _local_answers(demand: Demand, rights: FieldRights) -> list[Section]:
    """Answers to the questions of the territory, those no longer asked included."""
    rows = [
        row
        for answer in answers_of(demand, rights)
        for row in _row(str(answer.question.label), answer.words)
    ]
    return [Section(_("Questions of your department"), rows)] if rows else []


def _row(label: str, value: Any) -> list[Row]:
    return [{"label": label, "value": value}] if value not in (None, "", []) else []


def _people(demand: Demand) -> list[Row]:
    rows = []
    for person in sorted(demand.persons.all(), key=_place):
        born = _("born on %(day)s") % {"day": day_of(person.birth_date)}
        rows += _row(person.get_role_display(), [person.full_name, born])
    for sharer in demand.flat_sharers.all():
        born = _("born on %(day)s") % {"day": day_of(sharer.birth_date)}
        rows += _row(_("Flatmate, with a demand of his or her own"), [str(sharer), born])
    if demand.unborn_count:
        count = demand.unborn_count
        rows += _row(
            _("Children to be born"),
            ngettext("One child", "%(count)s children", count) % {"count": count},
        )
    return rows


def _place(person: Person) -> tuple[int, int]:
    return list(codes.PersonRole.values).index(person.role), person.position


def _contact(demand: Demand) -> list[Row]:
    contact = getattr(demand, "contact", None)
    if contact is None:
        return []
    town = f"{contact.postal_code} {contact.city}".strip()
    care_of = _("care of %(name)s") % {"name": contact.care_of} if contact.care_of else ""
    lines = [care_of, contact.address, contact.address_extra, town]
    return [
        *_row(_("E-mail address"), contact.email),
        *_row(_("Telephone"), phone_spaced(contact.phone)),
        *_row(_("Address"), [line for line in lines if line]),
        *_row(_("Where you live, if elsewhere"), _lives_at(contact)),
    ]


def _lives_at(contact: Contact) -> list[str]:
    by = _("with %(name)s") % {"name": contact.housed_by} if contact.housed_by else ""
    town = f"{contact.home_postal_code} {contact.home_city}".strip()
    lines = [by, contact.home_address, contact.home_address_extra, town]
    return [line for line in lines if line]


def _housing(demand: Demand) -> list[Row]:
    housing = getattr(demand, "current_housing", None)
    if housing is None:
        return []
    surface = f"{housing.surface} m²" if housing.surface else ""
    return [
        *_row(_("Where you live"), housing.get_kind_display()),
        *_row(_("Name of your landlord"), housing.landlord_name),
        *_row(_("SIREN of your landlord"), housing.landlord_siren),
        *_row(_("Since"), day_of(housing.since) if housing.since else ""),
        *_row(_("Size"), [part for part in (housing.get_home_type_display(), surface) if part]),
        *_row(_("People living there"), housing.occupants),
        *_row(_("Rent and charges each month"), euros(housing.monthly_cost)),
        *_row(_("Housing benefit each month"), euros(housing.housing_benefit)),
    ]


def _resources(demand: Demand) -> list[Row]:
    rows: list[Row] = []
    for person in sorted(demand.persons.all(), key=_place):
        lines = [f"{i.get_kind_display()} – {euros(i.amount)}" for i in person.incomes.all()]
        if person.alimony_paid is not None:
            lines.append(_("Alimony paid – %(amount)s") % {"amount": euros(person.alimony_paid)})
        rows += _row(_("%(name)s, each month") % {"name": person.full_name}, lines)
        rows += _row(_("%(name)s, work") % {"name": person.full_name}, _work(person))
        for later, amount in enumerate((person.tax_income_n2, person.tax_income_n1)):
            label = _("%(name)s, tax income of %(year)s")
            year = (demand.tax_year or demand.received_on.year - 2) + later
            rows += _row(label % {"name": person.full_name, "year": year}, euros(amount))
    return rows


def _work(person: Person) -> list[str]:
    job = [person.get_work_status_display(), person.occupation, person.get_employer_display()]
    told = [str(part) for part in (*job, person.workplace) if part]
    if person.employer_siret:
        told.append(_("SIRET %(number)s") % {"number": person.employer_siret})
    if person.unemployed_until:
        unemployed = _("Unemployed for more than a year, until %(day)s")
        told.append(unemployed % {"day": day_of(person.unemployed_until)})
    elif person.long_unemployed:
        told.append(_("Unemployed for more than a year before"))
    return told


def _health(demand: Demand) -> list[Row]:
    """What each person with a disability needs; loaded for nobody else."""
    return [
        row
        for person in sorted(demand.persons.all(), key=_place)
        if person.has_disability
        for row in _row(person.full_name, _needs(person))
    ]


def _needs(person: Person) -> list[str]:
    told = [_("%(asked)s: %(told)s") % {"asked": q, "told": a} for q, a in needs_of(person)]
    return told or [_("Needs not described")]


def _wishes(demand: Demand, *, health: bool) -> list[Row]:
    communes = [wish.place for wish in demand.wished_communes.all()]
    reasons = [
        reason.get_code_display()
        for reason in demand.reasons.all()
        if health or reason.code not in SENSITIVE_REASONS
    ]
    return [
        *_row(_("Size"), [wish.get_code_display() for wish in demand.wished_types.all()]),
        *_row(_("Flat or house"), demand.get_building_kind_display()),
        *_row(_("Communes, in your order"), communes),
        *_row(_("Neighbouring communes too"), _("Yes") if demand.widening else _("No")),
        *_row(_("At most each month, charges included"), euros(demand.max_monthly_cost)),
        *_row(_("You accept too"), accepted_too(demand)),
        *_row(_("Your reasons"), reasons),
        *_row(_("What you added"), demand.remarks),
    ]
