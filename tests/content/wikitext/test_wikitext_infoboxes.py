"""Infoboxes of wikitext."""

import pytest

from wikifeed_server.content import Vocabulary, read_wikitext

WIKI = "https://en.wikipedia.org/wiki/"


def fields(infobox):
    """The names and values of an infobox's first section."""
    return [(part.get("name"), part.get("value")) for part in infobox["has_parts"][0]["has_parts"]]


def test_arguments_are_fields_with_links(read):
    (infobox,) = read(
        "{{Infobox person\n| birth_place = [[London]], ''England''\n| empty =\n| known  for=[[a|b]]}}"
    ).infoboxes
    assert infobox == {
        "type": "infobox",
        "name": "Infobox person",
        "has_parts": [
            {
                "type": "section",
                "has_parts": [
                    {
                        "type": "field",
                        "name": "birth place",
                        "value": "London, England",
                        "links": [{"url": WIKI + "London", "text": "London"}],
                    },
                    {
                        "type": "field",
                        "name": "known for",
                        "value": "b",
                        "links": [{"url": WIKI + "A", "text": "b"}],
                    },
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "value",
    [
        "a<br>[[b]]<br />c",
        "\n* a\n* [[b]]\n* c",
        "{{plainlist|\n* a\n* b\n* c\n}}",
        "{{ubl|a|b|c}}",
        "{{hlist|a|{{nowrap|b}}|c}}",
        "a\n\nb\n\nc",
        "{{plainlist}}\n* a\n* b\n* c\n{{endplainlist}}",
    ],
)
def test_field_of_several_values_tells_each(read, value):
    field = read(f"{{{{Infobox x|y={value}}}}}").infoboxes[0]["has_parts"][0]["has_parts"][0]
    assert (field["value"], field["values"]) == ("a b c", ["a", "b", "c"])


def test_field_of_one_value_has_no_values(read):
    assert "values" not in read("{{Infobox x|y=a}}").infoboxes[0]["has_parts"][0]["has_parts"][0]


@pytest.mark.parametrize(
    "value", ["ada x.jpg", "File:ada x.jpg", "[[File:ada x.jpg]]", "[[Image:Ada x.jpg|frameless]]"]
)
def test_argument_that_is_a_file_is_an_image(read, value):
    contents = read(f"{{{{Infobox x|image={value}|y=z}}}}")
    image = {"content_url": WIKI + "File:Ada_x.jpg"}
    assert contents.infoboxes[0]["has_parts"][0]["has_parts"][0] == {
        "type": "image",
        "name": "image",
        "images": [image],
    }
    assert contents.images == [image]


def test_image_beside_text_is_one_of_a_field(read):
    (field,) = read("{{Infobox x|y=[[File:A.svg|20px]] France}}").infoboxes[0]["has_parts"][0]["has_parts"]
    assert field["type"] == "field"
    assert field["images"] == [{"content_url": WIKI + "File:A.svg", "width": 20}]


def test_what_a_template_shows_that_is_not_known_is_absent(read):
    (infobox,) = read("{{Infobox x|a={{age|1815}}|b={{y|[[c]]}}|d={{birth date|1815|12|10}}}}").infoboxes
    assert fields(infobox) == [("d", "1815-12-10")]


def test_infobox_within_an_infobox_is_a_section_of_it(read):
    (infobox,) = read("{{Infobox a|b=c|module={{Infobox d|embed=yes|e=f}}}}").infoboxes
    _, section = infobox["has_parts"][0]["has_parts"]
    assert (section["type"], section["name"]) == ("section", "Infobox d")
    assert [part["value"] for part in section["has_parts"]] == ["yes", "f"]


def test_infobox_anywhere_in_the_page_counts(read):
    contents = read("a\n== B ==\n{{Infobox c|d=e}}\nf {{box|{{Infobox g|h=i}}}}")
    assert [infobox["name"] for infobox in contents.infoboxes] == ["Infobox c", "Infobox g"]


@pytest.mark.parametrize(
    "name",
    [
        "Infobox settlement",
        "infobox_person",
        "Taxobox",
        "Automatic taxobox",
        "Speciesbox",
        "Infoboks bok",
        "Infokutija filozof",
        "Infocaseta Orașe",
        "Ficha de taxón",
        "Info/Filme",
        "Карточка компании",
        "Картка:Особа",
        "Музыкант/карточка",
        "Инфокутија Насеље",
        "Infotaula persona",
        "Hộp thông tin nhân vật",
        "صندوق معلومات شخص",
        "جعبه اطلاعات شهر",
        "信息框 人物",
        "基礎情報 会社",
        "กล่องข้อมูล บุคคล",
        "정보상자 인물",
    ],
)
def test_infoboxes_are_known_by_words_of_many_languages(read, name):
    (infobox,) = read(f"{{{{{name}|a=b}}}}").infoboxes
    assert fields(infobox) == [("a", "b")]


def test_template_made_like_an_infobox_is_one_before_the_text(read):
    box = "{{Bio\n|Nome = Ada\n|Cognome = Lovelace\n|Anno = 1815\n|Immagine = Ada.jpg\n}}\n"
    assert [infobox["name"] for infobox in read(f"{{{{Nota|a}}}}\n{box}'''Ada'''").infoboxes] == ["Bio"]
    assert read(f"'''Ada'''\n{box}").infoboxes == []
    assert read(f"== A ==\n{box}").infoboxes == []


def test_template_of_few_or_short_arguments_is_none(read):
    assert read("{{Main|a=b.jpg|c=d|e=f|g=h}}a").infoboxes == []
    assert read("{{Use dates\n|date=May\n|cs1=y\n}}a").infoboxes == []
    assert read("{{Infobox requested}}a").infoboxes == []


@pytest.mark.parametrize("name", ["#switch:x", "{{y}}", "DEFAULTSORT:x", "#invoke:Infobox"])
def test_functions_are_none(read, name):
    assert read(f"{{{{{name}\n|a=b.jpg\n|c=d\n|e=f\n|g=h\n}}}}a").infoboxes == []


def test_words_for_infoboxes_of_ones_own(enwiki):
    words = Vocabulary(infobox_words=("fact sheet",))
    contents = read_wikitext("{{Our Fact Sheet|a=b}}{{Infobox c|d=e}}", enwiki, "X", words)
    assert [infobox["name"] for infobox in contents.infoboxes] == ["Our Fact Sheet"]


def test_table_of_class_infobox_is_one(read):
    text = (
        '{| class="infobox vcard"\n|+ Ada\n|-\n| colspan=2 | [[File:Ada.jpg]]\n|-\n! Born\n| 1815<br>[[London]]\n'
        "|-\n! colspan=2 | Work\n|-\n! Field\n| Mathematics\n|}\nText."
    )
    contents = read(text)
    ((first, second),) = [infobox["has_parts"] for infobox in contents.infoboxes]
    assert (first["name"], second["name"]) == ("Ada", "Work")
    assert [part["type"] for part in first["has_parts"]] == ["image", "field"]
    assert first["has_parts"][1]["values"] == ["1815", "London"]
    assert second["has_parts"] == [{"type": "field", "name": "Field", "value": "Mathematics"}]
    assert (contents.tables, contents.text) == ([], "Text.")


def test_footnotes_in_an_infobox_count(read):
    contents = read("{{Infobox x|a=b<ref name=c>d</ref>}}e<ref name=c />")
    assert [reference["text"]["value"] for reference in contents.references] == ["d"]
    assert contents.sections[0]["has_parts"][0]["citations"][0]["identifier"] == "cite_note-c-1"
