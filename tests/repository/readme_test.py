"""Runs what the README tells people to type, in its order, in a fresh folder.

    readme_test.py ROOT BUILD WORK           the README
    readme_test.py ROOT BUILD WORK PAGE      the README, then docs/PAGE.md there; a page of STAND_ALONE without

Blocks marked `sh` are run, but for those of NOT_HERE and those that begin with a tool of ELSEWHERE. Blocks
marked `python` become the files that their first line names. What is replaced: the download, whose data is
looked for in $MARQUEE_DATA (the test is skipped where it is absent), the folder of the build, and the ports.
The page of the ML engineer needs LightGBM, which is no Debian package: $MARQUEE_PYTHON is an interpreter
that has it, numpy, pandas and scikit-learn, in place of the one that the page installs; the test is skipped
where it is not set.
"""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

SKIPPED = 77
# They build everything, which the test's own run did.
NOT_HERE = {"deploy/demo.sh", "tests/run.sh"}
# They need a network, a cluster or a package that Debian 12 does not have, or are tests of their own; people
# run them by hand.
ELSEWHERE = re.compile(r"^(npm|go|docker|kubectl|promtool|deploy/load/ghz\.sh|tests/integration/)")
DATA = "ml-latest-small"
# They want the programs on the path, and bring their own data.
STAND_ALONE = {"data"}
# Ports that pages name.
PORTS = ("8080", "8081", "9090")


def free_ports(count):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(listener.getsockname()[1]) for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def blocks(page):
    """The blocks of a page as scripts; one of Python writes the file that its first line names."""
    for language, body in re.findall(r"^```(sh|python)\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        if language == "python":
            name = re.match(r"# (\w+\.py)\n", body).group(1)
            compile(body, name, "exec")
            yield f"cat > {name} <<'PYTHON'\n{body}PYTHON\n"
        elif "venv" not in body and not ELSEWHERE.match(body):
            yield re.sub(r"^ml/bin/python ", '"$MARQUEE_PYTHON" ', body, flags=re.MULTILINE)


def prepare(root, work):
    installed = re.search(r"^demo=\((.*)\)", (root / "deploy" / "install-packages.sh").read_text(), re.MULTILINE)
    shutil.rmtree(work, ignore_errors=True)
    (work / "stubs_of_tools").mkdir(parents=True)
    for tool in ("curl", "unzip"):
        if tool not in installed.group(1).split():
            raise SystemExit(f"README: {tool} is not among the packages of deploy/demo.sh")
        path = work / "stubs_of_tools" / tool
        # Downloads and unpacks nothing; a server of the page is asked.
        path.write_text(f'#!/bin/sh\ncase "$*" in *http://127.0.0.1:*) exec {shutil.which(tool) or tool} "$@" ;; esac\n')
        path.chmod(0o755)
    for folder in ("deploy", "proto"):
        (work / folder).symlink_to(root / folder)


def with_replacements(script, build):
    script = script.replace("build/release", str(build))
    script = re.sub(r"--listen 127\.0\.0\.1:8080", "--listen 127.0.0.1:8080 --admin_listen 127.0.0.1:8081 "
                    "--metrics_listen 127.0.0.1:9090 --drain_delay_ms -1", script)
    for port, free in zip(PORTS, free_ports(len(PORTS))):
        script = script.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free}")
    return script


def main(root, build, work, page=""):
    pages_script = "\n".join(blocks(root / "docs" / f"{page}.md")) if page else ""
    if "$MARQUEE_PYTHON" in pages_script and not os.environ.get("MARQUEE_PYTHON"):
        print(f"docs/{page}.md is only parsed; set MARQUEE_PYTHON to an interpreter that has lightgbm")
        return SKIPPED
    data = pathlib.Path(os.environ.get("MARQUEE_DATA", "")) / DATA
    if page not in STAND_ALONE and not data.is_dir():
        print(f"no MovieLens at {data}; set MARQUEE_DATA to the folder that holds it")
        return SKIPPED
    prepare(root, work)
    (work / DATA).symlink_to(data)
    found = list(blocks(root / "README.md"))
    run = [block for block in found if block.strip() not in NOT_HERE]
    if len(found) - len(run) != len(NOT_HERE):
        print(f"README: the blocks of {NOT_HERE} are not in it")
        return 1
    if page in STAND_ALONE:
        run = [line for block in run for line in block.splitlines() if line.startswith("cmake --install")]
    script = with_replacements("set -euo pipefail\n" + "\n".join([*run, pages_script]), build)
    environment = dict(os.environ, HOME=str(work), PATH=f"{work}/stubs_of_tools:{os.environ['PATH']}")
    # The trap ends the server where a command before its end fails.
    return subprocess.run(["bash", "-c", "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n" + script], cwd=work,
                          env=environment, check=False, timeout=280).returncode


if __name__ == "__main__":
    sys.exit(main(*(pathlib.Path(path) for path in sys.argv[1:4]), *sys.argv[4:]))
