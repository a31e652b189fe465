"""Checks the house: which folder may include and link which, and how large a folder may be.

- Every `#include "..."` of ours, in headers, sources and .inc files, and every `marquee::x` in a
  folder's CMakeLists.txt leads to a folder that DIRECT lists for it, or that those lead to.
- What RESERVED names is included by its homes alone.
- A folder has a README.md of at most MOST_README_LINES lines, and at most MOST_FILES files.

    python3 tests/repository/includes_test.py .
"""
import pathlib
import re
import sys

# The arrows of ARCHITECTURE.md: what a folder stands on.
DIRECT = {
    "proto": set(),
    "core/base": set(),
    "core/simd": set(),
    "core/files": {"core/base"},
    "core/textproto": {"core/files"},
    "core/catalog": {"core/files", "core/simd"},
    "core/users": {"core/catalog"},
    "core/retrieval": {"core/users"},
    "core/sources": {"core/users"},
    "core/features": {"core/users"},
    "core/forest": {"core/features"},
    "core/model_import": {"core/forest", "core/files"},
    "core/scoring": {"core/forest", "core/files"},
    "core/ranking": {"core/model_import", "core/scoring"},
    "core/rerank": {"core/users", "core/textproto", "proto"},
    "core/snapshot": {"core/retrieval", "core/ranking", "core/rerank", "proto"},
    "core/pipeline": {"core/snapshot", "core/sources"},
    "core/acceptance": {"core/pipeline", "proto"},
    "server/admission": {"core/pipeline"},
    "server/quality": {"core/pipeline"},
    "server/telemetry": {"server/admission", "server/quality"},
    "server/reload": {"server/telemetry", "core/acceptance", "proto"},
    "server/service": {"server/reload", "proto"},
    "server/grpc": {"server/service", "proto"},
    "server/app": {"server/grpc", "proto"},
    "offline/formats": {"core/files", "core/simd"},
    "offline/data": {"offline/formats", "core/users", "core/forest"},
    "offline/doubts": {"offline/data", "core/snapshot"},
    "offline/import": {"offline/data"},
    "offline/synth": {"offline/data"},
    "offline/build": {"offline/doubts", "core/acceptance", "proto"},
    "offline/train": {"offline/data", "core/pipeline"},
    "offline/evaluate": {"offline/data", "core/pipeline"},
    "offline/command_line": set(),
    "offline/cli": {"offline/command_line", "offline/build", "offline/import", "offline/synth", "offline/train",
                    "offline/evaluate", "proto"},
}
# What only named folders may include, by the beginning of the include. `tests` may include all.
RESERVED = {
    "CLI/": {"offline/command_line"},
    "grpc": {"server/grpc", "server/app"},
    "prometheus/": {"server/telemetry"},
    "hnswlib/": {"offline/build/graph_builder.cc"},
    "Eigen/": {"offline/train"},
    "xgboost/": {"offline/train/xgboost_ranker.cc"},
    "immintrin.h": {"core/simd"},
    # Protobuf stays at the edges: no message below these, and none in a loop over candidates.
    "google/protobuf/": {"core/textproto", "core/rerank", "core/snapshot", "core/acceptance", "server", "offline"},
    # No lock in the features nor the ranking of a request, nor in what is below them.
    "absl/synchronization/": {"core/catalog", "server", "offline"},
    "condition_variable": {"server", "offline"},
    "mutex": {"server", "offline"},
    "shared_mutex": {"server", "offline"},
}
# The same of what is linked.
RESERVED_TARGETS = {
    "gRPC::": {"server/grpc", "server/app"},
    "prometheus-cpp::": {"server/telemetry"},
    "CLI11::": {"offline/command_line"},
    "Eigen3::": {"offline/train"},
    "XGBOOST": {"offline/train"},
}
MOST_FILES = 36  # some thirty; more is two subjects
MOST_README_LINES = 40


