"""What is read of a rendered page besides its sections."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.content import HtmlError, PageContents, read_html
from wikifeed_server.content.html.addresses import Addresses
from wikifeed_server.content.html.nesting import MAX_NESTING

UPLOAD = "//upload.wikimedia.org/wikipedia/commons/thumb/a/a1"


def figure(name: str, caption: str = "", attributes: str = "") -> str:
    image = f'<img src="{UPLOAD}/{name}" width="220" height="340" alt="An {name}"/>'
    link = f'<a href="./File:{name}" class="mw-file-description">{image}</a>'
    return f"<figure {attributes}>{link}<figcaption>{caption}</figcaption></figure>"


@pytest.mark.parametrize(
    ("html", "abstract"),
    [
        ("<p><b>Rome</b> is a city.</p><p>It is old.</p>", "Rome is a city. It is old."),
        ("<p>Rom (<span class='IPA'>[ʁoːm]</span>) ist alt.</p>", "Rom ist alt."),
        ("<p>Kyōto (<span lang='ja-Latn-fonipa'>kʲoːto</span>; 京都) is old.</p>", "Kyōto is old."),
        ("<p>There are 10<sup>14</sup> of them.</p>", "There are 10¹⁴ of them."),
        ("<p>Text<sup class='mw-ref'><a href='#cite_note-1'>[1]</a></sup>.</p>", "Text."),
        ("<p>May refer to:</p><ul><li>One</li><li>Two</li></ul>", "May refer to: One Two"),
        ("<table class='infobox'><tr><th>Box</th></tr></table><p>Text.</p>", "Text."),
    ],
)
def test_the_abstract_is_the_lead_without_pronunciations(read, html, abstract):
    assert read(html, "<h2>More</h2><p>Later.</p>").abstract == abstract


def test_categories_and_templates_come_once_in_order(read):
    call = {"parts": [{"template": {"target": {"wt": "Infobox x", "href": "./Vorlage:Infobox_x"}, "params": {}}}]}
    span = f"<span typeof='mw:Transclusion' about='#mwt1' data-mw='{json.dumps(call)}'>x</span>"
    link = '<link rel="mw:PageProp/Category" href="./Kategorie:St%C3%A4dte_in_X#sort"/>'
    contents = read(f"<p>{span}{span}</p>{link}{link}")
    assert contents.categories == [
        {"name": "Kategorie:Städte in X", "url": "https://en.wikipedia.org/wiki/Kategorie:St%C3%A4dte_in_X"}
    ]
    assert contents.templates == [
        {"name": "Vorlage:Infobox x", "url": "https://en.wikipedia.org/wiki/Vorlage:Infobox_x"}
    ]


@pytest.mark.parametrize("data", ["", "{", "[1]", "null", '{"parts": 1}', '{"parts": [{"template": 1}]}', '"template"'])
def test_what_is_no_template_call_is_none(read, data):
    data = data + ' "template"' if data == "{" else data
    assert read(f"<p typeof='mw:Transclusion' about='#mwt1' data-mw='{data}'>x</p>").templates == []


def test_images_have_their_size_text_and_caption(read):
    contents = read(figure("tower.jpg", "The <b>tower</b>, 1<sup>er</sup> mai"))
    assert contents.images == [
        {
            "content_url": f"https:{UPLOAD}/tower.jpg",
            "width": 220,
            "height": 340,
            "alternative_text": "An tower.jpg",
            "caption": "The tower, 1er mai",
        }
    ]
    assert contents.image == contents.images[0]
    assert contents.links == []


def test_decoration_is_no_image_of_the_page(read):
    icon = f'<img src="{UPLOAD}/icon.png"/>'
    assert read(f'<p><span class="noviewer">{icon}</span><span class="noprint">{icon}</span></p>').images == []


@pytest.mark.parametrize(("width", "told"), [("12", {"width": 12}), ("12.5", {}), ("-3", {}), ("9" * 30, {}), ("", {})])
def test_a_size_is_told_only_where_it_is_one(read, width, told):
    (image,) = read(f'<p><img src="{UPLOAD}/a.png" width="{width}"/></p>').images
    assert image == {"content_url": f"https:{UPLOAD}/a.png", **told}


def test_the_short_description_is_read_though_it_is_hidden(read):
    assert read('<div class="shortdescription" style="display:none">Old city</div><p>x</p>').description == "Old city"


@pytest.mark.parametrize(
    ("base", "address", "absolute"),
    [
        ("//en.wikipedia.org/wiki/", "./Page_(x)?a=b#c", "https://en.wikipedia.org/wiki/Page_(x)?a=b#c"),
        ("https://wiki.example/w/", "./A/../B", "https://wiki.example/w/B"),
        ("http://wiki.example/w/", "//other.example/x", "http://other.example/x"),
        ("//en.wikipedia.org/wiki/", "/w/index.php?x", "https://en.wikipedia.org/w/index.php?x"),
        ("//en.wikipedia.org/wiki/", "https://x.example/?", "https://x.example/?"),
        ("//en.wikipedia.org/wiki/", "#there", "https://en.wikipedia.org/wiki/#there"),
        ("//en.wikipedia.org/wiki/", "http://[::1", "http://[::1"),
        ("//en.wikipedia.org/wiki/", "//[", "https://["),
        ("", "./Page", "./Page"),
        ("", "//x.example/y", "https://x.example/y"),
    ],
)
def test_addresses_become_absolute(base, address, absolute):
    assert Addresses(base).absolute(address) == absolute


def test_bytes_that_are_no_utf_8_and_lone_surrogates_are_replaced():
    assert read_html(b"<section><p>a\xffb</p></section>").text == "a\ufffdb"
    assert read_html("<section><p>a\ud800b</p></section>").text == "a?b"


def test_characters_that_the_reader_keeps_for_itself_are_taken_out():
    assert read_html("<section><p>a\ufdd0b\ufdd29\ufdd3c</p></section>").text == "ab9c"


@pytest.mark.parametrize(
    "tag", ["<figure></ul>", "<div>", "<span>x", "<ul><li>", "<table><tr><td>", "<b>", "<DIV class='x'>"]
)
def test_what_is_nested_absurdly_deep_is_refused(tag):
    with pytest.raises(HtmlError, match=r"nested more than 2,000 deep: of the first [\d,]+ tags [\d,]+ are not closed"):
        read_html(tag * 100_000)


def test_a_tag_of_nothing_but_attributes_is_refused():
    with pytest.raises(HtmlError, match="the tag at character 0 has more than 5,000 attributes"):
        read_html("<p " + " ".join(f"a{number}=1" for number in range(50_000)) + ">")


def test_signs_of_equality_are_no_attributes():
    assert read_html("<section><p>" + "=" * 500_000).text == "=" * 500_000
    data = "a=b " * 100_000
    assert read_html(f"<section><p data-mw='{data}'>x").text == "x"


def test_many_tags_that_are_closed_are_no_nesting():
    html = "<section>" + "<p>x<br><img src=a></p><ul><li>y</ul>" * MAX_NESTING + "</section>"
    assert len(read_html(html).images) == MAX_NESTING


def test_deep_nesting_below_the_bound_is_read():
    contents = read_html(
        "<section>" + "<div>" * 900 + "deep" + "</div>" * 900 + "<p>x" + "<i>" * 900 + "y" + "</section>"
    )
    assert contents.text == "xy"


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<table class='infobox'>", "<table>", "</table>", "<tr>", "<td>", "<th>"),
        *(
            "<ul>",
            "<li>",
            "</ul>",
            "<section>",
            "</section>",
            "<h2>",
            "</h2>",
            "<a href='./X'>",
            "</a>",
            "<img src='x'>",
        ),
        *("<sup class='mw-ref'>", "</sup>", "<figure>", "<figcaption>", "</figure>", "<dl>", "<dd>", "<b>", "<i>"),
        *("<ol class='references'>", "<li id='cite_note-1'>", "</ol>", "<span typeof='mw:Transclusion' data-mw='{'>"),
        *("text ", "東京", "&amp;", "&#0;", "\ufdd0", "\u200b", "<!--", "-->", "<style>", "</style>", "\0", "<", "'"),
    ]
)


@given(st.lists(PIECES, max_size=60))
def test_any_page_is_read(pieces):
    contents = read_html("".join(pieces))
    orjson.dumps(contents.as_object())
    assert contents.text == "\n".join(line.strip() for line in contents.text.split("\n"))


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data):
    assert isinstance(read_html(data), PageContents)
