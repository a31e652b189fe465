"""Checks that every metric that an alert, a dashboard or the page of the SRE reads is one that the server
exports, and that the page says what to do for every alert.

Names and label values are looked for in the sources of the telemetry; a renamed metric would silence
an alert without anybody noticing.
"""
import json
import pathlib
import re
import sys

SUFFIXES = ("_bucket", "_count", "_sum")


def main(root):
    exported = set()
    for path in (root / "server" / "telemetry").glob("*.cc"):
        exported |= set(re.findall(r'"((?:marquee|grpc|process)_[a-z_]+)"', path.read_text()))
    expressions = {}
    alerts = root / "deploy" / "prometheus" / "alerts.yml"
    expressions["alerts.yml"] = alerts.read_text()
    dashboard = json.loads((root / "deploy" / "grafana" / "marquee.json").read_text())
    expressions["marquee.json"] = "\n".join(
        target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    page = (root / "docs" / "sre.md").read_text()
    expressions["sre.md"] = page
    faults = []
    for alert in re.findall(r"- alert: (\w+)", alerts.read_text()):
        if f"| `{alert}`" not in page:
            faults.append(f"docs/sre.md: no row says what to do for the alert {alert}")
    read = 0
    labels = {"grpc_code", "grpc_method", "grpc_service", "grpc_type"}
    for name, text in expressions.items():
        for metric in set(re.findall(r"\b(?:marquee|grpc|process)_[a-z_]+\b", text)) - labels:
            read += 1
            base = metric
            for suffix in SUFFIXES:
                base = base.removesuffix(suffix)
            if metric not in exported and base not in exported:
                faults.append(f"{name} reads {metric}, which the server does not export")
    if read == 0:
        faults.append("no metric is read at all")
    print("\n".join(faults) or f"{read} metrics read, all of {len(exported)} exported names")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
