"""Checks that the mutations of snippets are exactly those that are expected."""
import pathlib
import sys
import tempfile
import unittest

import mutate
import survivors
from combine import Combined


def mutated(text):
    """The lines that mutants make of a text, in order."""
    return [mutant.lines(text)[1] for mutant in mutate.mutants(text)]


def in_function(statement):
    """The mutants of one statement in a function, without what is around it."""
    text = "void F() {\n  " + statement + "\n}\n"
    return mutated(text)


class MutateTest(unittest.TestCase):
    def test_comparisons_move_the_border_and_turn_around(self):
        self.assertEqual(in_function("if (a < b) return;"),
                         ["if (a <= b) return;", "if (a >= b) return;"])
        self.assertEqual(in_function("if (a == b) return;"), ["if (a != b) return;"])

    def test_numbers_and_truths(self):
        self.assertEqual(mutated("int a = 64;\n"), ["int a = 63;", "int a = 65;"])
        self.assertEqual(mutated("int a = 0;\n"), ["int a = 1;"])
        self.assertEqual(mutated("auto a = 0x7Fu;\n"), ["auto a = 0x7eu;", "auto a = 0x80u;"])
        self.assertEqual(mutated("float a = 1.5f;\n"), ["float a = 0.5f;", "float a = 2.5f;"])
        self.assertEqual(mutated("size_t a = 50'000;\n"), ["size_t a = 49999;", "size_t a = 50001;"])
        self.assertEqual(mutated("bool a = true;\n"), ["bool a = false;"])

    def test_a_pure_virtual_function_has_no_number(self):
        self.assertEqual(mutated("struct A {\n  virtual int B() const = 0;\n};\n"), [])

    def test_arithmetic(self):
        self.assertEqual(in_function("int a = b * c;"), ["int a = b / c;"])
        self.assertEqual(in_function("++a;"), ["--a;"])
        self.assertEqual(in_function("a += b;"), [";", "a -= b;"])
        self.assertEqual(in_function("const T* a = &b;"), [])
        self.assertEqual(in_function("int a = -b;"), [])

    def test_conditions(self):
        self.assertEqual(in_function("if (a) return;"), ["if (!(a)) return;"])
        self.assertEqual(in_function("if (!a) return;"), ["if (a) return;"])
        self.assertEqual(in_function("while (a && b) return;"),
                         ["while (!(a && b)) return;", "while (a || b) return;"])
        self.assertEqual(in_function("if (int a = b; c) return;"), ["if (int a = b; !(c)) return;"])
        self.assertEqual(in_function("if (auto a = b) return;"), [])
        self.assertEqual(in_function("int a = b.c() ? d : e;"), ["int a = !(b.c()) ? d : e;"])
        self.assertEqual(in_function("for (auto&& a : b) {}"), [])

    def test_names(self):
        self.assertEqual(in_function("int a = std::min(b, c);"), ["int a = std::max(b, c);"])
        self.assertEqual(in_function("int a = b.front();"), ["int a = b.back();"])
        self.assertEqual(in_function("auto a = b->begin();"), ["auto a = b->end();"])
        self.assertEqual(mutated("struct A {\n  int begin() const;\n};\n"), [])

    def test_calls_and_assignments_go(self):
        self.assertEqual(in_function("a.b(c);"), [";"])
        self.assertEqual(in_function("a::b<int>(c)->d(e);"), [";"])
        self.assertEqual(in_function("if (a) b();"), ["if (!(a)) b();", "if (a) ;"])
        self.assertEqual(in_function("a[b] = c;"), [";"])
        self.assertEqual(in_function("*a = b;"), [";"])

    def test_declarations_stay(self):
        for declaration in ("absl::MutexLock lock(&mu_);", "std::vector<int> a(b);", "const int a = b;",
                            "auto [a, b] = c;", "T* const a = b;",
                            "MARQUEE_ASSIGN_OR_RETURN(const int a, B());"):
            self.assertEqual(in_function(declaration), [], declaration)
        self.assertEqual(mutated("class A {\n  A(int b);\n  ~A();\n  int C(int d) const;\n};\n"), [])

    def test_a_status_that_is_looked_at_is_a_call(self):
        self.assertEqual(in_function("MARQUEE_RETURN_IF_ERROR(A());"), [";"])
        self.assertEqual(in_function("MARQUEE_ASSIGN_OR_RETURN(a->b_, C());"), [";"])

    def test_returns(self):
        self.assertEqual(in_function("return a.b();"), ["return {};"])
        for plain in ("return;", "return {};", "return std::nullopt;", "return absl::OkStatus();"):
            self.assertEqual(in_function(plain), [], plain)
        self.assertEqual(in_function("return true;"), ["return false;"])

    def test_jumps(self):
        self.assertEqual(in_function("for (;;) break;"), ["for (;;) ;"])
        self.assertEqual(in_function("for (;;) continue;"), ["for (;;) ;"])

    def test_a_lambda_is_not_a_statement(self):
        self.assertEqual(in_function("auto a = Any(b, [](int c) { return d(c); });"),
                         ["auto a = Any(b, [](int c) { return {}; });"])

    def test_what_is_no_code_stays(self):
        for text in ('const char* a = "b < c && 1";\n', "// a < b\n", "/* a < 1\n && b */\n",
                     "#include <vector>\n#if A < 1\n#define B 1 + \\\n  2\n#endif\n",
                     "char a = '1';\n", 'auto a = R"x(b < 1 " c)x";\n',
                     'static_assert(sizeof(int) == 4, "4");\n',
                     "void F() {\n  MARQUEE_CHECK(a < 1 && !b);\n}\n"):
            self.assertEqual(mutated(text), [], text)

    def test_templates_stay(self):
        for text in ("template <typename T = A<1>>\nclass B;\n", "std::array<int, 4> a;\n",
                     "std::vector<std::pair<int, A<2>>> a;\n",
                     "std::span<const std::byte> A(const std::vector<std::array<int, 3>>& b);\n"):
            self.assertEqual(mutated(text), [], text)
        self.assertEqual(in_function("if (Get<3>(a) > b) return;"),
                         ["if (Get<3>(a) <= b) return;", "if (Get<3>(a) >= b) return;"])

    def test_the_order_is_the_same_every_time(self):
        text = "int F(int a) {\n  if (a < 1) ++a;\n  return a + 2;\n}\n"
        self.assertEqual(mutated(text), mutated(text))


