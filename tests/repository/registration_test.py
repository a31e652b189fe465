"""Checks that every test and every source file is named in the CMakeLists.txt of its folder."""
import pathlib
import sys


def main(root):
    faults = []
    count = 0
    for top in ("core", "server", "offline", "tests"):
        for path in sorted((root / top).glob("*/*")):
            registered = path.name.endswith(("_test.cc", "_test.py")) or (
                path.suffix in (".cc", ".h") and top != "tests")
            if not registered:
                continue
            count += 1
            lists = path.parent / "CMakeLists.txt"
            if not lists.exists() or path.name not in lists.read_text():
                faults.append(f"{path.relative_to(root)} is not named in {lists.relative_to(root)}")
    if count == 0:
        faults.append(f"no sources found under {root}")
    print("\n".join(faults) or f"{count} files, all registered")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
