"""Infoboxes: rows into fields, headers into sections."""


def box(*rows: str, css_class: str = "infobox") -> str:
    return f"<table class='{css_class}'><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def parts(contents):
    (infobox,) = contents.infoboxes
    return infobox["has_parts"]


def test_rows_are_fields_of_the_section_that_a_header_opens(read):
    contents = read(
        box(
            "<th colspan='2' class='infobox-above'>London</th>",
            "<th>Country</th><td><a href='./England'>England</a></td>",
            "<th colspan='2'>Government</th>",
            "<th> • Type:</th><td>Mayor</td>",
        )
    )
    assert parts(contents) == [
        {
            "type": "section",
            "name": "London",
            "has_parts": [
                {
                    "type": "field",
                    "name": "Country",
                    "value": "England",
                    "links": [{"url": "https://en.wikipedia.org/wiki/England", "text": "England"}],
                }
            ],
        },
        {"type": "section", "name": "Government", "has_parts": [{"type": "field", "name": "Type", "value": "Mayor"}]},
    ]


def test_the_box_is_named_after_the_template_that_made_it(read):
    call = (
        '{"parts":[{"template":{"target":{"wt":"pp-semi","href":"./Template:Pp"},"params":{}}},'
        '{"template":{"target":{"wt":"Taxobox\\n","href":"./Template:Taxobox"},"params":{"a":{"wt":"1"}}}}]}'
    )
    style = f"<style typeof='mw:Transclusion' about='#mwt3' data-mw='{call}'>.x</style>"
    table = box("<th>A</th><td>B</td>").replace("<table ", "<table about='#mwt3' ")
    assert read(style + table).infoboxes[0]["name"] == "Taxobox"


def test_a_list_is_told_by_its_items(read):
    contents = read(box("<th>Genres</th><td>Mostly<ul><li>Pop</li><li><a href='./Rock'>Rock</a></li></ul></td>"))
    assert parts(contents)[0]["has_parts"] == [
        {
            "type": "list",
            "name": "Genres",
            "value": "Mostly",
            "values": ["Pop", "Rock"],
            "links": [{"url": "https://en.wikipedia.org/wiki/Rock", "text": "Rock"}],
        }
    ]


def test_an_image_and_its_caption_are_one_part_and_the_main_image(read):
    image = "<img src='//up.example/a.jpg' width='20' height='30'/>"
    row = f"<td colspan='2' class='infobox-image'>{image}<div class='infobox-caption'>In 1940</div></td>"
    contents = read(box(row, "<th>A</th><td>B</td>"))
    found = {"content_url": "https://up.example/a.jpg", "width": 20, "height": 30, "caption": "In 1940"}
    assert parts(contents)[0]["has_parts"][0] == {"type": "image", "value": "In 1940", "images": [found]}
    assert contents.image == found


def test_rows_within_a_cell_are_parts_of_its_field(read):
    inner = "<table><tr><th>XP</th><td>1.0</td></tr><tr><th>Linux</th><td>1.1</td></tr></table>"
    contents = read(box(f"<th>Released</th><td>Twice: {inner}</td>"))
    (field,) = parts(contents)[0]["has_parts"]
    assert field["value"] == "Twice: XP 1.0 Linux 1.1"
    assert [(part["name"], part["value"]) for part in field["has_parts"]] == [("XP", "1.0"), ("Linux", "1.1")]


def test_a_cell_of_nothing_but_rows_is_looked_through(read):
    inner = "<table><tr><th>XP</th><td>1.0</td></tr></table>"
    contents = read(box("<th colspan='2'>Stable</th>", f"<td colspan='2'>{inner}</td>"))
    assert parts(contents) == [
        {"type": "section", "name": "Stable", "has_parts": [{"type": "field", "name": "XP", "value": "1.0"}]}
    ]


def test_an_empty_box_is_none_and_a_box_is_read_once(read):
    assert read(box("<td> </td>")).infoboxes == []
    assert len(read(box("<th>A</th><td>B</td>", css_class="infobox infobox_v2 vcard")).infoboxes) == 1


def test_boxes_of_other_languages_are_read(real_page):
    (french,) = real_page("Gad_Elmaleh").infoboxes
    assert french["name"] == "Infobox Cinéma (personnalité)"
    section = french["has_parts"][0]
    assert section["name"] == "Gad Elmaleh"
    fields = {part.get("name"): part.get("value") for part in section["has_parts"]}
    assert fields["Naissance"] == "19 avril 1971 Casablanca (Maroc)"
    (bulgarian,) = real_page("Btopa").infoboxes
    assert bulgarian["name"] == "Военен конфликт"
    (german,) = real_page("Roger_Federer").infoboxes
    assert german["name"] == "Infobox Tennisspieler"
    (kanji,) = [part for part in real_page("Kyoto").infoboxes[1]["has_parts"] if part.get("name") == "Japanese name"]
    assert [(part["name"], part["value"]) for part in kanji["has_parts"]][:2] == [
        ("Kanji", "京都"),
        ("Hiragana", "きょうと"),
    ]
