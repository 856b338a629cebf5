"""Papers of the limitative list, as the agents choose one (CCH R441-2-4-1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from register.papers import Paper
from rules.kinds.documents import Stage

_STAGES = (
    (Stage.REGISTRATION, _("To register the demand")),
    (Stage.INSTRUCTION, _("From everybody")),
    (Stage.COMPLEMENT, _("If the situation calls for it")),
)


class ListedPaperField(forms.ChoiceField):
    """A paper of the list. Another one reaches the service, which refuses it with its reason."""

    def valid_value(self, value: Any) -> bool:
        return True


def by_stage(offered: Iterable[Paper]) -> list[tuple[Any, Any]]:
    """These papers as choices, by stage of the list; what is valid in the file is said to be so."""
    papers = list(offered)
    choices: list[tuple[Any, Any]] = [("", _("Choose a document"))]
    for stage, heading in _STAGES:
        of_stage = [(p.code, _named(p)) for p in papers if p.document.stage is stage]
        choices += [(heading, of_stage)] if of_stage else []
    return choices


def _named(paper: Paper) -> str:
    if paper.held is None:
        return str(paper.document.title)
    return gettext("%(paper)s (valid in the file)") % {"paper": paper.document.title}
