"""Puts all mutants of a source into one text that is compiled once; a variable picks one at run time.

A function's body becomes

    { switch (marquee_mutant) { case 17: {BODY WITH MUTANT 17} break; … default: {BODY} } }

and a number or a truth outside of functions a choice of numbers. What has to be known when the program
is compiled, such as a constexpr, can not be chosen so: Combined.single lists these mutants, which are
built one by one.
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
    """`numbered`: {number: mutant} of one source."""

    def __init__(self, text, numbered):
        self.single = []
        self.lines = {}  # line of the combined text -> number of the mutant
        self.weak = set()  # those that a failure to compile says nothing about
        source = Source(text)
        spots = {}  # (begin, end) of what is replaced -> numbers
        for number, mutant in sorted(numbered.items()):
            spot = self._spot(source, mutant)
            if spot is None:
                self.single.append(number)
            else:
                spots.setdefault(spot, []).append(number)
        self.text = self._assemble(text, numbered, spots)

    def _spot(self, source, mutant):
        body = _body_around(source, mutant)
        if body is not None:
            first, last = body
            constant = _is_constant(source, first)
            return None if constant else (source.tokens[first].begin, source.tokens[last].end)
        at = next(i for i, token in enumerate(source.tokens) if token.end > mutant.begin)
        if mutant.kind != "constant" or _is_constant(source, at):
            return None
        return mutant.begin, mutant.end

    def _assemble(self, text, numbered, spots):
        out = ['#include "marquee_mutant.h"\n']
        at = 0
        line = 2
        for (begin, end), numbers in sorted(spots.items()):
            parts = [(None, text[at:begin])]
            if text[begin] == "{":
                parts.append((None, "{ switch (" + VARIABLE + ") {"))
                for number in numbers:
                    mutant = numbered[number]
                    shifted = (text[begin:mutant.begin] + mutant.replacement + text[mutant.end:end])
                    parts.append((number, f"\ncase {number}:\n{shifted}\nbreak;\n"))
                parts.append((None, f"default:\n{text[begin:end]}\n}} }}"))
            else:
                chain = "".join(f"{VARIABLE} == {n} ? {numbered[n].replacement} : " for n in numbers)
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


def _is_constant(source, i):
    """Whether the statement or function head before a token says constexpr, or it is an enumerator's."""
    i -= 1
    while i >= 0 and source[i] not in (";", "{", "}"):
        if source[i] in ("constexpr", "consteval", "enum", "template"):
            # A template's body is chosen at run time like any other.
            return source[i] != "template"
        if source[i] in (")", "]"):
            i = source.tokens[i].partner
        i -= 1
    return False