def closure():
    allowed = {}

    def below(folder):
        if folder not in allowed:
            allowed[folder] = set(DIRECT[folder])
            for other in DIRECT[folder]:
                allowed[folder] |= below(other)
            # Messages are passed on by naming them alone.
            if "proto" not in DIRECT[folder]:
                allowed[folder].discard("proto")
        return allowed[folder]

    for folder in DIRECT:
        below(folder)
    return allowed


def folder_of(path):
    return "/".join(path.split("/")[:2])


def is_home(name, homes):
    return any(name == home or name.startswith(home + "/") for home in homes)


def faults_of_include(name, include, allowed):
    folder = folder_of(name)
    if ".." in include.split("/"):
        yield f"{include}: name the folder from the root"
    for prefix, homes in RESERVED.items():
        reserved = include.startswith(prefix) if prefix.endswith(("/", "grpc")) else include == prefix
        if reserved and not is_home(name, homes | {"tests"}):
            yield f"only {sorted(homes)} may include {include}"
    if folder not in allowed:
        return
    target = folder_of(include)
    if target in allowed and target != folder and target not in allowed[folder]:
        yield f"{folder} must not include {include}"
    # Generated messages are included as "marquee/…/x.pb.h", services as "….grpc.pb.h".
    if include.startswith("marquee/") and "proto" not in allowed[folder]:
        yield f"{folder} must not include {include}"
    if include.endswith(".grpc.pb.h") and not is_home(name, RESERVED["grpc"]):
        yield f"only {sorted(RESERVED['grpc'])} may include {include}"


def faults_of_file(path, name, allowed):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#include\s+["<]([^">]+)[">]', line)
        if match:
            for fault in faults_of_include(name, match.group(1), allowed):
                yield f"{name}:{number}: {fault}"


def faults_of_links(path, folder, allowed):
    targets = {other.split("/")[-1]: other for other in allowed}
    targets["grpc_stubs"] = "proto"
    text = path.read_text()
    for target, homes in RESERVED_TARGETS.items():
        if target in text and folder not in homes:
            yield f"{folder}/CMakeLists.txt: only {sorted(homes)} may link {target}"
    ours = folder.split("/")[-1]
    # A precompiled header belongs to a target, by its own name.
    linked = re.sub(r"marquee_precompile\([^)]*\)", "", text)
    for dependency in re.findall(r"\bmarquee_(\w+)", linked):
        if dependency in targets and dependency != ours:
            yield f"{folder}/CMakeLists.txt: write marquee::{dependency}"
    for dependency in re.findall(r"marquee::(\w+)", text):
        target = targets.get(dependency)
        if target is None:
            yield f"{folder}/CMakeLists.txt: marquee::{dependency} is the library of no folder"
        elif target != folder and target not in allowed[folder]:
            yield f"{folder}/CMakeLists.txt: {folder} must not link marquee::{dependency}"


def faults_of_folder(root, folder):
    files = [path for path in (root / folder).iterdir() if path.is_file()]
    readme = root / folder / "README.md"
    if not readme.exists():
        yield f"{folder} has no README.md"
    elif len(readme.read_text().splitlines()) > MOST_README_LINES:
        yield f"{folder}/README.md has more than {MOST_README_LINES} lines"
    if len(files) > MOST_FILES:
        yield f"{folder} has {len(files)} files, at most {MOST_FILES}"


def main(root):
    faults = []
    allowed = closure()
    for top in ("core", "server", "offline"):
        for path in sorted((root / top).rglob("*")):
            folder = path.relative_to(root).as_posix()
            if path.is_dir() and (folder.count("/") > 1 or folder not in DIRECT):
                faults.append(f"{folder} is no folder that {pathlib.Path(__file__).name} knows")
    for path in sorted(root.glob("*/*/*")):
        name = path.relative_to(root).as_posix()
        folder = folder_of(name)
        if path.suffix in (".h", ".cc", ".inc"):
            faults += faults_of_file(path, name, allowed)
        elif path.name == "CMakeLists.txt" and folder in allowed:
            faults += faults_of_links(path, folder, allowed)
    for folder in DIRECT:
        faults += faults_of_folder(root, folder)
    print("\n".join(faults) or f"{len(allowed)} folders, all arrows run one way")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
