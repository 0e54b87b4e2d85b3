"""Tables of wikitext."""

import pytest


def texts(rows):
    return [[cell.get("value", "") for cell in row] for row in rows]


@pytest.fixture
def table(read):
    """The only table of a text."""

    def read_table(text):
        (found,) = read(text).tables
        return found

    return read_table


def test_table_has_a_caption_headers_rows_and_footers(table):
    found = table(
        "{| class=wikitable\n|+ style='x' | The ''cap''\n! A !! scope=col | B\n|-\n! 1\n| [[b|2]]\n|-\n| 3 || 4\n"
        "|-\n! Sum !! 6\n|}"
    )
    assert found["caption"] == "The cap"
    assert texts(found["headers"]) == [["A", "B"]]
    assert texts(found["rows"]) == [["1", "2"], ["3", "4"]]
    assert texts(found["footers"]) == [["Sum", "6"]]
    assert (found["identifier"], found["confidence_score"]) == ("table1", 1.0)


def test_caption_without_attributes_and_rows_before_it(table):
    assert table("{|\n|+Cap [[b]]\n! A\n|-\n| c\n|}")["caption"] == "Cap b"
    assert table("{|\n|-\n|+ Cap\n|-\n| a\n|-\n| b\n|}")["caption"] == "Cap"


def test_plus_behind_a_space_is_no_caption(table):
    found = table("{|\n! A\n|-\n| +5\n|}")
    assert "caption" not in found
    assert texts(found["rows"]) == [["+5"]]


def test_spans_are_repeated(table):
    found = table(
        "{|\n! rowspan=2 | A\n! colspan='2' | B\n|-\n! C !! D\n"
        "|-\n| rowspan=2 | 1 || 2 || 3\n|-\n| 4 || rowspan=9 | 5\n|}"
    )
    assert texts(found["headers"]) == [["A", "B", "B"], ["A", "C", "D"]]
    assert texts(found["rows"]) == [["1", "2", "3"], ["1", "4", "5"]]


def test_cell_that_spans_both_ways_fills_its_block(table):
    found = table("{|\n! a !! b !! c\n|-\n| rowspan=2 colspan=2 | x || 1\n|-\n| 2\n|-\n| 3 || 4 || 5\n|}")
    assert texts(found["rows"]) == [["x", "x", "1"], ["x", "x", "2"], ["3", "4", "5"]]


def test_rowspan_of_zero_reaches_down_to_the_end(table):
    assert texts(table("{|\n! a\n! b\n|-\n| rowspan=0 | x || 1\n|-\n| 2\n|-\n| 3\n|}")["rows"]) == [
        ["x", "1"],
        ["x", "2"],
        ["x", "3"],
    ]


@pytest.mark.parametrize("span", ["-1", "x", "", "1.5", "²"])
def test_span_that_is_no_number_is_one(table, span):
    assert texts(table(f"{{|\n! a\n|-\n| colspan={span} | b\n|}}")["rows"]) == [["b"]]


def test_attributes_before_a_template_are_those_of_the_cell(table):
    found = table('{|\n! a !! b\n|-\n| colspan="2" {{yes|Main}}\n|-\n|style="x"{{no}}||c\n|}')
    assert texts(found["rows"]) == [["Main", "Main"], ["No", "c"]]


def test_table_written_as_tags(table):
    found = table(
        "<table><caption>Cap</caption><thead><tr><td>A</td></tr></thead><tbody><tr><td>1</td></tr></tbody>"
        "<tfoot><tr><td>2</td></tr></tfoot></table>"
    )
    assert (found["caption"], texts(found["headers"])) == ("Cap", [["A"]])
    assert (texts(found["rows"]), texts(found["footers"])) == ([["1"]], [["2"]])


def test_lists_and_breaks_in_cells_are_one_text(table):
    assert texts(table("{|\n! a\n|-\n|\n* b\n* c\n|-\n| d<br>e<ref>f</ref>\n|}")["rows"]) == [["b c"], ["d e"]]


def test_table_in_a_cell_is_nested_and_stands_in_no_section(read):
    contents = read("{|\n! A\n|-\n| x\n{|\n! B\n|-\n| 1\n|}\n|}\ntext")
    (found,) = contents.tables
    nested = found["rows"][0][0]["nested_table"]
    assert found["rows"][0][0]["value"] == "x"
    assert (texts(nested["headers"]), texts(nested["rows"])) == ([["B"]], [["1"]])
    assert contents.text == "text"


def test_sections_name_the_tables_that_stand_in_them(read):
    contents = read("{|\n! a\n|}\nlead\n== B ==\n=== C ===\n{|\n! d\n|}\n{|\n! e\n|-\n| f || g\n|}")
    assert [table["identifier"] for table in contents.tables] == ["table1", "table2", "table3"]
    lead, section = contents.sections
    assert lead["table_references"] == [{"identifier": "table1", "confidence_score": 1.0}]
    assert "table_references" not in section
    assert section["has_parts"][0]["table_references"] == [
        {"identifier": "table2", "confidence_score": 1.0},
        {"identifier": "table3", "confidence_score": 0.5},
    ]


@pytest.mark.parametrize(
    "attributes", ["role=presentation", 'class="navbox x"', "role=navigation", "class=metadata", "class='infobox'"]
)
def test_tables_of_other_uses_are_none(read, attributes):
    assert read(f"{{| {attributes}\n! a\n|-\n| b\n|}}").tables == []


def test_table_of_one_row_without_headers_is_layout(read):
    contents = read("{|\n| a || b\n|}")
    assert (contents.tables, contents.text) == ([], "a\nb")


def test_table_whose_rows_templates_make_is_not_trusted(table):
    assert table("{|\n! a !! b\n{{row|1|2}}\n|-\n{{row|3|4}}\n|-\n| 5 || 6\n|}")["confidence_score"] < 0.7


def test_table_that_shows_nothing_is_none(read):
    assert read("{|\n|-\n| || {{x}}\n|-\n|\n|}").tables == []


def test_small_page_of_huge_spans_stays_small(read):
    row = "|-\n| rowspan=60000 colspan=1000 | " + "x" * 1000 + "\n"
    tables = read("{|\n! a\n" + row * 50 + "|}\n").tables
    cells = [cell for table in tables for row in table["headers"] + table["rows"] for cell in row]
    assert sum(len(cell.get("value", "")) for cell in cells) < 3_000_000
    assert len(cells) < 20_000


def test_cells_of_a_table_are_bounded(read):
    (found,) = read("{|\n! a\n|-\n| b" + "||c" * 110_000 + "\n|}").tables
    assert len(found["rows"][0]) <= 100_000
