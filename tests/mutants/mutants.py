"""Breaks the sources of a folder, one small change at a time, and says which changes no test notices.

See tests/mutants.sh for the call and README.md for how to read the answer.
"""
import argparse
import collections
import concurrent.futures
import fcntl
import json
import os
import pathlib
import random
import re
import signal
import sys
import time

import mutate
import survivors
from combine import Combined
from tree import BuildError, Tree, faults, needed_by_the_compiler

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
# The test binaries of a folder, where they are not those of tests/<last part>.
TESTS = {
    # What a model means shows when it is imported and scored.
    "core/forest": ["forest", "model_import", "scoring"],
    "core/model_import": ["model_import", "scoring"],
    # The builders of cells and graph.
    "offline/build": ["build", "retrieval", "cli"],
}
OUTCOMES = ("killed", "timed out", "alive", "explained", "not compiling")

Change = collections.namedtuple("Change", "file number line before after mutant source key")


def changes(folder, only):
    """Every mutant of the folder, in order."""
    found = []
    for path in sorted((REPOSITORY / folder).iterdir()):
        name = f"{folder}/{path.name}"
        if path.suffix not in (".h", ".cc") or (only and only not in (name, path.name)):
            continue
        text = path.read_text()
        seen = collections.Counter()
        for mutant in mutate.mutants(text):
            before, after = mutant.lines(text)
            seen[before, after] += 1
            key = "\n".join((name, before, after, str(seen[before, after])))
            line = text.count("\n", 0, mutant.begin) + 1
            found.append(Change(name, len(found) + 1, line, before, after, mutant, text, key))
    return found


def tests_of(folder):
    tests = TESTS.get(folder, [folder.split("/")[-1]])
    for test in tests:
        if not (REPOSITORY / "tests" / test).is_dir():
            sys.exit(f"{folder}: there is no folder tests/{test} to test it")
    return tests


