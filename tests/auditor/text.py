"""Words as the full text index sees them: letters and digits, without case, without diacritics."""

import re
import unicodedata
from sys import intern

# Combining marks up to here belong to the letter before them; other marks part words.
DIACRITICS = range(0x300, 0x332)


def _folded(character):
    """A letter without case; a Latin letter without its diacritics, too."""
    folded = character.casefold()
    base = unicodedata.normalize("NFD", character.lower())[0]
    if base.isascii() and base.isalpha():
        return base
    return folded if len(folded) == 1 else character.lower()


def tokens(text):
    """The words of a text, in order."""
    words, word = [], []
    for character in text:
        if unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Co":
            word.append(_folded(character))
        elif word and ord(character) in DIACRITICS:
            continue
        elif word:
            words.append(intern("".join(word)))
            word = []
    if word:
        words.append(intern("".join(word)))
    return words


class Query:
    """Words, each a prefix, and quoted phrases; all of them must be found."""

    def __init__(self, q):
        self.terms = []
        for phrase, word in re.findall(r'"([^"]*)"|([^\s"]+)', q):
            found = tokens(phrase or word)
            if found:
                self.terms.append((found, not phrase))

    def matches(self, fields):
        return all(any(_count(words, *term) for words in fields) for term in self.terms)

    def score(self, fields, named):
        """How often the terms occur; in a name, which is the first field, four times as much."""
        weights = [4 if named and index == 0 else 1 for index in range(len(fields))]
        return sum(
            weight * _count(words, *term)
            for term in self.terms
            for weight, words in zip(weights, fields)
        )


def _count(words, term, prefix):
    if len(term) == 1:
        return sum(word.startswith(term[0]) if prefix else word == term[0] for word in words)
    found = 0
    for start in range(len(words) - len(term) + 1):
        if words[start : start + len(term) - 1] != term[:-1]:
            continue
        last = words[start + len(term) - 1]
        found += last.startswith(term[-1]) if prefix else last == term[-1]
    return found
