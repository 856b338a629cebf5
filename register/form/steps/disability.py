"""Who has a disability, and what each of these people needs: case C1 and the annex (Cerfa 14069).

Health data (GDPR article 9): never required, no diagnosis, read by those alone who may read health.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register import annex
from register.annex import Topic
from register.form.answers import Answers
from register.form.fields import CodeField, CodesField

from .base import StepForm, Text

OTHER_CO_APPLICANTS = "foyer-codemandeurs"
LISTS_OF_PEOPLE = ("foyer-personnes-a-charge", "foyer-enfants-en-visite")


def people_named(answers: Answers) -> list[tuple[str, Text]]:
    """Everybody of the demand: the key under which each is answered for, and a name."""
    people: list[tuple[str, Text]] = [("applicant", _("Me"))]
    if answers.has_co_applicant:
        name = answers.value("foyer-conjoint", "first_names")
        people.append(("co_applicant", name or _("The person applying with you")))
    others = [OTHER_CO_APPLICANTS] if answers.has_other_co_applicants else []
    for key in (*others, *LISTS_OF_PEOPLE):
        for someone in answers.people(key):
            name = (someone.get("raw", {}).get("first_names") or [""])[-1]
            people.append((someone["id"], name or _("Somebody without a name yet")))
    return people


def concerned(answers: Answers) -> list[tuple[str, Text]]:
    """Those of them who are said to have a disability."""
    ticked = answers.values("foyer-handicap", "disabled")
    return [(key, name) for key, name in people_named(answers) if key in ticked]


class KnownPeopleField(forms.MultipleChoiceField):
    """Ticked people; somebody removed from the household since is simply no longer ticked."""

    def to_python(self, value: Any) -> list[str]:
        return [each for each in super().to_python(value) if self.valid_value(each)]


class DisabilityForm(StepForm):
    """Who in the household has a disability (case C1)."""

    question = _("Does somebody have a disability?")
    intro = _(
        "Say it if you wish: it can give priority and a home that is adapted."
        " To look for a home for you, case agents of social landlords may read this answer, where"
        " their agreement provides for it; other professionals do not."
        " Tick nobody if it is not the case."
    )
    titles = {"disabled": _("Disability")}
    question_is_label = True

    disabled = KnownPeopleField(
        label=_("People with a disability"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def build(self) -> None:
        self.fields["disabled"].choices = people_named(self.answers)  # type: ignore[attr-defined]


def _one_of(topic: Topic, **options: Any) -> forms.ChoiceField:
    return CodeField(
        annex.LISTS[topic],
        label=topic.label,
        widget=forms.RadioSelect,
        required=False,
        **options,
    )


def _several_of(topic: Topic, **options: Any) -> forms.MultipleChoiceField:
    return CodesField(
        annex.LISTS[topic],
        label=topic.label,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        **options,
    )


class AnnexForm(StepForm):
    """The annex of one person; each field is named as its topic."""

    question: Text = _("What does this person need?")  # type: ignore[misc]
    intro = _(
        "This helps find a home where this person can live well. You need not answer."
        " Do not tell the illness or its name: nobody needs it to find a home."
    )
    titles = {"course": _("Change of these needs")}

    equipment = _several_of(Topic.EQUIPMENT)
    steps = _one_of(Topic.STEPS, help_text=_("Without help, every day."))
    aid = _several_of(Topic.AID)
    motor = _several_of(Topic.MOTOR)
    sensory = _several_of(Topic.SENSORY)
    course = _one_of(Topic.COURSE)

    def build(self) -> None:
        name = dict(people_named(self.answers)).get(self.person)
        if name and self.person != "applicant":
            self.question = _("What does %(name)s need?") % {"name": name}
        elif name:
            self.question = _("What do you need?")
