"""Sections, paragraphs and lists of wikitext."""

import pytest

from wikifeed_server.content import read_wikitext


def outline(parts):
    """Parts as nested tuples of what they say: (name or value, parts within)."""
    return [
        (part.get("name") or part.get("value"), outline(part["has_parts"]))
        if "has_parts" in part
        else part.get("name") or part.get("value")
        for part in parts
    ]


def test_lead_is_the_section_abstract_and_headings_nest_by_level(read):
    text = "Lead.\n== A ==\na\n=== B ===\nb\n==== C ====\nc\n=== D ===\n== E ==\ne"
    assert outline(read(text).sections) == [
        ("Abstract", ["Lead."]),
        ("A", ["a", ("B", ["b", ("C", ["c"])])]),
        ("E", ["e"]),
    ]


def test_levels_that_are_skipped_or_go_up_again_find_their_place(read):
    assert outline(read("==== A ====\na\n== B ==\n==== C ====\nc\n=== D ===\nd\n= E =\ne").sections) == [
        ("A", ["a"]),
        ("B", [("C", ["c"]), ("D", ["d"])]),
        ("E", ["e"]),
    ]


def test_section_of_nothing_but_references_is_none(read):
    sections = read("a\n== References ==\n{{reflist}}\n<references />\n{{Navbox|list1=[[b]]}}").sections
    assert sections[1:] == []


LINKS = "* [[One]]\n* [[Two]]\n* [[Three]]\n"


@pytest.mark.parametrize("names", [("See also", "Notes"), ("Véase también", "Notas"), ("関連項目", "脚注"), ("A", "B")])
def test_back_matter_is_known_by_its_shape_in_any_language(read, names):
    text = (
        "Lead.\n== Works ==\n* The first, 1901\n* The second, 1902\n"
        f"== {names[0]} ==\n{LINKS}== {names[1]} ==\n<references/>\n== More ==\n* Some book by somebody, 1999\n"
    )
    assert [section["name"] for section in read(text).sections] == ["Abstract", "Works"]


def test_prose_behind_the_notes_ends_the_back_matter(read):
    text = f"Lead.\n== See also ==\n{LINKS}== Notes ==\n<references/>\n== Afterword ==\n{'Prose goes on. ' * 30}"
    assert [section["name"] for section in read(text).sections] == ["Abstract", "See also", "Afterword"]


def test_links_out_of_the_wiki_at_the_end_are_back_matter(read):
    text = (
        "Lead.\n== Work ==\nText.\n== Web ==\n* [http://a.example/ The home page of A]\n* [http://b.example/ B], a site"
    )
    assert [section["name"] for section in read(text).sections] == ["Abstract", "Work"]


def test_page_without_text_has_no_sections(read):
    assert read("{{Infobox x|a=b}}\n[[Category:C]]\n__NOTOC__").sections == []


def test_paragraphs_end_at_empty_lines_only(parts):
    assert outline(parts("one\nstill one\n\ntwo\n \nthree")) == ["one still one", "two", "three"]


def test_template_alone_on_its_line_ends_a_paragraph(parts):
    assert outline(parts("one\n{{clear}}\ntwo {{unknown}} words")) == ["one", "two words"]


def test_links_are_those_of_their_paragraph(parts):
    first, second = parts("[[a]] and [[b|c]]\n\n[https://example.org d]")
    wiki = "https://en.wikipedia.org/wiki/"
    assert first["links"] == [{"url": wiki + "A", "text": "a"}, {"url": wiki + "B", "text": "c"}]
    assert second["links"] == [{"url": "https://example.org", "text": "d"}]


def test_lists_nest_by_their_markers(parts):
    assert outline(parts("* a\n** b\n** c\n*** d\n* e\n# f")) == [
        (None, [("a", [(None, ["b", ("c", [(None, ["d"])])])]), "e"]),
        (None, ["f"]),
    ]
    assert parts("* a")[0] == {"type": "list", "has_parts": [{"type": "list_item", "value": "a"}]}


def test_item_of_which_nothing_is_known_does_not_break_its_list(parts):
    assert outline(parts("* a\n* {{cite book|title=x}}.\n* b")) == [(None, ["a", "b"])]
    assert outline(parts("* a\n* {{x}}\n** b")) == [(None, ["a", (None, [(None, ["b"])])])]
    assert outline(parts("*** a")) == [(None, [(None, [(None, [(None, [(None, ["a"])])])])])]


def test_list_ends_at_a_line_of_text(parts):
    assert outline(parts("* a\ntext\n* b")) == [(None, ["a"]), "text", (None, ["b"])]


def test_terms_and_indents_are_items(parts):
    assert outline(parts("; term : meaning\n: more")) == [(None, ["term", "meaning", "more"])]
    assert outline(parts("*a\n*:b")) == [(None, [("a", [(None, ["b"])])])]


