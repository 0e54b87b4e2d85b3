"""Tables of real pages in six languages, compared by eye with the pages."""

import pytest


def values(rows):
    return [[cell.get("value", "") for cell in row] for row in rows]


def test_english_census_table(real_page):
    census = next(table for table in real_page("London").tables if table.get("caption", "").startswith("2021 Census"))
    assert values(census["headers"]) == [["Country of Birth", "Population", "Percent"]]
    assert values(census["rows"])[:3] == [
        ["United Kingdom", "5,223,986", "59.4"],
        ["Non-United Kingdom", "3,575,739", "40.6"],
        ["India", "322,644", "3.7"],
    ]
    assert values(census["footers"]) == [["Total", "8,799,725", "100.0"]]


def test_english_climate_table(real_page):
    climate = real_page("London").tables[0]
    assert climate["caption"] == "Climate data for London (LHR), elevation: 25 m (82 ft), 1991–2020 normals"
    assert values(climate["headers"])[0][:3] == ["Month", "Jan", "Feb"]
    assert values(climate["rows"])[0][:2] == ["Record high °C (°F)", "17.2 (63.0)"]
    assert [row[0][:8] for row in values(climate["footers"])] == ["Source 1", "Source 2"]


def test_english_table_with_rowspans(real_page):
    systems = real_page("Google Chrome").tables[1]
    assert values(systems["headers"]) == [["Operating system", "Operating system", "Latest version", "Support status"]]
    assert len(systems["rows"]) == 32
    assert values(systems["rows"])[2] == ["Windows", "XP and Vista", "49 (IA-32)", "2008–2016"]
    assert values(systems["rows"])[-1] == ["iOS", "4.x", "23", "2010–2012"]


def test_german_table_of_bold_cells_and_tie_breaks(real_page):
    tables = real_page("Roger_Federer").tables
    wins = next(table for table in tables if table.get("caption") == "Detaillierte Darstellung der Turniersiege")
    assert values(wins["headers"]) == [["Nr.", "Datum", "Turnier", "Platzbelag", "Finalgegner", "Ergebnis"]]
    assert values(wins["rows"])[0] == [
        *("1.", "4. Februar 2001", "Mailand", "Teppich (i)", "Julien Boutter", "6:4, 6:7⁷, 6:4"),
    ]


def test_french_header_of_two_levels(real_page):
    results = real_page("Alexandros_Ioannis_Ginnis").tables[1]
    assert results["caption"] == "Classements de AJ Ginnis en Coupe du monde par année"
    assert values(results["headers"])[1][:5] == ["Saison / Épreuve", "Class.", "Points", "Class.", "Points"]
    assert values(results["rows"])[0][:3] == ["2017", "153e", "5"]


def test_spanish_header_of_three_levels(real_page):
    treaties = real_page("Grecia").tables[0]
    assert [row[:3] for row in values(treaties["headers"])] == [
        ["Grecia", "Tratados internacionales", "Tratados internacionales"],
        ["Grecia", "CESCR", "CESCR"],
        ["Grecia", "CESCR", "CESCR-OP"],
    ]
    assert values(treaties["rows"])[0][6:8] == ["Firmado y ratificado.", "Sin información."]


def test_italian_table(real_page):
    transfers = real_page("Mino_Raiola").tables[0]
    assert values(transfers["headers"]) == [["Data", "Giocatore", "Nuovo club", "Club precedente", "Importo"]]
    assert values(transfers["rows"])[1] == ["Estate 1993", "Dennis Bergkamp", "Inter", "Ajax", "12 milioni di sterline"]


def test_bulgarian_table_with_an_empty_corner(real_page):
    cells = real_page("Knetka").tables[0]
    assert cells["caption"] == "Сравнение на прокариоти и еукариоти"
    assert values(cells["headers"]) == [["", "Прокариоти", "Еукариоти"]]
    assert values(cells["rows"])[1][:2] == ["Размери", "~ 1 – 10 µm"]


@pytest.mark.parametrize("name", ["Anarchisme", "Cactus", "Mike_Pompeo"])
def test_pages_whose_tables_are_all_layout(real_page, name):
    assert real_page(name).tables == []
