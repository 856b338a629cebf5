"""The answers that an agent chose for her exports, remembered as long as she is signed in."""

from dataclasses import dataclass

from django.http import HttpRequest

KEY = "exported_answers"


@dataclass(frozen=True)
class ChosenAnswers:
    """Keys of answers of the form, and whether their codes are written too."""

    keys: tuple[str, ...] = ()
    codes: bool = False


def remembered(request: HttpRequest) -> ChosenAnswers:
    """What was chosen last; nothing at first."""
    kept = request.session.get(KEY)
    return ChosenAnswers(tuple(kept["keys"]), kept["codes"]) if kept else ChosenAnswers()


def remember(request: HttpRequest, chosen: ChosenAnswers) -> None:
    """Keep a choice for the next exports."""
    request.session[KEY] = {"keys": list(chosen.keys), "codes": chosen.codes}
