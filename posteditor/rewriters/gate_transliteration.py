"""Words of other alphabets in plain Latin letters, roughly as English writes names: enough to find a name again."""

import unicodedata

_LETTERS = """
а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ы y
э e ю yu я ya і i ї i є e ґ g ў u ђ dj ј j љ lj њ nj ћ c џ dz ѓ g ќ k ѕ dz
α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
ł l ø o đ d ı i æ ae œ oe þ th ð d
"""
_LATIN = str.maketrans({**dict(zip(_LETTERS.split()[::2], _LETTERS.split()[1::2], strict=True)), "ъ": "", "ь": ""})

# The blocks of nine scripts of India have the same letter at the same place, Sinhala has an order of its own.
_INDIC_BLOCKS = range(0x0900, 0x0D80, 0x80)
_INDIC = {
    0x05: "a a i i u u ri li e e e ai o o o au",
    0x15: "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h",
    0x3E: "a i i u u ri ri e e e ai o o o au",
}
"""Vowels, consonants and vowel signs, by the place where they begin in a block."""
_INDIC_OTHERS = {0x01: "n", 0x02: "n", 0x03: "h", 0x3C: "", 0x4D: ""}
_SINHALA = {
    0x0D85: "a a a a i i u u ri ri li li e e ai o o au",
    0x0D9A: (
        "k kh g gh n ng ch chh j jh n gn nj t th d dh n nd t th d dh n n nd p ph b bh m mb y r r l l l v sh sh s h l f"
    ),
    0x0DCF: "a a a i i u u u u ri e e ai o o au",
}
_SINHALA_OTHERS = {0x0D82: "n", 0x0D83: "h", 0x0DCA: ""}


def _indic() -> tuple[dict[str, str], dict[str, str]]:
    """Consonants, which have an a of their own unless a sign follows, and all other letters and signs."""
    consonants: dict[str, str] = {}
    others: dict[str, str] = {}
    rows = [(block + place, letters) for block in _INDIC_BLOCKS for place, letters in _INDIC.items()]
    for row, (start, letters) in enumerate([*rows, *_SINHALA.items()]):
        into = consonants if row % len(_INDIC) == 1 else others
        into.update((chr(start + at), letter) for at, letter in enumerate(letters.split()))
    others.update((chr(block + place), letter) for block in _INDIC_BLOCKS for place, letter in _INDIC_OTHERS.items())
    others.update((chr(code), letter) for code, letter in _SINHALA_OTHERS.items())
    return consonants, others


_CONSONANTS, _SIGNS = _indic()
_FIRST_INDIC, _AFTER_INDIC = "\u0900", "\u0e00"
_SILENT = {chr(block + 0x4D) for block in _INDIC_BLOCKS} | {chr(0x0DCA)}
_VOWEL_SIGNS = {chr(block + place) for block in _INDIC_BLOCKS for place in range(0x3E, 0x4D)} | {
    chr(code) for code in range(0x0DCF, 0x0DE0)
}


def in_latin(word: str) -> str:
    """``word``, in small letters, without accents and in the letters a-z where its alphabet is known."""
    bare = unicodedata.normalize("NFC", word)
    if any(_FIRST_INDIC <= letter < _AFTER_INDIC for letter in bare):
        bare = _indic_in_latin(bare)
    bare = unicodedata.normalize("NFKD", bare.translate(_LATIN))
    return "".join(letter for letter in bare if unicodedata.category(letter) not in ("Mn", "Mc", "Cf")).translate(
        _LATIN
    )


def _indic_in_latin(word: str) -> str:
    parts = []
    for at, letter in enumerate(word):
        if letter in _CONSONANTS:
            following = word[at + 1 : at + 2]
            has_own_vowel = following and following not in _SILENT and following not in _VOWEL_SIGNS
            parts.append(_CONSONANTS[letter] + ("a" if has_own_vowel else ""))
        else:
            parts.append(_SIGNS.get(letter, letter))
    return "".join(parts)