class Run:
    """The mutants of one folder."""

    def __init__(self, folder, options):
        self.folder = folder
        self.options = options
        self.tree = Tree(REPOSITORY, folder, tests_of(folder))
        self.all = changes(folder, options.only)
        self.reasons = {key: why for key, why in survivors.read(HERE / "survivors.txt").items()
                        if key[0].startswith(folder + "/")}
        self.memory = REPOSITORY / "build" / "mutants" / (folder.replace("/", ".") + ".json")
        self.outcomes = {}
        self.cpus = len(os.sched_getaffinity(0))
        self.done = 0
        self.begin = time.monotonic()

    def run(self):
        chosen = self.all
        if self.options.sample and self.options.sample < len(chosen):
            places = random.Random(self.options.seed).sample(range(len(chosen)), self.options.sample)
            chosen = [chosen[i] for i in sorted(places)]
        known = self._known() if self.options.again else {}
        waiting = []
        for change in chosen:
            if self._explained(change) and not self.options.doubt:
                self.outcomes[change] = "explained"
            elif known.get(change.key) in ("killed", "timed out", "not compiling"):
                self.outcomes[change] = known[change.key]
            else:
                waiting.append(change)
        self.total = len(waiting)
        try:
            if waiting:
                single = self._build_together(waiting)
                self._try_together([c for c in waiting if c not in single and c not in self.outcomes])
                self._try_one_by_one(single)
        finally:
            self._remember()
        return self._report(chosen)

    def _explained(self, change):
        return (change.file, change.before, change.after) in self.reasons

    def _build_together(self, waiting):
        """Builds all mutants into the tests; returns those that can only be built alone."""
        single = set()
        strict = set()
        self.tree.copy()
        while True:
            left = [c for c in waiting if c not in single and c not in self.outcomes]
            combined = self._combine(left, strict)
            for name, source in combined.items():
                single |= {c for c in left if c.file == name and c.number in source.single}
            self.tree.mutate({name: source.text for name, source in combined.items()})
            built, output = self.tree.compile(self.cpus)
            if built:
                return [c for c in waiting if c in single]
            constant = {name for source in combined.values() for name in source.loosened
                        if needed_by_the_compiler(name, output)}
            if constant:  # its other errors follow from these
                strict |= constant
                continue
            guilty = self._guilty(combined, output)
            if not guilty:
                raise BuildError(output[-4000:])
            for change in left:
                if (change.file, change.number) in guilty:
                    if change.number in combined[change.file].weak:
                        single.add(change)
                    else:
                        self._settle(change, "not compiling")

    def _combine(self, left, strict):
        numbered = collections.defaultdict(dict)
        for change in left:
            numbered[change.file][change.number] = change.mutant
        texts = {change.file: change.source for change in left}
        return {name: Combined(texts[name], mutants, strict) for name, mutants in numbered.items()}

    def _guilty(self, combined, output):
        """(file, number) of the mutants that the compiler complains of."""
        for places in faults(output):
            guilty = set()
            for path, line in places:
                name = os.path.relpath(os.path.normpath(self.tree.build / path), self.tree.root)
                if name in combined and line in combined[name].lines:
                    guilty.add((name, combined[name].lines[line]))
                elif path in combined and line in combined[path].lines:
                    guilty.add((path, combined[path].lines[line]))
            if guilty:
                return guilty
        return set()

    def _limit(self):
        outcome, seconds = self.tree.try_out(0, 600)
        if outcome != "alive":
            raise BuildError(f"{self.folder}: its tests fail without a mutant")
        return max(6.0, 8 * seconds)

    def _try_together(self, mutants):
        if not mutants:
            return
        limit = self._limit()
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            tried = pool.map(lambda change: self.tree.try_out(change.number, limit)[0], mutants)
            for change, outcome in zip(mutants, tried):
                self._settle(change, outcome)

    def _try_one_by_one(self, mutants):
        limit = None
        for change in mutants:
            if limit is None:
                self.tree.mutate({})
                built, output = self.tree.compile(self.cpus)
                if not built:
                    raise BuildError(output[-4000:])
                limit = self._limit()
            self.tree.mutate({change.file: change.mutant.apply(change.source)})
            built, _ = self.tree.compile(self.cpus)
            self._settle(change, self.tree.try_out(0, limit)[0] if built else "not compiling")

    def _settle(self, change, outcome):
        if self._explained(change):
            self._print("explained, but " + outcome if outcome != "alive" else "explained", change)
            outcome = "explained"
        elif outcome == "alive":
            self._print(outcome, change)
        self.outcomes[change] = outcome
        self.done += 1
        if self.done % 25 == 0 or self.done == self.total:
            rate = (time.monotonic() - self.begin) / self.done
            print(f"{self.folder}: {self.done} of {self.total} mutants, {rate:.1f} s each", file=sys.stderr)

    def _print(self, outcome, change):
        print(f"{outcome} {change.file}:{change.line}\n    - {change.before}\n    + {change.after}",
              flush=True)

    def _known(self):
        return json.loads(self.memory.read_text()) if self.memory.exists() else {}

    def _remember(self):
        known = self._known()
        known.update({change.key: outcome for change, outcome in self.outcomes.items()})
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        self.memory.write_text(json.dumps(known, indent=0, sort_keys=True))

    def _report(self, chosen):
        for name in sorted({change.file for change in chosen}):
            counts = collections.Counter(self.outcomes[c] for c in chosen if c.file == name)
            print(f"{name}: {sum(counts.values())} mutants" +
                  "".join(f", {counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome]))
        current = {(change.file, change.before, change.after) for change in self.all}
        for key in self.reasons:
            if key not in current and self.options.only in (None, key[0], key[0].split("/")[-1]):
                print(f"stale in survivors.txt: {key[0]}\n    - {key[1]}\n    + {key[2]}")
        counts = collections.Counter(self.outcomes[change] for change in chosen)
        killed = counts["killed"] + counts["timed out"]
        counted = killed + counts["alive"]
        share = killed / counted if counted else 1.0
        sampled = f" (a sample of {len(chosen)} of {len(self.all)})" if len(chosen) < len(self.all) else ""
        print(f"{self.folder}: {100 * share:.1f} % of {counted} mutants killed{sampled}", flush=True)
        return share


def folders(named):
    """Folders that were named, or all that have tests of their own."""
    if named:
        for folder in named:
            if folder.count("/") != 1 or not (REPOSITORY / folder).is_dir():
                sys.exit(f"{folder}: name a folder of sources, for example core/catalog")
        return named
    return [f"{top}/{path.name}" for top in ("core", "server", "offline")
            for path in sorted((REPOSITORY / top).iterdir())
            if path.is_dir() and (REPOSITORY / "tests" / path.name).is_dir()]


def arguments():
    parser = argparse.ArgumentParser(prog="tests/mutants.sh", description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="default: all that have tests")
    parser.add_argument("--list", action="store_true", help="print the mutants, run nothing")
    parser.add_argument("--only", metavar="FILE", help="of this file of the folder")
    parser.add_argument("--sample", type=int, metavar="N", help="N mutants of each folder by chance")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="mutants that are tried side by side (default 1)")
    parser.add_argument("--least", type=float, default=0.9, metavar="SHARE",
                        help="that must be killed in each folder (default 0.9)")
    parser.add_argument("--again", action="store_true",
                        help="run only what lived or was not run the last time: after tests were added")
    parser.add_argument("--doubt", action="store_true",
                        help="run what survivors.txt explains, too, and tell which of it is noticed")
    return parser.parse_args()


def main():
    options = arguments()
    chosen = folders([folder.rstrip("/") for folder in options.folders])
    if options.list:
        for folder in chosen:
            for change in changes(folder, options.only):
                print(f"{change.file}:{change.line}\n    - {change.before}\n    + {change.after}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is ended, too
    home = REPOSITORY / "build" / "mutants"
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time in the trees
        try:
            shares = [Run(folder, options).run() for folder in chosen]
        except BuildError as error:
            sys.exit(str(error))
    return 0 if min(shares) >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
