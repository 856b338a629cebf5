"""120 texts that somebody may type, each a danger to a page, a mail, a table, a paper, a log."""

from html.parser import HTMLParser
from urllib.parse import quote

_MARKUP = [
    f"<{tag}>"
    for tag in (
        "script>alert(1)</script",
        "img src=x onerror=alert(1)",
        "svg onload=alert(1)",
        "svg/onload=alert(1)//",
        "iframe src=javascript:alert(1)",
        "a href=javascript:alert(1)>x</a",
        "a href='data:text/html,<script>alert(1)</script>'>x</a",
        "body onload=alert(1)",
        "input autofocus onfocus=alert(1)",
        "details open ontoggle=alert(1)",
        "meta http-equiv=refresh content=0;url=//example.org",
        "link rel=stylesheet href=//example.org/x.css",
        "base href=//example.org/",
        "form action=//example.org/><input name=q",
        "object data=//example.org",
        "embed src=//example.org",
        "math><mtext></p><img src onerror=alert(1)",
        "style>*{background:url(//example.org)}</style",
        "template><script>alert(1)</script></template",
        "!--><script>alert(1)</script",
    )
]
_BREAKING_OUT = [
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "`onmouseover=alert(1)",
    '" style="position:fixed',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cscript\\u003ealert(1)",
    "＜script＞alert(1)＜/script＞",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
]
_TEMPLATES = [
    "{{7*7}}{% now 'Y' %}",
    "{% load static %}{% include '/etc/passwd' %}",
    "{{ settings.SECRET_KEY }}",
    "{# gone #}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%(name)s",
    "%s%s%s%n",
    "{0.__class__}",
    "{demand.account}",
    "#let x = 1 #x",
    '#read("/etc/passwd")',
    '#import "@preview/a:1.0.0": b',
    "$a^2$ *bold* _it_ `raw` = title <label> @ref",
    "\\input{/etc/passwd}",
    "[[Main_Page]]",
    "[x](javascript:alert(1))",
]
_TABLES = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org";"x")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    '=IMPORTXML(CONCAT("http://example.org"))',
    '=DDE("cmd";"/C calc";"x")',
    "a;b;c",
    'a";"b',
    "a,b\tc",
    "a\r\nb;=1+1",
    "＝1+1",
]
_LINES_AND_PATHS = [
    "%0d%0aSet-Cookie: a=b",
    "a\r\nBcc: somebody@example.org",
    "a\nSubject: other",
    "a\r\n\r\n<script>alert(1)</script>",
    "a\u2028b\u2029c",
    "a\x85b",
    "\x1b[31mred",
    "a\x08\x08b",
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\x00.pdf",
    "file:///etc/passwd",
    "//example.org",
    "http://169.254.169.254/latest/",
    "CON",
    "~/.ssh/id_rsa",
]
_DATABASES = [
    "'\";-- DROP TABLE register_demand",
    "' OR '1'='1",
    "1; SELECT pg_sleep(10)",
    "\\' UNION SELECT NULL--",
    "%' AND 1=1 --",
    "_%_%",
    '{"$gt": ""}',
    "\\",
]
_LETTERS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ufeffa",
    "\ufffe",
    "\U000e0041",
    "\u202egpj.exe",
    "\u2066a\u2069",
    "zero\u200bwidth",
    "e\u0301",
    "Z" + "\u0335\u0321\u0489" * 20,
    "👩‍👩‍👧‍👦",
    "محمد",
    "שלום",
    "王小明",
    "Nguyễn",
    "ﷺ" * 30,
    "１２٣",
    "x" * 1_000_000,
]
TEXTS = (
    *_MARKUP,
    *_BREAKING_OUT,
    *_TEMPLATES,
    *_TABLES,
    *_LINES_AND_PATHS,
    *_DATABASES,
    *_LETTERS,
)
# Every danger of an output at once, short enough for a name.
EVERYTHING = "=1+1\"'><script>alert(1)</script><a onclick=alert(1)>{{7*7}}#x\u202e%0d%0a"
# In documents of ours a script comes from a file of ours, an address is one of these.
_INERT = ("/", "#", "?", "http://", "https://", "mailto:", "tel:", "data:image/")


class _Reader(HTMLParser):
    """Collects what a browser would do for whoever wrote a text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("iframe", "object", "embed", "base", "math", "applet"):
            self.faults.append(tag)
        for name, value in told.items():
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or "alert(1)" in name:
                self.faults.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction", "data", "xlink:href") and text:
                scheme = text.partition(":")[0] if ":" in text.split("/")[0] else ""
                if scheme and not text.startswith(_INERT):
                    self.faults.append(f"{tag} {name}={text[:40]}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "alert(1)" in data:
            self.faults.append("script")


def faults_of(page: str) -> list[str]:
    """What of a page runs or leads where no text of a person may; empty for a sound one."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.faults


def sent(text: str) -> str:
    """The text as the register receives it from a browser: UTF-8, whatever was typed."""
    return quote(text, errors="surrogatepass") and text.encode("utf-8", "replace").decode()
