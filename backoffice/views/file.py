"""The file of a demand, between the list it was opened from and the acts that can be recorded."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.forms.acts import ACTS, ActForm, MessageForm, ShareForm
from backoffice.gate import second_factor
from backoffice.listing import read_listing
from backoffice.parts import parts
from backoffice.sections import sections
from backoffice.timeline import timeline
from backoffice.views.letters import gives_certificate
from backoffice.views.worklist import bad_request, list_context
from register import access, clock, lifecycle
from register.access import Action, FieldRights, FieldSet
from register.codes import DocumentKind, DocumentStatus
from register.models import AccessPurpose, Demand, Document
from register.principals import Principal
from register.selectors.account_codes import may_be_given
from register.selectors.channels import ways_to_tell
from register.selectors.counters import takes_paper_form
from register.selectors.explanation import opening_and_sparing
from register.selectors.file import DemandFile, organisations_to_share_with, read_file, takes_papers
from register.selectors.mandates import current
from register.selectors.next_dates import next_dates
from register.selectors.scores import score_of
from register.selectors.tasks import tags_of, waiting_on
from register.selectors.templates import text_for
from register.selectors.to_take_up import words_on
from register.selectors.worklist import read_page
from register.services.journal import record_access
from register.services.sharing import SHARING_ROLES
from register.web.audience import audience
from register.web.typed import take, words

UNPROCESSABLE = 422
SHORT_LIST = 20


@audience("desk", ["GET"])
@second_factor
def file(request: HttpRequest, number: str) -> HttpResponse:
    """Open one file. Each opening is journalled and shown to the applicant."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.VIEW, number)
    kept = take(request)
    if kept is None:
        return show_file(request, demand)
    if kept.view == "desk:share":
        organisations = organisations_to_share_with(principal)
        return show_file(request, demand, share=ShareForm(kept.data, organisations=organisations))
    act = ACTS.get(kept.args.get("act", ""))
    begun = act(kept.data).suit(principal, demand) if act else None
    return show_file(request, demand, begun=begun)


@audience("desk", ["GET"])
@second_factor
def begin_message(request: HttpRequest, number: str, template: int) -> HttpResponse:
    """The same, with a message begun from a text of the organisation; empty if it is no more."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.RECORD_ACT, number)
    text = text_for(principal, demand, template)
    begun = MessageForm(initial={"version": demand.version, "body": text})
    return show_file(request, demand, begun=begun.suit(principal, demand))


def show_file(
    request: HttpRequest,
    demand: Demand,
    *,
    act: ActForm | None = None,
    share: ShareForm | None = None,
    begun: ActForm | None = None,
) -> HttpResponse:
    """The whole screen, with the form just refused, or begun, open and filled if there is one."""
    principal = request.principal  # type: ignore[attr-defined]
    try:
        listing = read_listing(request)
    except BadRequest as refusal:
        return bad_request(request, refusal)
    shown = read_file(principal, demand)
    record_access(principal=principal, demand=demand, purpose=AccessPurpose.VIEW)
    page = (
        read_page(principal, listing.wanted, listing.cursor, SHORT_LIST) if listing.wanted else None
    )
    refused, opened = act or share, act or begun
    unanswered = words_on(demand)
    acts, sharing = act_forms(principal, demand, given=opened), _sharing(principal, demand, share)
    can_verify = access.decide(principal, Action.VERIFY_DOCUMENT, demand).allowed
    opened_by, spared_by = opening_and_sparing(shown.decision, shown.rights)
    context = {
        **list_context(listing, page),
        "file": shown,
        "demand": demand,
        "sections": sections(shown),
        "timeline": timeline(shown, unanswered),
        "unanswered": unanswered,
        "opened_by": opened_by,
        "spared_by": spared_by,
        "score": score_of(demand, shown.rights),
        "next_dates": next_dates(demand),
        "tasks": waiting_on(principal, demand),
        "tags": tags_of(demand) if shown.rights.can_read("notes") else [],
        "can_record": access.decide(principal, Action.RECORD_ACT, demand).allowed,
        "acts": acts,
        "open_act": opened.code if opened else "",
        "form": refused,
        **sharing,
        "not_offered": _not_offered([*acts, sharing["share_form"]], share or begun),
        "identity_document": _waiting_identity(shown),
        "can_verify": can_verify,
        "can_give_certificate": gives_certificate(shown.rights),
        "helpers": current(demand) if shown.rights.can_read(FieldSet.IDENTITY) else [],
        **_at_counter(principal, demand, shown.rights),
        "can_receive": can_verify and takes_papers(demand),
        "can_open_documents": access.decide(principal, Action.VIEW_DOCUMENT, demand).allowed,
    }
    status = UNPROCESSABLE if refused and refused.errors else 200
    context["parts"] = parts(context)
    return render(request, "backoffice/file.html", context, status=status)


def _not_offered(offered: list[Any], begun: forms.Form | None) -> list[str]:
    """The words of a form begun before signing in again that this file offers no more."""
    is_lost = begun is not None and begun.is_bound and not any(each is begun for each in offered)
    return words(begun) if begun is not None and is_lost else []


def _at_counter(principal: Principal, demand: Demand, rights: FieldRights) -> dict[str, bool]:
    """What a counter does for somebody registered on paper, or for her helper."""
    if not access.decide(principal, Action.EDIT, demand).allowed:
        return {}
    return {
        "can_add_form": takes_paper_form(principal, demand),
        "can_give_code": may_be_given(demand),
        "can_record_mandate": rights.can_read(FieldSet.CONTACT) and not demand.is_association,
    }


def _waiting_identity(shown: DemandFile) -> Document | None:
    """The identity document nobody has read yet: the first thing to do on a new demand."""
    waiting = (
        document
        for document in shown.documents
        if document.kind == DocumentKind.IDENTITY and document.status == DocumentStatus.RECEIVED
    )
    return next(waiting, None)


def act_forms(
    principal: Principal,
    demand: Demand,
    given: ActForm | None = None,
) -> list[ActForm]:
    """Forms of the acts open to this role in this state; none for a reader, nor after a merge."""
    if lifecycle.goes_on_elsewhere(demand):
        return []
    rights = access.fields(principal, demand)
    open_to_her = {
        action
        for action in {form.action for form in ACTS.values()}
        if access.decide(principal, action, demand).allowed
    }
    acts = [
        given
        if given and given.code == code
        else form(initial={"version": demand.version}).suit(principal, demand)
        for code, form in ACTS.items()
        if form.action in open_to_her and form.is_timely(principal, demand)
        if not form.writes or rights.can_write(form.writes)
    ]
    ways = ways_to_tell(demand) if acts else {}
    for act in acts:
        act.foretell(principal, demand, ways)
    return acts


def _sharing(principal: Principal, demand: Demand, refused: ShareForm | None) -> dict[str, Any]:
    may_share = (
        principal.role in SHARING_ROLES
        and not lifecycle.goes_on_elsewhere(demand)
        and access.decide(principal, Action.RECORD_ACT, demand).allowed
    )
    if not may_share:
        return {"share_form": None}
    form = refused or ShareForm(
        organisations=organisations_to_share_with(principal),
        initial={"starts_on": clock.today()},
    )
    return {"share_form": form, "share_is_open": refused is not None}
