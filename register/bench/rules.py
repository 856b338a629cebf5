"""Rights read as SQL for a whole list, and as an explanation for each row."""

from register import access
from register.models import Demand
from register.principals import Principal
from rules import registry

from .measures import NotComparable, Options, Report, seconds
from .people import landlord_agent

SQL = "SQL reading, per row"
EXPLAINED = "explanation, per row"


def measure(options: Options) -> Report:
    """Both readings of the rights in force on the same rows, which must agree."""
    agent = landlord_agent()
    rows = list(Demand.objects.order_by("pk").select_related("facts")[: options.rows])
    report = Report("rules", "rights read as SQL and as an explanation of each row")
    report.size = {"rows": len(rows)}
    if not rows:
        raise LookupError("the register holds no demand: load the demonstration first")
    with registry.remembered():
        if _in_sql(agent, rows) != _explained(agent, rows):
            raise NotComparable("the two readings of the rights do not agree")
        for label, read in ((SQL, _in_sql), (EXPLAINED, _explained)):
            times = [
                seconds(lambda read=read: read(agent, rows)) / len(rows)  # type: ignore[misc]
                for _round in range(max(3, options.rounds // 3))
            ]
            report.record(label, times)
    report.compare("explanation, against SQL", EXPLAINED, SQL)
    return report


def _in_sql(agent: Principal, rows: list[Demand]) -> set[int]:
    first, last = rows[0].pk, rows[-1].pk
    open_rows = access.scope(agent, access.Action.VIEW).filter(pk__range=(first, last))
    return set(open_rows.values_list("pk", flat=True))


def _explained(agent: Principal, rows: list[Demand]) -> set[int]:
    return {row.pk for row in rows if access.decide(agent, access.Action.VIEW, row).allowed}
