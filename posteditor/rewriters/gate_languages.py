"""Which language a text seems to be in, by its function words; enough for a guess that is checked against another.

Each list has the commonest words of running text in that language. A word that several languages share counts for all
of them, so it is the rest that decides.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from posteditor.rewriters.gate_change import TEXTS_REMEMBERED, words_of

_LISTS = {
    "en": "the a of and to in is was that it for on with as be are at by from this which have not or were an but "
    "they his her has had been their will would he she we you i its there when who what can if about into than "
    "these those",
    "de": "der die das und den von zu mit ist des sich im dem nicht ein eine auf für als auch es werden aus er hat "
    "dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur "
    "bis mehr durch wurde ich wir ihr man kein keine wenn was unter sein",
    "nl": "de het een van en in is dat op te zijn voor met niet aan er om ook als die bij maar door naar uit over "
    "wordt dan nog worden of heeft hij zij ze werd wel hebben geen deze dit was tot ik je haar wat kan we meer",
    "fr": "le la les de des du et en un une est dans que qui pour pas sur au par plus avec ne se ce il elle sont à "
    "aux ou son sa ses cette mais comme a été ont leur nous vous je était être fait deux aussi même d l qu n s "
    "c j",
    "es": "el la los las de del y en un una es que por con para no se su al lo como más pero sus le ha este sí esta "
    "entre cuando muy sin sobre también fue hasta hay donde era son desde está todo nos ya o si él ella yo "
    "porque",
    "pt": "o a os as de do da dos das e em um uma é que por com para não se no na ao mais como mas foi ele ela seu "
    "sua ou ser quando muito há nos já está eu também só pelo pela até isso entre era depois sem mesmo aos são "
    "nas num às",
    "it": "il lo la i gli le di del della dei delle e in un una è che per con non si da al alla come più ma anche "
    "sono nel nella ha dal o questo questa suo sua ed era essere stato tra cui degli ci dalla sul quando molto "
    "nei ai",
    "ro": "și în de la a cu pe o un că nu este din se care mai pentru sau ca al ale ai au fost lui ei le fi sunt "
    "prin dar dintre această acest după cele cei era avea când până între doar unei unui să fie am lor",
    "ca": "el la els les de del dels i en un una és que per amb no es al als seu seva com més però va són també ha "
    "aquest aquesta entre fins molt on quan pel pels sense sobre era dues hi o ser",
    "sv": "och i att det som en på är av för med den till inte om ett han men var jag sig från vi så kan när hon har "
    "de också eller efter vid där under hade ut nu över ska mot kunde blev utan mycket",
    "da": "og i at det som en på er af for med den til ikke om et han men var jeg sig fra vi så kan når hun har de "
    "også eller efter ved der under havde ud nu over skal mod kunne blev uden meget",
    "no": "og i at det som en på er av for med den til ikke om et han men var jeg seg fra vi så kan når hun har de "
    "også eller etter ved der under hadde ut nå over skal mot kunne ble uten mye",
    "fi": "ja on ei että se hän oli olla joka mutta myös kuin niin tai sen ovat kun jos sekä hänen vain ole mitä jo "
    "kanssa nyt sitä voi ollut tämä siitä olivat mukaan vielä noin jotka tämän ennen",
    "et": "ja on ei et see ta oli mis ka kui aga oma või siis selle olid ning kes veel nii seda välja pärast kuid "
    "kas üle ole nad tema juba mida enne ma me sest nende kuni pole koos vahel järgi",
    "lv": "un ir ka no ar par uz tas bija kas gan arī vai bet pēc nav to viņš viņa līdz lai pie tika kā tā šis ļoti",
    "lt": "ir yra kad iš su į tai buvo kas bet po ne jis ji iki prie kaip apie nuo už ar arba tik jų jo jos labai "
    "šis",
    "pl": "i w na z do nie się jest to że o jak za od po przez dla ale są tym był jego co tylko czy oraz które przed "
    "ich być może była już który przy jej także się było między",
    "cs": "a v na se je s z že do o k i ve to by jako za pro si po od ale jsou který byl která jeho které při také "
    "podle být jen nebo už jsem však před byla bylo jejich mezi není",
    "sk": "a v na sa je s z že do o k i vo to by ako za pre si po od ale sú ktorý bol ktorá jeho ktoré pri tiež "
    "podľa byť len alebo už som však pred bola bolo ich medzi nie",
    "hu": "a az és hogy nem is egy ez van de csak már meg mint volt el ki ha még be kell én ő azt vagy amely után "
    "lehet minden pedig között szerint során",
    "hr": "i u na je se da su za od s o što nije koji kao ali iz ili po bi to do koja koje bio biti više kako ne "
    "samo nakon te bila još prema između već bilo",
    "tr": "ve bir bu da de için ile olarak olan daha çok en o ne kadar gibi sonra ama var her ya değil ki ise şey "
    "ben göre oldu olduğu tarafından büyük ancak arasında",
    "id": "yang dan di dari untuk dengan pada ini itu dalam tidak adalah ke oleh akan sebagai juga karena atau ada "
    "telah mereka dapat lebih kami saya dia bisa seperti tersebut menjadi",
    "vi": "và của là có được trong cho với không một các những người này để khi đã từ đến như tại về trên cũng năm "
    "ra vào nhưng sẽ bị đó nhiều ông",
}  # fmt: skip
_FAMILIES = {"sv": "north", "da": "north", "no": "north", "cs": "west", "sk": "west"}
"""Languages too near to each other to be told apart by a few words."""
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _words in _LISTS.items():
    for _word in dict.fromkeys(_words.split()):
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)

_ENGLISH = frozenset(("the", "of", "and", "to", "is", "that", "it", "with", "be", "at", "by", "from", "which", "not"))
_ENGLISH_SHARE, _FEW = 5, 8
"""One word in so many, and more words than so few: English without a doubt."""
_ENOUGH = 2
"""Function words that a text must have for a guess."""
_SHARE = 0.15
"""Share of the words that they must be."""


def function_words(words: Iterable[str]) -> Counter[str]:
    """For each language how many of these words, in small letters, are among its function words."""
    counts: Counter[str] = Counter()
    for word in words:
        for language in _LANGUAGES.get(word, ()):
            counts[language] += 1
    return counts


def leading_language(words: Iterable[str]) -> str:
    """The language with most function words among ``words``; empty when that is too few, or when two have as many."""
    listed = [word for word in words if word[0].isalpha()]
    ranked = function_words(listed).most_common(2)
    if not ranked:
        return ""
    language, count = ranked[0]
    is_tied = len(ranked) > 1 and ranked[1][1] == count and not are_near(language, ranked[1][0])
    return "" if is_tied or count < max(_ENOUGH, _SHARE * len(listed)) else language


def are_near(one: str, other: str) -> bool:
    """True for one language and for two that a few words don't tell apart."""
    return _FAMILIES.get(one, one) == _FAMILIES.get(other, other)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def language_of(text: str) -> str:
    """The language of a text as ``leading_language`` tells it."""
    words = words_of(text)
    if _ENGLISH_SHARE * sum(word.text in _ENGLISH for word in words) > len(words) > _FEW:
        return "en"  # the usual case
    return leading_language([part for word in words for part in parts(word.text)])


def parts(word: str) -> list[str]:
    """A word in small letters, cut at its apostrophes: "l'eau" is "l" and "eau"."""
    lower = word.lower()
    return [part for part in lower.replace("’", "'").split("'") if part] if "'" in lower or "’" in lower else [lower]
