"""The words and signs that stand for numbers, currencies and units."""

UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
SMALL = {
    **{word: value for value, word in enumerate(UNITS, 1)},
    **{word: value for value, word in enumerate(TEENS, 10)},
    **{word: 10 * value for value, word in enumerate(TENS, 2)},
    **ORDINALS,
    "zero": 0,
    "fourty": 40,
    "ninteen": 19,
    "hundred": 100,
    "hundredth": 100,
}
SCALES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "milliard": 10**9, "mln": 10**6,
    "mn": 10**6, "bn": 10**9, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
HAN_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
"""Only behind digits: elsewhere they are parts of words."""
SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
"""Only behind an amount of money: elsewhere "5m" is five metres."""
LOOSE = {"one", "first", "second"}
"""Number words with another life: pronoun, adverb, unit of time."""
VAGUE = {"hundreds", "thousands", "millions", "billions", "dozens"}

_OTHER_LANGUAGES = """
zwei:2 drei:3 vier:4 fünf:5 sechs:6 sieben:7 acht:8 neun:9 zehn:10 elf:11 zwölf:12 zwanzig:20 hundert:100 tausend:1000
deux:2 trois:3 quatre:4 cinq:5 sept:7 huit:8 neuf:9 dix:10 onze:11 douze:12 vingt:20 cent:100 mille:1000
dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 doce:12 veinte:20 cien:100 mil:1000
due:2 tre:3 quattro:4 cinque:5 sei:6 sette:7 otto:8 nove:9 dieci:10 undici:11 dodici:12 venti:20 cento:100
dois:2 duas:2 três:3 quatro:4 sete:7 oito:8 dez:10 doze:12 vinte:20 twee:2 drie:3 vijf:5 zes:6 zeven:7 acht:8 negen:9
tien:10 twaalf:12 twintig:20 honderd:100 duizend:1000 två:2 fyra:4 fem:5 sju:7 åtta:8 nio:9 tio:10 tolv:12
два:2 две:2 три:3 четыре:4 пять:5 шесть:6 семь:7 восемь:8 девять:9 десять:10 двенадцать:12 двадцать:20 сто:100
dwa:2 dwie:2 trzy:3 cztery:4 pięć:5 sześć:6 siedem:7 osiem:8 dziewięć:9 dziesięć:10 dwanaście:12 dwadzieścia:20 sto:100
一:1 二:2 两:2 三:3 四:4 五:5 六:6 七:7 八:8 九:9 十:10
"""
STAND_INS = {
    **{word: int(value) for word, _, value in (pair.partition(":") for pair in _OTHER_LANGUAGES.split()) if value},
    "a": 1, "an": 1, "once": 1, "single": 1, "sole": 1, "only": 1, "alone": 1, "twice": 2, "both": 2, "couple": 2,
    "pair": 2, "double": 2, "two-thirds": 2, "twofold": 2, "thrice": 3, "triple": 3, "trio": 3, "dozen": 12,
    "firstly": 1, "secondly": 2, "thirdly": 3, "none": 0, "no": 0,
}  # fmt: skip
"""Words that come and go by themselves and yet can stand for a number: those of other languages too, which are only
known well enough for that."""

SIGNS = {
    "%": "percent", "‰": "permille", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₽": "ruble", "₹": "rupee",
    "₩": "won", "₺": "lira", "₴": "hryvnia", "₪": "shekel", "¢": "cent",
}  # fmt: skip
CODES = {
    "EUR": "euro", "USD": "dollar", "GBP": "pound", "JPY": "yen", "CHF": "franc", "SEK": "crown", "NOK": "crown",
    "DKK": "crown", "PLN": "zloty", "CZK": "crown", "HUF": "forint", "RON": "leu", "RUB": "ruble", "UAH": "hryvnia",
    "TRY": "lira", "INR": "rupee", "CNY": "yuan", "RMB": "yuan", "KRW": "won", "Rs": "rupee", "BC": "BC", "BCE": "BC",
}  # fmt: skip
"""Only as written here."""
SIGN_WORDS = {
    **dict.fromkeys(("percent", "percents", "procent"), "percent"),
    **dict.fromkeys(("dollar", "dollars"), "dollar"),
    **dict.fromkeys(("euro", "euros"), "euro"),
    **dict.fromkeys(("ruble", "rubles", "rouble", "roubles"), "ruble"),
    **dict.fromkeys(("rupee", "rupees"), "rupee"),
    **dict.fromkeys(("franc", "francs"), "franc"),
    **dict.fromkeys(("yuan", "renminbi"), "yuan"),
    **dict.fromkeys(("zloty", "zlotys", "złoty"), "zloty"),
    **dict.fromkeys(("peso", "pesos"), "peso"),
    **dict.fromkeys(("forint", "forints"), "forint"),
    **dict.fromkeys(("hryvnia", "hryvnias"), "hryvnia"),
    "yen": "yen",
    "cents": "cent",
}
LOOSE_SIGN_WORDS = {
    "pound": "pound", "pounds": "pound", "cent": "percent", "percentage": "percent", "sterling": "pound",
    "crown": "crown", "crowns": "crown", "krona": "crown", "kronor": "crown", "krone": "crown", "kroner": "crown",
    "lira": "lira", "liras": "lira", "lire": "lira", "lei": "leu", "leu": "leu", "won": "won", "shekel": "shekel",
    "shekels": "shekel",
}  # fmt: skip
"""Words that can stand for a sign and have other meanings."""

MEASURES = {
    "km/h": "km/h", "kph": "km/h", "mph": "mph", "km": "km", "kilometer": "km", "kilometers": "km", "kilometre": "km",
    "kilometres": "km", "cm": "cm", "centimeter": "cm", "centimeters": "cm", "centimetre": "cm", "centimetres": "cm",
    "mm": "mm", "millimeter": "mm", "millimeters": "mm", "millimetre": "mm", "millimetres": "mm", "meter": "m",
    "meters": "m", "metre": "m", "metres": "m", "m": "m", "mile": "mile", "miles": "mile", "kg": "kg",
    "kilogram": "kg", "kilograms": "kg", "kilo": "kg", "kilos": "kg", "mg": "mg", "milligrams": "mg", "ha": "ha",
    "hectare": "ha", "hectares": "ha", "acre": "acre", "acres": "acre", "°c": "°C", "° c": "°C", "°f": "°F",
    "° f": "°F", "kw": "kW", "mw": "MW", "kwh": "kWh", "gb": "GB", "mb": "MB", "tb": "TB", "kb": "KB",
}  # fmt: skip
"""Units of measure, only behind digits; in small letters."""
