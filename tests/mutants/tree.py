"""A copy of the repository in which mutants are built and run, never the working tree.

Lives in build/mutants/tree and is compiled as in the preset dev, so that ccache has what is not mutated.
"""
import filecmp
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from combine import HEADER

SKIPPED = {".git", "node_modules", "__pycache__"}
BUILD = "build"  # skipped at the top only: offline/build is a folder of sources
MEMORY = 4 << 30  # bytes that a mutant may take
# For the files of tests: in memory, where building a snapshot does not wait for the disk.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
BUILD_SECONDS = 3600
# Run by CMake at the end of the configuration.
INJECTED = """
function(marquee_mutants_quiet)
  foreach(target IN LISTS MARQUEE_MUTANTS_TARGETS)
    target_compile_options(${target} PRIVATE -w)
  endforeach()
endfunction()
cmake_language(DEFER CALL marquee_mutants_quiet)
"""


class BuildError(Exception):
    pass


def _files(root):
    for folder, folders, names in os.walk(root):
        skipped = SKIPPED | {BUILD} if folder == os.fspath(root) else SKIPPED
        folders[:] = sorted(name for name in folders if name not in skipped)
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), root)


def _write_changed(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


class Tree:
    def __init__(self, repository, folder, tests):
        self.repository = repository
        self.root = repository / "build" / "mutants" / "tree"
        self.build = self.root / "build" / "dev"
        self.folder = folder
        self.tests = tests
        self.targets = [f"{test}_test" for test in tests]
        self.originals = {}  # file -> its text without a mutant, of those that had one

    def copy(self):
        """Copies what changed since the last run, and configures."""
        wanted = set(_files(self.repository))
        for name in set(_files(self.root)) - wanted:
            (self.root / name).unlink()
        for name in sorted(wanted):
            source, copy = self.repository / name, self.root / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not copy.exists() or not filecmp.cmp(source, copy, shallow=False):
                shutil.copy(source, copy)  # with a new time: it changed for the build
        _write_changed(self.root / "marquee_mutant.h", HEADER)
        self._configure()

    def mutate(self, texts):
        """Gives files {name: text} of the copy a mutated text; all others have that of the repository."""
        for name in set(self.originals) - set(texts):
            _write_changed(self.root / name, self.originals[name])
        for name, text in texts.items():
            if name not in self.originals:
                self.originals[name] = (self.root / name).read_text()
            _write_changed(self.root / name, text)

    def _configure(self):
        self.build.mkdir(parents=True, exist_ok=True)
        _write_changed(self.build / "mutants.cmake", INJECTED)
        quiet = [f"marquee_{self.folder.split('/')[-1]}"] + self.targets
        linker = ["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=gold"] if shutil.which("ld.gold") else []
        command = ["cmake", "-S", self.root, "-B", self.build, "-G", "Ninja",
                   "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1", "-DMARQUEE_WERROR=ON",
                   "-DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST",
                   f"-DCMAKE_PROJECT_INCLUDE={self.build / 'mutants.cmake'}",
                   "-DMARQUEE_MUTANTS_TARGETS=" + ";".join(quiet)] + linker
        code, output = _run(command, BUILD_SECONDS)
        if code != 0:
            raise BuildError(output[-4000:])

    def compile(self, cpus):
        """Whether the tests were built, and what the compiler said."""
        command = ["ninja", "-C", self.build, "-k", "0", f"-j{cpus}"] + self.targets
        code, output = _run(command, BUILD_SECONDS)
        return code == 0, output

    def try_out(self, number, seconds):
        """'alive', 'killed' or 'timed out' of a mutant (0: none), and how long it took."""
        begin = time.monotonic()
        for target in self.targets:
            command = [self.build / target, "--gtest_brief=1", "--gtest_fail_fast"]
            with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch:
                code, _ = _run(command, seconds, {"MARQUEE_MUTANT": str(number), "TMPDIR": scratch,
                                                  "TEST_TMPDIR": scratch}, MEMORY)
            if code != 0:
                return "timed out" if code is None else "killed", time.monotonic() - begin
        return "alive", time.monotonic() - begin


def faults(output):
    """(file's name at the end of a path, line) of the compiler's errors; of its remarks when there are none."""
    places = re.findall(r"^(?:In file included from )?(\S+?):(\d+):\d+: (?:fatal )?error:", output, re.MULTILINE)
    remarks = re.findall(r"^\s*(\S+?):(\d+):\d+:", output, re.MULTILINE)
    return [(path, int(line)) for path, line in places], [(path, int(line)) for path, line in remarks]


def needed_by_the_compiler(name, output):
    """Whether the compiler complains that a name is no constant."""
    return re.search(rf"constant expression.*\b{name}\b|\b{name}\b.*constant expression|"
                     rf"non-.constexpr. function .*\b{name}\b", output) is not None


def _limit(memory):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _run(command, seconds, environment=None, memory=0):
    """The exit code, None when it was killed after `seconds`, and the output."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})},
            start_new_session=True, preexec_fn=lambda: _limit(memory))
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        output.seek(0)
        return code, output.read().decode(errors="replace")
