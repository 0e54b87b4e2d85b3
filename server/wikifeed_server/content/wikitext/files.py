"""Reads links to files and galleries: the images that a page shows."""

from typing import TYPE_CHECKING

from wikifeed_server.content.structure import Image
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.images import apply_option, image_name, is_image, options_of
from wikifeed_server.content.wikitext.targets import Kind, Target
from wikifeed_server.content.wikitext.tree import Nodes, Tag, parse_tree

if TYPE_CHECKING:
    from wikifeed_server.content.wikitext.walk import Walker


def add_file(walker: "Walker", name: str, flow: Flow | None) -> bool:
    """Note the image that `name` is the file's name of; whether it is one."""
    file = image_name(name)
    if not file:
        return False
    add_image(walker, walker.targets.file(file), [], flow)
    return True


def add_image(walker: "Walker", target: Target, contents: Nodes, flow: Flow | None) -> None:
    """Note an image; `contents` are the options behind its name, the last that is none is the caption."""
    image: Image = {"content_url": target.url} if target.url else {}
    if is_image(target.title):
        # Images in its caption come behind it.
        walker.images.append(image)
        if flow is not None:
            flow.images.append(image)
    caption = ""
    for option in options_of(contents):
        text = walker.text(option)
        if not apply_option(image, text):
            caption = text
    if caption:
        image["caption"] = caption


def read_gallery(walker: "Walker", tag: Tag) -> None:
    """The lines of a gallery, which the parser leaves as they are."""
    for line in _lines(parse_tree("".join(node for node in tag.contents if isinstance(node, str)))):
        first = line[0]
        if not isinstance(first, str):
            walker.walk(line, None)
            continue
        name, _, rest = first.partition("|")
        target = walker.targets.resolve(name.strip())
        if target.kind is not Kind.FILE and image_name(name):
            target = walker.targets.file(name.strip())
        if target.kind is Kind.FILE:
            add_image(walker, target, [rest, *line[1:]], None)


def _lines(nodes: Nodes) -> list[Nodes]:
    """Nodes cut at the ends of lines; no line is empty."""
    lines: list[Nodes] = [[]]
    for node in nodes:
        if isinstance(node, str):
            first, *others = node.split("\n")
            lines[-1].append(first)
            lines.extend([other] for other in others)
        else:
            lines[-1].append(node)
    return [line for line in lines if line and line != [""]]
