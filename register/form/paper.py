"""The whole demand on one page, in the order of the paper form 14069*05 (CCH R441-2-2).

A counter copies what is written on paper: each page of the online form is asked here at once, with
the same questions, checks and readings. What the online form asks first ("is somebody applying
with you?") is read here from what is filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.form.answers import MAX_PEOPLE, Answers, Raw
from register.form.boxes import in_boxes
from register.form.cases import case_of
from register.form.fields import DatePartsField
from register.form.pages import BY_KEY, PAGES
from register.form.paper_steps import (
    ANNEXES,
    CO_APPLICANT,
    DEPENDANTS,
    FLAT_SHARERS,
    FORMS,
    INCOMES,
    MOST_OTHERS,
    MOST_SHARERS,
    OTHERS,
    TAXES,
    VISITORS,
    person_at,
    person_key,
)
from register.form.revisions import CERFA_05
from register.form.steps.base import StepForm
from register.form.steps.questions import LocalQuestionsForm

CO_EMPLOYER = "ressources-employeur-conjoint"
# Lines of people that are open before any is filled in; the others open with a key.
OPEN_LINES = {DEPENDANTS: 3, VISITORS: 1, ANNEXES: 1, OTHERS: 0, FLAT_SHARERS: 0}
MOST_LINES = {OTHERS: MOST_OTHERS, FLAT_SHARERS: MOST_SHARERS}
OF_CO_APPLICANT = ("co_work_status", "co_occupation", "co_tax_income_n2", "co_tax_income_n1")

# The pages of the paper form, with the pages of the online form that ask the same.
Layout = tuple[tuple[str, str | Promise, tuple[str, ...]], ...]
LAYOUT: Layout = (
    (
        "P1",
        _("The applicant"),
        (
            "identite",
            "identite-situation",
            "coordonnees",
            "coordonnees-adresse",
            "logement-actuel-adresse",
        ),
    ),
    ("P2", _("Spouse or co-applicant"), (CO_APPLICANT, OTHERS)),
    ("P3", _("Dependants"), (FLAT_SHARERS, DEPENDANTS, "foyer-naissance")),
    ("P5", _("Other children"), (VISITORS, "foyer-handicap")),
    ("P6", _("Work"), ("ressources-travail", "ressources-employeur", CO_EMPLOYER)),
    ("P7", _("Income"), ("ressources", *INCOMES, "ressources-versees")),
    ("P8", _("Situation today"), ("logement-actuel", "logement-actuel-details")),
    ("P8", _("Reasons"), ("motifs", "motifs-protection")),
    (
        "P9",
        _("Home asked for"),
        ("logement-souhaite", "logement-souhaite-communes", "logement-souhaite-elargir"),
    ),
    ("", _("Annexes on disability"), (ANNEXES,)),
)
LOCAL_PAGES = tuple(page.key for page in PAGES if issubclass(page.form, LocalQuestionsForm))


# On paper a consent is a case that was ticked.
INITIAL: dict[str, dict[str, Any]] = {"coordonnees": {"accepts_email": False}}


@dataclass(frozen=True)
class Group:
    """A page of the online form on the paper: one form, or one for each line of people."""

    key: str
    title: str | Promise
    forms: list[StepForm]

    @property
    def is_list(self) -> bool:
        """True for lines of people."""
        return self.key in OPEN_LINES

    @property
    def open_lines(self) -> list[StepForm]:
        """The lines that are in sight: the first ones, and all those filled in."""
        return self.forms[: self.in_sight]

    @property
    def more_lines(self) -> list[StepForm]:
        """The lines that a key opens."""
        return self.forms[self.in_sight :]

    @property
    def in_sight(self) -> int:
        """How many lines are open: those of the paper at first, and up to the last filled in."""
        filled = [place for place, form in enumerate(self.forms, start=1) if form.is_bound]
        return max([OPEN_LINES[self.key], *filled])


@dataclass(frozen=True)
class Part:
    """A page of the paper form."""

    page: str
    title: str | Promise
    groups: list[Group] = field(default_factory=list)

    def __iter__(self) -> Iterator[StepForm]:
        return (form for group in self.groups for form in group.forms)


class PaperForm:
    """What is copied from the paper; `answers` are those that the online form would have kept."""

    layout: ClassVar[Layout] = LAYOUT
    # True when the rules make something of it: a household, its income.
    is_read_by_rules: ClassVar[bool] = True
    printed_beside: ClassVar[dict[str, Any]] = {"foyer": {"raw": {"has_co_applicant": ["oui"]}}}

    def __init__(
        self, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.data = data
        self.initial = INITIAL | (initial or {})
        self.answers = Answers({})
        self.answers.revision = CERFA_05.code
        # What depends on another answer is printed on every paper form.
        self._printed = Answers(self.printed_beside)
        self.forms = {key: self._forms(key) for _page, _title, keys in self.layout for key in keys}
        if data is None:
            first = next(iter(self.forms.values()))[0]
            next(iter(first.fields.values())).widget.attrs["autofocus"] = True
        else:
            self._read()
        local = [key for key in LOCAL_PAGES if BY_KEY[key].applies(self.answers)]
        self.forms |= {key: self._forms(key) for key in local}
        if data is not None:
            self._write(*local)
        self.parts = [*map(self._part, self.layout)]
        if local:
            self.parts.append(self._part(("", _("Questions of the department"), tuple(local))))

    def is_valid(self) -> bool:
        """True when the demand can be registered as it was copied."""
        return not any(form.errors for forms in self.forms.values() for form in forms)

    def complain(self, page: str, name: str, message: Any) -> None:
        """Say beside a question what the register answered."""
        self.forms[page][0].add_error(name, message)

    def _part(self, laid_out: tuple[str, str | Promise, tuple[str, ...]]) -> Part:
        page, title, keys = laid_out
        groups = [Group(key, BY_KEY[key].question, self.forms[key]) for key in keys]
        return Part(page, title, groups)

    def _forms(self, key: str) -> list[StepForm]:
        if key in OPEN_LINES:
            most = MOST_LINES.get(key, MAX_PEOPLE)
            lines = [self._form(key, f"{key}-{line}") for line in range(1, most + 1)]
            shown = [form if _is_filled(form) else self._blank(key, form) for form in lines]
            for asked in (field for form in shown[1:] for field in form.fields.values()):
                # What may be typed is listed once, beside the first line.
                asked.legend = ()  # type: ignore[attr-defined]
            return shown
        return [self._form(key, key)]

    def _form(self, key: str, prefix: str, *, is_blank: bool = False) -> StepForm:
        own = key in LOCAL_PAGES or key == "logement-souhaite-communes"
        form = FORMS.get(key, BY_KEY[key].form)(
            None if is_blank else self.data,
            answers=self.answers if own else self._printed,
            prefix=prefix,
            initial=self.initial.get(key),
        )
        for name, asked in form.fields.items():
            asked.case = case_of(key, name)  # type: ignore[attr-defined]
            asked.unit = form.units.get(name, "")  # type: ignore[attr-defined]
        return in_boxes(form, key)

    def _blank(self, key: str, form: StepForm) -> StepForm:
        """A line that nobody wrote on: nothing is missing there."""
        return self._form(key, str(form.prefix), is_blank=True)

    def _read(self) -> None:
        has_co_applicant = self._has_co_applicant()
        if not has_co_applicant:
            self.forms[CO_APPLICANT] = [self._form(CO_APPLICANT, CO_APPLICANT, is_blank=True)]
        told = {
            "has_co_applicant": has_co_applicant,
            "has_flat_sharers": any(form.is_bound for form in self.forms[FLAT_SHARERS]),
        }
        self.answers.write(
            "foyer", {name: ["oui" if is_so else "non"] for name, is_so in told.items()}
        )
        self.forms["motifs-protection"][0].forgive_blanks()
        for key in OPEN_LINES:
            for line, form in enumerate(self.forms[key], start=1):
                if form.is_bound and key != ANNEXES:
                    self.answers.write(key, typed(form), person=person_key(key, line))
        for key, kinds in INCOMES.items():
            found = self.forms[key][0].valid_answers.get("incomes") or {}
            self.answers.write(kinds, {"kinds": list(found)})
            self.answers.write(key, {f"amount_{kind}": [told] for kind, told in found.items()})
        places = self.forms["foyer-handicap"][0].valid_answers.get("disabled") or []
        concerned = [person_at(place) for place in (*places, *self._read_annexes())]
        self.answers.write("foyer-handicap", {"disabled": concerned})
        read = {*FORMS, *OPEN_LINES} - {CO_APPLICANT, TAXES}
        self._write(*(key for key in self.forms if key not in read))
        if any(form.is_bound for form in self.forms[OTHERS]):
            first = self.answers.raw(CO_APPLICANT)
            self.answers.write(CO_APPLICANT, {**first, "has_others": ["oui"]})
        self._read_communes()

    def _read_communes(self) -> None:
        """Reading the form of the communes keeps those that are named."""
        self.forms["logement-souhaite-communes"][0].full_clean()

    def _read_annexes(self) -> list[str]:
        """Keep each annex under its person; the places of the form that have one."""
        read: list[str] = []
        for form in self.forms[ANNEXES]:
            place = form.valid_answers.get("place", "")
            if place in read:
                form.add_error("place", _("This person has another annex above."))
            elif place:
                read.append(place)
                raw = {name: told for name, told in typed(form).items() if name != "place"}
                self.answers.write(ANNEXES, raw, person=person_at(place))
        return read

    def _has_co_applicant(self) -> bool:
        money = [*self.forms["ressources"], *self.forms["ressources-travail"]]
        told = [form[name] for form in money for name in OF_CO_APPLICANT if name in form.fields]
        pages = (CO_APPLICANT, OTHERS, CO_EMPLOYER, "ressources-montants-conjoint")
        others = [form for page in pages for form in self.forms[page]]
        return any(map(_is_filled, others)) or any(_is_typed(box) for box in told)

    def _write(self, *keys: str) -> None:
        for key in keys:
            for form in self.forms[key]:
                if form.is_bound:
                    form.stamp(self.answers.write(key, typed(form)))


def typed(form: StepForm) -> Raw:
    """What was typed in the boxes, as the inputs of the online form would have sent it."""
    raw: Raw = {}
    for name, asked in form.fields.items():
        value = form[name].data
        if isinstance(asked, DatePartsField):
            raw |= {f"{name}_{place}": [part] for place, part in enumerate(value)}
        elif isinstance(asked, forms.BooleanField):
            raw |= {name: ["on"]} if value else {}
        else:
            raw[name] = value if isinstance(value, list) else [value or ""]
    return raw


def _is_typed(box: forms.BoundField) -> bool:
    value = box.data
    return any(value) if isinstance(value, list) else bool(str(value or "").strip())


def _is_filled(form: StepForm) -> bool:
    return form.is_bound and any(_is_typed(box) for box in form)
