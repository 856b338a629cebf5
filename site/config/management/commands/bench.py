"""`manage.py bench NAME`: what the register costs beside the barest way of doing the same."""

import gc
import json
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

# Named, not imported: the settings package knows the apps by name only.
BENCHES = "register.bench.BENCHES"
OPTIONS = "register.bench.Options"
WRITING = "register.bench.WRITING"
PROBLEMS = "register.bench.measures.NotComparable"
BUILD = "register.bench.builder.build"
BUILT = "register.bench.BUILT"
SIZES = ("rounds", "rows", "threads", "people")
# The bench of the web servers needs a register apart, whatever the one we are in.
APART, ITS_DEMANDS = "intake", 2000


class Command(BaseCommand):
    help = (
        "Measure the register on the rows it holds: medians, rates and ratios. With --demands, on a"
        " register of its own, built once and kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=[*_benches(), "all", "build"])
        parser.add_argument("--demands", type=int, help="build or reuse a register of this size")
        parser.add_argument(
            "--engine",
            choices=["sqlite", "postgres"],
            help="of such a register: SQLite; for intake, PostgreSQL where it is installed",
        )
        parser.add_argument("--folder", type=Path, help="where such registers are kept")
        parser.add_argument("--here", action="store_true", help="in the register we are in")
        parser.add_argument("--rounds", type=int, default=15, help="repetitions of each measure")
        parser.add_argument("--rows", type=int, default=300, help="rows explained one by one")
        parser.add_argument("--threads", type=int, default=4, help="people at the same time")
        parser.add_argument(
            "--people",
            type=int,
            default=0,
            help="dedup: how many to draw; intake: how many at once",
        )
        parser.add_argument("--addresses", nargs=2, default=[], help=SUPPRESS)
        parser.add_argument("--labelled", default="", help="dedup: a CSV file of known people")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] == APART and not options["demands"]:
            options["demands"] = ITS_DEMANDS
        if options["demands"] and not options["here"]:
            self._elsewhere(options)
        elif options["name"] == "build":
            self._build(options["demands"])
        else:
            self._measure(options)

    def _elsewhere(self, options: dict[str, Any]) -> None:
        from scripts import bench_register

        given = [f"--{name}={options[name]}" for name in SIZES]
        if options["labelled"]:
            given.append(f"--labelled={Path(options['labelled']).resolve()}")
        given += ["--json"] if options["json"] else []
        folder = options["folder"] or settings.DATA_DIR / "bench"
        engine = options["engine"] or bench_register.usual_engine(options["name"])
        code = bench_register.run(
            options["name"], options["demands"], engine, folder.resolve(), given
        )
        if code:
            raise CommandError(f"{options['name']}: the bench ended with code {code}")

    def _build(self, demands: int | None) -> None:
        if not settings.DEMO or not demands:
            raise CommandError("build: with --demands, in demonstrations only.")
        try:
            import_string(BUILD)(demands, lambda said: self.stderr.write(said))
        except LookupError as problem:
            raise CommandError(f"build: {problem}") from problem

    def _measure(self, options: dict[str, Any]) -> None:
        # As a server does (`config.wsgi`).
        gc.collect()
        gc.freeze()
        sizes = import_string(OPTIONS)(
            labelled=options["labelled"],
            addresses=options["addresses"],
            **{name: options[name] for name in SIZES},
        )
        wanted = [options["name"]]
        if options["name"] == "all":
            wanted = [name for name in _benches() if name not in import_string(BUILT)]
        writing = sorted(set(wanted) & import_string(WRITING))
        if writing and not settings.DEMO:
            raise CommandError(f"{', '.join(writing)}: they write, in demonstrations only.")
        reports = []
        for name in wanted:
            try:
                reports.append(_benches()[name](sizes).as_dict())
            except (LookupError, import_string(PROBLEMS)) as problem:
                raise CommandError(f"{name}: {problem}") from problem
        if options["json"]:
            told = reports if options["name"] == "all" else reports[0]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for report in reports:
                self.stdout.write(_told(report))


def _benches() -> Mapping[str, Callable[[Any], Any]]:
    benches: Mapping[str, Callable[[Any], Any]] = import_string(BENCHES)
    return benches


def _told(report: dict[str, Any]) -> str:
    """A report for people."""
    size = ", ".join(f"{count} {what}" for what, count in report["size"].items())
    lines = [f"{report['name']}: {report['about']} ({report['engine']}; {size})"]
    for label, median in report["medians_ms"].items():
        slow = report["p95_ms"][label]
        lines.append(f"  {label:<48} {median:>9.2f} ms   95 %: {slow:.2f} ms")
    lines += [f"  {label:<48} {rate:>9.1f} /s" for label, rate in report["per_second"].items()]
    lines += [f"  {label:<48} {ratio:>9.2f} times" for label, ratio in report["ratios"].items()]
    return "\n".join(lines) + "\n"
