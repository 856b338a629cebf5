"""How far the person is: computed from the answers each time, never stored."""

from dataclasses import dataclass
from enum import StrEnum

from register.form import pages
from register.form.answers import Answers
from register.form.pages import ANNEX, COMMUNES, DOCUMENT, Page, Section
from register.form.revisions import applicable


class State(StrEnum):
    """State of a page or a section."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


def page_state(page: Page, answers: Answers) -> State:
    """Done when the person said "continue" and every answer can be read."""
    slot = answers.slot(page.key)
    started = bool(slot.get("raw") or slot.get("people") or slot.get("confirmed"))
    if page.kind == COMMUNES:
        return State.DONE if answers.communes else State.NOT_STARTED
    if page.kind == DOCUMENT:
        return State.DONE if answers.files else State.NOT_STARTED
    if not started:
        return State.NOT_STARTED
    if not slot.get("confirmed"):
        return State.IN_PROGRESS
    return State.DONE if _is_readable(page, answers) else State.IN_PROGRESS


def _is_readable(page: Page, answers: Answers) -> bool:
    forms = (pages.form_of(page, answers, person) for person in page.people(answers))
    # An annex that nobody wrote lacks nothing.
    return all(form.is_valid() or (page.kind == ANNEX and not form.is_bound) for form in forms)


@dataclass(frozen=True)
class SectionProgress:
    """A section with its state, the page to open and the minutes it still takes."""

    section: Section
    state: State
    page: Page
    minutes: int


def of_sections(answers: Answers) -> list[SectionProgress]:
    """The task list."""
    result = []
    applied = applicable(answers)
    for section in pages.sections_of(applied):
        inside = [page for page in applied if page.section == section.key]
        states = {page: page_state(page, answers) for page in inside}
        left = [page for page in inside if states[page] != State.DONE]
        result.append(
            SectionProgress(
                section=section,
                state=_together(set(states.values())),
                page=left[0] if left else inside[0],
                minutes=sum(page.minutes for page in left),
            )
        )
    return result


def in_round_minutes(minutes: int) -> int:
    """Minutes as one says them: by fives above ten."""
    return minutes if minutes <= 10 else 5 * round(minutes / 5)


def whole_form_minutes() -> int:
    """What somebody who has not begun should count on."""
    return in_round_minutes(sum(each.minutes for each in of_sections(Answers({}))))


def _together(states: set[State]) -> State:
    return states.pop() if len(states) == 1 else State.IN_PROGRESS
