"""English names of languages by their BCP 47 tag, as prompts show them."""

import re

_NAMES = dict(
    re.findall(
        r"(\w+)=([^|]+)",
        "af=Afrikaans|am=Amharic|ar=Arabic|as=Assamese|az=Azerbaijani|be=Belarusian|bg=Bulgarian|bn=Bengali|bs=Bosnian"
        "|ca=Catalan|cs=Czech|cy=Welsh|da=Danish|de=German|el=Greek|en=English|eo=Esperanto|es=Spanish|et=Estonian"
        "|eu=Basque|fa=Persian|fi=Finnish|fil=Filipino|fr=French|ga=Irish|gd=Scottish Gaelic|gl=Galician|gu=Gujarati"
        "|ha=Hausa|he=Hebrew|hi=Hindi|hr=Croatian|hu=Hungarian|hy=Armenian|id=Indonesian|ig=Igbo|is=Icelandic"
        "|it=Italian|ja=Japanese|ka=Georgian|kk=Kazakh|km=Khmer|kn=Kannada|ko=Korean|ky=Kyrgyz|lb=Luxembourgish|lo=Lao"
        "|lt=Lithuanian|lv=Latvian|mk=Macedonian|ml=Malayalam|mn=Mongolian|mr=Marathi|ms=Malay|mt=Maltese|my=Burmese"
        "|nb=Norwegian Bokmål|ne=Nepali|nl=Dutch|nn=Norwegian Nynorsk|no=Norwegian|oc=Occitan|or=Odia|pa=Punjabi"
        "|pl=Polish|ps=Pashto|pt=Portuguese|ro=Romanian|ru=Russian|si=Sinhala|sk=Slovak|sl=Slovenian|so=Somali"
        "|sq=Albanian|sr=Serbian|sv=Swedish|sw=Swahili|ta=Tamil|te=Telugu|tg=Tajik|th=Thai|tk=Turkmen|tl=Tagalog"
        "|tr=Turkish|uk=Ukrainian|ur=Urdu|uz=Uzbek|vi=Vietnamese|xh=Xhosa|yo=Yoruba|zh=Chinese|zu=Zulu",
    )
)


def language_name(tag: str) -> str:
    """Such as "English (en-GB)" for "en-GB"; the tag itself where the name is not known."""
    name = _NAMES.get(tag.replace("_", "-").partition("-")[0].lower())
    return tag if name is None else f"{name} ({tag})"
