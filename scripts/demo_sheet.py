"""What `make run` prints once ready: the pages to open and the accounts to sign in with.

Read from `tests/blackbox.toml`, the map a test keeps true, so that the two never differ.
"""

import tomllib
from pathlib import Path


def demo_sheet(root: Path, base: str, data_dir: Path) -> str:
    """Pages, accounts, and where mails land, as plain text."""
    source = root / "tests" / "blackbox.toml"
    if not source.exists():
        return ""
    sheet = tomllib.loads(source.read_text(encoding="utf-8"))
    lines = ["", "Pages"]
    lines += [f"  {name:<12} {base}{path}" for name, path in sheet["pages"].items()]
    lines += ["", "Accounts (demonstration only)"]
    for account in sheet["accounts"]:
        who = ", ".join(filter(None, (account["role"], account.get("organisation"))))
        lines.append(f"  {who:<55} {account['email']:<52} {account['password']}")
    lines += ["", f"Files, mails and logs: {data_dir}", "Ctrl-C stops everything."]
    return "\n".join(lines)
