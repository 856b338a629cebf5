"""`manage.py routes`: every address, its methods and who it is for."""

import csv
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from config.routes import Route, routes


class Command(BaseCommand):
    help = "List every route with its name, pattern, methods and audience."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--json", action="store_true", help="for programs")
        choice.add_argument("--csv", action="store_true", help="as tests/policy.csv lists them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            rows = [route._asdict() for route in routes()]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        elif options["csv"]:
            table = csv.writer(self.stdout, lineterminator="\n")
            table.writerow(Route._fields)
            for route in routes():
                table.writerow(route._replace(methods=" ".join(route.methods)))
        else:
            for route in routes():
                methods = ",".join(route.methods)
                audience = route.audience or "REFUSED"
                self.stdout.write(f"{audience:<10} {methods:<16} {route.pattern}")
