"""The mutations of a C++ source: small changes, each of which a test should notice.

Comparisons, constants, conditions, arithmetic, calls, assignments, returns, `break` and `continue`.
See KINDS. Strings, comments, includes, templates' arguments and static assertions are left alone.
"""
import dataclasses
import re

from syntax import Source

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
               "==": ("!=",), "!=": ("==",)}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
COMPOUND = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "++": "--", "--": "++",
            "|=": "&=", "&=": "|="}
CALLED = {"min": "max", "max": "min"}
MEMBERS = {"front": "back", "back": "front", "begin": "end", "end": "begin",
           "push_back": "push_front", "push_front": "push_back",
           "pop_back": "pop_front", "pop_front": "pop_back"}
ASSIGNS = {"=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>="}
KEYWORDS = {"if", "for", "while", "do", "switch", "case", "default", "return", "else", "using", "auto",
            "const", "constexpr", "static", "throw", "goto", "delete", "template", "break", "continue",
            "typedef", "explicit", "virtual", "public", "private", "protected"}
# A return of these is what `return {}` would return, or can not be replaced.
PLAIN_RETURNS = {"{}", "true", "false", "nullptr", "std::nullopt", "absl::OkStatus()", "*this",
                 "absl::ZeroDuration()"}


@dataclasses.dataclass(frozen=True)
class Mutant:
    kind: str
    begin: int
    end: int
    replacement: str

    def apply(self, text):
        return text[:self.begin] + self.replacement + text[self.end:]

    def lines(self, text):
        """The lines that change, before and after, white space collapsed."""
        first = text.rfind("\n", 0, self.begin) + 1
        last = text.find("\n", self.end)
        last = len(text) if last < 0 else last
        before = text[first:last]
        after = text[first:self.begin] + self.replacement + text[self.end:last]
        return " ".join(before.split()), " ".join(after.split())


def mutants(text):
    """All mutants of a source, in the order of the text, each once."""
    source = Source(text)
    found = {}
    for kind in KINDS:
        for begin, end, replacement in KINDS[kind](source):
            found.setdefault((begin, end, replacement), Mutant(kind, begin, end, replacement))
    return [found[key] for key in sorted(found)]


def _code(source):
    for i, token in enumerate(source.tokens):
        if not token.template and not token.frozen:
            yield i, token


def _comparisons(source):
    for _, token in _code(source):
        if token.spaced:
            for other in COMPARISONS.get(token.text, ()):
                yield token.begin, token.end, other


def _arithmetic(source):
    for i, token in _code(source):
        if token.spaced and token.text in ARITHMETIC:
            yield token.begin, token.end, ARITHMETIC[token.text]
        elif token.text in COMPOUND and source[i - 1] != "operator":
            yield token.begin, token.end, COMPOUND[token.text]


def _constants(source):
    for i, token in _code(source):
        if token.text in ("true", "false"):
            yield token.begin, token.end, "false" if token.text == "true" else "true"
        elif token.kind == "number":
            # The "0" of a pure virtual function is no number.
            pure = source[i - 1] == "=" and source[i - 2] in (")", "const", "noexcept", "override")
            for other in () if pure else _neighbours(token.text):
                yield token.begin, token.end, other


def _neighbours(number):
    """The number plus and minus one; of zero only plus one."""
    digits = number.replace("'", "")
    match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uUlLzZ]*)", digits)
    if match:
        value = int(re.sub(r"^0(?=\d)", "0o", match[1]), 0)
        show = hex if match[1][:2] in ("0x", "0X") else str
        return [show(other) + match[2] for other in (value + 1, value - 1) if other >= 0]
    match = re.fullmatch(r"([\d.]+(?:[eE][+-]?\d+)?)([fFlL]?)", digits)
    if not match:
        return []
    value = float(match[1])
    others = (value + 1, value - 1) if value + 1 != value else (value * 2, value / 2)
    return [repr(other) + match[2] for other in others]


def _names(source):
    for i, token in _code(source):
        if source[i + 1] not in ("(", "<"):
            continue
        if token.text in CALLED and source[i - 1] == "::":
            yield token.begin, token.end, CALLED[token.text]
        if token.text in MEMBERS and source[i - 1] in (".", "->"):
            yield token.begin, token.end, MEMBERS[token.text]


def _conditions(source):
    for i, token in _code(source):
        if token.text in ("&&", "||") and token.spaced:
            yield token.begin, token.end, "||" if token.text == "&&" else "&&"
        elif token.text == "!":
            yield token.begin, token.end, ""
        elif token.text in ("if", "while") and source[i + 1] == "(":
            yield from _negated(source, i + 2, source.tokens[i + 1].partner)
        elif token.text == "?":
            yield from _negated(source, _begin_of_condition(source, i), i)


