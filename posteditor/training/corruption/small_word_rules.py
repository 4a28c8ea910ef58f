"""Faults in small words: articles, prepositions, pronouns and other function words."""

from random import Random

from posteditor.rewriters.english_spelling import article_before
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.training.corruption.rules import DETERMINERS, attempt, is_content, places_in, replace_one, table
from posteditor.training.corruption.sentence import Fault, Sentence

_ARTICLES = frozenset(("a", "an", "the"))
_PREPOSITIONS = table("""
in: on, at, of, to, for, into, from
on: in, at, of, about, over, to
at: in, on, to, of, for
of: in, from, for, to, by, on, with
to: for, at, in, of, into, on
for: to, of, by, in, from, during
by: for, of, from, with, in
with: by, of, in, to, for
from: of, by, since, in, to
into: in, to, at
onto: on, to
upon: on, in
about: of, on, over, around
over: on, above, about, of
under: below, in, beneath
during: in, for, at, along
through: by, across, for, in
between: among, in, of
among: between, in, of
against: to, with, for, on
after: behind, following, since
before: in front of, ahead of
until: to, up to, till
within: in, inside of, of
towards: to, for, against
toward: to, for, against
across: through, over, in
around: about, at, near
near: close of, beside, by
since: from, for
along: by, in, through
throughout: in, during, through
""")
_PRONOUNS = table("""
he: it, she, they
she: it, he, they
it: he, this, they, that
they: it, these, them
him: it, he, them, her
them: they, it, him, these
his: its, their, the, her
her: his, its, their
its: his, their, the
their: its, his, the
our: their, the
we: us, they
himself: itself, themselves, him
herself: itself, himself, her
itself: himself, themselves, it
themselves: itself, himself, them
who: that, which, what
whom: who, which, that
which: that, what, who
whose: which, who, of which
this: it, that, the
these: those, they, this
those: these, that, the
i: me
""")
_DROPPABLE_PRONOUNS = frozenset(("it", "he", "she", "they", "which", "who", "that", "its", "his", "their"))
_FUNCTION_WORDS = table("""
because: for, since, as
although: though, but, even
though: although, but
while: when, during, as
when: while, where, as
where: in what, there, when
but: and, although
so: thus, such, then
as: like, how, since
like: as, how
if: whether, in case
whether: if
than: that, of, as
then: after, than
also: too, likewise
very: much, so
many: much, several
much: many, very
most: more, the most, majority of
more: most, plus
such: so, this, like
there: it, here
some: any, several
any: some, all
other: another, different
another: other, one more
each: every, all
every: each, all
can: may, could
could: can, might
would: will, should
must: should, has to, have to
should: must, would
may: can, might
might: may, could
only: just, alone
even: still, although
still: yet, even
however: but, nevertheless
instead: in place, rather
all: every, whole
""")
_EXTRA_WORDS = ("that", "of", "it", "to", "so", "also", "as", "for")


def article_fault(sentence: Sentence, random: Random) -> Fault | None:
    """An article dropped, put in, or taken for the other one."""
    return attempt(sentence, random, ((_drop_article, 0.42), (_add_article, 0.36), (_swap_article, 0.22)))


def _drop_article(sentence: Sentence, random: Random) -> Fault | None:
    places = [at for at in places_in(sentence, _ARTICLES) if sentence.is_word(at + 1)]
    return _dropped(places, random)


def _swap_article(sentence: Sentence, random: Random) -> Fault | None:
    places = [at for at in places_in(sentence, _ARTICLES) if sentence.is_word(at + 1)]
    if not places:
        return None
    at = random.choice(places)
    new = article_before(sentence.words[at + 1], "a") if sentence.lower(at) == "the" else "the"
    return Fault(at, at + 1, (new,))


def _add_article(sentence: Sentence, random: Random) -> Fault | None:
    places = [
        at
        for at in range(len(sentence.words))
        if sentence.open(at) and _may_open_noun_phrase(sentence, at) and not sentence.words[at].endswith("ly")
    ]
    if not places:
        return None
    at = random.choice(places)
    new = "the" if random.random() < 0.85 else article_before(sentence.words[at], "a")
    return Fault(at, at, (new,))


