"""What an author of rules finds on the first page of the editing space."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from rules.bases import given_back, written_by
from rules.models import RuleModuleVersion

from .permissions import RIGHT


class GivenBack(Component):
    """The versions that this person wrote, had their day, and will not come into force as such."""

    order = 50
    template_name = "cms/rules/given_back.html"

    def __init__(self, versions: list[RuleModuleVersion]) -> None:
        self.versions = versions

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """The versions."""
        return {"versions": self.versions}


def panels(request: HttpRequest) -> list[Component]:
    """None when there is nothing to say."""
    if not request.user.has_perm(RIGHT):
        return []
    mine = [each for each in given_back() if request.user.pk in written_by(each)]
    return [GivenBack(mine)] if mine else []
