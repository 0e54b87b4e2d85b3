"""The names that large Wikipedias give to templates for the same thing.

Names are casefolded, without their namespace's prefix, and stand one behind the other, a bar between them.
"""

CITATION_NEEDED = (
    "citation needed|cn|fact|facts|cb|ctn|cite needed|citeneeded|citation needed span|citation-needed|source needed|"
    "sourceme|uncited|unsourced|unreferenced|unreferenced section|needs citation|need citation|needs citations|"
    "more citations needed|refimprove|référence nécessaire|référence souhaitée|refnec|refsou|réf nécessaire|belege|"
    "belege fehlen|beleg|cita requerida|carece de fontes|citazione necessaria|senza fonte|citatie|bron?|"
    "нет источника|нет аи|без источников|джерело|fakt|brak źródła|källa behövs|要出典|來源請求|来源请求|fact-zh|"
    "بحاجة لمصدر|مصدر|출처|출처 필요|kaynak belirt|cần dẫn nguồn"
)
POV = (
    "pov|npov|pov section|pov-section|pov statement|pov-statement|pov lead|neutrality|neutrality disputed|"
    "non-neutral|unbalanced|undue weight|advert|peacock|peacock inline|peacock term|non neutre|neutralität|"
    "pov check|parcial|p pov|nпов|нтз|중립 필요|中立的观点|中立"
)
CLARIFY = (
    "clarify|clarification needed|clarifyme|clarify-inline|explain|what|whatsit|huh|vague|elucidate|"
    "specify|which|who|when|where|by whom|according to whom|précision nécessaire|pas clair|unklar|aclarar|"
    "уточнить|чего|clarification|要説明|需要解释"
)
UPDATE = (
    "update|update inline|update section|update after|out of date|outdated|needs update|old fact|veraltet|"
    "mettre à jour|à actualiser|desactualizado|desatualizado|da aggiornare|aggiornare|устарело|更新|過時|过时|"
    "محدثة|verouderd"
)
SHORT_DESCRIPTION = "short description|shortdesc|short desc|courte description|описание страницы"

# Words of the names of infoboxes: a template is one when a word is within its name.
INFOBOX_WORDS = (
    "infobox|info/|taxobox|speciesbox|chembox|drugbox|geobox|starbox|planetbox|mycomorphbox|virusbox|hybridbox|"
    "paraphyletic group|infobulle|infoboks|infoboxas|infokutija|infokućica|infocasetă|infocaseta|infocaixa|caixa info|"
    "infotaula|infotaulo|infokast|infokaste|infokeste|informkesto|infolaatikko|infolentelė|infofoskje|infotavola|"
    "inligtingskas|kotak info|ficha de|ficha |carte d'identité|bilgi kutusu|bilgi qutusu|məlumat qutusu|hộp thông tin|"
    "thông tin |карточка|картка|картачка|инфокутия|инфокутија|инфобокс|κουτί πληροφοριών|πληροφορίες|տեղեկաքարտ|"
    "ინფოდაფა|صندوق معلومات|جعبه اطلاعات|جعبه زندگینامه|خانہ معلومات|معلومات صندوق|ज्ञानसन्दूक|माहितीचौकट|তথ্যছক|"
    "தகவற்சட்டம்|సమాచారపెట్టె|ഇൻഫോബോക്സ്|กล่องข้อมูล|信息框|資訊框|訊息框|基礎情報|정보상자|정보 상자"
)
# Templates whose arguments, or whose list in one argument, are the items of a list.
LISTS = (
    "plainlist|plain list|indented plainlist|flatlist|flat list|hlist|h-list|horizontal list|ubl|ublist|"
    "unbulleted list|vunblist|bulleted list|blist|ordered list|collapsible list|#invoke:collapsible list|"
    "#invoke:list|liste éléments|liste simple|liste déroulante|liste à puces|lista desplegable|"
    "lista colapsable|lista plana|lista ocultável|lista a punti|div col|columns-list|column list|cmn|colonnes|"
    "плоский список|список|простий список|無序列表|قائمة|فهرست ساده|hlist-comma|ligne à puces"
)
# Templates that are the page's own words, set apart: their first argument is shown.
QUOTATIONS = (
    "quote|blockquote|block quote|quotation|cquote|bquote|rquote|quote box|citation bloc|début citation|zitat|"
    "zitat-de|zitat-en|citat|cita|citazione|citação|quadro|cytat|цитата|начало цитаты|引用|인용문|اقتباس|گفتاورد|ציטוט"
)
# Templates that make footnotes of their first argument, with the group of the footnotes.
NOTES = (
    ("refn|#tag:ref|ref label|réf", ""),
    ("efn|explanatory footnote|efn-lr", "lower-alpha"),
    ("efn-ua", "upper-alpha"),
    ("notetag|note tag|note de bas de page", "note"),
    ("notelabel", "lower-alpha"),
)
# Templates that make footnotes of an author, a year and a page; and those that write the same into the text.
SHORT_NOTES = "sfn|sfnp|sfnm|sfn0|shortened footnote|harvard citation footnote"
SHORT_CITATIONS = "harvnb|harv|harvtxt|harvsp|harvp|harvcol|harvcolnb|harvcoltxt|harvardref"
# A template that marks footnotes by the names of these.
NAMED_NOTES = "r|rf|réf nommée"
# Templates that lead from a section to the pages that say more, whose titles are their arguments.
PAGE_LINKS = (
    "main|main article|main articles|see also|see|further|further information|details|detail|more|broader|"
    "article détaillé|article connexe|articles connexes|voir aussi|hauptartikel|siehe auch|véase también|ap|"
    "artículo principal|vedi anche|artigo principal|ver também|hoofdartikel|zie hoofdartikel|zie ook|"
    "основная статья|см. также|основна стаття|див. також|osobny artykuł|główny artykuł|zob. też|huvudartikel|"
    "se även|hovedartikkel|pääartikkeli|katso myös|hlavní článek|viz též|bővebben|ana madde|ayrıca bakınız|"
    "bài chính|xem thêm|artikel utama|lihat pula|主|主条目|詳細記事|参照|參見|参见|本文|본문|더 보기|"
    "مفصلة|انظر أيضا|مقالة رئيسية|اصلی|همچنین ببینید|הפניה לערך מורחב|ערך מורחב"
)
# Templates whose arguments begin with the year, the month and the day.
DATES = (
    "birth date|birth date and age|bda|dob|death date|death date and age|dda|start date|start date and age|end date|"
    "film date|birthdate|date of birth|launch date|dts|date table sorting"
)

