"""Where the demand stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from portal import drafts
from portal.space import timeline, todo
from portal.space.pages import show
from portal.waiting import told_of
from register import access, lifecycle
from register.access import Action
from register.models import Demand, DemandState
from register.selectors import space
from register.selectors.eligibility import assess_demand, sizes_of
from register.selectors.mandates import offered_to
from register.selectors.merges import others_of
from register.selectors.missing import missing_of
from register.selectors.next_dates import next_dates
from register.selectors.scores import score_of
from register.web.audience import audience

TONES = {
    DemandState.AWAITING_CHECK: "info",
    DemandState.ACTIVE: "success",
    DemandState.UNDER_ALLOCATION: "accent",
    DemandState.STRUCK_OFF: "danger",
    DemandState.MERGED: "info",
    DemandState.ERASED: "neutral",
}


@audience("applicant", methods=["GET"])
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The person's demand; a choice when there are several, a welcome when there is none."""
    own = list(space.own_demands(request.principal))
    helped = space.helped_demands(request.principal)
    offered = offered_to(request.user)
    if len(own) == 1 and not helped and not offered:
        return _stand(request, own[0])
    cards = [
        (demand, lifecycle.plain_words(demand), TONES[demand.state], space.home_wished(demand))
        for demand in own
    ]
    context = {
        "cards": cards,
        "helped": helped,
        "offered": offered,
        "has_draft": drafts.has_open(request.user),
        "of_association": any(demand.is_association for demand in own),
    }
    return render(request, "portal/space/choose.html", context)


@audience("applicant", methods=["GET"])
@never_cache
def demand_page(request: HttpRequest, number: str) -> HttpResponse:
    """One demand: what to do now, the number, the dates, the whole story."""
    return _stand(request, space.demand_of(request.principal, number))


def _stand(request: HttpRequest, demand: Demand) -> HttpResponse:
    own = space.is_own(request.principal, demand)
    rights = access.fields(request.principal, demand)
    found = assess_demand(demand) if rights.can_read("resources") and demand.is_live else None
    events = space.public_events(demand, rights)
    may = space.acts_open(request.principal, demand)
    return show(
        request,
        "demand",
        "demand",
        demand,
        words=lifecycle.plain_words(demand),
        tone=TONES[demand.state],
        tasks=todo.tasks(demand, rights, may, own=own),
        meanwhile=todo.meanwhile(demand, rights),
        others=others_of(request.principal, demand),
        steps=timeline.tell(events, demand, space.names_in(events, rights), own=own, may=may),
        score=score_of(demand, rights),
        missing=missing_of(demand, rights, sends_papers=True) if demand.is_live else [],
        next_dates=next_dates(demand),
        eligibility=found,
        may_update_income=own,
        sizes=sizes_of(found),
        applicant=space.applicant_name(demand),
        waiting=told_of(demand) if rights.can_read("wishes") and demand.is_live else None,
        may_give_up=Action.WITHDRAW in may and demand.is_live,
        may_download=rights.can_read("resources"),
    )
