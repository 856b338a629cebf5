"""Revisions of the form, each from its day: a draft begun under one is finished under it.

A new revision of the Cerfa is a new line here with its own pages; pages that did not change are the
same ones. Drafts under way see none of it, so that nobody finds her answers moved or gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from register import clock
from register.form.answers import Answers
from register.form.pages import PAGES, SECTIONS, Page, Section


@dataclass(frozen=True)
class Revision:
    """The pages of the form, in order, from the day on which a draft may begin under it."""

    code: str
    in_force_from: date
    pages: tuple[Page, ...]


# The list of residence documents of its notice is dated 2 May 2023.
CERFA_05 = Revision("14069*05", date(2023, 5, 2), PAGES)
# The oldest first.
REVISIONS = (CERFA_05,)


def current() -> Revision:
    """The revision under which a draft begins today."""
    today = clock.today()
    return [each for each in REVISIONS if each.in_force_from <= today][-1]


def revision_of(answers: Answers) -> Revision:
    """That of a draft under way; the current one when nothing is written yet.

    Drafts that bear no mark were begun when there was one revision, the first.
    """
    if not answers.data:
        return current()
    return next((each for each in REVISIONS if each.code == answers.revision), REVISIONS[0])


def every_page() -> tuple[Page, ...]:
    """The pages of all revisions, one for each key: each has an address."""
    pages = {page.key: page for revision in REVISIONS for page in revision.pages}
    return tuple(pages.values())


def find(answers: Answers, key: str) -> Page | None:
    """The page of this key in the revision of the draft, if it has one."""
    return next((page for page in revision_of(answers).pages if page.key == key), None)


def page_of(answers: Answers, key: str) -> Page:
    """The same for a page that every revision has."""
    found = find(answers, key)
    if found is None:
        raise LookupError(key)
    return found


def applicable(answers: Answers) -> list[Page]:
    """The pages this person has to see, in order."""
    return [page for page in revision_of(answers).pages if page.applies(answers)]


def sections(answers: Answers) -> list[Section]:
    """The parts this person goes through, in order: the first page that applies tells of each."""
    pages = revision_of(answers).pages
    inside = {part.key: [page for page in pages if page.section == part.key] for part in SECTIONS}
    return [part for part in SECTIONS if _first_that_applies(inside[part.key], answers)]


def following(page: Page, answers: Answers) -> Page | None:
    """The page after `page`, or None after the last."""
    _before, after = _around(page, answers)
    return _first_that_applies(after, answers)


def preceding(page: Page, answers: Answers) -> Page | None:
    """The page before `page`, or None before the first."""
    before, _after = _around(page, answers)
    return _first_that_applies(reversed(before), answers)


def _around(page: Page, answers: Answers) -> tuple[tuple[Page, ...], tuple[Page, ...]]:
    """The pages before and after one, whether they apply or not."""
    pages = revision_of(answers).pages
    place = [each.key for each in pages].index(page.key)
    return pages[:place], pages[place + 1 :]


def _first_that_applies(pages: Iterable[Page], answers: Answers) -> Page | None:
    """No page is asked beyond the first: whether one of local questions applies is long to say."""
    return next((page for page in pages if page.applies(answers)), None)
