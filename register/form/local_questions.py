"""Which local questions the person who writes is asked, in each part of the form.

A page goes on with the questions it began with: when the module changes meanwhile, what was typed
stays where it was, and is sent under the version that asked for it.
"""

from typing import Any

from register import questions
from register.form.answers import Answers
from register.questions import Asker, LocalQuestion

# Part of the form as rule modules name it → section of the task list.
SECTION_OF = {
    "identity": "vous",
    "household": "foyer",
    "contact": "coordonnees",
    "housing": "logement-actuel",
    "reasons": "motifs",
    "resources": "ressources",
    "wishes": "logement-souhaite",
}
VERSIONS = "asked_by"


def page_key(step: str) -> str:
    """The key of the page that holds the local questions of a part."""
    return f"{SECTION_OF[step]}-questions"


def asked(answers: Answers, step: str) -> list[LocalQuestion]:
    """The questions of this part put to the person, from what she has answered so far."""
    memo = answers.memo
    if step not in memo:
        memo[step] = _asked(answers, step)
    found: list[LocalQuestion] = memo[step]
    return found


def _asked(answers: Answers, step: str) -> list[LocalQuestion]:
    candidates = [each for each in _begun(answers, step) if each.question.step == step]
    if not candidates:
        return []
    if "asker" not in answers.memo:
        from register.form.assembly import declaration, department_of

        answers.memo["asker"] = Asker(department_of(answers), lambda: declaration(answers))
    asker: Asker = answers.memo["asker"]
    return asker.asked(candidates)


def _begun(answers: Answers, step: str) -> list[LocalQuestion]:
    """The questions of the versions under which the page was begun, else those in force."""
    versions: list[int] = answers.slot(page_key(step)).get(VERSIONS, [])
    begun = [each for version in versions for each in questions.of_version(version)]
    return begun or questions.in_force()


def remember_versions(slot: dict[str, Any], shown: list[LocalQuestion]) -> None:
    """Write beside the answers which versions asked for them."""
    slot.setdefault(VERSIONS, sorted({each.version_id for each in shown}))
