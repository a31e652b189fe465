"""Reads a C++ source as tokens, as far as mutations need it.

Relies on clang-format (Google): a comparison has a space on both sides, a template's bracket has not.
Strings, comments and preprocessor lines are never code.
"""
import dataclasses
import re

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<string>(?:u8|u|U|L)?R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"
             |(?:u8|u|U|L)?"(?:\\.|[^"\\\n])*"
             |(?:u8|u|U|L)?'(?:\\.|[^'\\\n])*')
  | (?P<number>\.?\d(?:[eEpP][+-]|'[0-9a-zA-Z]|[\w.])*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign><=>|<<=|>>=|->\*|\.\.\.|::|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
    """, re.VERBOSE | re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_SCOPES = {"namespace", "class", "struct", "union", "enum", "extern"}
# What stands in their parentheses is no behaviour.
_FROZEN = {"static_assert", "MARQUEE_CHECK", "alignas", "decltype", "sizeof", "noexcept"}


@dataclasses.dataclass
class Token:
    kind: str
    text: str
    begin: int
    end: int
    spaced: bool = False  # white space on both sides
    partner: int = -1  # of a bracket: the other one's index
    depth: int = 0  # brackets of all kinds around it
    template: bool = False  # within a template's angle brackets, or one of them
    frozen: bool = False
    body: bool = False  # within a function


class Source:
    """The tokens of one file, without space and comments."""

    def __init__(self, text):
        self.text = text
        self.tokens = []
        self._read()
        self._match_angles()
        self._match_brackets()
        self._freeze()
        self._find_bodies()

    def __getitem__(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def _read(self):
        directives = {m.start(): m.end() for m in _DIRECTIVE.finditer(self.text)}
        at = 0
        while at < len(self.text):
            if at in directives:
                at = directives[at]
                continue
            match = _TOKEN.match(self.text, at)
            kind = match.lastgroup if match.lastgroup != "mark" else "string"
            if kind not in ("space", "comment"):
                around = self.text[at - 1:at] + self.text[match.end():match.end() + 1]
                self.tokens.append(Token(kind, match.group(), at, match.end(),
                                         len(around) == 2 and around.isspace()))
            at = match.end()

    def _match_angles(self):
        opened = []
        for i, token in enumerate(self.tokens):
            token.template = bool(opened)
            if token.text in (";", "{"):  # no template reaches over them
                opened.clear()
                token.template = False
            opens = token.text == "<" and i > 0 and (
                self[i - 1] == "template" or
                (not token.spaced and self.tokens[i - 1].kind == "word" and self[i - 1] != "operator"))
            if opens:
                opened.append(i)
                token.template = True
            elif token.text in (">", ">>") and opened and not token.spaced:
                del opened[-len(token.text):]
        # An unclosed "<" was none: it can only be one that is no code of ours.

    def _match_brackets(self):
        opened = []
        for i, token in enumerate(self.tokens):
            if token.text in _PAIRS:
                token.depth = len(opened)
                opened.append(i)
            elif token.text in _PAIRS.values():
                if opened:
                    token.partner = opened.pop()
                    self.tokens[token.partner].partner = i
                token.depth = len(opened)
            else:
                token.depth = len(opened)

    def _freeze(self):
        for i, token in enumerate(self.tokens):
            constant_if = token.text == "constexpr" and self[i - 1] == "if"
            if (token.text in _FROZEN or constant_if) and self[i + 1] == "(":
                for j in range(i, self.tokens[i + 1].partner + 1):
                    self.tokens[j].frozen = True

    def _find_bodies(self):
        bodies = []  # for each open brace: whether it is within a function
        for i, token in enumerate(self.tokens):
            if token.text == "{":
                bodies.append(bool(bodies and bodies[-1]) or self._opens_body(i))
            token.body = bool(bodies and bodies[-1])
            if token.text == "}" and bodies:
                bodies.pop()

    def _opens_body(self, brace):
        """Whether the brace, which is outside of functions, begins one."""
        i = brace - 1
        parenthesis = False
        while i >= 0 and self[i] not in (";", "{", "}"):
            if self[i] in (")", "]"):
                parenthesis |= self[i] == ")"
                i = self.tokens[i].partner
            elif self[i] in _SCOPES and not self.tokens[i].template:
                return False
            i -= 1
        # A brace after "}" ends a constructor's list of initialisers.
        return parenthesis or (i == brace - 1 and self[i] == "}")
