"""Tables of rendered pages: which are data, what their spans, headers and footers come to, and hostile ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from wikifeed_server.content.html.addresses import Addresses
from wikifeed_server.content.html.inline import Inline
from wikifeed_server.content.html.inventory import Inventory
from wikifeed_server.content.html.raised import raised_text
from wikifeed_server.content.html.tables import read_tables

TAGS = ("table", "tr", "td", "th", "caption", "tbody", "thead", "tfoot", "div", "p", "b", "sup", "a", "ul", "li")
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.builds("<td colspan={} rowspan={}>".format, st.integers(-1, 5), st.integers(-1, 5)),
        st.builds("<th colspan={} rowspan={}>".format, st.integers(0, 4), st.integers(0, 4)),
        st.sampled_from(["<table class=wikitable>", "<table><tr><th>", "<tr class=sortbottom>"]),
        st.text(alphabet="ab1 ", min_size=1, max_size=4),
    ),
    max_size=80,
)


def tables_of(html, *, without=()):
    """The tables of a page, out of which what the selectors `without` name was taken."""
    tree = LexborHTMLParser(html)
    inventory = Inventory(tree)
    for node in [node for selector in without for node in tree.css(selector)]:
        node.remove()
    inline = Inline(Addresses("//en.wikipedia.org/wiki/"), inventory.around_images())
    return [table for _, table in read_tables(inventory.tables, inline)]


def values(rows):
    return [[cell.get("value", "") for cell in row] for row in rows]


def wikitable(*rows, caption=""):
    return f"<table class=wikitable>{caption}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def all_rows(table):
    return [*table.get("headers", ()), *table.get("rows", ()), *table.get("footers", ())]


def test_header_row_caption_and_rows():
    (table,) = tables_of(wikitable("<th>Year<th>Film", "<td>1927<td>Siren", caption="<caption>Films</caption>"))
    assert table == {
        "identifier": "table1",
        "caption": "Films",
        "headers": [[{"value": "Year"}, {"value": "Film"}]],
        "rows": [[{"value": "1927"}, {"value": "Siren"}]],
        "confidence_score": 1.0,
    }


def test_spans_repeat_the_cell_in_every_place_it_covers():
    (table,) = tables_of(
        wikitable(
            "<th>A<th>B<th>C", "<td rowspan=2>x<td colspan=2>y", "<td>1<td>2", "<td>3<td rowspan=9>z<td>4", "<td>5"
        )
    )
    assert values(table["rows"]) == [["x", "y", "y"], ["x", "1", "2"], ["3", "z", "4"], ["5", "z", ""]]


def test_rowspan_zero_reaches_to_the_end_of_its_row_group():
    html = (
        "<table class=wikitable><tbody><tr><td rowspan=0>x<td>1<tr><td>2</tbody><tbody><tr><td>y<td>3</tbody></table>"
    )
    assert values(tables_of(html)[0]["rows"]) == [["x", "1"], ["x", "2"], ["y", "3"]]


@pytest.mark.parametrize("written", ["", "x", "-3", "0", "1.5", "+1"])
def test_what_is_no_colspan_is_one(written):
    (table,) = tables_of(wikitable("<th>A<th>B", f'<td colspan="{written}">1<td>2'))
    assert values(table["rows"]) == [["1", "2"]]


def test_empty_cells_are_empty_and_short_rows_are_filled_up():
    (table,) = tables_of(wikitable("<th>A<th>B<th>C", "<td>1<td><td>3", "<td>4"))
    assert table["rows"] == [[{"value": "1"}, {}, {"value": "3"}], [{"value": "4"}, {}, {}]]
    assert table["confidence_score"] < 0.7


def test_header_of_two_levels_whose_second_is_made_of_plain_cells():
    (table,) = tables_of(
        wikitable("<th rowspan=2>Season<th colspan=2>Slalom", "<td>Rank<td>Points", "<td>2017<td>59<td>5")
    )
    assert values(table["headers"]) == [["Season", "Slalom", "Slalom"], ["Season", "Rank", "Points"]]
    assert values(table["rows"]) == [["2017", "59", "5"]]


def test_rows_of_header_cells_with_figures_are_data():
    (table,) = tables_of(wikitable("<th>Born<th>People", "<th>UK<th>5,223", "<td>India<td>322", "<th>Total<th>8,799"))
    assert values(table["headers"]) == [["Born", "People"]]
    assert values(table["rows"]) == [["UK", "5,223"], ["India", "322"]]
    assert values(table["footers"]) == [["Total", "8,799"]]


def test_bold_first_row_is_header_where_no_cell_is_a_header_cell():
    (table,) = tables_of(wikitable("<td><b>Event</b><td><span><b>Rank</b></span>", "<td>Hafjell<td>18"))
    assert values(table["headers"]) == [["Event", "Rank"]]


def test_row_header_cells_are_cells_of_their_rows():
    (table,) = tables_of(wikitable("<th>Land<th>Song", '<th scope="row">Albania<td>Duje', '<th scope="row">Malta<td>'))
    assert values(table["rows"]) == [["Albania", "Duje"], ["Malta", ""]]


def test_single_header_cell_over_the_whole_first_row_is_the_caption():
    (table,) = tables_of(wikitable("<th colspan=2>Climate", "<th>Month<th>Jan", "<td>High<td>17"))
    assert table["caption"] == "Climate"
    assert values(table["headers"]) == [["Month", "Jan"]]


@pytest.mark.parametrize(
    "last",
    ["<tr><th>Total<th>9</tr>", '<tr class="sortbottom"><td>Total<td>9</tr>', "<tfoot><tr><td>Total<td>9</tfoot>"],
)
def test_footers(last):
    (table,) = tables_of(f"<table class=wikitable><tr><th>A<th>B</tr><tr><td>1<td>2</tr>{last}</table>")
    assert values(table["footers"]) == [["Total", "9"]]
    assert values(table["rows"]) == [["1", "2"]]


def test_note_under_the_whole_table_is_a_footer():
    (table,) = tables_of(wikitable("<th>A<th>B", "<td>1<td>2", "<td colspan=2>Source: Met Office"))
    assert values(table["footers"]) == [["Source: Met Office", "Source: Met Office"]]


def test_tfoot_written_first_stands_last():
    (table,) = tables_of("<table><tfoot><tr><td>T<td>9</tfoot><tr><th>A<th>B<tr><td>1<td>2</table>")
    assert values(table["headers"]) == [["A", "B"]]
    assert values(table["footers"]) == [["T", "9"]]


def test_rows_and_columns_of_spacing_are_left_out():
    (table,) = tables_of(
        wikitable(
            "<th colspan=2>Party<th>%",
            "<td><td><td>",
            "<td style='background:red'><td>Labour<td>40",
            "<td><td>Tory<td>38",
        )
    )
    assert values(table["headers"]) == [["Party", "%"]]
    assert values(table["rows"]) == [["Labour", "40"], ["Tory", "38"]]


def test_superscript_and_subscript_stay_readable():
    (table,) = tables_of(wikitable("<th>km<sup>2</sup><th>CO<sub>2</sub>", "<td>10<sup>−6</sup><td>1<sup>st</sup>"))
    assert values(all_rows(table)) == [["km²", "CO₂"], ["10⁻⁶", "1st"]]


def test_exponent_without_characters_of_its_own_is_set_off():
    assert raised_text("sup", "0.5") == "^0.5"
    assert raised_text("sub", "max") == "max"


def test_what_is_hidden_is_no_value():
    (table,) = tables_of(wikitable("<th>Nr<th>Ort", '<td><span style="visibility:hidden">00</span>1<td>Mailand'))
    assert values(table["rows"]) == [["1", "Mailand"]]


def test_images_alone_say_what_they_stand_for():
    (table,) = tables_of(
        wikitable("<th>A<th>B<th>C", '<td>x<td><img src="//u/y.png" alt="Yes"><td><img src="//u/n.png" alt="N.png">')
    )
    assert values(table["rows"]) == [["x", "Yes", ""]]


def test_nested_table_belongs_to_its_cell():
    inner = wikitable("<th>a<th>b", "<td>1<td>2")
    (table,) = tables_of(wikitable("<th>A<th>B", f"<td>text {inner}<td>z", "<td>u<td>v"))
    cell = table["rows"][0][0]
    assert cell["value"] == "text"
    assert cell["nested_table"]["identifier"] == "table1.1"
    assert values(cell["nested_table"]["rows"]) == [["1", "2"]]
    assert table["confidence_score"] == 0.8


def test_repeated_cells_hold_their_nested_table_once():
    inner = wikitable("<th>a<th>b", "<td>1<td>2")
    (table,) = tables_of(
        wikitable("<th>A<th>B<th>C", f"<td colspan=2>{inner}<td>z", "<td>u<td>v<td>w", "<td>x<td>y<td>z")
    )
    assert ["nested_table" in cell for cell in table["rows"][0]] == [True, False, False]


def test_second_table_of_a_cell_is_a_table_of_its_own():
    one, two = (wikitable("<th>a<th>b", f"<td>{name}<td>2") for name in ("one", "two"))
    first, second = tables_of(wikitable("<th>A<th>B", f"<td>{one}{two}<td>z", "<td>u<td>v"))
    assert values(first["rows"][0][0]["nested_table"]["rows"]) == [["one", "2"]]
    assert second["identifier"] == "table2"
    assert values(second["rows"]) == [["two", "2"]]


@pytest.mark.parametrize(
    "layout",
    [
        '<table role="presentation"><tr><th>A<th>B<tr><td>1<td>2</table>',
        '<table class="plainlinks metadata ambox"><tr><th>A<th>B<tr><td>1<td>2</table>',
        '<table class="navbox-inner"><tr><th>A<th>B<tr><td>1<td>2</table>',
        "<table class=wikitable><tr><td>one cell</table>",
        "<table><tr><td><p>A quotation.</p><tr><td>Its author</table>",
        "<table><tr><td><ul><li>one<li>two</ul><td><ul><li>three</ul></table>",
        "<table><tr><td>1<td>2<tr><td>3<td>4</table>",
        "<table></table>",
    ],
)
def test_layout_is_no_table(layout):
    assert tables_of(layout) == []


def test_table_framed_by_a_layout_table_is_found():
    (table,) = tables_of(f"<table><tr><td>{wikitable('<th>A<th>B', '<td>1<td>2')}</table>")
    assert table["identifier"] == "table1"


def test_table_in_what_was_taken_out_is_no_table():
    rows = ("<th>A<th>B", "<td>1<td>2")
    html = f"<div class=navbox>{wikitable(*rows)}</div>{wikitable(*rows)}"
    assert len(tables_of(html)) == 2
    assert len(tables_of(html, without=[".navbox"])) == 1


def test_even_rows_of_words_are_data_without_any_mark():
    rows = "".join(f"<tr><td>{name}<td>{born}" for name, born in (("William", 1839), ("Anne", 1841), ("Mary", 1842)))
    (table,) = tables_of(f"<table>{rows}</table>")
    assert values(table["rows"]) == [["William", "1839"], ["Anne", "1841"], ["Mary", "1842"]]


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_every_table_is_rectangular_whatever_the_page(pieces):
    for table in tables_of("<table class=wikitable><tr><th>" + "".join(pieces)):
        waiting = [table]
        while waiting:
            rows = all_rows(waiting.pop())
            assert len({len(row) for row in rows}) == 1
            waiting += [cell["nested_table"] for row in rows for cell in row if "nested_table" in cell]
        assert 0 <= table["confidence_score"] <= 1


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text):
    tables_of(f"<table class=wikitable><tr><td colspan='{text}'>{text}<tr><td>{text}<td>")


def test_spans_of_a_few_bytes_do_not_make_megabytes():
    cell = f"<td colspan=1000 rowspan=65534>{'x' * 1000}"
    page = wikitable("<th>A<th>B", cell * 100, *["<td>y"] * 5_000) * 3
    written = sum(
        len(cell.get("value", "")) + 1 for table in tables_of(page) for row in all_rows(table) for cell in row
    )
    assert written < 6_000_000


def test_rows_behind_the_most_cells_of_a_page_are_left_out():
    (table,) = tables_of("<table class=wikitable><tr><th>A<th>B" + "<tr><td>1<td>2" * 60_000 + "</table>")
    assert sum(len(row) for row in all_rows(table)) == 100_000


def test_deep_nesting_is_read_to_a_depth():
    tables_of("<table class=wikitable><tr><th>a<th>b<tr><td>c<td>d<tr><td>" * 600)
    tables_of("<table><tr><td>" * 5_000)
    tables_of("<table class=wikitable><tr><th>a<th>b<tr><td>" + "<div>" * 5_000 + "x")
