"""Templates and words whose meaning a reader must know, because wikitext does not tell it.

Names are without their namespace's prefix and casefolded. The defaults hold the names that large Wikipedias use for
the same thing; a wiki of one's own brings its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def _names(text: str) -> frozenset[str]:
    """Names written one behind the other, a bar between them."""
    return frozenset(name.strip().casefold() for name in text.split("|"))


# Functions and variables of MediaWiki and its extensions that are written like templates
# (mediawiki.org, Help:Magic_words). Those that begin with "#" need no list.
_VARIABLES = _names(
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
_FUNCTIONS = _names(
    "anchorencode|bidi|canonicalurl|canonicalurle|defaultsort|defaultsortkey|defaultcategorysort|displaytitle|filepath|"
    "formatnum|fullurl|fullurle|gender|grammar|int|lc|lcfirst|localurl|localurle|ns|nse|noexternallanglinks|"
    "numberingroup|numingroup|padleft|padright|pagesincategory|pagesincat|pagesinnamespace|pagesinns|pagesize|"
    "plural|protectionlevel|protectionexpiry|special|speciale|tag|uc|ucfirst|urlencode|formal|dir|language"
)
_MODIFIERS = ("subst:", "safesubst:", "msgnw:", "msg:", "raw:")

_CITATION_NEEDED = (
    "citation needed|cn|fact|facts|cb|ctn|cite needed|citeneeded|citation needed span|citation-needed|source needed|"
    "sourceme|uncited|unsourced|unreferenced|unreferenced section|needs citation|need citation|needs citations|"
    "more citations needed|refimprove|référence nécessaire|référence souhaitée|refnec|refsou|réf nécessaire|belege|"
    "belege fehlen|beleg|cita requerida|carece de fontes|citazione necessaria|senza fonte|citatie|bron?|"
    "нет источника|нет аи|без источников|джерело|fakt|brak źródła|källa behövs|要出典|來源請求|来源请求|fact-zh|"
    "بحاجة لمصدر|مصدر|출처|출처 필요|kaynak belirt|cần dẫn nguồn"
)
_POV = (
    "pov|npov|pov section|pov-section|pov statement|pov-statement|pov lead|neutrality|neutrality disputed|"
    "non-neutral|unbalanced|undue weight|advert|peacock|peacock inline|peacock term|non neutre|neutralität|"
    "pov check|parcial|p pov|nпов|нтз|중립 필요|中立的观点|中立"
)
_CLARIFY = (
    "clarify|clarification needed|clarifyme|clarify-inline|explain|what|whatsit|huh|vague|elucidate|"
    "specify|which|who|when|where|by whom|according to whom|précision nécessaire|pas clair|unklar|aclarar|"
    "уточнить|чего|clarification|要説明|需要解释"
)
_UPDATE = (
    "update|update inline|update section|update after|out of date|outdated|needs update|old fact|veraltet|"
    "mettre à jour|à actualiser|desactualizado|desatualizado|da aggiornare|aggiornare|устарело|更新|過時|过时|"
    "محدثة|verouderd"
)
# MediaWiki's words for redirects in some of its languages (its messages' "redirect" magic word). A dump says itself
# which pages are redirects, but not of their older revisions.
_REDIRECT = (
    "redirect|weiterleitung|redirection|redirección|redireccion|rinvia|rinvio|redirecionamento|doorverwijzing|"
    "omdirigering|omdiriger|ohjaus|uudelleenohjaus|patrz|przekieruj|tam|přesměruj|átirányítás|перенаправление|перенапр|"
    "перенаправлення|пренасочване|виждане|преусмери|yönlendirme|yönlendi̇rme|alih|đổi|ανακατευθυνση|ανακατεύθυνση|"
    "הפניה|تحويل|تغییر_مسیر|अनुप्रेषित|เปลี่ยนทาง|转向|重定向|重新導向|転送|リダイレクト|넘겨주기"
)
_SHORT_DESCRIPTION = "short description|shortdesc|short desc|courte description|описание страницы"

# Which positional arguments of a template are what it shows: the first, and one behind the last.
_SHOWN: tuple[tuple[str, tuple[int, int]], ...] = (
    ("lang|langue|transl|transliteration|lang-simple|abbrlink", (1, 2)),
    (
        "nowrap|nobr|no wrap|nobreak|nobold|em|strong|small|smaller|big|math|mvar|qi|abbr|abréviation|sic|not a typo",
        (0, 1),
    ),
    ("ill|interlanguage link|interlanguage link multi|lien|flag|flagcountry|nombre|formatnum|formatprice", (0, 1)),
    ("date|date-|date de naissance|date de décès|date de naissance-", (0, 3)),
    ("convert|cvt|unité|unité/2", (0, 2)),
)
_LITERALS = {
    "snd": " – ",
    "spnd": " – ",
    "spaced ndash": " – ",
    "spaced en dash": " – ",
    "ndash": "–",
    "–": " – ",
    "mdash": "—",
    "nbsp": " ",
    "!": "|",
    "=": "=",
    "'": "'",
    "'s": "'s",
    "ca": "c. ",
    "circa": "c. ",
    "c.": "c. ",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of templates by what they mean, and the words that begin a redirect (without "#")."""

    citation_needed: frozenset[str] = _names(_CITATION_NEEDED)
    pov: frozenset[str] = _names(_POV)
    clarification_needed: frozenset[str] = _names(_CLARIFY)
    update: frozenset[str] = _names(_UPDATE)
    short_description: frozenset[str] = _names(_SHORT_DESCRIPTION)
    shown_arguments: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {name: bounds for names, bounds in _SHOWN for name in _names(names)}
    )
    literals: Mapping[str, str] = field(default_factory=lambda: dict(_LITERALS))
    redirect_words: frozenset[str] = _names(_REDIRECT)


DEFAULT_VOCABULARY = Vocabulary()


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
