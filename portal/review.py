"""Answers as sentences to read again before sending."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.addresses import url_of
from register.form import pages
from register.form.answers import Answers
from register.form.assembly import Unreadable
from register.form.definition import CO_APPLICANT, OTHERS
from register.form.pages import ANNEX, COMMUNES, DOCUMENT, PEOPLE, Page
from register.form.revisions import applicable, find, page_of
from register.form.steps.base import StepForm
from register.form.steps.disability import concerned
from register.form.words import in_words
from register.selectors.demand_form import chosen_quarters, communes_in_order
from register.services.application import DemandApplication

Row = dict[str, Any]

# Where each item of the legal minimum is answered (R441-2-3; notice of the form 14069*05).
ANSWERED_ON = {
    "applicant": "identite",
    "name": "association",
    "siren": "association",
    "title": "identite",
    "birth_name": "identite",
    "first_names": "identite",
    "birth_date": "identite",
    "nationality": "identite-situation",
    "current_housing": "logement-actuel",
    "occupants": "logement-actuel-details",
    "home_types": "logement-souhaite",
    "communes": "logement-souhaite-communes",
    "widening": "logement-souhaite-elargir",
    "identity_document": "piece-identite",
}
# What an association tells of them; "applicant" stands for all of a person's own.
OF_ASSOCIATION = {"name", "siren", "home_types", "communes", "widening"}
OF_NOBODY_ELSE = {"applicant", "name", "siren"}
OF_CO_APPLICANT = {
    "foyer-conjoint",
    "ressources-employeur-conjoint",
    "ressources-montants-conjoint",
}
NAMES = ("first_names", "birth_name")
FIELD_OF = {"current_housing": "kind", "communes": "commune_search", "identity_document": ""}


def required(application: DemandApplication) -> int:
    """How many answers the law requires of whoever applies."""
    if application.association is not None:
        return len(OF_ASSOCIATION)
    return len(ANSWERED_ON) - len(OF_NOBODY_ELSE)


def missing_lines(codes: list[str], answers: Answers) -> list[Row]:
    """What is still needed, each with the page that asks it."""
    lines = []
    for code in codes:
        page = page_of(answers, ANSWERED_ON[code])
        field = page.form(answers=answers).fields.get(FIELD_OF.get(code, code))
        label = field.label if field else page.question
        lines.append({"label": label, "url": url_of(page, to_review=True)})
    return lines


def unreadable_lines(found: Iterable[Unreadable]) -> list[Row]:
    """What could not be understood, each with the page that asks it and whom it is about."""
    return [
        {
            "label": _about(each.label, each.who),
            "url": url_of(each.page, each.person, to_review=True),
        }
        for each in found
    ]


def left_out_lines(found: Iterable[Unreadable], answers: Answers) -> list[Row]:
    """People announced who would not be declared: a line each, with where to take her off."""
    lines = []
    for (page, person), told in groupby(found, key=lambda each: (each.page, each.person)):
        lacking = list(told)
        announced_on = page if page.kind == PEOPLE and person else page_of(answers, "foyer")
        if page.key == OTHERS and not person:
            announced_on = page_of(answers, CO_APPLICANT)
        lines.append(
            {
                "label": _about(", ".join(each.label for each in lacking), lacking[0].who),
                "who": lacking[0].who or page.question,
                "url": url_of(page, person, to_review=True),
                "remove_url": url_of(announced_on, to_review=True),
            }
        )
    return lines


def _about(what: str, who: str) -> str:
    return _("%(what)s – %(who)s") % {"what": what, "who": who} if who else what


def to_choose_lines(answers: Answers) -> list[Row]:
    """Pages of which two versions wait for her choice: both were said to be kept."""
    lines = []
    for place in answers.places_aside:
        key, _sign, person = place.partition(":")
        page = find(answers, key)
        is_there = page is not None and page.applies(answers)
        if page and is_there and (not person or answers.slot(key, person)):
            url = reverse("portal:conflict", args=[place])
            lines.append({"label": _about(page.question, answers.names(key, person)), "url": url})
    return lines


def as_written(form: StepForm, name: str) -> Any:
    """One answer in words; what cannot be read is given as it was typed."""
    if name not in form.valid_answers:
        typed = form[name].value()
        parts = typed if isinstance(typed, list) else [typed]
        return " ".join(str(part) for part in parts if part)
    return in_words(form, name, form.valid_answers[name])


def rows_of(page: Page, answers: Answers) -> list[Row]:
    """The lines of one page; what was left empty is one line, not ten."""
    change = url_of(page, to_review=True)
    if page.kind == PEOPLE:
        return [_people_row(page, answers, change)]
    if page.kind == ANNEX:
        return _annex_rows(page, answers)
    if page.kind == COMMUNES:
        return [_row(_("Communes, in order"), _places(answers), change)]
    if page.kind == DOCUMENT:
        return [_row(page.question, [each["name"] for each in answers.files], change)]
    form = pages.form_of(page, answers)
    rows = []
    if form.is_bound:
        for name, field in form.fields.items():
            if written := as_written(form, name):
                label = page.question if form.question_is_label else field.label
                rows.append(_row(label, written, change))
    return rows or [_row(page.question, "", change)]


def _places(answers: Answers) -> list[str]:
    quarters = chosen_quarters(answers.quarters)
    return [
        f"{place}. {commune.name} ({commune.postal_code})"
        + (f" – {quarters[commune.pk].name}" if commune.pk in quarters else "")
        for place, commune in enumerate(communes_in_order(answers.communes), start=1)
    ]


def _row(label: Any, value: Any, change: str) -> Row:
    return {"label": label, "value": value or _("Nothing written"), "change_url": change}


def _people_row(page: Page, answers: Answers, change: str) -> Row:
    lines = []
    for person in page.people(answers):
        form = pages.form_of(page, answers, person)
        name = " ".join(str(as_written(form, each)) for each in NAMES).strip()
        lines.append(", ".join([name, *_told(form)]))
    return _row(page.question, lines or _("Nobody"), change)


def _annex_rows(page: Page, answers: Answers) -> list[Row]:
    return [
        _row(
            name, _told(pages.form_of(page, answers, person)), url_of(page, person, to_review=True)
        )
        for person, name in concerned(answers)
    ]


def _told(form: StepForm) -> list[str]:
    """What was said of one person of a list, her names apart."""
    return [
        _("%(asked)s: %(told)s")
        % {"asked": form.titles.get(name, field.label), "told": ", ".join(map(str, written))}
        for name, field in form.fields.items()
        if name not in NAMES and (written := _listed(as_written(form, name)))
    ]


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written] if written else []


def sections(answers: Answers) -> list[Row]:
    """Everything, section by section; the co-applicant's answers stand apart."""
    return [
        {"title": section.title, "groups": _groups(section.key, answers)}
        for section in pages.sections_of(applicable(answers))
    ]


def _groups(section: str, answers: Answers) -> list[Row]:
    main: Row = {"title": "", "rows": []}
    groups = [main]
    for page in applicable(answers):
        if page.section != section:
            continue
        group = main
        if page.key in OF_CO_APPLICANT:
            group = {"title": page.question, "rows": []}
            groups.append(group)
        group["rows"] += rows_of(page, answers)
    return groups