def _begin_of_condition(source, question):
    """Where the condition of `?` begins."""
    i = question - 1
    while i >= 0:
        if source[i] in (")", "]", "}"):
            i = source.tokens[i].partner - 1
            continue
        if source[i] in ("(", "[", "{", ",", ";", "?", ":", "return", "<<") or source[i] in ASSIGNS:
            break
        i -= 1
    return i + 1


def _negated(source, first, last):
    """The tokens [first, last) negated, unless another mutation does the same."""
    if first >= last:
        return
    depth = source.tokens[first].depth
    top = [i for i in range(first, last) if source.tokens[i].depth == depth]
    semicolons = [i for i in top if source[i] == ";"]
    if semicolons:  # if (declaration; condition)
        first = semicolons[-1] + 1
    signs = {source[i] for i in top if i >= first}
    if "=" in signs:  # a declaration is the condition
        return
    joined = signs & {"&&", "||"}
    if not joined and (source[first] == "!" or any(
            source[i] in COMPARISONS and source.tokens[i].spaced for i in top if i >= first)):
        return
    if not joined and last - first == 1 and source[first] in ("true", "false"):
        return
    begin, end = source.tokens[first].begin, source.tokens[last - 1].end
    yield begin, end, "!(" + source.text[begin:end] + ")"


def _statements(source):
    """(first, semicolon) of every statement in a function that ends with a semicolon."""
    for first, token in enumerate(source.tokens):
        if not token.body or token.frozen or token.text in KEYWORDS or not (
                token.kind == "word" or token.text == "*"):
            continue
        before = source[first - 1]
        after_head = before == ")" and source[source.tokens[first - 1].partner - 1] in (
            "if", "for", "while", "constexpr")
        if before not in (";", "{", "}", "else", "do") and not after_head:
            continue
        end = first
        while end < len(source.tokens) and source[end] != ";":
            if source[end] in ("(", "[", "{"):
                end = source.tokens[end].partner
            elif source[end] == "}":
                break
            end += 1
        if source[end] == ";" and source.tokens[end].depth == token.depth:
            yield first, end


def _top_level(source, first, end):
    """The indices of a statement's tokens outside of brackets and templates."""
    depth = source.tokens[first].depth
    return [i for i in range(first, end)
            if source.tokens[i].depth == depth and not source.tokens[i].template and
            source[i] not in (")", "]", "}") and not (source[i] == ">" and not source.tokens[i].spaced)]


def _is_place(source, top):
    """Whether tokens are what a call or an assignment begins with: a.b(c)->d[e]."""
    for before, i in zip(top, top[1:]):
        if source.tokens[before].kind == "word" and source.tokens[i].kind == "word":
            return False  # a declaration
    return all(source.tokens[i].kind == "word" or source[i] in ("::", ".", "->", "(", "[", "{")
               for i in top)


def _declares(source, open_parenthesis):
    """Whether the first argument of MARQUEE_ASSIGN_OR_RETURN is a declaration."""
    i = open_parenthesis + 1
    while source[i] not in (",", ""):
        if source.tokens[i].kind == "word" and (
                source.tokens[i + 1].kind == "word" or source[i + 1] == "<"):
            return True
        i += 1
    return False


def _calls(source):
    for first, end in _statements(source):
        top = _top_level(source, first, end)
        if source[end - 1] != ")" or not _is_place(source, top):
            continue
        if source[first] == "MARQUEE_ASSIGN_OR_RETURN" and _declares(source, first + 1):
            continue
        yield source.tokens[first].begin, source.tokens[end - 1].end, ""


def _assignments(source):
    for first, end in _statements(source):
        top = _top_level(source, first, end)
        signs = [i for i in top if source[i] in ASSIGNS]
        if not signs:
            continue
        place = [i for i in top if i < signs[0]]
        if place and source[place[0]] == "*":
            place = place[1:]
        if place and _is_place(source, place):
            yield source.tokens[first].begin, source.tokens[end - 1].end, ""


def _returns(source):
    for i, token in _code(source):
        if token.text != "return" or not token.body:
            continue
        end = i + 1
        while source[end] not in (";", ""):
            end = source.tokens[end].partner + 1 if source[end] in ("(", "[", "{") else end + 1
        if end == i + 1:
            continue
        begin, stop = source.tokens[i + 1].begin, source.tokens[end - 1].end
        value = source.text[begin:stop]
        if value not in PLAIN_RETURNS and source.tokens[i + 1].kind != "number":
            yield begin, stop, "{}"


def _jumps(source):
    for i, token in _code(source):
        if token.text in ("break", "continue") and source[i + 1] == ";":
            yield token.begin, token.end, ""


KINDS = {
    "comparison": _comparisons,
    "arithmetic": _arithmetic,
    "constant": _constants,
    "name": _names,
    "condition": _conditions,
    "call": _calls,
    "assignment": _assignments,
    "return": _returns,
    "jump": _jumps,
}
