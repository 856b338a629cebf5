"""Draws what happened to a synthetic demand since it was deposited.

Half of the demands are renewed after a year (ANCOLS), one in ten is allocated in a year; a demand
ends by a signed lease, for want of renewal, by renunciation or silence.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from register.codes import (
    ContactChannel,
    DeclineReason,
    DemandReason,
    PriorityLabel,
    RefusalReason,
    StrikeOffReason,
)
from register.demo.draw import Draw
from register.demo.portrait import Portrait

PARIS = ZoneInfo("Europe/Paris")
LANDLORDS = {
    "21": {
        "grand-dijon-habitat": 0.34,
        "orvitis": 0.33,
        "habellis": 0.2,
        "cdc-habitat-social": 0.08,
        "icf-habitat-sud-est": 0.05,
    },
    "71": {"habellis": 0.8, "icf-habitat-sud-est": 0.2},
    "89": {"habellis": 1.0},
    "58": {"cdc-habitat-social": 1.0},
}
MANAGER = "ush-bourgogne"
STATE = "ddets-21"
LABEL_OF_REASON = {
    DemandReason.NO_HOME: PriorityLabel.NO_HOME,
    DemandReason.UNFIT: PriorityLabel.UNFIT_HOUSING,
    DemandReason.VIOLENCE: PriorityLabel.VIOLENCE,
    DemandReason.DISABILITY: PriorityLabel.DISABILITY,
    DemandReason.EVICTION: PriorityLabel.EVICTION,
}
REFUSALS = {
    RefusalReason.BETTER_RANKED: 0.5,
    RefusalReason.FILE_INCOMPLETE: 0.2,
    RefusalReason.INCOME_TOO_LOW: 0.18,
    RefusalReason.SIZE_UNSUITED: 0.12,
}
DECLINED = 0.25
DECLINES = {
    DeclineReason.LOCATION: 0.35,
    DeclineReason.SIZE: 0.25,
    DeclineReason.RENT: 0.2,
    DeclineReason.NO_ANSWER: 0.2,
}
# Papers of the list that may be asked of everybody.
PIECES = {"tax_notice": 0.5, "income": 0.3, "household_identity": 0.2}
# Besides demands that were not renewed, which end when their tolerance does.
ENDINGS = {
    StrikeOffReason.ALLOCATED: 0.82,
    StrikeOffReason.RENOUNCED: 0.12,
    StrikeOffReason.UNREACHABLE: 0.06,
}
# What a candidacy needs, and what begins or ends one.
CANDIDACY = {"verify_identity", "propose_candidate", "decline_offer", "refuse_candidate"}


@dataclass(frozen=True)
class Step:
    """One act of an organisation at a past hour: `act` names a service of the register."""

    act: str
    at: datetime
    organisation: str
    details: dict[str, Any] = field(default_factory=dict)


def hour(draw: Draw, day: datetime) -> datetime:
    """Some working hour of that day, in Paris."""
    moment = time(draw.between(8, 18), draw.between(0, 59), draw.between(0, 59))
    return datetime.combine(day.date(), moment, tzinfo=PARIS)


class Chronicler:
    """Draws the steps of one demand between its deposit and the present."""

    def __init__(self, draw: Draw, portrait: Portrait, deposited: datetime, now: datetime) -> None:
        self.draw = draw
        self.portrait = portrait
        self.deposited = deposited
        self.now = now
        self.steps: list[Step] = []

    def write(self) -> list[Step]:
        """The steps in order; a young demand may have none yet."""
        checked = self.deposited + timedelta(days=self.draw.between(1, 21))
        if checked < self.now and not self.draw.chance(0.02):
            self._add("verify_identity", checked, self._landlord())
            self._instruct(checked)
        ended = self._renew()
        if not ended and self.steps and self.draw.chance(0.07):
            self._end(self.steps[-1].at, self.draw.weighted(ENDINGS))
        return sorted(self.steps, key=lambda step: step.at)

    def _landlord(self) -> str:
        return self.draw.weighted(LANDLORDS[self.portrait.application.department])

    def _add(self, act: str, at: datetime, organisation: str, **details: Any) -> bool:
        moment = hour(self.draw, at)
        if moment >= self.now:
            return False
        self.steps.append(Step(act, moment, organisation, details))
        return True

    def _instruct(self, checked: datetime) -> None:
        day = checked
        label = LABEL_OF_REASON.get(DemandReason(self.portrait.application.reasons[0]))
        if label and self.portrait.application.department == "21" and self.draw.chance(0.45):
            day += timedelta(days=self.draw.between(5, 60))
            code = PriorityLabel.DALO if self.draw.chance(0.12) else label
            self._add("grant_label", day, STATE, code=code)
        if self.draw.chance(0.3):
            day += timedelta(days=self.draw.between(3, 90))
            piece = self.draw.weighted(PIECES)
            self._add("request_piece", day, self._landlord(), piece=piece)
        if self.draw.chance(0.18):
            day += timedelta(days=self.draw.between(3, 120))
            channel = self.draw.one(ContactChannel.values)
            self._add("record_contact", day, self._landlord(), channel=channel)
        self._propose(day)

    def _propose(self, after: datetime) -> None:
        day = after
        for _attempt in range(3):
            if not self.draw.chance(0.22):
                return
            day += timedelta(days=self.draw.between(30, 300))
            landlord = self._landlord()
            if not self._add("propose_candidate", day, landlord, **self._home()):
                return
            day += timedelta(days=self.draw.between(10, 40))
            if self.draw.chance(DECLINED):
                declined = self.draw.weighted(DECLINES)
                if not self._add("decline_offer", day, landlord, reason=declined):
                    return
                continue
            reason = self.draw.weighted(REFUSALS)
            if not self._add("refuse_candidate", day, landlord, reason=reason):
                return

    def _renew(self) -> bool:
        """Renew at each anniversary; without it the demand is struck off a month later."""
        year = 1
        while True:
            due = self.deposited + timedelta(days=365 * year - self.draw.between(2, 40))
            if due >= self.now:
                return False
            if self.draw.chance(0.05):
                lapsed = self.deposited + timedelta(days=365 * year + 32)
                if lapsed < self.now:
                    self.steps = [s for s in self.steps if s.at < lapsed]
                    self._end(lapsed, StrikeOffReason.NOT_RENEWED)
                    return True
            self._add("renew", due, self._landlord())
            year += 1

    def _end(self, day: datetime, reason: str) -> None:
        last = max([day, *(step.at for step in self.steps)])
        end = last + timedelta(days=self.draw.between(5, 30))
        if reason == StrikeOffReason.NOT_RENEWED:
            self._add("strike_off", end, MANAGER, reason=reason)
            return
        landlord = self._landlord()
        if reason == StrikeOffReason.UNREACHABLE:
            self._add("warn", end, landlord, ground=reason, sent_on=end.date())
            end += timedelta(days=self.draw.between(35, 60))
        ended = self._add("strike_off", end, landlord, reason=reason)
        if ended and reason == StrikeOffReason.ALLOCATED:
            self._let(end - timedelta(days=3), landlord)

    def _let(self, day: datetime, landlord: str) -> None:
        """The candidacy that the lease ends, unless one is under way or nothing was checked."""
        moves = [step.act for step in self.steps if step.act in CANDIDACY]
        if moves and moves[-1] != "propose_candidate":
            self._add("propose_candidate", day, landlord, **self._home())

    def _home(self) -> dict[str, str]:
        """The home that suits best what is wished."""
        return {
            "home_type": self.portrait.application.wish.home_types[0],
            "commune": self.portrait.communes[0].insee,
        }