def test_lists_written_as_tags(parts):
    assert outline(parts("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>after")) == [
        (None, [("a", [(None, ["b"])]), "c"]),
        "after",
    ]


def test_lists_made_by_templates(parts):
    assert outline(parts("{{plainlist|\n* a\n* [[b]]\n}}")) == [(None, ["a", "b"])]
    assert outline(parts("{{ubl| a |[[b]]|class=x}}")) == [(None, ["a", "b"])]
    assert outline(parts("{{#invoke:list|ubl|a|b}}")) == [(None, ["a", "b"])]
    assert outline(parts("* x {{hlist|a|b}}")) == [(None, [("x", [(None, ["a", "b"])])])]


def test_depth_of_lists_is_bounded(parts):
    depth = 0
    found = parts("*" * 500 + "a")
    while found:
        depth += 1
        found = found[0].get("has_parts")
    assert 20 < depth <= 32


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("H<sub>2</sub>O weighs 10<sup>3</sup> kg", "HO weighs 10 kg"),
        ("a<ref>b</ref> c<!-- d -->", "a c"),
        ("a<br>b", "a b"),
        ("a&nbsp;b\u2009c", "a b c"),
        ("<div>a</div><center>b</center>", "a"),
        ('a<span style="display: none">b</span>', "a"),
        ("a <math>x^2</math> b", "a b"),
        ("__TOC__a", "a"),
        ("[[File:A.jpg|thumb|b]]a", "a"),
        ("a <nowiki>[[b]]</nowiki>", "a [[b]]"),
        ("<includeonly>b</includeonly>a", "a"),
        ("a {{nowrap|[[b|c]] d}}", "a c d"),
        ("{{date-|4 février 2023}}, a", "4 février 2023, a"),
        ("{{ill|Ada (x)|de|Ada|lt=Ada}} a", "Ada a"),
        ("{{convert|10|km|mi}} a", "10 km a"),
        ("19{{endash}}20", "19–20"),
        ("born {{birth date|1815|12|1|df=y}}", "born 1815-12-01"),
        ("born {{birth date|1815}} or {{birth date|May 5}}", "born 1815 or"),
        ("{{harvnb|Pais|Bohr|1982|pp=3-4}} a", "Pais & Bohr 1982, pp. 3–4 a"),
        ("see {{harv|Pais|1982}}", "see (Pais 1982)"),
        ("{{citation|Où suis-je ?}} dit-il", "Où suis-je ? dit-il"),
        ("[[a|]]b", "b"),
        ("~~~~ ''a'''b'''''", "~~~~ ab"),
    ],
)
def test_text_is_what_the_page_shows(parts, text, shown):
    assert parts(text)[0]["value"] == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada ({{IPA|x}}; 1815) wrote", "Ada (1815) wrote"),
        ("Ada ({{IPA|x}}, {{lang-fr|y}}; {{z}}; 1815) wrote", "Ada (1815) wrote"),
        ("Ada ({{IPA|x}}) wrote", "Ada wrote"),
        ("Ada (1815; {{IPA|x}}) wrote", "Ada (1815) wrote"),
        ("Ada （{{IPA|x}}、1815年）", "Ada （1815年）"),
        ("a {{x}}, b", "a, b"),
        ("a, {{x}}. b", "a. b"),
        ("{{x}} a {{y}}", "a"),
    ],
)
def test_what_is_left_out_leaves_no_bare_marks(parts, text, shown):
    assert parts(text)[0]["value"] == shown


def test_quotation_stands_by_itself(parts):
    assert outline(parts("a\n{{quote|text=[[b]] c|author=d}}\ne")) == ["a", "b c", "e"]


def test_cells_of_a_layout_table_are_text(parts):
    assert outline(parts("{|\n|\n* a\n* b\n|\n* c\n|}\nd")) == [(None, ["a", "b"]), (None, ["c"]), "d"]


def test_text_is_a_line_for_each_heading_paragraph_and_item(read):
    assert read("a [[b]]\nc\n\nd\n== E ==\n* f\n** g\n=== H ===\n").text == "a b c\nd\nE\nf\ng"


def test_arabic_and_chinese_texts_are_cut_alike(arwiki, zhwiki):
    arabic = read_wikitext("'''القاهرة''' هي [[عاصمة]]ها.\n== تاريخ ==\n* أ\n* ب", arwiki, "القاهرة")
    assert outline(arabic.sections) == [("Abstract", ["القاهرة هي عاصمةها."]), ("تاريخ", [(None, ["أ", "ب"])])]
    chinese = read_wikitext("'''北京'''是[[中国]]的[[首都]]。\n== 历史 ==\n悠久。", zhwiki, "北京")
    assert outline(chinese.sections) == [("Abstract", ["北京是中国的首都。"]), ("历史", ["悠久。"])]
