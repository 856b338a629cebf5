"""A file of known people is read whoever wrote it, or refused with its line and its column."""

from pathlib import Path

import pytest

from register.duplicates.labelled import BadFile, read_labelled


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "day", ["1984-05-12", "12/05/1984", "12-05-1984", "12.05.84", "19840512", "1984-05-12 00:00:00"]
)
def test_dates_are_read_in_any_usual_form(tmp_path: Path, day: str) -> None:
    [person] = read_labelled(written(tmp_path, f"id,cluster,birth_date\n1,a,{day}\n"))
    assert person.person.birth_date == "19840512"


def test_a_day_that_no_calendar_has_is_kept(tmp_path: Path) -> None:
    [person] = read_labelled(written(tmp_path, "id,cluster,birth_date\n1,a,31/02/1984\n"))
    assert person.person.birth_date == "19840231"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_marks_of_spreadsheets_are_read(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    lines = (("id", "cluster", "civility", "birth_name"), ("1", "a", "Mme", "Lefèvre"))
    text = "\r\n".join(mark.join(line) for line in lines)
    [person] = read_labelled(written(tmp_path, text.encode(encoding)))
    assert (person.person.birth_name, person.person.title) == ("lefevre", "2")


def test_missing_cells_are_things_that_nobody_told(tmp_path: Path) -> None:
    [person] = read_labelled(
        written(tmp_path, "cluster,id,phone,email,birth_name\na,1,NULL,,Petit\n\n")
    )
    assert (person.person.phone, person.person.email) == ("", "")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "id"),
        ("id,birth_name\n1,Petit\n", "cluster"),
        ("id,cluster\n1,a\n,b\n", "3"),
        ("id,cluster\n1,a\n1,b\n", "3"),
        ("id,cluster,birth_date\n1,a,\n2,b,hier\n", "3"),
        ("id,cluster\n1,a,x,y\n", "2"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(BadFile, match=where):
        read_labelled(written(tmp_path, text))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="nowhere"):
        read_labelled(tmp_path / "nowhere.csv")
