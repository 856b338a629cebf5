"""Questions asked of what the calendar leaves: people to call, held rounds, legal holds."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from django.utils import timezone

from register.models import Demand, LegalHold, Outbox, RenewalNotice, Round, RoundStep
from register.selectors import calls, equity, printing, retention, rounds
from register.selectors.follow_up import given_up
from register.selectors.renewals import Candidate
from register.services.holds import place_hold
from tests.factories import principal_of
from tests.partition.seldom_notes import notes_seen
from tests.partition.world import World


def calendar_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each writes what it asks about, then asks as somebody whom another question would stop."""
    demand = world.demands["own"]

    def to_call(role: str, *classes: str) -> list[tuple[str, str]]:
        member = world.members[role]
        Demand.objects.filter(pk=demand.pk).update(registered_by=member.organisation)
        if classes:
            member.organisation.agreements.update(data_classes=list(classes))
        RenewalNotice.objects.create(
            demand=demand,
            kind="notice",
            expires_on=demand.expires_on,
            announced_on=timezone.localdate(),
            to_call_at=timezone.now(),
        )
        return [(line.name, line.phone) for line in calls.waiting(principal_of(member))[0]]

    def held_files() -> list[str]:
        today = timezone.localdate()
        Round.objects.create(
            step="announce", day=today, found=9, live=9, held="share", at=timezone.now()
        )
        here = {each: lambda _day: [Candidate(world.demands["other"].pk, 1)] for each in RoundStep}
        with mock.patch.object(rounds, "FINDERS", here):
            held = rounds.held_today(principal_of(world.members["manager"]))
        return [found.number for each in held for found in each.files]

    def holds() -> list[str]:
        foreign, member = world.demands["other"], world.members["manager"]
        LegalHold.objects.create(
            demand=foreign, reason="x", placed_at=timezone.now(), placed_by=member.user
        )
        return [hold.demand.number for hold in retention.retention(principal_of(member)).holds]

    def hold_elsewhere() -> Any:
        manager = principal_of(world.members["manager"])
        return place_hold(principal=manager, demand=world.demands["other"], reason="x")

    def failures() -> list[str]:
        now = timezone.now()
        Outbox.objects.create(
            key="x",
            kind="message_email",
            demand=world.demands["other"],
            created_at=now,
            not_before=now,
            done_at=now,
            last_error="x",
        )
        manager = principal_of(world.members["manager"])
        return [effect.demand.number for effect in given_up(manager)]

    def letters() -> list[str]:
        now, member = timezone.now(), world.members["manager"]
        dates = {"created_at": now, "not_before": now, "done_at": now}
        Outbox.objects.create(key="y", kind="letter", demand=demand, **dates)
        member.organisation.agreements.update(data_classes=["identity"])
        return [effect.demand.number for effect in printing.printable(principal_of(member))]

    def uncontacted() -> list[str]:
        body = world.members["landlord agent"].organisation
        born = Demand.objects.filter(pk=demand.pk)
        born.update(registered_by=body, channel="online")
        demand.events.all().delete()
        body.agreements.update(data_classes=["contact"])
        agent = principal_of(world.members["landlord agent"])
        return [line.name for line in equity.never_contacted(agent)[0]]

    return {
        **notes_seen(world),
        "uncontacted, no names": uncontacted,
        "letters": letters,
        "failures": failures,
        "calls": lambda: to_call("landlord reader"),
        "calls, names only": lambda: to_call("landlord agent", "identity"),
        "held rounds": held_files,
        "holds": holds,
        "hold elsewhere": hold_elsewhere,
    }
