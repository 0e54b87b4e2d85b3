"""Templates and words whose meaning a reader must know, because wikitext does not tell it.

Names are without their namespace's prefix and casefolded. The defaults hold the names that large Wikipedias use for
the same thing; a wiki of one's own brings its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wikifeed_server.content import template_names as names


def names_in(text: str) -> frozenset[str]:
    """Names written one behind the other, a bar between them."""
    return frozenset(name.strip().casefold() for name in text.split("|"))


# Functions and variables of MediaWiki and its extensions that are written like templates
# (mediawiki.org, Help:Magic_words). Those that begin with "#" need no list.
_VARIABLES = names_in(
    "!|=|currentday|currentday2|currentdayname|currentdow|currenthour|currentmonth|currentmonth1|currentmonth2|"
    "currentmonthabbrev|currentmonthname|currentmonthnamegen|currenttime|currenttimestamp|currentversion|currentweek|"
    "currentyear|localday|localday2|localdayname|localdow|localhour|localmonth|localmonth1|localmonth2|"
    "localmonthabbrev|localmonthname|localmonthnamegen|localtime|localtimestamp|localweek|localyear|pagename|pagenamee|"
    "fullpagename|fullpagenamee|basepagename|basepagenamee|rootpagename|rootpagenamee|subpagename|subpagenamee|"
    "subjectpagename|subjectpagenamee|articlepagename|articlepagenamee|talkpagename|talkpagenamee|namespace|"
    "namespacee|namespacenumber|subjectspace|subjectspacee|articlespace|articlespacee|talkspace|talkspacee|sitename|"
    "server|servername|scriptpath|stylepath|articlepath|contentlanguage|contentlang|pageid|pagelanguage|"
    "revisionid|revisionday|revisionday2|revisionmonth|revisionmonth1|revisionyear|revisiontimestamp|revisionuser|"
    "revisionsize|numberofarticles|numberoffiles|numberofpages|numberofusers|numberofactiveusers|numberofadmins|"
    "numberofedits|cascadingsources|noexternallanglinks|directionmark|dirmark"
)
_FUNCTIONS = names_in(
    "anchorencode|bidi|canonicalurl|canonicalurle|defaultsort|defaultsortkey|defaultcategorysort|displaytitle|filepath|"
    "formatnum|fullurl|fullurle|gender|grammar|int|lc|lcfirst|localurl|localurle|ns|nse|noexternallanglinks|"
    "numberingroup|numingroup|padleft|padright|pagesincategory|pagesincat|pagesinnamespace|pagesinns|pagesize|"
    "plural|protectionlevel|protectionexpiry|special|speciale|tag|uc|ucfirst|urlencode|formal|dir|language"
)
_MODIFIERS = ("subst:", "safesubst:", "msgnw:", "msg:", "raw:")

# MediaWiki's words for redirects in some of its languages (its messages' "redirect" magic word). A dump says itself
# which pages are redirects, but not of their older revisions.
_REDIRECT = (
    "redirect|weiterleitung|redirection|redirección|redireccion|rinvia|rinvio|redirecionamento|doorverwijzing|"
    "omdirigering|omdiriger|ohjaus|uudelleenohjaus|patrz|przekieruj|tam|přesměruj|átirányítás|перенаправление|перенапр|"
    "перенаправлення|пренасочване|виждане|преусмери|yönlendirme|yönlendi̇rme|alih|đổi|ανακατευθυνση|ανακατεύθυνση|"
    "הפניה|تحويل|تغییر_مسیر|अनुप्रेषित|เปลี่ยนทาง|转向|重定向|重新導向|転送|リダイレクト|넘겨주기"
)
# Which positional arguments of a template are what it shows: the first, and one behind the last.
_SHOWN: tuple[tuple[str, tuple[int, int]], ...] = (
    (
        "lang|langue|transl|transliteration|lang-simple|abbrlink|native name|native phrase|color|colour|align|sort",
        (1, 2),
    ),
    (
        "nowrap|nobr|no wrap|nobreak|nobold|em|strong|small|smaller|big|math|mvar|qi|abbr|abréviation|sic|not a typo|"
        "longitem|marriage|url|nihongo|vanchor|visible anchor|sc|smallcaps|small caps|petites capitales|nts|tooltip|"
        "yes|no|partial|yes2|no2|n/a|won|nom|nominated|pending|unknown|oui|non|linktext|center|centre|larger|resize|italic|bold|raise|souligner|incise|iast|unicode|polytonic",
        (0, 1),
    ),
    ("ill|interlanguage link|interlanguage link multi|lien|flag|flagcountry|nombre|formatnum|formatprice", (0, 1)),
    ("date|date-|date de naissance|date de décès|date de naissance-", (0, 3)),
    ("convert|cvt|unité|unité/2|sortname", (0, 2)),
)
# Which arguments with names some of these show instead, where they are there.
_SHOWN_NAMES = {
    "ill": ("lt",),
    "interlanguage link": ("lt",),
    "interlanguage link multi": ("lt",),
    "lien": ("texte", "fr"),
}
_LITERALS = {
    "snd": " – ",
    "spnd": " – ",
    "spaced ndash": " – ",
    "spaced en dash": " – ",
    "ndash": "–",
    "endash": "–",
    "en dash": "–",
    "emdash": "—",
    "em dash": "—",
    "–": " – ",
    "mdash": "—",
    "nbsp": " ",
    "·": " · ",
    "•": " • ",
    "middot": " · ",
    "dot": " · ",
    "bull": " • ",
    "!": "|",
    "=": "=",
    "'": "'",
    "'s": "'s",
    "yes": "Yes",
    "no": "No",
    "n/a": "N/A",
    "won": "Won",
    "nom": "Nominated",
    "oui": "Oui",
    "non": "Non",
    "ca": "c. ",
    "circa": "c. ",
    "c.": "c. ",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of templates by what they mean, and the words that begin a redirect (without "#").

    `infobox_words` are parts of names. `sources` tells the kind of source that a template cites, `notes` the group of
    the footnotes that a template makes, `shown_arguments` which arguments a template shows.
    """

    citation_needed: frozenset[str] = names_in(names.CITATION_NEEDED)
    pov: frozenset[str] = names_in(names.POV)
    clarification_needed: frozenset[str] = names_in(names.CLARIFY)
    update: frozenset[str] = names_in(names.UPDATE)
    short_description: frozenset[str] = names_in(names.SHORT_DESCRIPTION)
    infobox_words: tuple[str, ...] = tuple(names.INFOBOX_WORDS.split("|"))
    lists: frozenset[str] = names_in(names.LISTS)
    quotations: frozenset[str] = names_in(names.QUOTATIONS)
    dates: frozenset[str] = names_in(names.DATES)
    page_links: frozenset[str] = names_in(names.PAGE_LINKS)
    sources: Mapping[str, str] = field(
        default_factory=lambda: {name: kind for kind, listed in names.SOURCES.items() for name in names_in(listed)}
    )
    notes: Mapping[str, str] = field(
        default_factory=lambda: {name: group for listed, group in names.NOTES for name in names_in(listed)}
    )
    short_notes: frozenset[str] = names_in(names.SHORT_NOTES)
    short_citations: frozenset[str] = names_in(names.SHORT_CITATIONS)
    named_notes: frozenset[str] = names_in(names.NAMED_NOTES)
    shown_arguments: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {name: bounds for listed, bounds in _SHOWN for name in names_in(listed)}
    )
    shown_names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(_SHOWN_NAMES))
    literals: Mapping[str, str] = field(default_factory=lambda: dict(_LITERALS))
    redirect_words: frozenset[str] = names_in(_REDIRECT)


