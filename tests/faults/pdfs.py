"""PDF files with everything in them that a supporting document has no use for."""

import io
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

HIDDEN = b"KX7-hidden"
SHOWN = "Camille Martin"
MEGABYTE = 1 << 20


def _saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def _page(pdf: pikepdf.Pdf, number: int = 1) -> pikepdf.Page:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    page.obj.Contents = Stream(pdf, f"BT /F1 18 Tf 60 700 Td (Page {number}) Tj ET".encode())
    return page


def plain(pages: int = 1) -> bytes:
    """A few pages of text."""
    with pikepdf.new() as pdf:
        for number in range(1, pages + 1):
            _page(pdf, number)
        return _saved(pdf)


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{HIDDEN.decode()}')"))


def _launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=String(f"/bin/{HIDDEN.decode()}"))


def with_every_trap() -> bytes:
    """Scripts at opening, in names, on the page, in a link, in the outline; XFA; metadata."""
    with pikepdf.new() as pdf:
        page = _page(pdf)
        hidden = String(HIDDEN.decode())
        pdf.Root.OpenAction = _script()
        pdf.Root.AA = Dictionary(WC=_script())
        pdf.Root.Names = Dictionary(
            JavaScript=Dictionary(Names=Array([String("x"), pdf.make_indirect(_script())]))
        )
        item = pdf.make_indirect(Dictionary(Title=hidden, A=_launch()))
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp>" + HIDDEN))
        pdf.Root.Metadata = Stream(pdf, b"<x:xmpmeta>" + HIDDEN)
        pdf.docinfo.Author = hidden
        page.obj.AA = Dictionary(O=_script())
        page.obj.Metadata = Stream(pdf, HIDDEN)
        page.obj.PieceInfo = Dictionary(App=Dictionary(Private=hidden))
        rectangle = Array([0, 0, 595, 842])
        page.obj.Annots = Array(
            pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=kind, Rect=rectangle, A=action))
            for kind, action in (
                (Name.Link, _script()),
                (Name.Link, _launch()),
                (Name.Link, Dictionary(S=Name.URI, URI=String("http://x.test/KX7-hidden"))),
                (Name.Screen, Dictionary(S=Name.Rendition, OP=0, JS=hidden)),
            )
        )
        return _saved(pdf)


def filled_form() -> bytes:
    """A form whose typed answer is only in its field, with a script that runs at each key."""
    with pikepdf.new() as pdf:
        page = _page(pdf)
        typed = Stream(pdf, f"BT /F1 12 Tf 2 4 Td ({SHOWN}) Tj ET".encode())
        typed.update(
            Dictionary(
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array([0, 0, 200, 20]),
                Resources=page.obj.Resources,
            )
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("nom"),
                V=String(SHOWN),
                F=4,
                Rect=Array([60, 600, 260, 620]),
                AP=Dictionary(N=pdf.make_indirect(typed)),
                AA=Dictionary(K=_script()),
            )
        )
        page.obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
        return _saved(pdf)


def with_photo(photo: bytes) -> bytes:
    """A page made of one photo, kept as the phone took it."""
    with pikepdf.new() as pdf:
        page = _page(pdf)
        image = Stream(pdf, photo)
        image.update(
            Dictionary(
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=120,
                Height=80,
                ColorSpace=Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
            )
        )
        page.obj.Resources.XObject = Dictionary(Im1=pdf.make_indirect(image))
        page.obj.Contents = Stream(pdf, b"q 500 0 0 400 40 300 cm /Im1 Do Q")
        return _saved(pdf)


def with_attachment() -> bytes:
    """A program travelling inside a certificate."""
    with pikepdf.new() as pdf:
        _page(pdf)
        pdf.attachments["facture.exe"] = b"MZ" + HIDDEN
        return _saved(pdf)


def encrypted(*, user: str, owner: str) -> bytes:
    """Protected by a password to open (`user`) or only to change (`owner`)."""
    with pikepdf.new() as pdf:
        _page(pdf)
        return _saved(pdf, encryption=pikepdf.Encryption(user=user, owner=owner))


def by_hand(*, kids: bytes = b"3 0 R", content: bytes = b"") -> bytes:
    """A PDF assembled object by object, so that its page tree and its streams may lie."""
    return _assembled(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[" + kids + b"]>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
            4: _compressed(content or zlib.compress(b"q Q")),
        }
    )


def _compressed(body: bytes, extra: bytes = b"") -> bytes:
    head = b"<</Length %d/Filter/FlateDecode%s>>stream\n" % (len(body), extra)
    return head + body + b"\nendstream"


def _assembled(objects: dict[int, bytes], inside: dict[int, int] | None = None) -> bytes:
    """Objects in order behind a true index; `inside` says which are in which object stream."""
    out = bytearray(b"%PDF-1.7\n")
    index = {0: b"\x00" + bytes(6)}
    for number, body in objects.items():
        index[number] = b"\x01" + struct.pack(">IH", len(out), 0)
        out += b"%d 0 obj" % number + body + b"\nendobj\n"
    for number, holder in (inside or {}).items():
        index[number] = b"\x02" + struct.pack(">IH", holder, 0)
    last = max(index) + 1
    index[last] = b"\x01" + struct.pack(">IH", len(out), 0)
    table = b"".join(index[number] for number in sorted(index))
    extra = b"/Type/XRef/W[1 4 2]/Size %d/Root 1 0 R" % len(index)
    start = len(out)
    out += b"%d 0 obj" % last + _compressed(zlib.compress(table), extra) + b"\nendobj\n"
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def bomb(megabytes: int, start: bytes = b"", blank: bytes = b" ") -> bytes:
    """`start`, then that many megabytes of blanks, compressed about a thousand times."""
    packer, block = zlib.compressobj(9), blank * MEGABYTE
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    # Nothing before a full flush is referred to after it: one packed block serves for all.
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.adler32(start)
    for _megabyte in range(megabytes):
        checksum = zlib.adler32(block, checksum)
    return head + packed * megabytes + b"\x03\x00" + struct.pack(">I", checksum)


def with_content_bomb() -> bytes:
    """A page whose drawing takes more memory than a reader has."""
    return by_hand(content=bomb(600))


def with_objects_bomb() -> bytes:
    """A page hidden in an object stream that must be unpacked before anything can be read."""
    page = b"3 0 <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"
    return _assembled(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            4: _compressed(bomb(600, start=page), b"/Type/ObjStm/N 1/First 4"),
        },
        inside={3: 4},
    )
