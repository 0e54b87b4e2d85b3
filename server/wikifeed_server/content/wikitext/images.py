"""What a link to a file, a line of a gallery and a template's parameter tell of an image."""

import re
from collections.abc import Iterator

from wikifeed_server.content.structure import Image
from wikifeed_server.content.vocabulary import names_in
from wikifeed_server.content.wikitext.tree import Nodes

# A bare file's name as parameters hold it. What plays and is not seen is no image.
_IMAGE_NAME = re.compile(r"[^\n\[\]{}<>|#]{1,240}\.(?:jpe?g|jpe|png|svg|gif|tiff?|webp|xcf|djvu)", re.IGNORECASE)
_NO_IMAGE = re.compile(r"\.(?:og[gav]|opus|mp[34]|mpe?g|wav|flac|midi?|webm|stl)$", re.IGNORECASE)
_ADDRESS = re.compile(r"\w+://|//")
_SIZE = re.compile(r"(\d{0,5})(?:x(\d{1,5}))?\s*(?:px|пкс|פיקסלים|بك|عن|像素|ピクセル|픽셀)", re.IGNORECASE)
_ALTERNATIVE = re.compile(
    r"(?:alt|alternativtext|alternativo|альт|тэкст|альтернатива|代替文|替代文本|替代|대체글|بديل|جایگزین|טקסט)\s*="
)
# Words of MediaWiki that say how an image is shown, in the languages of large wikis (its messages' "img_" magic words).
_OPTIONS = names_in(
    "thumb|thumbnail|frame|framed|enframed|frameless|border|upright|left|right|center|centre|none|baseline|sub|super|"
    "sup|top|text-top|middle|bottom|text-bottom|"
    "mini|miniatur|hochkant|links|rechts|zentriert|ohne|gerahmt|rahmenlos|rand|"
    "vignette|gauche|droite|néant|centré|cadre|encadré|encadre|sans_cadre|redresse|bordure|"
    "miniatura|miniaturadeimagen|miniaturadaimagem|derecha|dcha|der|izquierda|izda|izq|centro|centrado|centrada|"
    "ninguna|nada|no|marco|enmarcado|enmarcada|sinmarco|sinenmarcar|borde|direita|esquerda|nenhum|semmoldura|"
    "semborda|commoldura|comborda|borda|superiordireito|"
    "min|destra|sinistra|nessuno|riquadrato|senza_cornice|incorniciato|bordo|verticale|"
    "мини|миниатюра|справа|слева|без|центр|обрамить|безрамки|граница|сверхусправа|"
    "міні|мініатюра|праворуч|ліворуч|обрамити|безрамки|межа|"
    "мініяцюра|значак|управа|злева|цэнтр|вмини|дясно|ляво|център|рамка|ръб|умањено|мини|десно|лево|"
    "mały|prawo|lewo|brak|centruj|ramka|bez_ramki|bezramki|tło|"
    "miniatuur|gecentreerd|geen|omkaderd|kaderloos|rechtop|"
    "miniatyr|höger|vänster|centrerad|ingen|ram|inramad|ramlös|kantlinje|stående|"
    "høyre|venstre|sentrer|midtstill|sentrert|ramme|rammeløs|portrett|"
    "pienoiskuva|pienois|oikea|vasen|keskitetty|kehystetty|kehyksetön|tyhjä|"
    "náhled|vpravo|vlevo|žádné|střed|rám|bezrámu|bélyegkép|bélyeg|miniatűr|jobb|jobbra|bal|balra|közép|középre|"
    "keretezett|keretes|keretnélküli|mic|dreapta|stânga|centru|cadru|fărăcadru|dreta|esquerra|cap|"
    "küçükresim|küçük|sağ|sol|orta|yok|çerçeveli|çerçevesiz|nhỏ|phải|trái|giữa|không|khung|không_khung|"
    "jmpl|jempol|kiri|kanan|ka|ki|pus|pusat|nir|bing|tanpabing|eta|anstataŭe|dekstra|maldekstra|"
    "μικρογραφία|δεξιά|αριστερά|κέντρο|μινιατούρα|"
    "تصغير|مصغر|صورة_مصغرة|يمين|يسار|مركز|وسط|بلا|إطار|بإطار|لاإطار|بدون|حدود|"
    "بندانگشتی|انگشتدان|انگشتی|راست|چپ|هیچ|قاب|بی‌قاب|بدون_قاب|حاشیه|"
    "ממוזער|ימין|שמאל|מרכז|ללא|ממוסגר|לא_ממוסגר|מסגרת|אנכי|"
    "サムネイル|右|左|なし|無し|中央|フレーム|フレームなし|缩略图|縮圖|居中|置中|无|無|有框|无框|無框|边框|邊框|"
    "섬네일|썸네일|오른쪽|왼쪽|가운데|없음|프레임|테두리|अंगूठाकार|अंगूठा|दाएँ|बाएँ|केन्द्र|डेढ़ी|থাম্ব|ডান|বাম|"
    "ธัมบ์เนล|ขวา|ซ้าย|กึ่งกลาง|จิ้ว"
)
_SETTINGS = names_in(
    "thumb|thumbnail|upright|link|lang|page|class|loop|start|end|thumbtime|manualthumb|frame|"
    "hochkant|verweis|seite|sprache|klasse|mini|redresse|lien|langue|classe|miniatura|enlace|página|idioma|"
    "collegamento|pagina|ссылка|страница|посилання|сторінка|łącze|strona|koppeling|länk|sida|lenke|side|linkki|sivu|"
    "odkaz|hivatkozás|oldal|legătură|bağlantı|liên_kết|pranala|وصلة|رابط|پیوند|קישור|リンク|链接|連結|링크"
)


def options_of(nodes: Nodes) -> Iterator[Nodes]:
    """What stands between the bars behind a file's name."""
    option: Nodes = []
    for node in nodes:
        if not isinstance(node, str) or "|" not in node:
            option.append(node)
            continue
        first, *others = node.split("|")
        option.append(first)
        for other in others:
            yield option
            option = [other]
    yield option


def apply_option(image: Image, text: str) -> bool:
    """Whether `text` is an option for showing an image; what it tells of size and alternative text goes to `image`."""
    option = text.strip()
    if size := _SIZE.fullmatch(option):
        if size[1]:
            image["width"] = int(size[1])
        if size[2]:
            image["height"] = int(size[2])
        return True
    if alternative := _ALTERNATIVE.match(option):
        if value := option[alternative.end() :].strip():
            image["alternative_text"] = value
        return True
    word, equals, _ = option.partition("=")
    word = word.strip().casefold().replace(" ", "_")
    return not option or word in (_SETTINGS if equals else _OPTIONS)


def image_name(text: str) -> str:
    """The file's name that `text` is, empty where it is none or the file is no image."""
    name = text.strip()
    return name if _IMAGE_NAME.fullmatch(name) and not _ADDRESS.match(name) else ""


def is_image(title: str) -> bool:
    """Whether a file of that title is shown as an image, not played."""
    return _NO_IMAGE.search(title) is None
