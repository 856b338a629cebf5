"""Tables of the shared file, one concept per module."""

from .agreement import (
    Agreement,
    AgreementEvent,
    AgreementEventKind,
    AgreementPurpose,
    AgreementStatus,
)
from .answer import LocalAnswer
from .association import Association, AssociationCounter
from .automation import (
    AutomationDay,
    AutomationRun,
    RunOutcome,
    SkipReason,
    Task,
    TaskKind,
    WebhookEndpoint,
    WorkingTag,
)
from .built_audience import KEPT_STATES, BuildState, BuiltAudience, built_key
from .code import ListedCode
from .correction import CorrectedPart, Correction, CorrectionOutcome
from .decision import DecisionKind, RuleDecision
from .demand import (
    LIVE_STATES,
    Demand,
    DemandState,
    NumberCounter,
    Reason,
    WishedCommune,
    WishedType,
)
from .document import Document, StoredFile
from .duplicates import DuplicatePair, Identity, Linkage, Merge, PairStatus
from .facts import DemandAudience, DemandFacts, FactsCheck
from .household import Contact, CurrentHousing, FlatSharer, Income, Need, Person, SafeWay
from .journal import AccessLog, AccessPurpose, Event, EventKind, Message
from .life import CallOutcome, Held, LegalHold, NoticeKind, RenewalNotice, Round, RoundStep
from .modification import ChangeSource, FieldChange
from .notes_request import NotesRequest
from .organisation import (
    Counter,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    StockHolding,
)
from .outbox import NOTICES, Delivery, EffectKind, Outbox, PrintRun
from .oversight import AccessAssertion, AssertionCheck, AssertionResult, Look, LookKind
from .parameter import Parameter
from .rule_check import RuleCheck
from .sharing import (
    AccountCode,
    DemandGroupPermission,
    DemandUserPermission,
    Label,
    Mandate,
    MandateKind,
    MandateScope,
    Share,
)
from .simulation import Simulation, SimulationState
from .template import MessageTemplate
from .territory import Commune, Department, Epci, Quarter, Region
from .upload import Upload, UploadPiece
from .user import User
from .waiting import WaitingTime

__all__ = [
    "KEPT_STATES",
    "LIVE_STATES",
    "NOTICES",
    "AccessAssertion",
    "AccessLog",
    "AccessPurpose",
    "AccountCode",
    "Agreement",
    "AgreementEvent",
    "AgreementEventKind",
    "AgreementPurpose",
    "AgreementStatus",
    "AssertionCheck",
    "AssertionResult",
    "Association",
    "AssociationCounter",
    "AutomationDay",
    "AutomationRun",
    "BuildState",
    "BuiltAudience",
    "CallOutcome",
    "ChangeSource",
    "Commune",
    "Contact",
    "CorrectedPart",
    "Correction",
    "CorrectionOutcome",
    "Counter",
    "CurrentHousing",
    "DecisionKind",
    "Delivery",
    "Demand",
    "DemandAudience",
    "DemandFacts",
    "DemandGroupPermission",
    "DemandState",
    "DemandUserPermission",
    "Department",
    "Document",
    "DuplicatePair",
    "EffectKind",
    "Epci",
    "Event",
    "EventKind",
    "FactsCheck",
    "FieldChange",
    "FlatSharer",
    "Held",
    "Identity",
    "Income",
    "Label",
    "LegalHold",
    "Linkage",
    "ListedCode",
    "LocalAnswer",
    "Look",
    "LookKind",
    "Mandate",
    "MandateKind",
    "MandateScope",
    "Membership",
    "Merge",
    "Message",
    "MessageTemplate",
    "Need",
    "NotesRequest",
    "NoticeKind",
    "NumberCounter",
    "Organisation",
    "OrganisationKind",
    "Outbox",
    "PairStatus",
    "Parameter",
    "Person",
    "PrintRun",
    "Quarter",
    "Reason",
    "Region",
    "RenewalNotice",
    "Role",
    "Round",
    "RoundStep",
    "RuleCheck",
    "RuleDecision",
    "RunOutcome",
    "SafeWay",
    "Share",
    "Simulation",
    "SimulationState",
    "SkipReason",
    "StockHolding",
    "StoredFile",
    "Task",
    "TaskKind",
    "Upload",
    "UploadPiece",
    "User",
    "WaitingTime",
    "WebhookEndpoint",
    "WishedCommune",
    "WishedType",
    "WorkingTag",
    "built_key",
]
