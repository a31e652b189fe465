"""Measures Marquee's ranking engine beside the libraries that others score trees with.

    pip install -r requirements.txt
    python train_models.py MODELS
    python ranking_peers.py MODELS [MODEL...] --marquee build/release [--rows 500] [--rounds 5]

On one thread each, in turns: LightGBM or XGBoost itself (the trainer of the model), lleaves and TL2cgen
(which compile it), ONNX Runtime, and `marquee-bench ranking`. Prints a JSON array with a row for each.
Times are of raw scores of all rows from float32 features; those of Python libraries have a call from
Python within, of which `one_row_p50_ms` gives an idea. `max_abs_difference` is to the trainer's scores;
Marquee's are those of `marquee score --raw --engine bit_sliced` on the same rows. What can not load a
model is left out with a line that says why.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

# Before a library looks at it.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

CALLS = 30  # of each engine in each round
FEATURES = 40


def rows_like_training(count):
    random = np.random.default_rng(2)
    x = random.normal(size=(count, FEATURES)).astype(np.float32)
    x[random.random(x.shape) < 0.05] = np.nan
    return x


class LightGbm:
    name = "lightgbm"

    def __init__(self, path, _):
        import lightgbm
        self.version = lightgbm.__version__
        self.booster = lightgbm.Booster(model_file=str(path))

    def __call__(self, x):
        return self.booster.predict(x, raw_score=True, num_threads=1)


class XgBoost:
    name = "xgboost"

    def __init__(self, path, _):
        import xgboost
        self.version = xgboost.__version__
        self.booster = xgboost.Booster({"nthread": 1}, model_file=str(path))

    def __call__(self, x):
        return self.booster.inplace_predict(x, predict_type="margin")


class Lleaves:
    name = "lleaves"

    def __init__(self, path, _):
        import lleaves
        if path.suffix != ".txt":
            raise ValueError("reads LightGBM's models only")
        self.version = "1.3.0"
        self.model = lleaves.Model(model_file=str(path))
        self.model.compile(raw_score=True)

    def __call__(self, x):
        return self.model.predict(x, n_jobs=1)


class Tl2cgen:
    name = "tl2cgen"

    def __init__(self, path, folder):
        import tl2cgen
        import treelite
        self.version = tl2cgen.__version__
        load = (treelite.frontend.load_lightgbm_model if path.suffix == ".txt"
                else treelite.frontend.load_xgboost_model)
        library = str(folder / f"{path.stem}.so")
        tl2cgen.export_lib(load(path), toolchain="gcc", libpath=library,
                           params={"parallel_comp": 16})
        self.predictor = tl2cgen.Predictor(library, nthread=1)
        self.matrix = tl2cgen.DMatrix

    def __call__(self, x):
        return self.predictor.predict(self.matrix(x), pred_margin=True).reshape(len(x))


class OnnxRuntime:
    name = "onnxruntime"

    def __init__(self, path, _):
        import onnxruntime
        from onnxmltools.convert import convert_lightgbm, convert_xgboost
        from onnxmltools.convert.common.data_types import FloatTensorType
        self.version = onnxruntime.__version__
        types = [("x", FloatTensorType([None, FEATURES]))]
        if path.suffix == ".txt":
            import lightgbm
            model = convert_lightgbm(lightgbm.Booster(model_file=str(path)), initial_types=types,
                                     target_opset=15)
        else:
            import xgboost
            model = convert_xgboost(xgboost.Booster(model_file=str(path)), initial_types=types,
                                    target_opset=15)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                    providers=["CPUExecutionProvider"])

    def __call__(self, x):
        return self.session.run(None, {"x": x})[0].reshape(len(x))


def milliseconds(engine, x):
    begin = time.perf_counter()
    engine(x)
    return 1000 * (time.perf_counter() - begin)


def run_json(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def marquee_scores(programs, path, x, folder):
    table = folder / "rows.csv"
    with table.open("w") as out:
        for row in x:
            print(",".join("" if np.isnan(v) else repr(float(v)) for v in row), file=out)
    command = [programs / "marquee", "score", "--model", path, "--input", table, "--header", "no",
               "--raw", "--engine", "bit_sliced"]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return np.array([float(line) for line in text.split()])


def load(path, folder):
    trainer = LightGbm if path.suffix == ".txt" else XgBoost
    engines = [trainer(path, folder)]
    for peer in (Lleaves, Tl2cgen, OnnxRuntime):
        try:
            engines.append(peer(path, folder))
        except Exception as error:  # whatever a library raises: the others are still measured
            print(f"{path.name}: {peer.name} is left out: {error}", file=sys.stderr)
    return engines


def measure(path, options, folder):
    x = rows_like_training(options.rows)
    engines = load(path, folder)
    times = {engine.name: [] for engine in engines}
    ours = []
    for _ in range(options.rounds):
        for engine in engines:
            engine(x)
            times[engine.name] += [milliseconds(engine, x) for _ in range(CALLS)]
        ours += [row for row in run_json(
            [options.marquee / "marquee-bench", "ranking", "--model", path, "--rows",
             str(options.rows), "--count", str(CALLS), "--engines", "bit_sliced"])
            if row["parameters"]["instruction_set"] == options.instruction_set or
            not options.instruction_set]
    want = np.asarray(engines[0](x))

    def difference(scores):
        return float(np.abs(np.asarray(scores, dtype=want.dtype).astype(np.float64) - want).max())

    best = min(row["p50_ms"] for row in ours)
    fastest = next(r["parameters"]["instruction_set"] for r in ours if r["p50_ms"] == best)
    chosen = [row for row in ours if row["parameters"]["instruction_set"] == fastest]
    trees, leaves = chosen[0]["trees"], chosen[0]["leaves"]
    p50 = float(np.median([row["p50_ms"] for row in chosen]))
    rows = [{"engine": "marquee", "version": fastest, "p50_ms": p50,
             "p99_ms": max(row["p99_ms"] for row in chosen),
             "max_abs_difference": difference(
                 marquee_scores(options.marquee, path, x, folder))}]
    for engine in engines:
        rows.append({"engine": engine.name, "version": engine.version,
                     "p50_ms": float(np.percentile(times[engine.name], 50)),
                     "p99_ms": float(np.percentile(times[engine.name], 99)),
                     "one_row_p50_ms": float(np.percentile(
                         [milliseconds(engine, x[:1]) for _ in range(CALLS)], 50)),
                     "max_abs_difference": difference(engine(x))})
    for row in rows:
        row["ns_per_row_tree"] = row["p50_ms"] * 1e6 / (options.rows * trees)
        row["times_marquee"] = row["p50_ms"] / p50
        row |= {"model": path.name, "rows": options.rows, "trees": trees, "leaves": leaves,
                "features": FEATURES}
    return rows


def standard_output_without_logs():
    """Libraries write their logs to the descriptor of the standard output: those go to the errors."""
    kept = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return kept


def main():
    parser = argparse.ArgumentParser(description="Marquee's ranking engine beside others")
    parser.add_argument("models", type=pathlib.Path, help="folder of train_models.py")
    parser.add_argument("names", nargs="*", help="files in it; all without")
    parser.add_argument("--marquee", type=pathlib.Path, required=True,
                        help="folder of the programs marquee and marquee-bench")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--instruction_set", default="", help="of Marquee; the fastest without")
    options = parser.parse_intermixed_args()
    paths = [options.models / name for name in options.names]
    paths = paths or sorted(options.models.glob("*_*_*.*"))
    if not paths:
        parser.error(f"{options.models}: no models; make them with train_models.py")
    rows = []
    out = standard_output_without_logs()
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            rows += measure(path, options, pathlib.Path(folder))
    json.dump(rows, out, indent=1)
    print(file=out)


if __name__ == "__main__":
    main()
