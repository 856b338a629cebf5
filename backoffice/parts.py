"""The parts of the file's screen, in order: one list draws them, and leads to each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.sections import Section
from register.access import FieldSet

SECTION = "backoffice/parts/section.html"


@dataclass(frozen=True)
class Part:
    """A part: `template` draws it under a title whose id is `anchor`; `key` leads to it, if any."""

    code: str
    name: str | Promise
    icon: str
    key: str = ""
    section: Section | None = None

    @property
    def anchor(self) -> str:
        """The id of its title."""
        return f"section-{self.code}"

    @property
    def template(self) -> str:
        """What draws it."""
        return SECTION if self.section else f"backoffice/parts/{self.code}.html"


BEFORE = (
    Part("unanswered", _("Waits for an answer"), "envelope"),
    Part("tasks", _("To do"), "list-check"),
)
AFTER = (
    Part("eligibility", _("Ceilings"), "rulers"),
    Part("priorities", _("Priorities"), "star"),
    Part("documents", _("Documents"), "paperclip", key="d"),
    Part("mandates", _("Helpers"), "person-check"),
    Part("score", _("Score"), "list-check"),
    Part("next_dates", _("Dates"), "calendar-event"),
    Part("papers", _("Letters, changes"), "envelope"),
    Part("timeline", _("History"), "clock-history", key="h"),
    Part("shares", _("Shares"), "people"),
    Part("why", _("Why I see it"), "key"),
)


def parts(told: Mapping[str, Any]) -> list[Part]:
    """The parts that the screen of a file holds, out of all that it tells."""
    file = told["file"]
    holds = {
        "unanswered": told["unanswered"],
        "tasks": told["tasks"] or told["tags"],
        "eligibility": file.eligibility,
        "priorities": file.priorities,
        "documents": file.rights.can_read(FieldSet.DOCUMENTS),
        "mandates": file.rights.can_read(FieldSet.IDENTITY),
        "score": told["score"],
        "next_dates": told["next_dates"],
        "shares": told["share_form"] or file.shares,
    }
    declared = [Part(each.code, each.title, each.icon, section=each) for each in told["sections"]]
    return [part for part in (*BEFORE, *declared, *AFTER) if holds.get(part.code, True)]
