"""Countries, their adjectives and well-known places: names that languages write in their own way ("Wien", "Vienna")."""

COUNTRIES = {
    "french": "france", "frenchman": "france", "frenchmen": "france", "spanish": "spain", "spaniard": "spain",
    "spaniards": "spain", "german": "germany", "germans": "germany", "dutch": "netherlands", "holland": "netherlands",
    "polish": "poland", "pole": "poland", "poles": "poland", "english": "england", "englishman": "england",
    "englishmen": "england", "scottish": "scotland", "scots": "scotland", "welsh": "wales", "irish": "ireland",
    "danish": "denmark", "dane": "denmark", "danes": "denmark", "swedish": "sweden", "swede": "sweden",
    "swedes": "sweden", "finnish": "finland", "finn": "finland", "finns": "finland", "turkish": "turkey",
    "turk": "turkey", "turks": "turkey", "greek": "greece", "greeks": "greece", "chinese": "china",
    "swiss": "switzerland", "british": "britain", "briton": "britain", "britons": "britain", "norwegian": "norway",
    "norwegians": "norway", "european": "europe", "europeans": "europe", "iraqi": "iraq", "iraqis": "iraq",
    "iranian": "iran", "iranians": "iran", "icelandic": "iceland", "austrian": "austria", "austrians": "austria",
    "australian": "australia", "australians": "australia", "slovak": "slovakia", "slovaks": "slovakia",
    "slovene": "slovenia", "slovenian": "slovenia", "slovenians": "slovenia", "russian": "russia",
    "russians": "russia", "prussian": "prussia", "prussians": "prussia", "nigerian": "nigeria", "latvian": "latvia",
    "latvians": "latvia", "lithuanian": "lithuania", "lithuanians": "lithuania", "estonian": "estonia",
    "estonians": "estonia", "romanian": "romania", "romanians": "romania", "hungarian": "hungary",
    "hungarians": "hungary", "bulgarian": "bulgaria", "bulgarians": "bulgaria", "serbian": "serbia", "serb": "serbia",
    "serbs": "serbia", "croatian": "croatia", "croat": "croatia", "croats": "croatia", "bosnian": "bosnia",
    "albanian": "albania", "albanians": "albania", "czech": "czechia", "czechs": "czechia", "italian": "italy",
    "italians": "italy", "portuguese": "portugal", "belgian": "belgium", "belgians": "belgium",
    "ukrainian": "ukraine", "ukrainians": "ukraine", "belarusian": "belarus", "georgian": "georgia",
    "georgians": "georgia", "armenian": "armenia", "armenians": "armenia", "japanese": "japan", "korean": "korea",
    "koreans": "korea", "indian": "india", "indians": "india", "nepali": "nepal", "nepalese": "nepal",
    "tibetan": "tibet", "tibetans": "tibet", "thai": "thailand", "vietnamese": "vietnam", "egyptian": "egypt",
    "egyptians": "egypt", "israeli": "israel", "israelis": "israel", "syrian": "syria", "syrians": "syria",
    "persian": "persia", "persians": "persia", "afghan": "afghanistan", "american": "america",
    "americans": "america", "canadian": "canada", "canadians": "canada", "mexican": "mexico", "mexicans": "mexico",
    "brazilian": "brazil", "brazilians": "brazil", "african": "africa", "africans": "africa", "asian": "asia",
    "asians": "asia", "filipino": "philippines", "filipinos": "philippines", "sinhalese": "sinhala",
    "lankan": "lanka", "lankans": "lanka", "venetian": "venice", "venetians": "venice", "viennese": "vienna",
    "parisian": "paris", "parisians": "paris", "roman": "rome", "romans": "rome", "northern": "north",
    "southern": "south", "eastern": "east", "western": "west", "kiev": "kyiv",
}  # fmt: skip
"""From a nation's adjective, or its people, to the place; in small letters. Quarters of the compass likewise."""

_LISTED = """
austria australia iran iraq slovakia slovenia niger nigeria paraguay uruguay sweden switzerland latvia lithuania
mauritania mauritius zambia gambia guinea guyana mali malawi prussia russia dominica libya liberia argentina bolivia
chile colombia cuba ecuador peru venezuela panama nicaragua honduras guatemala jamaica haiti algeria morocco tunisia
sudan ethiopia somalia kenya uganda tanzania rwanda congo angola zimbabwe mozambique namibia botswana ghana cameroon
senegal madagascar eritrea chad lebanon jordan kuwait qatar yemen oman bahrain pakistan bangladesh bhutan burma
myanmar laos cambodia malaysia singapore indonesia mongolia kazakhstan uzbekistan turkmenistan tajikistan kyrgyzstan
azerbaijan moldova macedonia montenegro kosovo cyprus malta luxembourg monaco andorra liechtenstein vatican ussr usa
us uk eu un nato america arabia balkans siberia crimea caucasus scandinavia baltic mediterranean atlantic pacific
arctic antarctica danube rhine vistula volga nile thames moscow kyiv warsaw prague vienna budapest bucharest belgrade
athens rome venice florence naples milan turin genoa lisbon brussels antwerp copenhagen cologne munich hamburg berlin
geneva zurich london dublin edinburgh constantinople istanbul jerusalem damascus baghdad cairo alexandria beijing
peking tokyo seoul delhi bavaria saxony burgundy bohemia moravia silesia transylvania wallachia galicia livonia
courland flanders brittany normandy tuscany sicily sardinia corsica crete north south east west
"""
PLACES = frozenset(_LISTED.split())
_OWN_NAMES = """
germany hungary greece finland estonia latvia lithuania austria switzerland sweden denmark netherlands wales england
scotland ireland britain croatia czechia belarus georgia egypt india china japan spain france russia poland albania
armenia vienna venice florence naples munich cologne warsaw prague copenhagen athens brussels beijing peking danube
rhine north south east west us uk eu un ussr
"""
NAMED_OTHERWISE = frozenset(_OWN_NAMES.split())
"""Those of them that other languages call something else altogether, so that a source without them says nothing."""
