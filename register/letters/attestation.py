"""The certificate of registration given to the applicant (CCH R441-2-4)."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from register.codes import PersonRole
from register.models import (
    Association,
    Contact,
    Counter,
    Demand,
    Department,
    Organisation,
    OrganisationKind,
    Person,
)
from register.templatetags.shell import siren_spaced
from rules.formatting import listed
from rules.kinds.documents import Stage

from . import attestation_texts as texts
from .attestation_data import AttestationData, Paper
from .attestation_summary import summary
from .attestation_words import template_data
from .render import render

TEMPLATE = "attestation"


def attestation_pdf(demand: Demand) -> bytes:
    """The certificate of a demand, in the language of the demand."""
    return render_attestation(build_attestation(demand))


def build_attestation(demand: Demand, language: str | None = None) -> AttestationData:
    """Read everything the certificate says about a registered demand, at its state of today.

    The same certificate serves for registration and for renewal: number and first date stay, the
    date of the last renewal is added (arrêté du 23 mars 2015). A modification gives none.
    """
    language = language or demand.language
    with translation.override(language):
        return _build(demand, language)


def _build(demand: Demand, language: str) -> AttestationData:
    counter: Counter = demand.counter
    wished = Department.objects.filter(communes__wishes__demand=demand).distinct()
    departments = list(wished.order_by("code")) or [demand.department]
    return AttestationData(
        language=language,
        issued_on=timezone.localdate(),
        applicants=_applicants(demand),
        address=postal_address(demand),
        service_name=counter.name,
        service_address=_place(counter),
        service_city=counter.city,
        number=demand.number,
        received_on=demand.received_on,
        last_renewed_on=demand.last_renewed_on,
        expires_on=demand.expires_on,
        landlords=_landlords(departments),
        landlords_scope=listed([department.name for department in departments], every=True),
        mediation_introduction=texts.mediation_introduction(demand),
        mediation_cases=texts.mediation_cases(demand),
        mediation_start=texts.mediation_start(demand),
        mediation_how=texts.mediation_how(demand),
        mediation_address=_mediation_address(demand.department),
        terms=texts.terms(demand),
        follow_up=texts.follow_up(demand),
        summary=summary(demand),
        next_steps=texts.next_steps(demand),
        documents_required=_papers(demand, Stage.INSTRUCTION),
        documents_complementary=_papers(demand, Stage.COMPLEMENT),
    )


def _papers(demand: Demand, stage: Stage) -> tuple[Paper, ...]:
    """The list is that of a household's papers: nothing of it is asked from an association."""
    return () if demand.is_association else texts.papers(stage)


def _applicants(demand: Demand) -> tuple[str, ...]:
    if demand.is_association:
        return _association(demand.association)
    roles = (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)
    persons = demand.persons.filter(role__in=roles).order_by("role", "position")
    return tuple(_named(person) for person in persons)


def _association(body: Association) -> tuple[str, ...]:
    """Its name and SIREN, and who represents it."""
    siren = _("SIREN {number}").format(number=siren_spaced(body.siren))
    return _kept(body.name, siren, body.representative)


def _named(person: Person) -> str:
    return f"{person.get_title_display()} {person.full_name}".strip()


def postal_address(demand: Demand) -> tuple[str, ...]:
    """The lines under the name, where the applicant receives her letters."""
    contact = Contact.objects.filter(pk=demand.pk).first() or Contact()
    care_of = _("c/o {name}").format(name=contact.care_of) if contact.care_of else ""
    town = f"{contact.postal_code} {contact.city}".strip()
    return _kept(care_of, contact.address_extra, contact.address, town)


def _place(body: Counter | Organisation) -> tuple[str, ...]:
    return _kept(body.address, f"{body.postal_code} {body.city}".strip())


def _kept(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _landlords(departments: list[Department]) -> tuple[tuple[str, str], ...]:
    """Landlords owning homes in these departments: the register knows stock by department."""
    landlords = (
        Organisation.objects.filter(
            kind=OrganisationKind.LANDLORD, stock__department__in=departments, stock__homes__gt=0
        )
        .distinct()
        .order_by("name")
    )
    return tuple((body.name, ", ".join(_place(body)) or body.website) for body in landlords)


def _mediation_address(department: Department) -> tuple[str, ...]:
    """The commission's secretariat is kept by the State service of the department."""
    name = _("Mediation commission – {department}").format(department=department.name)
    service = (
        Organisation.objects.filter(kind=OrganisationKind.STATE, agreements__departments=department)
        .order_by("pk")
        .first()
    )
    return _kept(name, service.name, *_place(service)) if service else (name,)


def render_attestation(data: AttestationData, language: str | None = None) -> bytes:
    """The PDF/UA of a certificate; `language` is that of the data unless another is asked for."""
    language = language or data.language
    with translation.override(language):
        return render(TEMPLATE, template_data(data), language=language)
