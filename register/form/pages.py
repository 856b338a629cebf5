"""The pages of the demand, in order: address, section, form, when they apply."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.form.answers import Answers, is_person_key
from register.form.local_questions import SECTION_OF, asked, page_key
from register.form.steps import (
    association,
    contact,
    disability,
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
from register.household import WORKING

PEOPLE = "people"
# One answer for each person said to have a disability.
ANNEX = "annex"
COMMUNES = "communes"
DOCUMENT = "document"
QUESTION = "question"
FIRST = "demandeur"
# Rubrics a, b and h.
OF_ASSOCIATION = {FIRST, "association", "coordonnees", "logement-souhaite"}


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


def _works(answers: Answers, status: str, page: str) -> bool:
    """Somebody works; on paper the employer may be written and the contract left blank."""
    told = answers.value("ressources-travail", status)
    return told in WORKING or (not told and any(map(any, answers.raw(page).values())))


def _applicant_works(answers: Answers) -> bool:
    return _works(answers, "work_status", "ressources-employeur")


def _co_applicant_works(answers: Answers) -> bool:
    return answers.has_co_applicant and _works(
        answers, "co_work_status", "ressources-employeur-conjoint"
    )


def _some_disability(answers: Answers) -> bool:
    return bool(disability.concerned(answers))


def _begun_by_it(answers: Answers) -> bool:
    """The first question; a draft begun before it was asked is a person's."""
    return FIRST in answers.data or not answers.raw("identite")


def _by_association(answers: Answers) -> bool:
    return answers.is_association


def _of_person(page: "Page") -> "Page":
    """The same page, which an association does not fill (R441-2-2: rubrics a, b and h only)."""
    applies = page.applies
    return replace(page, applies=lambda answers: not answers.is_association and applies(answers))


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

    def people(self, answers: Answers) -> list[str]:
        """The people whom the page is answered for; one empty key when it is answered once."""
        if self.kind == PEOPLE:
            return [each["id"] for each in answers.people(self.key)]
        return [key for key, _name in disability.concerned(answers)] if self.is_list else [""]

    @property
    def is_list(self) -> bool:
        """True when it is answered for several people, each on a page of her own."""
        return self.kind in (PEOPLE, ANNEX)

    def takes(self, answers: Answers, person: str) -> bool:
        """True when the page may be answered for this person, who may be new in a list."""
        if self.kind == PEOPLE:
            return is_person_key(person) and answers.has_room_for(self.key, person)
        return person in self.people(answers)


SECTIONS = (
    Section(FIRST, _("Who is applying"), _("Yourself, or an association")),
    Section("association", _("The association"), _("Name, SIREN")),
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
    Page(FIRST, "demandeur/", FIRST, association.ApplicantKindForm, applies=_begun_by_it),
    Page(
        "association",
        "association/",
        "association",
        association.AssociationForm,
        applies=_by_association,
    ),
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
        "foyer-codemandeurs",
        "foyer/codemandeurs/",
        _FOYER,
        household.OtherCoApplicantForm,
        applies=lambda answers: answers.has_other_co_applicants,
        minutes=2,
        kind=PEOPLE,
        title=_("Who else applies with you?"),
    ),
    Page(
        "foyer-colocataires",
        "foyer/colocataires/",
        _FOYER,
        household.FlatSharerForm,
        applies=lambda answers: answers.has_flat_sharers,
        kind=PEOPLE,
        title=_("Who will share the home with you?"),
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
    Page("foyer-handicap", "foyer/handicap/", _FOYER, disability.DisabilityForm),
    Page(
        "foyer-annexes",
        "foyer/handicap/besoins/",
        _FOYER,
        disability.AnnexForm,
        applies=_some_disability,
        kind=ANNEX,
        minutes=2,
        title=_("What do these people need?"),
    ),
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
    Page(
        "logement-actuel-adresse",
        "logement-actuel/adresse/",
        "logement-actuel",
        housing.HomeAddressForm,
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
    Page(
        "ressources-employeur",
        "ressources/employeur/",
        _MONEY,
        resources.EmployerForm,
        applies=_applicant_works,
    ),
    Page(
        "ressources-employeur-conjoint",
        "ressources/employeur-conjoint/",
        _MONEY,
        resources.CoEmployerForm,
        applies=_co_applicant_works,
    ),
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
    Page("ressources-versees", "ressources/pension-versee/", _MONEY, resources.AlimonyForm),
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
    local = {page.section: _of_person(page) for page in map(_local_page, SECTION_OF)}
    return tuple(
        page
        for section in SECTIONS
        for page in (
            *(_asked_of(page) for page in NATIONAL_PAGES if page.section == section.key),
            *([local[section.key]] if section.key in local else []),
        )
    )


def _asked_of(page: Page) -> Page:
    return page if page.section in OF_ASSOCIATION else _of_person(page)


def sections_of(pages: Iterable[Page]) -> list[Section]:
    """The parts of the form that these pages are of, in order."""
    keys = {page.section for page in pages}
    return [section for section in SECTIONS if section.key in keys]


PAGES = _with_local_pages()
BY_KEY = {page.key: page for page in PAGES}


def form_of(page: Page, answers: Answers, person: str = "") -> StepForm:
    """The form of a page filled in with what was typed; unbound when nothing was.

    Built once for the answers as they stand: a summary reads each page several times.
    """
    memo, name = answers.memo, f"{page.key}:{person}"
    if name not in memo:
        data = answers.form_data(page.key, person)
        memo[name] = page.form(data, answers=answers, person=person)
    form: StepForm = memo[name]
    return form