# Templates that cite a source, by its kind. Those named "cite" and a kind in English need no list.
SOURCES = {
    "web": "lien web|lien web 2|internetquelle|webbref|webref|kilde www|verkkoviite|cytuj stronę|cita web|citar web|"
    "citeer web|ref-web|citat web|cytuj|citace elektronické monografie|citace elektronického periodika|web kaynağı|"
    "navedi splet|цитат уеб|웹 인용|استشهاد ويب|مرجع ويب|یادکرد وب|צ-אתר|chú thích web|nettkilde|citaĵo el la reto|"
    "tīmekļa atsauce|netviide|webarchiv",
    "book": "literatur|ouvrage|bokref|kilde bok|kilde bog|kirjaviite|cytuj książkę|cita libro|citar livro|citeer boek|"
    "ref-llibre|ref-libro|citat carte|citace monografie|kitap kaynağı|navedi knjigo|книга|цитат книга|서적 인용|"
    "استشهاد بكتاب|مرجع كتاب|یادکرد کتاب|צ-ספר|chú thích sách|bokkilde|citlibro|raamatuviide|grāmatas atsauce",
    "journal": "article|статья|artikelref|kilde artikkel|lehtiviite|cytuj pismo|cita publicación|cita pubblicazione|"
    "citar periódico|citeer journal|ref-publicació|ref-publicación|citat revistă|citace periodika|"
    "akademik dergi kaynağı|navedi revijo|публикация|저널 인용|استشهاد بدورية محكمة|مرجع دورية محكمة|یادکرد ژورنال|"
    "צ-מאמר|chú thích tập san|tidskriftsref|ajakirjaviide",
    "news": "tidningsref|kilde avis|uutisviite|cita noticia|cita news|citar notícia|citar jornal|citeer nieuws|"
    "ref-notícia|citat știre|haber kaynağı|navedi novice|뉴스 인용|استشهاد بخبر|مرجع خبر|یادکرد خبر|chú thích báo|"
    "articolo|article de presse|cytuj prasę",
    "magazine": "dergi kaynağı|chú thích tạp chí|잡지 인용|citar revista|یادکرد مجله",
    "encyclopedia": "cita enciclopedia|citar enciclopédia|یادکرد دانشنامه|백과사전 인용|ansiklopedi kaynağı|"
    "استشهاد بموسوعة",
    "thesis": "cita tesis|citar tese|thèse|cytuj rozprawę|tez kaynağı|یادکرد پایان‌نامه",
    "video": "lien vidéo|cita video|citar vídeo|cita vídeo|یادکرد ویدئو|video kaynağı|cytuj film",
    "chapter": "chapitre|cita capítulo|citace kapitoly",
    "conference": "citace sborníku|cita conferencia|citar conferência|یادکرد کنفرانس|konferans kaynağı",
    "press release": "basın bildirisi kaynağı|cita comunicado|communiqué",
    "tweet": "tweet|cita tweet|chú thích tweet",
    "citation": "citation|cite|ref-cita",
}
