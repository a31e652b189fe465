"""Checks that the arrows of ARCHITECTURE.md run one way, in the includes and in the link lists.

Every `#include "..."` of ours and every dependency `marquee::x` in a folder's CMakeLists.txt must
lead to a folder that ALLOWED lists for it.
"""
import pathlib
import re
import sys

CORE_BELOW = {
    "core/base": set(),
    "core/simd": set(),
    "core/catalog": {"core/base", "core/simd"},
    "core/retrieval": {"core/catalog"},
    "core/features": {"core/catalog"},
    "core/ranking": {"core/catalog"},
    "core/rerank": {"core/catalog", "proto"},
    "core/snapshot": {"core/retrieval", "core/features", "core/ranking", "core/rerank", "proto"},
    "core/pipeline": {"core/snapshot"},
}
SERVER = {"core/pipeline", "server/app", "server/rpc", "server/admission", "server/reload",
          "server/telemetry", "proto"}
OFFLINE = {"core/pipeline", "offline/cli", "offline/command_line", "offline/data", "offline/train", "offline/evaluate",
           "proto"}
# What only named folders may include, by the beginning of the include.
RESERVED = {
    "CLI/": {"offline/command_line"},
    "grpc": {"server", "proto", "tests"},
    "prometheus/": {"server", "tests"},
    "hnswlib/": {"core/retrieval", "tests"},
    "Eigen/": {"offline/train", "tests"},
    "xgboost/": {"offline/train", "tests"},
    # Not the features nor the ranking of a request, nor what is below them.
    "absl/synchronization/": {"core/catalog", "server", "offline", "tests"},
    "mutex": {"core/retrieval", "server", "offline", "tests"},
    "shared_mutex": {"server", "offline", "tests"},
}


def closure():
    allowed = {}

    def below(folder):
        if folder not in allowed:
            allowed[folder] = set(CORE_BELOW[folder])
            for other in CORE_BELOW[folder]:
                if other in CORE_BELOW:
                    allowed[folder] |= below(other)
        return allowed[folder]

    for folder in CORE_BELOW:
        below(folder)
    for folder in SERVER:
        if folder.startswith("server/"):
            allowed[folder] = SERVER | below("core/pipeline")
    for folder in OFFLINE:
        if folder.startswith("offline/"):
            allowed[folder] = OFFLINE | below("core/pipeline")
    return allowed


def folder_of(path):
    return "/".join(path.split("/")[:2])


def main(root):
    faults = []
    allowed = closure()
    targets = {folder.split("/")[1]: folder for folder in allowed}
    hnswlib_files = []
    for path in sorted(root.glob("*/*/*")):
        name = path.relative_to(root).as_posix()
        folder = folder_of(name)
        if path.suffix in (".h", ".cc"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r'\s*#include\s+["<]([^">]+)[">]', line)
                if not match:
                    continue
                include = match.group(1)
                for prefix, homes in RESERVED.items():
                    if include.startswith(prefix) and not any(
                            folder == home or folder.startswith(home + "/") for home in homes):
                        faults.append(f"{name}:{number}: only {sorted(homes)} may include {include}")
                if include.startswith("hnswlib/"):
                    hnswlib_files.append(name)
                target = folder_of(include)
                if folder in allowed and target in allowed and target != folder and \
                        target not in allowed[folder]:
                    faults.append(f"{name}:{number}: {folder} must not include {include}")
                # Generated messages are included as "marquee/…/x.pb.h".
                if folder in allowed and include.startswith("marquee/") and \
                        "proto" not in allowed[folder]:
                    faults.append(f"{name}:{number}: {folder} must not include {include}")
        elif path.name == "CMakeLists.txt" and folder in allowed:
            for dependency in re.findall(r"marquee::(\w+)", path.read_text()):
                target = targets.get(dependency)
                if target and target != folder and target not in allowed[folder]:
                    faults.append(f"{name}: {folder} must not link marquee::{dependency}")
    if len(set(f for f in hnswlib_files if f.startswith("core/"))) > 1:
        faults.append(f"hnswlib must be included in one file of core, not in {hnswlib_files}")
    print("\n".join(faults) or f"{len(allowed)} folders, all arrows run one way")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
