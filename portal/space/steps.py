"""What a step of the timeline is made of, and the words its sentence is filled with."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.space.words import day_of
from register.access import Action
from register.models import Demand, Event
from register.selectors.space import Names

# Pages where a helper acts when her mandate says so; the others are the applicant's alone.
OPENED_BY = {"documents": Action.ANSWER, "renewal": Action.RENEW}


@dataclass(frozen=True)
class Line:
    """One answer under a step: "What happens next", "If you disagree"…"""

    label: str
    text: str
    is_ahead: bool = False


@dataclass
class Step:
    """One step as it is read. `quote` is what somebody wrote, never translated.

    `when` stands for a day that is not told.
    """

    sentence: str
    symbol: str = "circle"
    tone: str = ""
    lines: list[Line] = field(default_factory=list)
    quote: str = ""
    url: str = ""
    link_text: str = ""
    at: datetime | None = None
    when: str = ""

    def why(self, text: str) -> "Step":
        """Add the reason."""
        return self._line(_("Why"), text)

    def then(self, text: str) -> "Step":
        """Add what comes next."""
        return self._line(_("What happens next"), text, is_ahead=True)

    def by_when(self, text: str) -> "Step":
        """Add the date that matters."""
        return self._line(_("By when"), text, is_ahead=True)

    def sent(self, text: str) -> "Step":
        """Add how it was told, and whether it arrived."""
        return self._line(_("How you were told"), text)

    def answers(self, label: str, text: str) -> "Step":
        """Add what the applicant answered, under its question."""
        return self._line(label, text)

    def recourse(self, text: str) -> "Step":
        """Add what can be done against the decision."""
        return self._line(_("If you disagree"), text)

    def link(self, url: str, text: str) -> "Step":
        """Add where to go on."""
        self.url, self.link_text = url, text
        return self

    def settle(self) -> None:
        """What was to come has come: tell it no more, and ask for nothing more."""
        self.lines = [line for line in self.lines if not line.is_ahead]
        self.url = ""

    def _line(self, label: str, text: str, *, is_ahead: bool = False) -> "Step":
        if text:
            self.lines.append(Line(label, text, is_ahead))
        return self


@dataclass(frozen=True)
class Told:
    """What a sentence is made of."""

    event: Event
    demand: Demand
    names: Names
    own: bool
    may: frozenset[Action] = frozenset()

    @property
    def day(self) -> str:
        """The day of the step, in words."""
        return day_of(self.event.at)

    @property
    def who(self) -> str:
        """Who acted: an organisation, a helper in both names, or the one for the other."""
        if self.helper and self.event.organisation:
            return _("%(organisation)s (asked by %(helper)s)") % {
                "organisation": self.event.organisation.name,
                "helper": self.helper,
            }
        if self.helper:
            return f"{self.helper},"
        if self.event.organisation is None:
            return _("the register service")
        return str(self.event.organisation.name)

    @property
    def by_organisation(self) -> bool:
        """False when the applicant or her helper acted."""
        return self.event.organisation is not None

    @property
    def helper(self) -> str:
        """Who acted for the applicant, in both names; empty when nobody did."""
        return self.names.helpers.get(self.event.pk, "")

    @property
    def by_somebody_else(self) -> bool:
        """False when the applicant acted herself."""
        return self.by_organisation or bool(self.helper)

    def page(self, name: str) -> str:
        """Address of a page of this demand's space."""
        return reverse(f"space:{name}", args=[self.demand.number])

    def offer(self, step: "Step", name: str, text: str) -> "Step":
        """Link the step to a page where its reader may act."""
        opens = self.own or OPENED_BY.get(name) in self.may
        return step.link(self.page(name), text) if opens else step

    def fill(self, sentence: str, **words: str) -> str:
        """Put the day, the organisation and other words in a translated sentence."""
        return sentence % {"day": self.day, "who": self.who, **words}
