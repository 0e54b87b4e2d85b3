"""Names of the languages that wikis are in most often, in English and in themselves.

Names as Unicode's CLDR has them; codes as MediaWiki does, which differ from BCP 47 in places ("no", "simple").
"""

from typing import NamedTuple

RIGHT_TO_LEFT = frozenset({
    "ar", "arc", "ary", "arz", "azb", "bcc", "bgn", "bqi", "ckb", "dv", "fa", "glk", "ha-arab", "he", "khw",
    "ks-arab", "ku-arab", "lrc", "luz", "mzn", "nqo", "ota", "pnb", "prs", "ps", "sd", "skr", "sdh", "syr",
    "ug-arab", "ug", "ur", "yi",
})  # fmt: skip


class LanguageName(NamedTuple):
    """A language's name in English and in itself."""

    english: str
    own: str


LANGUAGES = {
    "af": LanguageName("Afrikaans", "Afrikaans"),
    "ar": LanguageName("Arabic", "العربية"),
    "arz": LanguageName("Egyptian Arabic", "مصرى"),
    "az": LanguageName("Azerbaijani", "azərbaycanca"),
    "be": LanguageName("Belarusian", "беларуская"),
    "bg": LanguageName("Bulgarian", "български"),
    "bn": LanguageName("Bangla", "বাংলা"),
    "bs": LanguageName("Bosnian", "bosanski"),
    "ca": LanguageName("Catalan", "català"),
    "ce": LanguageName("Chechen", "нохчийн"),
    "ceb": LanguageName("Cebuano", "Cebuano"),
    "cs": LanguageName("Czech", "čeština"),
    "cy": LanguageName("Welsh", "Cymraeg"),
    "da": LanguageName("Danish", "dansk"),
    "de": LanguageName("German", "Deutsch"),
    "el": LanguageName("Greek", "Ελληνικά"),
    "en": LanguageName("English", "English"),
    "eo": LanguageName("Esperanto", "Esperanto"),
    "es": LanguageName("Spanish", "español"),
    "et": LanguageName("Estonian", "eesti"),
    "eu": LanguageName("Basque", "euskara"),
    "fa": LanguageName("Persian", "فارسی"),
    "fi": LanguageName("Finnish", "suomi"),
    "fr": LanguageName("French", "français"),
    "gl": LanguageName("Galician", "galego"),
    "he": LanguageName("Hebrew", "עברית"),
    "hi": LanguageName("Hindi", "हिन्दी"),
    "hr": LanguageName("Croatian", "hrvatski"),
    "hu": LanguageName("Hungarian", "magyar"),
    "hy": LanguageName("Armenian", "հայերեն"),
    "id": LanguageName("Indonesian", "Indonesia"),
    "is": LanguageName("Icelandic", "íslenska"),
    "it": LanguageName("Italian", "italiano"),
    "ja": LanguageName("Japanese", "日本語"),
    "ka": LanguageName("Georgian", "ქართული"),
    "kk": LanguageName("Kazakh", "қазақ тілі"),
    "ko": LanguageName("Korean", "한국어"),
    "la": LanguageName("Latin", "Latina"),
    "lt": LanguageName("Lithuanian", "lietuvių"),
    "lv": LanguageName("Latvian", "latviešu"),
    "mk": LanguageName("Macedonian", "македонски"),
    "ml": LanguageName("Malayalam", "മലയാളം"),
    "ms": LanguageName("Malay", "Melayu"),
    "nl": LanguageName("Dutch", "Nederlands"),
    "nn": LanguageName("Norwegian Nynorsk", "norsk nynorsk"),
    "no": LanguageName("Norwegian", "norsk"),
    "pl": LanguageName("Polish", "polski"),
    "pt": LanguageName("Portuguese", "português"),
    "ro": LanguageName("Romanian", "română"),
    "ru": LanguageName("Russian", "русский"),
    "sh": LanguageName("Serbo-Croatian", "srpskohrvatski"),
    "simple": LanguageName("Simple English", "Simple English"),
    "sk": LanguageName("Slovak", "slovenčina"),
    "sl": LanguageName("Slovenian", "slovenščina"),
    "sq": LanguageName("Albanian", "shqip"),
    "sr": LanguageName("Serbian", "српски"),
    "sv": LanguageName("Swedish", "svenska"),
    "ta": LanguageName("Tamil", "தமிழ்"),
    "te": LanguageName("Telugu", "తెలుగు"),
    "th": LanguageName("Thai", "ไทย"),
    "tr": LanguageName("Turkish", "Türkçe"),
    "tt": LanguageName("Tatar", "татар"),
    "uk": LanguageName("Ukrainian", "українська"),
    "ur": LanguageName("Urdu", "اردو"),
    "uz": LanguageName("Uzbek", "o‘zbek"),
    "vi": LanguageName("Vietnamese", "Tiếng Việt"),
    "war": LanguageName("Waray", "Winaray"),
    "yi": LanguageName("Yiddish", "ייִדיש"),
    "zh": LanguageName("Chinese", "中文"),
    "zh-min-nan": LanguageName("Min Nan Chinese", "閩南語 / Bân-lâm-gí"),
    "zh-yue": LanguageName("Cantonese", "粵語"),
}
