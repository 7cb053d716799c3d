"""Real files of Statistics Netherlands, as they ship them, read in on the page (S001, S057)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schakel_web.network.models import Area, Figure
from tests.factories.city import City

As = Callable[[str], Client]
pytestmark = pytest.mark.public_data


def sent(client: Client, address: str, file: Path, **fields: Any) -> str:
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    page = client.post(address, {"file": upload, **fields}, follow=True)
    assert page.status_code == 200, page.content.decode()
    return page.content.decode()


def test_groningen_of_2017_with_unrounded_borders(city: City, as_: As, public_data: Path) -> None:
    file = public_data / "geo/groningen_buurten_2017.geojson"
    sent(as_("administrator"), "/beheer/gebieden/", file, year=2017)
    areas = Area.objects.neighbourhoods().filter(code__startswith="BU0014")
    assert areas.count() > 50
    assert all(area.rings and area.neighbours.exists() for area in areas)
    assert Area.objects.get(code="GM0014").name == "Groningen"
    assert Area.objects.get(code="BU00140000").name == "Binnenstad-Noord"


def test_one_municipality_out_of_the_file_of_the_whole_country(
    city: City, as_: As, public_data: Path
) -> None:
    file = public_data / "geo/nl_buurten_2024_approximate.geojson.gz"
    said = sent(as_("administrator"), "/beheer/gebieden/", file, year=2024, municipality="GM0344")
    assert "111 buurten zijn ingelezen" in said
    assert Area.objects.filter(year=2024, kind="BU").exclude(code__startswith="BU0344").count() == 0


def test_a_municipality_that_is_not_in_the_file_is_said(city: City, as_: As, public_data: Path) -> None:
    file = public_data / "geo/groningen_buurten_2017.geojson"
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    page = as_("administrator").post(
        "/beheer/gebieden/", {"file": upload, "year": 2017, "municipality": "GM0344"}
    )
    assert page.status_code == 422
    assert "geen buurt van gemeente GM0344" in page.content.decode()


def test_utrecht_with_all_its_columns_names_its_districts_and_keeps_what_is_withheld_missing(
    city: City, as_: As, public_data: Path
) -> None:
    client = as_("administrator")
    division = public_data / "geo/nl_buurten_2024_approximate.geojson.gz"
    sent(client, "/beheer/gebieden/", division, year=2024, municipality="GM0344")
    file = public_data / "geo/utrecht_kwb_2024.csv"
    sent(client, "/beheer/kerncijfers/", file, year=2024, status="provisional")
    town = Area.objects.get(code="GM0344")
    assert town.name == "Utrecht"
    assert Area.objects.get(code="WK034401").name == "Wijk 01 West"
    figures = {f.indicator: (f.value, f.status) for f in town.figures.all()}
    assert figures["inwoners"] == (374238.0, "provisional")
    assert figures["single_households"] == (100296.0, "provisional")
    assert figures["wmo_clients"] == (None, "missing")
    assert set(Figure.objects.filter(area=town).values_list("year", flat=True)) == {2024}


def test_amsterdam_with_a_mark_semicolons_padded_codes_and_points(
    city: City, as_: As, public_data: Path
) -> None:
    Area.objects.create(code="GM0363", year=2019, kind="GM", name="Amsterdam")
    Area.objects.create(code="WK036300", year=2019, kind="WK", name="WK036300")
    client = as_("administrator")
    file = public_data / "geo/amsterdam_ses_woa_2019.csv"
    said = sent(client, "/beheer/kerncijfers/", file, year=2019, status="published")
    assert "gebieden uit het bestand kennen wij niet" in said
    found = {f.indicator: f.value for f in Figure.objects.filter(area__code="GM0363")}
    assert found == {"households": 457400.0, "ses_woa": -0.1}
    assert Area.objects.get(code="WK036300").name == "Burgwallen-Oude Zijde"
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    page = client.post("/beheer/kerncijfers/", {"file": upload, "year": 2024, "status": "published"})
    assert "In het bestand staat het jaar 2019" in page.content.decode()


def test_the_whole_country_of_key_figures_leaves_out_what_is_not_ours(
    city: City, as_: As, public_data: Path
) -> None:
    client = as_("administrator")
    file = public_data / "geo/nl_wijken_2024_kerncijfers.csv"
    Area.objects.create(code="WK001400", year=2024, kind="WK", name="WK001400")
    sent(client, "/beheer/kerncijfers/", file, year=2024, status="published")
    district = Area.objects.get(code="WK001400")
    assert district.name == "Centrum"
    assert district.figures.get(indicator="inwoners").value == 24920.0
