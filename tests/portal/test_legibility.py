"""A photo that nobody could read is kept, and its sender is told so, with or without a script."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from register.letters.render import FONTS
from register.models import Demand, StoredFile
from register.uploads_child import Verdict, legibility
from tests.portal.space import page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_store")]
PAPER = (205, 205, 210)


def card(
    size: tuple[int, int] = (1600, 1000), ground: tuple[int, int, int] = PAPER, blur: float = 0
) -> Image.Image:
    """A card with a few lines, as a telephone takes it."""
    drawn = Image.new("RGB", size, ground)
    font = ImageFont.truetype(FONTS / "AtkinsonHyperlegibleNext-Bold.ttf", size[0] // 60)
    for line in range(6):
        place = (size[0] // 10, size[1] * (line + 2) // 10)
        ImageDraw.Draw(drawn).text(place, "Nom de naissance : MARTIN", fill=(20, 20, 30), font=font)
    return drawn.filter(ImageFilter.GaussianBlur(blur))


def sent(picture: Image.Image) -> SimpleUploadedFile:
    content = io.BytesIO()
    picture.save(content, "JPEG")
    return SimpleUploadedFile("carte.jpg", content.getvalue(), content_type="image/jpeg")


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [
        (card(), Verdict.REWRITTEN),
        (card((4000, 3000)), Verdict.REWRITTEN),
        (card(blur=1), Verdict.REWRITTEN),
        (card(blur=4), Verdict.BLURRED),
        (card((4000, 3000), blur=12), Verdict.BLURRED),
        (card(ground=(40, 40, 45)), Verdict.DARK),
        (card((640, 400)), Verdict.SMALL),
    ],
)
def test_a_photo_is_judged_by_its_size_its_light_and_its_strokes(
    picture: Image.Image, verdict: Verdict
) -> None:
    assert legibility(picture) == verdict


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (card(blur=5), "La photo semble floue"),
        (card(ground=(30, 30, 30)), "La photo est sombre"),
        (card((300, 200)), "La photo est petite"),
    ],
)
def test_whoever_sends_it_with_a_draft_is_told_and_it_is_kept(
    applicant: Client, picture: Image.Image, told: str
) -> None:
    posted = {"documents": sent(picture), "intent": "add"}
    answer = applicant.post("/demande/piece-identite/", posted, follow=True)
    named = f"carte.jpg – {told}"
    assert named in answer.content.decode()
    assert StoredFile.objects.count() == 1
    assert named not in applicant.get("/demande/piece-identite/").content.decode()


@pytest.mark.usefixtures("rules")
def test_whoever_sends_it_from_her_space_is_told_too(demand: Demand) -> None:
    client = signed_in(demand.account)
    for picture, is_told in ((card(blur=5), True), (card(), False)):
        posted = {"kind": "tax_notice", "upload": sent(picture)}
        answer = client.post(page(demand, "documents"), posted, follow=True).content.decode()
        assert ("La photo semble floue" in answer) is is_told
        assert "Votre document est dans votre dossier" in answer
    assert demand.documents.filter(kind="tax_notice").count() == 2