class CombineTest(unittest.TestCase):
    def test_a_function_has_a_case_for_each_mutant(self):
        text = "int F(int a) {\n  return a < 1;\n}\n"
        numbered = dict(enumerate(mutate.mutants(text), 7))
        combined = Combined(text, numbered)
        self.assertEqual(combined.single, [])
        for number, mutant in numbered.items():
            first = combined.text.split("\n").index(f"case {number}:") + 1
            self.assertEqual(combined.lines[first], number)
            self.assertIn(mutant.apply(text)[len("int F(int a) "):].strip(), combined.text)
        self.assertIn("default:\n{\n  return a < 1;\n}", combined.text)

    def test_a_constexpr_is_chosen_at_run_time_unless_it_has_to_stay(self):
        text = "constexpr int a = 1;\nconstexpr int F(int b) { return b + c; }\n"
        numbered = dict(enumerate(mutate.mutants(text), 1))
        combined = Combined(text, numbered)
        self.assertEqual(combined.single, [])
        self.assertEqual(combined.loosened, {"a", "F"})
        self.assertNotIn("constexpr", combined.text)
        self.assertIn("const int a = \n(marquee_mutant == 1 ? 0 : marquee_mutant == 2 ? 2 : 1)\n;",
                      combined.text)
        self.assertIn("inline int F(int b) { switch", combined.text)
        self.assertEqual(Combined(text, numbered, {"a", "F"}).single, sorted(numbered))

    def test_a_members_value_is_chosen(self):
        text = "struct A {\n  D b = E(5);\n  static constexpr int c = G::min();\n};\n"
        combined = Combined(text, dict(enumerate(mutate.mutants(text), 1)))
        self.assertIn("(marquee_mutant == 1 ? E(4) : marquee_mutant == 2 ? E(6) : E(5))", combined.text)
        self.assertIn("static inline const int c = \n(marquee_mutant == 3 ? G::max() : G::min())",
                      combined.text)

    def test_a_default_argument_is_chosen_alone(self):
        text = "struct A {\n  void B(int c, int d = 5);\n};\n"
        combined = Combined(text, dict(enumerate(mutate.mutants(text), 1)))
        self.assertIn("\n(marquee_mutant == 1 ? 4 : marquee_mutant == 2 ? 6 : 5)\n);", combined.text)

    def test_a_list_of_initialisers_is_built_alone(self):
        text = "A::A(int b)\n    : c_(b + d) {\n  e_ = f;\n}\n"
        numbered = dict(enumerate(mutate.mutants(text), 1))
        self.assertEqual([numbered[n].kind for n in Combined(text, numbered).single], ["arithmetic"])


class SurvivorsTest(unittest.TestCase):
    def test_reads_entries_and_refuses_others(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "survivors.txt"
            path.write_text("# why\n\na/b/c.cc\n- a < b\n+ a <= b\n= equal\n")
            self.assertEqual(survivors.read(path), {("a/b/c.cc", "a < b", "a <= b"): "equal"})
            path.write_text("a/b/c.cc\n- a < b\n")
            self.assertRaises(ValueError, survivors.read, path)

    def test_the_repositorys_file_can_be_read(self):
        survivors.read(pathlib.Path(__file__).parent / "survivors.txt")


if __name__ == "__main__":
    sys.exit(unittest.main())
