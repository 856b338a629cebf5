"""A small production in a folder: PostgreSQL, Redis, gunicorn and nginx, as `deploy/` sets them."""

import datetime
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scripts import services
from scripts.processes import Child

ROOT = Path(__file__).resolve().parents[2]
HOST = "register.example.org"
START_LIMIT = 60  # seconds


@dataclass
class Production:
    """The running stack, and how to talk to it."""

    folder: Path
    environment: dict[str, str]
    https_port: int
    http_port: int
    redis: subprocess.Popen[bytes]
    children: dict[str, Child] = field(default_factory=dict)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            text=True,
            capture_output=True,
        )

    def get(self, path: str, *, secure: bool = True) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask nginx for a page, without following redirections."""
        if secure:
            trust = ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))
            trust.check_hostname = False  # the name is the site's, the address is loopback
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", self.https_port, context=trust, timeout=20
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=20)
        connection.request("GET", path, headers={"Host": HOST})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@contextmanager
def production(folder: Path, nginx: str) -> Iterator[Production]:
    """Everything started, prepared, and answering; everything stopped afterwards."""
    binaries, redis_server = services.postgresql_binaries(), shutil.which("redis-server")
    assert binaries is not None
    assert redis_server is not None
    with ExitStack() as stack:
        database = stack.enter_context(services.postgresql(binaries))
        redis_url, redis = stack.enter_context(services.redis(redis_server))
        stack_up = Production(
            folder,
            _environment(folder, database, redis_url),
            services.free_port(),
            services.free_port(),
            redis,
        )
        _prepare(stack_up)
        for name, command in _commands(stack_up, nginx).items():
            child = Child(name, command, stack_up.environment, folder)
            stack.callback(child.stop)
            stack_up.children[name] = child
        _wait_until_it_answers(stack_up)
        yield stack_up


def _environment(folder: Path, database: dict[str, str], redis_url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        **database,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "REDIS_URL": redis_url,
        "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "DATA_DIR": str(folder / "data"),
        "WEB_SOCKET": f"unix:{folder / 'web.sock'}",
        "WEB_CONCURRENCY": "2",
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(stack_up: Production) -> None:
    """The steps of docs/production.md."""
    for step in (
        ["migrate", "--no-input"],
        ["createcachetable"],
        ["catalogue", "--compile"],
        ["collectstatic", "--no-input"],
        ["load_reference"],
        ["rules", "install"],
        ["load_starter_content"],
    ):
        done = stack_up.manage(*step)
        assert done.returncode == 0, f"{step}: {done.stdout[-2000:]}{done.stderr[-4000:]}"


def _commands(stack_up: Production, nginx: str) -> dict[str, list[str]]:
    web = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy" / "gunicorn.conf.py")]
    proxy = [nginx, "-p", str(stack_up.folder), "-c", str(_nginx_configuration(stack_up))]
    return {
        "web server": [*web, "config.wsgi:application"],
        "worker": [sys.executable, str(ROOT / "manage.py"), "run_huey"],
        "nginx": [*proxy, "-g", "daemon off;"],
    }


def _nginx_configuration(stack_up: Production) -> Path:
    """The deployed configuration, with this machine's ports, folders and certificate."""
    folder = stack_up.folder
    certificate, key = _certificate(folder)
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for deployed, here in {
        "unix:/run/register/web.sock": f"unix:{folder / 'web.sock'}",
        "listen 80;": f"listen 127.0.0.1:{stack_up.http_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{stack_up.https_port} ssl;",
        "/etc/ssl/register/fullchain.pem": str(certificate),
        "/etc/ssl/register/privkey.pem": str(key),
        "/var/lib/register/": f"{folder / 'data'}/",
    }.items():
        assert deployed in site, f"deploy/nginx.conf no longer says {deployed}"
        site = site.replace(deployed, here)
    account = "user root;\n" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"{account}pid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\n"
        f"events {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n"
        f"{temporary}{site}\n}}\n",
        encoding="utf-8",
    )
    return configuration


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _wait_until_it_answers(stack_up: Production) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        for name, child in stack_up.children.items():
            assert child.process.poll() is None, f"{name}: {child.last_words()}"
        try:
            if stack_up.get("/health/")[0].status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    words = "\n".join(child.last_words() for child in stack_up.children.values())
    raise AssertionError(f"production did not answer: {words}")


def hashed_stylesheet(page: bytes) -> str:
    """The address of a stylesheet whose name holds a digest of its content."""
    found = re.search(rb'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert found, page[:2000]
    return found.group(1).decode()
