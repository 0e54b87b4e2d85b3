"""Read masks: what a plan cuts from fragments is what protobuf's own merge makes of the whole article."""

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.fragments import HEAD_FIELDS, STRUCTURED_CONTENTS, STRUCTURED_FIELDS, Parts
from wikifeed_server.contract.masks import read_plan, structured_contents_plan
from wikifeed_server.errors import InvalidRequestError

MAX_DEPTH = 3


def paths_of(descriptor, prefix=""):
    for field in descriptor.fields:
        yield prefix + field.name
        if field.message_type and not field.is_repeated:
            yield from paths_of(field.message_type, f"{prefix}{field.name}.")


ALL_PATHS = sorted(paths_of(Article.DESCRIPTOR))
SCALARS = {
    FieldDescriptor.CPPTYPE_STRING: st.text(max_size=8),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_DOUBLE: st.floats(allow_nan=False),
    FieldDescriptor.CPPTYPE_ENUM: st.integers(0, 3),
}


def fill(draw, message, depth):
    """Set some fields of a message at random."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue
        if draw(st.integers(0, 2)):
            continue
        if field.message_type and depth:
            made = [fill(draw, GetMessageClass(field.message_type)(), depth - 1)]
            if field.is_repeated:
                getattr(message, field.name).extend(made)
            else:
                getattr(message, field.name).CopyFrom(made[0])
        elif not field.message_type:
            values = SCALARS[field.cpp_type]
            if field.is_repeated:
                getattr(message, field.name).extend(draw(st.lists(values, max_size=2)))
            else:
                setattr(message, field.name, draw(values))
    return message


@st.composite
def articles(draw):
    article = fill(draw, Article(), MAX_DEPTH)
    article.name = draw(st.text(min_size=1, max_size=8))
    return article


def cut_by(article, paths):
    wanted = Article()
    FieldMask(paths=paths).MergeMessage(article, wanted)
    return wanted


def split(article, parts, *, redirects_in_head=False):
    """The fragments that a store gives for `parts`: head in two, as behind an event stamp, then the others."""
    head = cut_by(article, HEAD_FIELDS - {"event"})
    redirects = cut_by(article, ["redirects"])
    if redirects_in_head:
        head.MergeFrom(redirects)
        redirects = Article()
    fragments = {
        Parts.HEAD: cut_by(article, ["event"]).SerializeToString() + head.SerializeToString(),
        Parts.HTML: Article(article_body={"html": article.article_body.html}).SerializeToString(),
        Parts.WIKITEXT: Article(article_body={"wikitext": article.article_body.wikitext}).SerializeToString(),
        Parts.STRUCTURED: cut_by(article, STRUCTURED_FIELDS).SerializeToString(),
        Parts.REDIRECTS: redirects.SerializeToString(),
    }
    if not article.article_body.html:
        fragments[Parts.HTML] = b""
    if not article.article_body.wikitext:
        fragments[Parts.WIKITEXT] = b""
    return tuple(fragment for part, fragment in fragments.items() if part & parts)


def without_empty_body(article):
    if not article.article_body.ByteSize():
        article.ClearField("article_body")
    return article


@given(articles(), st.lists(st.sampled_from(ALL_PATHS), min_size=1, max_size=8, unique=True), st.booleans())
@settings(max_examples=400, deadline=None)
def test_cut_fragments_are_the_masked_article(article, paths, redirects_in_head):
    plan = read_plan(FieldMask(paths=paths))
    fragments = split(article, plan.parts, redirects_in_head=redirects_in_head)
    cut = Article.FromString(b"".join(plan.cut(fragments)))
    assert without_empty_body(cut) == without_empty_body(cut_by(article, paths))


STRUCTURED_PATHS = [path for path in ALL_PATHS if path.partition(".")[0] in STRUCTURED_CONTENTS]


@given(articles(), st.lists(st.sampled_from(STRUCTURED_PATHS), max_size=8, unique=True))
@settings(deadline=None)
def test_structured_contents_are_the_article_cut_to_their_fields_and_to_the_mask(article, paths):
    plan = structured_contents_plan(FieldMask(paths=paths))
    assert Parts.ALL & ~plan.parts >= Parts.HTML | Parts.WIKITEXT | Parts.REDIRECTS
    cut = Article.FromString(b"".join(plan.cut(split(article, plan.parts))))
    assert cut == cut_by(article, paths or STRUCTURED_CONTENTS)


def test_whole_fields_are_cut_without_parsing_them():
    plan = read_plan(FieldMask(paths=["name", "version", "version.editor.name", "article_body.html"]))
    version = b"\x42\x02\xff\xff"  # field 8 with two bytes that are no Revision
    head = Article(name="Ada", identifier=1).SerializeToString() + version
    assert list(plan.cut((head,))) == [Article(name="Ada").SerializeToString() + version]


@pytest.mark.parametrize(
    ("paths", "parts"),
    [
        ([], Parts.ALL),
        (["article_body"], Parts.HTML | Parts.WIKITEXT),
        (["article_body.html"], Parts.HTML),
        (["article_body.wikitext"], Parts.WIKITEXT),
        (["article_body.wikitext", "article_body.html"], Parts.HTML | Parts.WIKITEXT),
        (sorted(STRUCTURED_FIELDS), Parts.STRUCTURED),
        ([*sorted(STRUCTURED_FIELDS), "article_body.html"], Parts.STRUCTURED | Parts.HTML),
        ([*sorted(HEAD_FIELDS), "redirects"], Parts.HEAD | Parts.REDIRECTS),
        (sorted(Article.DESCRIPTOR.fields_by_name), Parts.ALL),
    ],
)
def test_masks_along_the_borders_of_fragments_parse_nothing(paths, parts):
    plan = read_plan(FieldMask(paths=paths))
    unparsable = (b"\xff\xff", b"\xff")
    assert plan.parts == parts
    assert plan.cut(unparsable) is unparsable


def test_a_body_is_not_parsed_for_a_mask_that_cuts_the_head():
    plan = read_plan(FieldMask(paths=["name", "article_body.html"]))
    body = Article(article_body={"html": "<p>"}).SerializeToString() + b"\xff\xff"
    head = Article(name="Ada", identifier=1).SerializeToString()
    assert plan.parts == Parts.HEAD | Parts.HTML
    assert list(plan.cut((head, body))) == [Article(name="Ada").SerializeToString(), body]


def test_a_head_is_not_parsed_for_a_mask_that_cuts_the_structured_parts():
    plan = read_plan(FieldMask(paths=[*HEAD_FIELDS, "redirects", "links"]))
    head = Article(name="Ada").SerializeToString() + b"\xff\xff"
    structured = Article(links=[{"url": "u"}], tables=[{"identifier": "t"}]).SerializeToString()
    assert list(plan.cut((head, structured))) == [head, Article(links=[{"url": "u"}]).SerializeToString()]


def violations(paths):
    with pytest.raises(InvalidRequestError) as caught:
        read_plan(FieldMask(paths=paths))
    return caught.value.violations


def test_an_unknown_path_is_refused_by_its_place_with_what_comes_near():
    (violation,) = violations(["name", "version.editr.name"])
    assert violation.field == "read_mask.paths[1]"
    assert "'editr'" in violation.description
    assert "did you mean editor?" in violation.description


def test_every_wrong_path_is_named():
    assert [violation.field for violation in violations(["nme", "name", "abstracts"])] == [
        "read_mask.paths[0]",
        "read_mask.paths[2]",
    ]


@pytest.mark.parametrize("path", ["", ".", "name.", ".name", "name.first", "categories.name", "*", "a" * 9000, "näme"])
def test_paths_that_name_no_field_are_refused(path):
    (violation,) = violations([path])
    assert len(violation.description) < 1000


def test_structured_contents_refuse_the_fields_that_they_have_not():
    with pytest.raises(InvalidRequestError) as caught:
        structured_contents_plan(FieldMask(paths=["name", "categories", "article_body.html", "version.editor"]))
    assert [violation.field for violation in caught.value.violations] == ["read_mask.paths[1]", "read_mask.paths[2]"]
    assert "GetArticle" in caught.value.violations[0].description


def test_a_path_into_a_list_is_refused_with_advice():
    (violation,) = violations(["categories.name"])
    assert "ask for categories" in violation.description


def test_more_than_255_paths_are_refused():
    (violation,) = violations(["name"] * 256)
    assert violation.field == "read_mask.paths"
