"""Puts all mutants of a source into one text that is compiled once; a variable picks one at run time.

A function's body becomes

    { switch (marquee_mutant) { case 17: {BODY WITH MUTANT 17} break; … default: {BODY} } }

and the value of a variable or member a choice of values. A constexpr is made a constant of run time
for it. What can not be chosen so, such as a list of initialisers, is in Combined.single: these mutants
are built one by one.
"""
from syntax import Source

VARIABLE = "marquee_mutant"
# Included by every mutated source.
HEADER = """#ifndef MARQUEE_MUTANT_H_
#define MARQUEE_MUTANT_H_
#include <cstdlib>
inline const int marquee_mutant = [] {
  const char* const number = std::getenv("MARQUEE_MUTANT");
  return number == nullptr ? 0 : std::atoi(number);
}();
#endif  // MARQUEE_MUTANT_H_
"""


class Combined:
    """`numbered`: {number: mutant} of one source. `strict`: names whose constexpr has to stay."""

    def __init__(self, text, numbered, strict=()):
        self.single = []
        self.lines = {}  # line of the combined text -> a number of the mutants there
        self.weak = set()  # those that a failure to compile says nothing about
        self.loosened = set()  # names of what is no constexpr any more
        self._edits = {}  # (begin, end) of a "constexpr" -> what stands there instead
        source = Source(text)
        spots = {}  # (begin, end) of what is replaced -> numbers
        for number, mutant in sorted(numbered.items()):
            spot = self._spot(source, mutant, strict)
            if spot is None:
                self.single.append(number)
            else:
                spots.setdefault(spot, []).append(number)
        self.text = self._assemble(text, numbered, spots)

    def _spot(self, source, mutant, strict):
        """The text to choose for a mutant; None when it can not be chosen."""
        body = _body_around(source, mutant)
        if body is not None:
            if not self._loosen(source, body[0], strict, function=True):
                return None
            return source.tokens[body[0]].begin, source.tokens[body[1]].end
        at = next(i for i, token in enumerate(source.tokens) if token.end > mutant.begin)
        value = _value_around(source, at)
        if not self._loosen(source, at if value is None else value[0], strict, function=False):
            return None
        if value is not None:
            return source.tokens[value[0]].begin, source.tokens[value[1] - 1].end
        return (mutant.begin, mutant.end) if mutant.kind == "constant" else None

    def _loosen(self, source, i, strict, function):
        """Makes the constexpr that token `i` belongs to one of run time. False: it has to stay."""
        head = _head(source, i)
        words = {source[j]: j for j in head}
        if words.keys() & {"consteval", "enum"}:
            return False
        if "constexpr" not in words:
            return True
        marks = [j for j in sorted(head) if source[j] == ("(" if function else "=")]
        name = source[marks[0] - 1] if marks else ""
        if not name or name in strict:
            return False
        self.loosened.add(name)
        token = source.tokens[words["constexpr"]]
        in_class = "static" in words
        self._edits[token.begin, token.end] = (
            "inline" if function else "inline const" if in_class else "const")
        return True

    def _assemble(self, text, numbered, spots):
        out = ['#include "marquee_mutant.h"\n']
        at = 0
        line = 2
        places = {**{spot: None for spot in self._edits}, **spots}
        for (begin, end), numbers in sorted(places.items()):
            parts = [(None, text[at:begin])]
            if numbers is None:
                parts.append((None, self._edits[begin, end]))
            elif text[begin] == "{":
                parts.append((None, "{ switch (" + VARIABLE + ") {"))
                for number in numbers:
                    shifted = _within(text, numbered[number], begin, end)
                    parts.append((number, f"\ncase {number}:\n{shifted}\nbreak;\n"))
                parts.append((None, f"default:\n{text[begin:end]}\n}} }}"))
            else:
                chain = "".join(f"{VARIABLE} == {n} ? {_within(text, numbered[n], begin, end)} : "
                                for n in numbers)
                self.weak.update(numbers)
                parts.append((numbers[0], f"\n({chain}{text[begin:end]})\n"))
            for number, part in parts:
                if number is not None:
                    for extra in range(1, part.count("\n") + 1):
                        self.lines[line + extra] = number
                line += part.count("\n")
                out.append(part)
            at = end
        out.append(text[at:])
        return "".join(out)


def _within(text, mutant, begin, end):
    return text[begin:mutant.begin] + mutant.replacement + text[mutant.end:end]


def _body_around(source, mutant):
    """(first, last) braces of the outermost function around a mutant, or None."""
    first = None
    for i, token in enumerate(source.tokens):
        if token.begin >= mutant.begin:
            break
        if token.text == "{" and token.body and (first is None or source.tokens[
                source.tokens[first].partner].end < token.begin):
            first = i
    if first is None or source.tokens[source.tokens[first].partner].end < mutant.end:
        return None
    return first, source.tokens[first].partner


def _value_around(source, i):
    """[first, last) tokens of the value of the variable that token `i` initialises, or None."""
    first = i
    while first > 0 and source[first] != "=":
        if source[first] in (";", "{", "}"):
            return None
        first = source.tokens[first].partner - 1 if source[first] in (")", "]") else first - 1
    last = first + 1
    while source[last] not in (";", "", "{", "}", ")", "]") and not (
            source[last] == "," and not source.tokens[last].template):
        last = source.tokens[last].partner + 1 if source[last] in ("(", "[") else last + 1
    if source[last] != ";" or not first + 1 <= i < last:
        return None
    return first + 1, last


def _head(source, i):
    """The tokens before `i` in its declaration, without what is in parentheses."""
    found = []
    i -= 1
    while i >= 0 and source[i] not in (";", "{", "}"):
        if source[i] in (")", "]"):
            i = source.tokens[i].partner
        found.append(i)
        i -= 1
    return found
