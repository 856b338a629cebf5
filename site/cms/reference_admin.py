"""Reference tables in the editing space: partners, agreements, territories, figures, codes.

wagtail-modeladmin leaves three doors open (any `?field__lookup=` filters a list and so lets guess
values letter by letter; the history page asks for no right; a row can be deleted by whoever may
change it). They are closed here. Demands and people are never registered.

Nothing that gives a right over demands is changed here: agreements are consulted only, and the
kind, territory and counter status of an organisation are no fields of its form. Those belong to
the manager of the shared file, with a journal; an editor writes pages.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register
from wagtail_modeladmin.views import HistoryView, IndexView

from register.models import (
    Agreement,
    Commune,
    Counter,
    Epci,
    ListedCode,
    Organisation,
    Parameter,
    Quarter,
)


class KeepRows(PermissionHelper):
    """Rows other tables point to: changed, never deleted."""

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        """Nobody deletes a reference row here."""
        return False


class ChangeOnly(KeepRows):
    """Rows created elsewhere, with what goes with them (an organisation has its group)."""

    def user_can_create(self, user: Any) -> bool:
        """Nobody creates such a row here."""
        return False


class ReadOnly(ChangeOnly):
    """Official lists, replaced as a whole when the State publishes new ones."""

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        """Nobody corrects an official list by hand."""
        return False


class ListedLookupsOnly(IndexView):
    """A list that can only be filtered by the filters it shows."""

    OWN_PARAMS = frozenset({"o", "ot", "q", "p", "e", "export"})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 400 to a filter the page does not offer."""
        if any(not self._is_offered(name) for name in request.GET):
            return HttpResponseBadRequest()
        return super().dispatch(request, *args, **kwargs)

    def _is_offered(self, name: str) -> bool:
        if name in self.OWN_PARAMS:
            return True
        offered = self.model_admin.list_filter
        looks = {f"{field}__{look}" for field in offered for look in ("exact", "isnull")}
        # A filter that lists the values of a column names the column alone.
        return name in looks.union(offered)


class HistoryForEditors(HistoryView):
    """The history of a row, for those who may change it."""

    def check_action_permitted(self, user: Any) -> bool:
        """The same right as the form."""
        return self.permission_helper.user_can_edit_obj(user, self.instance)


class ReferenceAdmin(ModelAdmin):
    """What all reference tables have in common."""

    permission_helper_class = KeepRows
    index_view_class = ListedLookupsOnly
    history_view_class = HistoryForEditors
    inspect_view_enabled = False
    list_per_page = 50
    exclude_from_explorer = False
    index_template_name = "cms/reference_index.html"
    # What the list says about itself above its rows.
    note: str | Promise = ""

    def word(self, answer: bool) -> str:
        """Yes or no in a word: the drawings of Django's own admin are not installed."""
        return gettext("Yes") if answer else gettext("No")


class OfficialListAdmin(ReferenceAdmin):
    """A list published by the State, shown for consultation."""

    permission_helper_class = ReadOnly
    history_view_enabled = False


class OrganisationAdmin(ReferenceAdmin):
    """Partners of the shared file."""

    model = Organisation
    permission_helper_class = ChangeOnly
    menu_icon = "group"
    list_display = ("name", "kind", "registers", "city")
    list_filter = ("kind", "is_counter")
    search_fields = ("name", "short_name", "city")
    form_fields_exclude = ("group", "code", "kind", "is_counter", "commune", "epci", "is_demo")
    note = _(
        "Names and contact details are corrected here. What gives a right over demands (kind, "
        "territory, counter) is set by the manager of the shared file."
    )

    def registers(self, organisation: Organisation) -> str:
        """Whether it registers demands."""
        return self.word(organisation.is_counter)

    registers.short_description = _("registers demands")  # type: ignore[attr-defined]


