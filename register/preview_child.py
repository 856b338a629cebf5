"""Counts or draws the pages of a kept PDF in a process with nothing to reach (R3, R4).

Started alone by `register.preview`: `python -I preview_child.py count` or `… draw 0`, the PDF on
standard input. What draws pages is large and old: it gets the same cell as what reads uploads.
"""

import io
import sys
from pathlib import Path

import pypdfium2
from PIL import Image

# `-I` forgets our folder. Last, so that none of our names hides one of Python's own.
sys.path.append(str(Path(__file__).resolve().parents[1]))
from register.uploads_child import MAX_PAGES, confine

WIDTH = 1_200  # pixels: small print of an identity card stays legible
LONGEST_SIDE = 3_000  # a page ten metres long must not fill the memory
JPEG_QUALITY = 85
NO_SUCH_PAGE = 20
UNREADABLE = 21
SMALLEST_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def prepare() -> None:
    """Load what the libraries fetch at first use, while files can still be opened."""
    Image.preinit()
    draw(SMALLEST_PDF, 0)


def count(content: bytes) -> bytes:
    """The number of pages, in digits."""
    return str(min(len(pypdfium2.PdfDocument(content)), MAX_PAGES)).encode()


def draw(content: bytes, page_index: int) -> bytes:
    """The page as a JPEG; IndexError when the document is shorter."""
    document = pypdfium2.PdfDocument(content)
    if page_index >= len(document):
        raise IndexError(page_index)
    page = document[page_index]
    across, down = page.get_size()
    scale = min(WIDTH / across, LONGEST_SIDE / max(across, down))
    out = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def main(task: str, page_index: int = 0) -> int:
    """Read, confine, answer; the exit code says why there is no answer."""
    prepare()
    content = sys.stdin.buffer.read()
    confine()
    try:
        answer = count(content) if task == "count" else draw(content, page_index)
    except IndexError:
        return NO_SUCH_PAGE
    except Exception:  # whatever a hostile file provokes: there is no picture of it
        return UNREADABLE
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
