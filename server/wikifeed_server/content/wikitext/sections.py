"""Puts the blocks of a page's body into the tree of its sections."""

from wikifeed_server.content.structure import LEAD, Part, Table
from wikifeed_server.content.wikitext.flow import Block, Heading, TablePlace

# As a level, it makes any heading end the lead.
_DEEPEST = 7


def numbered(tables: list[Table]) -> list[Table]:
    """The tables with identifiers that are unique in the page."""
    return [{"identifier": f"table{number}", **table} for number, table in enumerate(tables, start=1)]


def section_tree(blocks: list[Block], tables: list[Table]) -> list[Part]:
    """The sections, the lead first; sections of a lower level are within those of a higher. `tables` are numbered.

    A section that shows nothing is there with its name alone; a lead that shows nothing is not.
    """
    lead: Part = {"type": "section", "name": LEAD}
    sections: list[Part] = []
    open_sections: list[tuple[int, Part]] = [(_DEEPEST, lead)]
    for block in blocks:
        if isinstance(block, Heading):
            section: Part = {"type": "section"}
            if block.title:
                section["name"] = block.title
            while open_sections and open_sections[-1][0] >= block.level:
                open_sections.pop()
            siblings = open_sections[-1][1].setdefault("has_parts", []) if open_sections else sections
            siblings.append(section)
            open_sections.append((block.level, section))
        elif isinstance(block, TablePlace):
            table = tables[block.number]
            place = open_sections[-1][1].setdefault("table_references", [])
            place.append({"identifier": table["identifier"], "confidence_score": table["confidence_score"]})
        else:
            open_sections[-1][1].setdefault("has_parts", []).append(block)
    return [lead, *sections] if len(lead) > len(("type", "name")) else sections
