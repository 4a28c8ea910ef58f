"""Language codes as multilingual models write them, from BCP 47 tags."""

import re
from collections.abc import Collection

from posteditor.errors import ModelError

_NLLB: dict[str, str] = dict(
    re.findall(
        r"([\w-]+)=(\w+)",
        "af=afr_Latn ar=arb_Arab bg=bul_Cyrl bn=ben_Beng ca=cat_Latn cs=ces_Latn cy=cym_Latn da=dan_Latn de=deu_Latn "
        "el=ell_Grek en=eng_Latn eo=epo_Latn es=spa_Latn et=est_Latn eu=eus_Latn fa=pes_Arab fi=fin_Latn fr=fra_Latn "
        "ga=gle_Latn gl=glg_Latn gu=guj_Gujr he=heb_Hebr hi=hin_Deva hr=hrv_Latn hu=hun_Latn hy=hye_Armn id=ind_Latn "
        "is=isl_Latn it=ita_Latn ja=jpn_Jpan ka=kat_Geor kk=kaz_Cyrl ko=kor_Hang lt=lit_Latn lv=lvs_Latn mk=mkd_Cyrl "
        "ml=mal_Mlym mr=mar_Deva ms=zsm_Latn mt=mlt_Latn nb=nob_Latn ne=npi_Deva nl=nld_Latn nn=nno_Latn no=nob_Latn "
        "pa=pan_Guru pl=pol_Latn ps=pbt_Arab pt=por_Latn ro=ron_Latn ru=rus_Cyrl si=sin_Sinh sk=slk_Latn sl=slv_Latn "
        "sq=als_Latn sr=srp_Cyrl sv=swe_Latn sw=swh_Latn ta=tam_Taml te=tel_Telu th=tha_Thai tl=tgl_Latn tr=tur_Latn "
        "uk=ukr_Cyrl ur=urd_Arab uz=uzn_Latn vi=vie_Latn xh=xho_Latn yo=yor_Latn zh=zho_Hans zh-hant=zho_Hant "
        "zh-tw=zho_Hant zu=zul_Latn",
    )
)
"""BCP 47 to the codes of FLORES-200: ISO 639-3 and ISO 15924 (NLLB Team 2022, No Language Left Behind)."""


def language_code(tag: str, form: str, known: Collection[str]) -> str:
    """The token by which a model knows a language.

    Args:
        tag: BCP 47.
        form: "mbart" (en_XX), "m2m" (__en__) or "nllb" (eng_Latn).
        known: The model's vocabulary.

    Raises:
        ModelError: The model does not have it.
    """
    whole = tag.replace("_", "-").lower()
    language = whole.partition("-")[0]
    if form == "nllb":
        candidates = [_NLLB[name] for name in (whole, language) if name in _NLLB] or [tag]
    elif form == "m2m":
        candidates = [f"__{language}__"]
    else:
        candidates = sorted(token for token in known if token.startswith(f"{language}_") and len(token) == 5)
    for candidate in candidates:
        if candidate in known:
            return candidate
    raise ModelError(f"the model has no code for the language {tag}", hint="Choose a model that knows it.")
