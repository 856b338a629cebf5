"""Headings and fixed sentences of the certificate: what the template prints around the data."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rules.formatting import day

from .attestation_data import AttestationData


def template_data(data: AttestationData) -> dict[str, Any]:
    """Everything `attestation.typ` prints, in the language in force."""
    return {
        **_opening(data),
        "labels": _labels(data),
        "number": data.number,
        "dates": _dates(data),
        "applicant": [*data.applicants, *data.address],
        "service": [data.service_name, *data.service_address],
        "landlords_introduction": _(
            "Your demand is seen by every landlord with social housing in the department of the "
            "communes you ask for ({scope})."
        ).format(scope=data.landlords_scope),
        "landlords": data.landlords,
        "mediation_introduction": data.mediation_introduction,
        "mediation_cases": data.mediation_cases,
        "mediation_start": data.mediation_start,
        "mediation_how": data.mediation_how,
        "mediation_address": data.mediation_address,
        "terms": [asdict(terms) for terms in data.terms],
        "follow_up": data.follow_up,
        "summary_introduction": _(
            "This is what you declared. Report any mistake or change online or at a counter."
        ),
        "summary": [asdict(group) for group in data.summary],
        "next_steps": data.next_steps,
        "documents_introduction": _(
            "Copies are enough. Nobody may ask you for a document that is not on the list annexed "
            "to the order that fixes the form. What follows is drawn from it; if they differ, the "
            "order prevails."
        ),
        "documents_required": [asdict(paper) for paper in data.documents_required],
        "documents_complementary": [asdict(paper) for paper in data.documents_complementary],
    }


def _opening(data: AttestationData) -> dict[str, Any]:
    renewed = data.last_renewed_on is not None
    return {
        "title": _("Certificate of renewal of your demand for social housing")
        if renewed
        else _("Certificate of registration of your demand for social housing"),
        "publisher": data.service_name,
        "description": _("Certificate {number}").format(number=data.number),
        "sender": [settings.WAGTAIL_SITE_NAME, data.service_name, *data.service_address],
        "place_and_date": _place_and_date(data),
        "recipient": [*data.applicants, *data.address],
        "introduction": _introduction(renewed),
        "footer": _(
            "Certificate {number} – articles R441-2-3 and R441-2-4 of the housing code (CCH)"
        ).format(number=data.number),
    }


def _place_and_date(data: AttestationData) -> str:
    if not data.service_city:
        return day(data.issued_on)
    return _("{city}, {date}").format(city=data.service_city, date=day(data.issued_on))


def _introduction(renewed: bool) -> str:
    if renewed:
        return _(
            "This document proves that your demand is renewed. Your number and the date of your "
            "first deposit have not changed: they count for your seniority. Keep it carefully."
        )
    return _(
        "This document proves that your demand is registered, and since when. Its date counts for "
        "your seniority. Keep it carefully: you are asked for your number at every step."
    )


def _dates(data: AttestationData) -> list[tuple[str, str]]:
    rows = [(_("Received on"), day(data.received_on))]
    if data.last_renewed_on is not None:
        rows.append((pgettext("certificate", "Last renewed on"), day(data.last_renewed_on)))
    return [*rows, (_("Valid until"), day(data.expires_on))]


def _labels(data: AttestationData) -> dict[str, str]:
    return {
        "page": _("page"),
        "applicant": _("Applicant"),
        "service": _("Registering service"),
        "number": _("Your registration number"),
        "dates": _("Dates of your demand"),
        "landlords": _("Landlords with social housing where you wish to live"),
        "landlord": _("Landlord"),
        "address": _("Address"),
        "mediation_cases": _("When you can apply to the mediation commission (DALO)"),
        "mediation_start": _("From when, and where to write"),
        "validity": _("Validity, renewal, changes and striking off"),
        "follow_up": _("How to follow your demand"),
        "annex_summary": _("Annex 1 – What you declared"),
        "question": pgettext("certificate", "Section"),
        "answer": _("Your answer"),
        "annex_steps": _("Annex 2 – What happens next"),
        "annex_documents": _("Annex 3 – Documents you may be asked for"),
        "documents_required": _("Required from everybody"),
        "documents_complementary": _("Required according to your situation"),
    }
