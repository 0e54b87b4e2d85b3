"""Links and images of wikitext."""

import pytest

from wikifeed_server.content import read_wikitext

WIKI = "https://en.wikipedia.org/wiki/"


def test_every_link_is_listed_in_page_order_also_where_it_comes_again(read):
    text = "[[b]] [[a]] [[b|c]]\n== [[d]] ==\n{{x|y=[[e]]}}<ref>[[f]]</ref>\n{|\n! h\n|-\n| [[g]]\n|}"
    assert read(text).links == [
        {"url": WIKI + name.upper(), "text": text}
        for name, text in (("b", "b"), ("a", "a"), ("b", "c"), ("d", "d"), ("e", "e"), ("f", "f"), ("g", "g"))
    ]


@pytest.mark.parametrize(
    ("text", "url", "shown"),
    [
        ("[[dog#Big tail|tail]]", WIKI + "Dog#Big_tail", "tail"),
        ("[[#Her life]]", WIKI + "Ada#Her_life", "#Her life"),
        ("[[/Sub/]]", WIKI + "Ada/Sub", "/Sub/"),
        ('[[A "b"?#c"d]]', WIKI + 'A_"b"%3F#c%22d', 'A "b"?#c"d'),
        ("[[:Category:Cats]]", WIKI + "Category:Cats", "Category:Cats"),
        ("[[:File:A.jpg|a picture]]", WIKI + "File:A.jpg", "a picture"),
        ("[[dog]]s and", WIKI + "Dog", "dogs"),
        ("[[dog]]ABC", WIKI + "Dog", "dog"),
        ("[[dog|''big'' dog<ref>x</ref>]]", WIKI + "Dog", "big dog"),
        ("[https://a.org ''b'']", "https://a.org", "b"),
        ("https://a.org/b, c", "https://a.org/b", "https://a.org/b"),
        ("[//a.org b]", "https://a.org", "b"),
        ("[mailto:a@b.org c]", "mailto:a@b.org", "c"),
    ],
)
def test_address_and_text_of_a_link(read, text, url, shown):
    assert read(text).links == [{"url": url, "text": shown}]


def test_link_without_a_text_has_none(read):
    assert read("[https://a.org] [[B|]]").links == [{"url": "https://a.org"}, {"url": WIKI + "B"}]


@pytest.mark.parametrize(
    "text", ["[[de:Ada]]", "[[wikt:ada|ada]]", "[[Wikt:ada]]", "[[zh-min-nan:Ada]]", "[[Category:A]]", "[[File:A.jpg]]"]
)
def test_links_to_other_wikis_categories_and_files_are_no_links(read, text):
    assert read(text).links == []


def test_letters_behind_a_link_belong_to_it_in_other_scripts(ruwiki, arwiki, zhwiki):
    for wiki, text, shown in (
        (ruwiki, "[[кошка|кошк]]ами А", "кошками"),
        (arwiki, "[[كتاب]]ها", "كتابها"),
        (zhwiki, "[[北京]]是", "北京"),
    ):
        assert [link["text"] for link in read_wikitext(text, wiki, "X").links] == [shown]


def test_templates_that_lead_to_pages_link_to_them(read):
    assert read("{{main|Cat|Dog#Tail|l1=cats}}").links == [
        {"url": WIKI + "Cat", "text": "Cat"},
        {"url": WIKI + "Dog#Tail", "text": "Dog#Tail"},
    ]


def test_address_of_a_source_is_shown_as_its_title(read):
    text = "{{cite web|archive-url=https://b.org|url=https://a.org|title=A ''b''}}{{x|url=https://c.org}}"
    assert read(text).links == [
        {"url": "https://b.org"},
        {"url": "https://a.org", "text": "A b"},
        {"url": "https://c.org"},
    ]


def test_image_has_the_address_of_its_page_and_what_the_link_tells(read):
    text = "[[File:ada x.jpg|thumb|left|upright=1.2|220px|alt=A [[woman]]|Ada, ''old''|link=]]"
    assert read(text).images == [
        {"content_url": WIKI + "File:Ada_x.jpg", "width": 220, "alternative_text": "A woman", "caption": "Ada, old"}
    ]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("200x100px", {"width": 200, "height": 100}),
        ("x90 px", {"height": 90}),
        ("A 20px wide", {"caption": "A 20px wide"}),
        ("first|second", {"caption": "second"}),
        ("a = b", {"caption": "a = b"}),
        ("", {}),
    ],
)
def test_options_of_images(read, option, told):
    assert read(f"[[Image:A.svg|{option}]]").images == [{"content_url": WIKI + "File:A.svg", **told}]


def test_words_for_showing_images_are_known_in_many_languages(ruwiki, arwiki, zhwiki, frwiki):
    for wiki, text in (
        (ruwiki, "[[Файл:А.jpg|мини|слева|альт=б|в]]"),
        (arwiki, "[[ملف:A.jpg|تصغير|يسار|بديل=б|в]]"),
        (zhwiki, "[[文件:A.jpg|缩略图|左|替代文本=б|в]]"),
        (frwiki, "[[Fichier:A.jpg|vignette|redresse=1.2|alt=б|в]]"),
    ):
        (image,) = read_wikitext(text, wiki, "X").images
        assert (image["alternative_text"], image["caption"]) == ("б", "в")
    assert "caption" not in read_wikitext("[[Файл:А.jpg|мини|справа]]", ruwiki, "X").images[0]


def test_links_in_captions_are_links(read):
    contents = read("[[File:A.jpg|thumb|By [[b]] <ref>c</ref>[[Category:D]]]]")
    assert [link["text"] for link in contents.links] == ["b"]
    assert len(contents.references) == 1
    assert contents.categories


def test_galleries_show_images_with_their_captions(read):
    contents = read(
        "<gallery mode=packed>\nFile:A.jpg|alt=x|The [[a]] {{cn}}\nB.png\n\nno file\nImage:C.ogg|c\n</gallery>"
    )
    assert contents.images == [
        {"content_url": WIKI + "File:A.jpg", "alternative_text": "x", "caption": "The a"},
        {"content_url": WIKI + "File:B.png"},
    ]
    assert contents.maintenance.citation_needed == 1


def test_sounds_and_videos_are_no_images(read):
    assert read("[[File:A.ogg]] [[File:B.webm|thumb|c]] [[Media:D.jpg|e]]").images == []


def test_file_that_an_argument_names_is_an_image(read):
    text = "{{multiple image|image1=A.jpg|image2=File:B c.PNG|caption1=see A.jpg here|url=https://d.org/e.jpg|f.jpg}}"
    assert [image["content_url"] for image in read(text).images] == [WIKI + "File:A.jpg", WIKI + "File:B_c.PNG"]