def _may_open_noun_phrase(sentence: Sentence, at: int) -> bool:
    """True where a noun phrase without an article may begin: at the start, after a preposition or "and"."""
    before = sentence.lower(at - 1)
    if at and before not in _PREPOSITIONS and before not in ("and", "or", "as", "was", "were", "is", "are"):
        return False
    if is_content(sentence, at, CLOSED_CLASS_WORDS):
        return True
    return at > 0 and not sentence.fixed[at] and sentence.words[at].istitle() and sentence.words[at] != "I"


def preposition_fault(sentence: Sentence, random: Random) -> Fault | None:
    """A preposition taken for another, dropped, or put in before a noun phrase."""
    return attempt(sentence, random, ((_swap_preposition, 0.75), (_drop_preposition, 0.15), (_add_preposition, 0.1)))


def _prepositions(sentence: Sentence) -> list[int]:
    """Their places, the "to" of an infinitive left out."""
    return [
        at
        for at, word in enumerate(sentence.words)
        if word in _PREPOSITIONS and not sentence.fixed[at] and (word != "to" or _before_noun_phrase(sentence, at))
    ]


def _before_noun_phrase(sentence: Sentence, at: int) -> bool:
    return sentence.lower(at + 1) in DETERMINERS or (at + 1 < len(sentence.words) and sentence.words[at + 1].istitle())


def _swap_preposition(sentence: Sentence, random: Random) -> Fault | None:
    places = _prepositions(sentence)
    if not places:
        return None
    at = random.choice(places)
    values = _PREPOSITIONS[sentence.words[at]]
    return Fault(at, at + 1, tuple(values[int(len(values) * random.random() ** 2)].split()))


def _drop_preposition(sentence: Sentence, random: Random) -> Fault | None:
    return _dropped([at for at in _prepositions(sentence) if sentence.is_word(at + 1)], random)


def _add_preposition(sentence: Sentence, random: Random) -> Fault | None:
    """ "Entered the house" becomes "entered to the house"."""
    places = [
        at
        for at, word in enumerate(sentence.words)
        if word in DETERMINERS and sentence.open(at) and is_content(sentence, at - 1, CLOSED_CLASS_WORDS)
    ]
    if not places:
        return None
    at = random.choice(places)
    return Fault(at, at, (random.choice(("to", "of", "in", "on", "for", "with")),))


def pronoun_fault(sentence: Sentence, random: Random) -> Fault | None:
    """A pronoun taken for another of the wrong gender, number or case, or dropped."""
    return attempt(sentence, random, ((_swap_pronoun, 0.75), (_drop_pronoun, 0.25)))


def _swap_pronoun(sentence: Sentence, random: Random) -> Fault | None:
    return replace_one(sentence, random, _PRONOUNS)


def _drop_pronoun(sentence: Sentence, random: Random) -> Fault | None:
    return _dropped([at for at in places_in(sentence, _DROPPABLE_PRONOUNS) if sentence.is_word(at + 1)], random)


def function_word_fault(sentence: Sentence, random: Random) -> Fault | None:
    """A conjunction, auxiliary or quantifier taken for another, or a needless small word put in."""
    return attempt(sentence, random, ((_swap_function_word, 0.8), (_add_function_word, 0.2)))


def _swap_function_word(sentence: Sentence, random: Random) -> Fault | None:
    return replace_one(sentence, random, _FUNCTION_WORDS)


def _add_function_word(sentence: Sentence, random: Random) -> Fault | None:
    places = [
        at
        for at in range(1, len(sentence.words))
        if sentence.open(at) and sentence.lower(at) in CLOSED_CLASS_WORDS and sentence.is_word(at - 1)
    ]
    if not places:
        return None
    at = random.choice(places)
    words = [word for word in _EXTRA_WORDS if word not in (sentence.lower(at - 1), sentence.lower(at))]
    return Fault(at, at, (random.choice(words),))


def _dropped(places: list[int], random: Random) -> Fault | None:
    if not places:
        return None
    at = random.choice(places)
    return Fault(at, at + 1, ())