class CounterAdmin(ReferenceAdmin):
    """Registering counters, as the public directory shows them."""

    model = Counter
    permission_helper_class = ChangeOnly
    form_fields_exclude = ("code", "organisation", "is_demo")
    note = _(
        "Address, hours and telephone are corrected here. The organisation that holds a counter "
        "reads the demands it registers: only the manager of the shared file sets it."
    )
    menu_icon = "desktop"
    list_display = ("name", "organisation", "city", "is_open")
    list_filter = ("is_public",)
    list_select_related = ("organisation",)
    search_fields = ("name", "city", "organisation__name")

    def is_open(self, counter: Counter) -> str:
        """Whether the public may walk in."""
        return self.word(counter.is_public)

    is_open.short_description = _("open to the public")  # type: ignore[attr-defined]


class AgreementAdmin(OfficialListAdmin):
    """Agreements, for consultation: signing or ending one opens or closes demands the same day."""

    model = Agreement
    inspect_view_enabled = True
    inspect_view_fields = ("organisation", "purpose", "departments", "starts_on", "ends_on")
    note = _(
        "An agreement opens demands to an organisation, and closes them the day it ends. It is "
        "consulted here and changed only by the manager of the shared file."
    )
    menu_icon = "form"
    list_display = ("organisation", "purpose", "starts_on", "ends_on")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "purpose")


class ParameterAdmin(ReferenceAdmin):
    """Dated figures of the law; a new year is a new row, not a correction."""

    model = Parameter
    menu_icon = "calculator"
    list_display = ("code", "territory", "valid_from", "valid_to", "value", "unit", "verified")
    list_filter = ("territory", "is_verified")
    search_fields = ("code", "source")

    def verified(self, parameter: Parameter) -> str:
        """Whether somebody read it in a published source."""
        return self.word(parameter.is_verified)

    verified.short_description = _("verified in a published source")  # type: ignore[attr-defined]


class ListedCodeAdmin(OfficialListAdmin):
    """Codes of the national lists and of ours; a new nomenclature is loaded with its dates."""

    model = ListedCode
    menu_label = _("Lists of codes")
    menu_icon = "list-ul"
    list_display = ("list_name", "code", "official", "cases", "valid_from", "valid_until", "ended")
    list_filter = ("list_name", "is_national")
    search_fields = ("list_name", "code", "official", "english")

    def cases(self, code: ListedCode) -> str:
        """Pages and cases of each revision of the form."""
        return ", ".join(f"{form} {place}" for form, place in code.places.items())

    cases.short_description = _("pages and cases of the form")  # type: ignore[attr-defined]

    def ended(self, code: ListedCode) -> str:
        """Whether it ended on a day that is not known."""
        return self.word(code.is_obsolete)

    ended.short_description = _("obsolete")  # type: ignore[attr-defined]


class CommuneAdmin(OfficialListAdmin):
    """Communes of the territories served."""

    model = Commune
    menu_icon = "site"
    list_display = ("name", "insee", "epci", "population", "zone_abc")
    list_filter = ("zone_abc",)
    list_select_related = ("epci",)
    search_fields = ("name", "search_name", "insee")


class EpciAdmin(OfficialListAdmin):
    """Groupings of communes."""

    model = Epci
    menu_label = _("EPCI")
    menu_icon = "site"
    list_display = ("name", "siren")
    search_fields = ("name", "siren")


class QuarterAdmin(OfficialListAdmin):
    """Priority quarters of city policy."""

    model = Quarter
    menu_icon = "site"
    list_display = ("name", "commune", "code")
    list_select_related = ("commune",)
    search_fields = ("name", "commune__name")


class ReferenceGroup(ModelAdminGroup):
    """The entry of the menu under which the tables are found."""

    menu_label = _("Reference tables")
    menu_icon = "table"
    menu_order = 600
    items = (
        OrganisationAdmin,
        CounterAdmin,
        AgreementAdmin,
        ParameterAdmin,
        ListedCodeAdmin,
        CommuneAdmin,
        EpciAdmin,
        QuarterAdmin,
    )


modeladmin_register(ReferenceGroup)
