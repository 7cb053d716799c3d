"""``schakel redact`` and ``schakel themes``: one line out per line in, other lines untouched to the byte (R4)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from schakel.cli import run

from .files import put

COMMAND = [sys.executable, "-c", "from schakel.cli import main; main()"]
UNTOUCHED = [
    b"Gewoon een zin zonder iets.\r\n",
    b"\r\n",
    b"\n",
    b"  spaties en een tab \t\n",
    b"caf\xe9 in latin-1\n",
    b"\xff\xfe kapot \x00 nul\n",
    b"een\x0btwee\x0cdrie\rvier\n",
    "regel\u2028scheiding\n".encode(),
]


def redacted(folder: Path, content: bytes, capfdbinary: pytest.CaptureFixture[bytes], *options: str) -> bytes:
    assert run(["redact", str(put(folder / "in.txt", content)), *options]) == 0
    return capfdbinary.readouterr().out


def test_lines_with_nothing_personal_are_untouched_to_the_byte(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = b"".join(UNTOUCHED) + b"de laatste zonder einde"
    assert redacted(tmp_path, content, capfdbinary) == content


def test_a_line_with_personal_data_keeps_its_end_and_its_other_bytes(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = b"Bel 06-12345678 even.\r\n\r\n\xff Mail jan@voorbeeld.nl\nBel 06-12345678"
    lines = redacted(tmp_path, content, capfdbinary).split(b"\n")
    assert len(lines) == 4
    assert lines[0].startswith(b"Bel [")
    assert lines[0].endswith(b"] even.\r")
    assert lines[1] == b"\r"
    assert lines[2].startswith(b"\xff Mail [")
    assert b"12345678" not in b"".join(lines)


def test_a_name_with_an_accent_is_found_in_latin_1_too(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    sentence = "Mevrouw Renée de Vriës woont naast café Het Paardje.\n"
    in_utf_8 = redacted(tmp_path, sentence.encode(), capfdbinary).decode()
    assert redacted(tmp_path, sentence.encode("latin-1"), capfdbinary).decode("latin-1") == in_utf_8
    assert "Vriës" not in in_utf_8


def test_nothing_in_is_nothing_out(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert redacted(tmp_path, b"", capfdbinary) == b""


def test_spans_point_into_the_line_and_name_their_kind(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    line = "Bel 06-12345678 of mail jan@voorbeeld.nl, hè?"
    out = redacted(tmp_path, f"{line}\r\n\nniets".encode(), capfdbinary, "--json")
    first, *others = [json.loads(each) for each in out.splitlines()]
    found = {line[span["start"] : span["end"]] for span in first["spans"]}
    assert found == {"06-12345678", "jan@voorbeeld.nl"}
    assert all(span["kind"] for span in first["spans"])
    assert others == [{"text": "", "spans": []}, {"text": "niets", "spans": []}]


def test_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Bel 06-12345678\r\nniets")))
    assert run(["redact", "-"]) == 0
    out = capfdbinary.readouterr().out
    assert out.endswith(b"]\r\nniets")


def test_a_reader_that_stops_is_no_reason_to_complain(tmp_path: Path) -> None:
    whole = str(put(tmp_path / "in.txt", b"gewoon een zin\n" * 20_000))
    for source in ("-", whole):
        with subprocess.Popen(
            [*COMMAND, "redact", source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            process.stdout.close()
            assert _fed(process) == b""
        assert process.returncode == 1


def _fed(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdin
    assert process.stderr
    try:
        process.stdin.write(b"gewoon een zin\n" * 2000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    return process.stderr.read()


def suggested(
    folder: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> list[list[dict[str, object]]]:
    assert run(["themes", "suggest", str(put(folder / "in.txt", content)), "--json"]) == 0
    result: list[list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return result


def test_suggestions_are_an_array_with_a_list_for_every_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = b"Zij kan de huur niet meer betalen en heeft schulden\r\n\n\xff\nHij mist zijn overleden vrouw"
    result = suggested(tmp_path, content, capsys)
    assert len(result) == 4
    assert result[1] == []
    assert result[0][0]["theme"] == "schulden"
    for line in result:
        probabilities = [float(str(each["probability"])) for each in line]
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(0 <= p <= 1 for p in probabilities)
        assert all({"theme", "probability", "because"} <= set(each) for each in line)
        assert all(isinstance(each["because"], list) for each in line)


def test_no_lines_are_an_empty_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert suggested(tmp_path, b"", capsys) == []


def test_without_json_the_sentence_stands_above_its_themes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "Zij kan de huur niet meer betalen en heeft schulden"
    assert run(["themes", "suggest", str(put(tmp_path / "in.txt", sentence))]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == sentence
    assert "schulden" in second


def test_too_few_sentences_hold_no_new_theme(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(tmp_path / "in.txt", "Zij kan de huur niet betalen.\n")
    assert run(["themes", "discover", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["themes", "discover", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "in 1 line(s); it takes at least 5" in captured.err


def test_a_new_theme_is_shown_with_one_of_its_sentences_redacted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """R4; three words alone do not tell what it is about."""
    lines = [
        f"Drones zoemen boven {place} en filmen {what}, zegt mevrouw Jansen"
        for place in ("stoep", "dak", "balkon", "plein", "schuur", "goot", "kerk", "kade", "steeg", "brug")
        for what in ("tuinen", "ramen")
    ]
    path = put(tmp_path / "in.txt", "\n".join(lines))
    assert run(["themes", "discover", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "Drones zoemen boven" in printed
    assert "Jansen" not in printed


@pytest.mark.parametrize("command", [["redact"], ["themes", "suggest"], ["themes", "discover"]])
@pytest.mark.parametrize("name", ["none.txt", "."])
def test_what_cannot_be_read_is_said_in_one_sentence(
    command: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, str(tmp_path / name)]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "cannot be read" in captured.err


def test_names_of_own_areas_stay_with_the_areas_file(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    areas = put(tmp_path / "areas.csv", "area,x,y,name\nBU1,1000,1000,Sint Joris\nBU2,2000,1000,Smit\n")
    content = b"Rond Sint Joris is het stil.\nMevrouw Smit ook.\n"
    assert redacted(tmp_path, content, capfdbinary) != content
    told = redacted(tmp_path, content, capfdbinary, "--areas", str(areas))
    assert told == b"Rond Sint Joris is het stil.\nMevrouw [naam] ook.\n"
