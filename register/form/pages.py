"""The pages of the demand, in order: address, section, form, when they apply."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.form.answers import Answers
from register.form.local_questions import SECTION_OF, asked, page_key
from register.form.steps import (
    contact,
    document,
    household,
    housing,
    identity,
    reasons,
    resources,
    wishes,
)
from register.form.steps.base import StepForm
from register.form.steps.questions import form_of_step

PEOPLE = "people"
COMMUNES = "communes"
DOCUMENT = "document"
QUESTION = "question"


def _always(_answers: Answers) -> bool:
    return True


def _with_co_applicant(answers: Answers) -> bool:
    return answers.has_co_applicant


def _violence_ticked(answers: Answers) -> bool:
    return "06" in answers.values("motifs", "reasons")


def _some_income(answers: Answers) -> bool:
    return bool(resources.chosen_kinds(answers, "ressources-revenus"))


def _some_income_of_co_applicant(answers: Answers) -> bool:
    chosen = resources.chosen_kinds(answers, "ressources-revenus-conjoint")
    return answers.has_co_applicant and bool(chosen)


@dataclass(frozen=True)
class Section:
    """A line of the task list."""

    key: str
    title: str | Promise
    hint: str | Promise


@dataclass(frozen=True)
class Page:
    """A page: `key` names its answers and its URL; `kind` says how it is answered."""

    key: str
    path: str
    section: str
    form: type[StepForm]
    applies: Callable[[Answers], bool] = _always
    minutes: int = 1
    kind: str = QUESTION
    title: str | Promise = ""

    @property
    def question(self) -> str | Promise:
        """What the page asks."""
        return self.title or self.form.question


SECTIONS = (
    Section("vous", _("You"), _("Names, date of birth, nationality")),
    Section("foyer", _("The people who will live with you"), _("Partner, children, parents")),
    Section("coordonnees", _("How to reach you"), _("Telephone, address")),
    Section("logement-actuel", _("Where you live today"), _("Kind of home, people, cost")),
    Section("motifs", _("Why you are asking"), _("Your reasons, in your words")),
    Section("ressources", _("What you live on"), _("Tax income, monthly income, work")),
    Section("logement-souhaite", _("The home you wish"), _("Size, communes")),
    Section("piece-identite", _("Your identity document"), _("A photo is enough")),
)

_FOYER, _MONEY, _WISH = "foyer", "ressources", "logement-souhaite"

NATIONAL_PAGES = (
    Page("identite", "identite/", "vous", identity.IdentityForm, minutes=2),
    Page("identite-situation", "identite/situation/", "vous", identity.SituationForm),
    Page("foyer", "foyer/", _FOYER, household.CoApplicantQuestionForm),
    Page(
        "foyer-conjoint",
        "foyer/conjoint/",
        _FOYER,
        household.CoApplicantForm,
        applies=_with_co_applicant,
        minutes=2,
    ),
    Page(
        "foyer-personnes-a-charge",
        "foyer/personnes-a-charge/",
        _FOYER,
        household.DependantForm,
        kind=PEOPLE,
        title=_("Who depends on you?"),
    ),
    Page(
        "foyer-enfants-en-visite",
        "foyer/enfants-en-visite/",
        _FOYER,
        household.VisitingChildForm,
        kind=PEOPLE,
        title=_("Do other children come to stay with you?"),
    ),
    Page("foyer-naissance", "foyer/naissance/", _FOYER, household.UnbornForm),
    Page("foyer-handicap", "foyer/handicap/", _FOYER, household.DisabilityForm),
    Page("coordonnees", "coordonnees/", "coordonnees", contact.ContactForm),
    Page("coordonnees-adresse", "coordonnees/adresse/", "coordonnees", contact.AddressForm),
    Page("logement-actuel", "logement-actuel/", "logement-actuel", housing.CurrentHousingForm),
    Page(
        "logement-actuel-details",
        "logement-actuel/details/",
        "logement-actuel",
        housing.CurrentHomeForm,
        minutes=2,
    ),
    Page("motifs", "motifs/", "motifs", reasons.ReasonsForm, minutes=2),
    Page(
        "motifs-protection",
        "motifs/protection/",
        "motifs",
        reasons.ProtectionForm,
        applies=_violence_ticked,
    ),
    Page("ressources", "ressources/", _MONEY, resources.TaxIncomeForm, minutes=3),
    Page("ressources-travail", "ressources/travail/", _MONEY, resources.WorkForm),
    Page("ressources-revenus", "ressources/revenus/", _MONEY, resources.IncomeKindsForm),
    Page(
        "ressources-montants",
        "ressources/montants/",
        _MONEY,
        resources.IncomeAmountsForm,
        applies=_some_income,
        minutes=2,
    ),
    Page(
        "ressources-revenus-conjoint",
        "ressources/revenus-conjoint/",
        _MONEY,
        resources.CoIncomeKindsForm,
        applies=_with_co_applicant,
    ),
    Page(
        "ressources-montants-conjoint",
        "ressources/montants-conjoint/",
        _MONEY,
        resources.CoIncomeAmountsForm,
        applies=_some_income_of_co_applicant,
        minutes=2,
    ),
    Page("logement-souhaite", "logement-souhaite/", _WISH, wishes.WishedHomeForm),
    Page(
        "logement-souhaite-communes",
        "logement-souhaite/communes/",
        _WISH,
        wishes.CommunesForm,
        minutes=2,
        kind=COMMUNES,
    ),
    Page("logement-souhaite-elargir", "logement-souhaite/elargir/", _WISH, wishes.WideningForm),
    Page(
        "piece-identite",
        "piece-identite/",
        "piece-identite",
        document.IdentityDocumentForm,
        minutes=2,
        kind=DOCUMENT,
    ),
)


def _local_page(step: str) -> Page:
    """The page of a part's local questions, for those who are asked some."""
    key = page_key(step)
    return Page(
        key,
        f"{SECTION_OF[step]}/questions/",
        SECTION_OF[step],
        form_of_step(step),
        applies=lambda answers: bool(asked(answers, step)),
    )


def _with_local_pages() -> tuple[Page, ...]:
    """Every page, the local questions of each part closing it."""
    local = {page.section: page for page in map(_local_page, SECTION_OF)}
    return tuple(
        page
        for section in SECTIONS
        for page in (
            *(page for page in NATIONAL_PAGES if page.section == section.key),
            *([local[section.key]] if section.key in local else []),
        )
    )


PAGES = _with_local_pages()
BY_KEY = {page.key: page for page in PAGES}


def applicable(answers: Answers) -> list[Page]:
    """The pages this person has to see, in order."""
    return [page for page in PAGES if page.applies(answers)]


def following(page: Page, answers: Answers) -> Page | None:
    """The page after `page`, or None after the last."""
    rest = PAGES[PAGES.index(page) + 1 :]
    return next((each for each in rest if each.applies(answers)), None)


def preceding(page: Page, answers: Answers) -> Page | None:
    """The page before `page`, or None before the first."""
    before = PAGES[: PAGES.index(page)]
    return next((each for each in reversed(before) if each.applies(answers)), None)


def form_of(page: Page, answers: Answers, person: str = "") -> StepForm:
    """The form of a page filled in with what was typed; unbound when nothing was."""
    return page.form(answers.form_data(page.key, person), answers=answers, person=person)