DEFAULT_VOCABULARY = Vocabulary()
_ENGLISH_SOURCE = re.compile(r"v?cite2?[ -](?!this|check|sources|section|needed)(.+)")


def source_type(key: str, vocabulary: Vocabulary) -> str:
    """The kind of source that the template of that casefolded name cites; empty where it cites none."""
    if known := vocabulary.sources.get(key):
        return known
    english = _ENGLISH_SOURCE.fullmatch(key)
    return english[1] if english is not None and key not in vocabulary.citation_needed else ""


def is_infobox_name(key: str, vocabulary: Vocabulary) -> bool:
    """Whether the template of that casefolded name is an infobox."""
    return any(word in key for word in vocabulary.infobox_words)


def called_name(name: str) -> str:
    """What a name in two braces transcludes, without modifiers such as "subst:"; empty where it calls a function."""
    text = name.strip()
    lowered = text.casefold()
    while lowered.startswith(_MODIFIERS):
        text = text.partition(":")[2].lstrip()
        lowered = text.casefold()
    if not text or text[0] == "#" or "\n" in text or lowered in _VARIABLES:
        return ""
    function, colon, _ = text.partition(":")
    # A sort key has a name of its own in many languages; all of them are written in capitals.
    if colon and (function.isupper() or function.casefold() in _FUNCTIONS):
        return ""
    return text
