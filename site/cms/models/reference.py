"""Pages fed by the register: who registers demands, and the charter in force."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from .base import PublicPage

LONGEST_NUMBER = 9


class DirectoryPage(PublicPage):
    """Counters and landlords, by kind, searchable by commune."""

    template = "cms/directory_page.html"
    page_description = _("Lists the counters and organisations of the register; nothing to type.")
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the public counters near the commune asked for, and the landlords."""
        from register.selectors.directory import directory

        context = super().get_context(request, *args, **kwargs)
        asked = request.GET.get("commune", "")[:80].strip()
        context["asked"] = asked
        context["directory"] = directory(asked, request.GET.get("departement", "")[:3])
        return context


class CharterPage(PublicPage):
    """The charter: the rule modules in force, in sentences."""

    template = "cms/charter_page.html"
    page_description = _("Publishes the rules in force with their version, dates and legal basis.")
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("charter")
        verbose_name_plural = _("charters")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the chapters as they are executed today, and the changes of the charter.

        `?changement=<module>.<version>` shows what that version changed. Http404 for one that never
        was in force.
        """
        from register.selectors.charter import public_text, public_versions, signed_on
        from rules.charter import book

        context = super().get_context(request, *args, **kwargs)
        asked = request.GET.get("changement", "")[:100]
        if asked:
            code, _dot, number = asked.rpartition(".")
            if not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
                raise Http404
            context["text"] = public_text(code, int(number))
            context["signatures"] = signed_on(context["text"].version)
        else:
            context["chapters"] = book(self.locale.language_code)
            context["history"] = public_versions()
        return context
