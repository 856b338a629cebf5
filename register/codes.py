"""The codes that the program reasons with; national ones are kept verbatim (SNE v02.01).

The lists themselves, with their dates, their cases and the codes that nothing here names, are in
`reference/data/codes.csv`: `code_lists.py` says what a list offers on a day, and what it ever held.

A stored code never changes; its label is translated. Source: `docs/glossary.md`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Title(TextChoices):
    """Civilité."""

    MR = "1", _("Mr")
    MRS = "2", _("Mrs")


class Sex(TextChoices):
    """Sexe: of a child or a dependant, since it counts for who may share a bedroom."""

    FEMALE = "F", pgettext_lazy("sex", "Female")
    MALE = "M", pgettext_lazy("sex", "Male")


class Nationality(TextChoices):
    """Nationality in three classes only: a finer one may not be collected (CNIL)."""

    FRENCH = "1", pgettext_lazy("nationality", "French")
    EUROPEAN = "2", _("European Union")
    OTHER = "3", _("Outside the European Union")


class FamilyStatus(TextChoices):
    """Situation familiale."""

    SINGLE = "C", _("Single")
    MARRIED = "M", _("Married")
    PACS = "P", _("In a civil partnership (PACS)")
    COHABITING = "U", _("Living as a couple")
    SEPARATED = "S", _("Separated")
    DIVORCED = "D", _("Divorced")
    WIDOWED = "V", _("Widowed")


class ApplicantLink(TextChoices):
    """Lien avec le demandeur: cases B2 to B7 of the form 14069*05.

    M, P and C are national; ASC, DESC and FRAT are codes of this register, until the national ones
    of the present form are known.
    """

    SPOUSE = "M", _("Spouse")
    PACS_PARTNER = "P", _("Civil partner (PACS)")
    PARTNER = "C", _("Partner living with me")
    ANCESTOR = "ASC", _("Parent or grandparent")
    DESCENDANT = "DESC", _("Child or grandchild")
    SIBLING = "FRAT", _("Brother or sister")


class DependantLink(TextChoices):
    """Lien de parenté d’une personne à charge."""

    CHILD = "E", _("Child")
    PARENT = "P", _("Parent")
    OTHER = "A", pgettext_lazy("dependant", "Other")


class Custody(TextChoices):
    """Coparentalité: children who count for the size of the home, not for the income ceiling."""

    SHARED = "G", _("Shared custody")
    VISITING = "D", _("Visiting and accommodation rights")


class PersonRole(TextChoices):
    """Place of a person in the household to be housed."""

    APPLICANT = "applicant", _("Applicant")
    CO_APPLICANT = "co_applicant", _("Co-applicant")
    DEPENDANT = "dependant", _("Dependant")
    VISITING_CHILD = "visiting_child", _("Visiting child")


class CurrentHousingKind(TextChoices):
    """ModeleLogement: where the applicant lives today."""

    HLM = "HLM", _("Tenant of a social landlord")
    PRIVATE = "LP", _("Tenant of a private landlord")
    RESIDENCE = "RS", _("Residence, hostel or boarding house")
    MOBILITY_HOTEL = "RHVS", _("Social hotel residence (RHVS)")
    STUDENT_RESIDENCE = "RE", _("Student residence")
    SUBLET = "SLHT", _("Subtenant or housed temporarily")
    SHELTER = "SH", _("Emergency or social shelter")
    CHILD_CENTRE = "CDEFCM", _("Children’s or mothers’ centre")
    WITH_PARENTS = "CPE", _("With parents or children")
    WITH_OTHERS = "CP", _("Housed by someone else")
    FREE = "LTG", _("Housed free of charge")
    WORK_HOUSING = "FONC", _("Home tied to a job")
    OWNER = "POCC", _("Owner of the home")
    CAMPING = "CAMCAR", _("Campsite or caravan")
    HOTEL = "HOT", _("Hotel")
    HOMELESS = "SD", _("Without shelter or in a makeshift shelter")
    SQUAT = "SQUAT", _("Squat")


class DemandReason(TextChoices):
    """MotifDemande: why a home is asked for, or a situation that counts.

    Two figures are national codes; F and a figure are cases of the form 14069*05 to which the
    national list that was read gives none.
    """

    NO_HOME = "01", _("Without a home of my own, housed by others or temporarily")
    DEMOLITION = "02", _("Home to be demolished")
    UNFIT = "03", _("Home indecent, unhealthy, dangerous or unfit")
    TAKEN_BACK = "04", _("Home taken back or put up for sale by the owner")
    EVICTION = "05", _("Eviction proceedings")
    VIOLENCE = "06", _("Violence in the family")
    DISABILITY = "07", _("Disability")
    HEALTH = "08", _("Health")
    TOO_EXPENSIVE = "09", _("Home too expensive")
    TOO_LARGE = "10", _("Home too large")
    SEPARATION = "11", _("Divorce, separation")
    LEAVING_FAMILY = "12", _("Leaving the family home")
    TOO_SMALL = "13", _("Home too small")
    UNION = "14", _("Coming marriage, civil partnership or life as a couple")
    REUNION = "15", _("Family reunification")
    CHILD_MINDER = "16", _("Child minder or foster carer")
    ENVIRONMENT = "17", _("Surroundings or neighbours")
    JOB_MOVE = "18", _("Job transfer")
    NEAR_WORK = "19", _("Nearer to work")
    NEAR_SERVICES = "20", _("Nearer to services")
    NEAR_FAMILY = "21", _("Nearer to family")
    STRUGGLING_OWNER = "22", _("Home buyer in difficulty")
    OTHER = "23", _("Other reason")
    DEPARTURES = "F43", _("Dependants who have left the home")
    CHILD_WELFARE = "F46", _("In the care of child welfare (ASE), or out of it for under 3 years")
    FIREFIGHTER = "F47", _("Volunteer firefighter")
    OTHER_HOME = "F48", _("Owner of another home")


class HomeType(TextChoices):
    """TypeLogement: wished size of home."""

    ROOM = "C", _("Room")
    T1 = "T1", "T1"
    T2 = "T2", "T2"
    T3 = "T3", "T3"
    T4 = "T4", "T4"
    T5 = "T5", "T5"
    T6 = "T6P", _("T6 or larger")


class BuildingKind(TextChoices):
    """CategorieLogement recherchée."""

    FLAT = "A", _("Flat")
    HOUSE = "M", _("House")
    EITHER = "I", pgettext_lazy("building", "Either")


class WorkStatus(TextChoices):
    """TypeContratTravail."""

    PERMANENT = "CDI", _("Permanent contract or civil servant")
    FIXED_TERM = "CDD", _("Fixed-term contract, internship or temporary work")
    SELF_EMPLOYED = "ART", _("Self-employed")
    UNEMPLOYED = "CHO", _("Unemployed")
    APPRENTICE = "APP", _("Apprentice")
    STUDENT = "ETU", _("Student")
    RETIRED = "RET", _("Retired")
    OTHER = "AUT", pgettext_lazy("work status", "Other")


class Employer(TextChoices):
    """For whom somebody works: cases of the form 14069*05, by their number for the applicant.

    The other cases of the same question (D6, D8 to D11, D13) are codes of `WorkStatus`.
    """

    PRIVATE = "D2", _("A company or an association")
    STATE = "D3", _("The State")
    HOSPITAL = "D4", _("A public hospital")
    LOCAL_AUTHORITY = "D5", _("A commune, a department, a region")
    CHILD_CARE = "D7", _("Foster carer or child minder")


class IncomeKind(TextChoices):
    """RessourceRecue: monthly income, net, before tax at source, without housing benefit."""

    WAGE = "SAL", _("Wages or earnings")
    PENSION = "RET", _("Retirement pension")
    UNEMPLOYMENT = "CHO", _("Unemployment benefit")
    ALIMONY = "PAR", _("Alimony received")
    DISABILITY_PENSION = "PINV", _("Disability pension")
    FAMILY = "AF", _("Family allowances")
    AAH = "AAH", _("Disabled adult’s allowance (AAH)")
    AEEH = "AEEH", _("Disabled child’s allowance (AEEH)")
    AJPP = "AJPP", _("Parental presence allowance (AJPP)")
    RSA = "RSA", _("Minimum income (RSA)")
    OLD_AGE = "AMV", _("Minimum old-age income")
    PAJE = "PAJE", _("Young child benefit (PAJE)")
    GRANT = "BE", _("Student grant")
    OTHER = "AUT", pgettext_lazy("income", "Other income")


class Channel(TextChoices):
    """How the demand came in, kept to measure equal treatment of channels."""

    ONLINE = "online", _("Online")
    COUNTER = "counter", _("At a counter")


class DocumentKind(TextChoices):
    """Kinds of supporting documents. Only the first may block registration (R441-2-3)."""

    IDENTITY = "identity", _("Identity or residence document")
    FAMILY = "family", _("Family situation")
    TAX_NOTICE = "tax_notice", _("Tax notice")
    INCOME = "income", _("Monthly income")
    HOUSING = "housing", _("Current housing")
    REASON = "reason", _("Reason for the demand")
    # Scanned at a counter and kept as they are: nobody checks them, and nobody may ask for them.
    FORM = "form", _("Signed paper form")
    MANDATE = "mandate", _("Signed mandate or judgment")


class DocumentStatus(TextChoices):
    """What was found when a document was read, or what time did to it."""

    RECEIVED = "received", _("Received, to be checked")
    VERIFIED = "verified", _("Checked")
    REFUSED = "refused", _("Cannot be used")
    UNLISTED = "unlisted", _("Outside the list")
    OBSOLETE = "obsolete", _("No longer valid")
    KEPT = "kept", _("Kept with the demand")


# They prove nothing: one was asked to be sent again, the other should not have been sent.
UNUSED_DOCUMENTS = frozenset({DocumentStatus.REFUSED, DocumentStatus.UNLISTED})
SCANNED_KINDS = frozenset({DocumentKind.FORM, DocumentKind.MANDATE})


class ScanStatus(TextChoices):
    """Answer of the antivirus, when there is one."""

    NOT_SCANNED = "not_scanned", _("Not scanned")
    CLEAN = "clean", _("Clean")
    INFECTED = "infected", _("Infected")


class StrikeOffReason(TextChoices):
    """MotifsRadiation: the only legal grounds (CCH R441-2-8)."""

    ALLOCATED = "RADATT", _("Home allocated and lease signed")
    RENOUNCED = "RADABA", _("Demand withdrawn by the applicant")
    UNREACHABLE = "RADCON", _("No answer to a letter sent to the last known address")
    INADMISSIBLE = "RADIRR", _("Legal conditions for social housing not met")
    NOT_RENEWED = "RADREN", _("Demand not renewed in time")


class DemandOrigin(TextChoices):
    """Where a demand comes from that a counter registers out of another one.

    CRS is the national message “création suite à séparation du couple”; DEP is a code of this
    register: the national list has none.
    """

    SEPARATION = "CRS", _("after the separation of a couple")
    OTHER_DEPARTMENT = "DEP", _("after a demand in another department")


class TransferGround(TextChoices):
    """Why a demand becomes its co-applicant’s: codes of this register, the law lists none."""

    DEATH = "death", _("death of the applicant")
    GIVEN_UP = "given_up", _("the applicant leaves it to the co-applicant in writing")


class InadmissibleReason(TextChoices):
    """Sub-reasons of RADIRR, the only two grounds of a commission (CCH R441-2-8 d)."""

    RESOURCES = "IRRRES", _("Resources above the ceilings")
    STAY = "IRRSEJ", _("Irregular stay of an adult")


def ending_words(code: str) -> str:
    """Why a demand ends or may end, with the ground of the commission when there is one."""
    if code in InadmissibleReason.values:
        ground = InadmissibleReason(code).label
        return f"{StrikeOffReason.INADMISSIBLE.label} ({ground[:1].lower()}{ground[1:]})"
    return str(StrikeOffReason(code).label) if code in StrikeOffReason.values else code


class RefusalReason(TextChoices):
    """Why a candidate was not allocated a home; every refusal is motivated (CCH L441-2-2)."""

    INCOME_TOO_LOW = "income_too_low", _("Income too low for the rent of this home")
    INCOME_TOO_HIGH = "income_too_high", _("Income above the ceiling of this home")
    SIZE_UNSUITED = "size_unsuited", _("Household size does not suit this home")
    FILE_INCOMPLETE = "file_incomplete", _("File incomplete at the date of the commission")
    NOT_ADAPTED = "not_adapted", _("Home not adapted to the disability or health needs")
    SUITABLE_OWNER = "suitable_owner", _("Owner of a home that suits the household")
    SOCIAL_MIX = (
        "social_mix",
        _("Social mix, in a residence with a priority stake of social mix (L441-2-2)"),
    )
    BETTER_RANKED = "better_ranked", _("Another candidate ranked first")


class PriorityLabel(TextChoices):
    """Recognised priorities (CCH L441-1); DALO comes before all others."""

    DALO = "dalo", _("Enforceable right to housing (DALO)")
    DISABILITY = "disability", _("Disability")
    POORLY_HOUSED = "poorly_housed", _("Poorly housed or in difficulty")
    TEMPORARY = "temporary", _("Housed temporarily in a shelter or transition home")
    BACK_TO_WORK = "back_to_work", _("Back to work after long unemployment")
    UNFIT_HOUSING = "unfit_housing", _("Unfit housing")
    VIOLENCE = "violence", _("Victim of violence")
    PROSTITUTION_EXIT = "prostitution_exit", _("Leaving prostitution")
    TRAFFICKING = "trafficking", _("Victim of human trafficking")
    OVERCROWDED = "overcrowded", _("Child in an overcrowded or indecent home")
    NO_HOME = "no_home", _("Without a home")
    EVICTION = "eviction", _("Threatened with eviction")
    CHILD_WELFARE = "child_welfare", _("Young adult leaving child welfare (ASE)")
    ESSENTIAL_WORKER = "essential_worker", _("Essential worker")
    THERAPEUTIC_EXIT = "therapeutic_exit", _("Leaving a therapeutic coordination flat")
    ACCORD_DEPARTMENT = "accord_acd", _("Departmental collective agreement (ACD)")
    ACCORD_EPCI = "accord_aci", _("Intercommunal collective agreement (ACI)")
    LOCAL_BODY = "local_body", _("Favourable opinion of the local PDALHPD body")


class LabelDecision(TextChoices):
    """What a person or body answered about a priority."""

    RECOGNISED = "recognised", _("Recognised")
    REFUSED = "refused", pgettext_lazy("priority", "Not recognised")


class RecognisingBody(TextChoices):
    """Who may recognise a priority (CCH R441-2-15)."""

    MEDIATION = "mediation", _("Mediation commission (DALO)")
    PREFECT = "prefect", _("State service, for the prefect")
    LOCAL_BODY = "local_body", _("Local PDALHPD body")
    PPGDID = "ppgdid", _("Partnership body of the PPGDID")
    COORDINATION = "coordination", _("Coordination commission")
    RESERVER = "reserver", _("Reservation holder")
    LANDLORD = "landlord", pgettext_lazy("recognising body", "Landlord")


class DeclineReason(TextChoices):
    """Why an applicant declined a home that was offered (usual list of landlords)."""

    RENT = "rent", _("Rent too high")
    LOCATION = "location", _("Location")
    SURROUNDINGS = "surroundings", _("Surroundings")
    SIZE = "size", _("Surface or number of rooms")
    ACCESS = "access", _("Floor or lift")
    CONDITION = "condition", _("State of the home")
    NO_ANSWER = "no_answer", _("No answer in time")
    FOUND_ELSEWHERE = "found_elsewhere", _("Other home found")
    NEEDS_CHANGED = "needs_changed", _("Needs changed")
    OTHER = "other", pgettext_lazy("declined offer", "Other reason")


class ContactChannel(TextChoices):
    """How an agent reached the applicant."""

    PHONE = "phone", _("By telephone")
    COUNTER = "counter", pgettext_lazy("contact", "At the counter")
    LETTER = "letter", _("By letter")
    EMAIL = "email", _("By e-mail")


# Reasons and labels that tell something of health or violence follow the rights on health, and
# stay off papers that are shown around.
SENSITIVE_REASONS = frozenset(
    {
        DemandReason.VIOLENCE,
        DemandReason.DISABILITY,
        DemandReason.HEALTH,
        # A childhood in care is nobody's business who does not help with it.
        DemandReason.CHILD_WELFARE,
    }
)
SENSITIVE_LABELS = frozenset(
    {
        PriorityLabel.DISABILITY,
        PriorityLabel.VIOLENCE,
        PriorityLabel.PROSTITUTION_EXIT,
        PriorityLabel.TRAFFICKING,
        PriorityLabel.THERAPEUTIC_EXIT,
    }
)
