"""Compares `marquee score` with the library that trained the model, on many models.

    python campaign.py build/dev/marquee OUT [PATTERN]

trains with LightGBM or XGBoost, whichever is installed, and leaves the models in OUT; with a pattern,
only those whose name it finds. A line of the report has the raw scores whose bits differ, also of the
first iterations only, the most units in the last place between predictions, and the raw scores of the
serving engine (on float32 features) whose bits differ. The exit code is 1 when any is wrong.

What differs and is known: with LightGBM before 2.0.12, values within 1e-15 of 0; with LightGBM 3.2,
predictions of xentlambda.
"""
import collections
import pathlib
import re
import subprocess
import sys
import warnings

import numpy as np

import generate
from campaign_models import LABELS, inputs, lightgbm_models, training_data, xgboost_models

warnings.filterwarnings("ignore")
RESULTS = collections.Counter()


def marquee_scores(marquee, model, rows, *options):
    """What marquee prints, or the error that it ends with."""
    table = pathlib.Path(str(model) + ".rows")
    lines = [",".join("" if np.isnan(v) else repr(float(v)) for v in row) for row in rows]
    table.write_text("\n".join(lines) + "\n")
    run = subprocess.run([marquee, "score", "--header", "no", "--model", str(model), "--input",
                          str(table)] + [str(option) for option in options],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    if run.returncode:
        return run.stderr.strip()
    return [line.split(",") for line in run.stdout.splitlines()]


def ulps(found, expected, kind):
    """Units in the last place between two arrays; 0 only for equal bits."""
    if isinstance(found, str):
        raise ValueError(found)
    expected = np.asarray(expected, kind).ravel()
    found = np.asarray(found, dtype=kind).ravel()
    bits = [v.view(kind.replace("f", "i")).astype(object) for v in (found, expected)]
    low = -2 ** (31 if kind == "f4" else 63)
    ordered = [np.where(b >= 0, b, low - b) for b in bits]
    return np.where(bits[0] == bits[1], 0, np.maximum(np.abs(ordered[0] - ordered[1]), 1))


def compare(marquee, name, path, rows, predict, kind, rounds=(1, 3)):
    """`predict(rows, raw, iterations)` is the trainer's answer; None: all iterations."""
    answer = marquee_scores(marquee, path, rows, "--raw")
    if isinstance(answer, str):
        print("{:30} refused: {}".format(name, answer.split(str(path))[-1]))
        RESULTS["refused"] += 1
        return
    raw = ulps(answer, predict(rows, True, None), kind)
    last = ulps(marquee_scores(marquee, path, rows), predict(rows, False, None), kind)
    cut = 0
    for count in rounds:
        answer = marquee_scores(marquee, path, rows, "--raw", "--iterations", count)
        cut += np.count_nonzero(ulps(answer, predict(rows, True, count), kind))
    floats = rows.astype(np.float32).astype(np.float64)
    answer = marquee_scores(marquee, path, floats, "--raw", "--engine", "bit_sliced")
    serving = None if isinstance(answer, str) else np.count_nonzero(
        ulps(answer, predict(floats, True, None), kind))
    bad = np.count_nonzero(raw) or cut or last.max() > 1 or serving
    RESULTS["wrong" if bad else "equal"] += 1
    print("{:30} {} raw {}/{}, first iterations {}, predictions {} ulp in {} rows, engine {}".format(
        name, "WRONG" if bad else "equal", np.count_nonzero(raw), raw.size, cut, last.max(),
        np.count_nonzero(last), serving))


def train_lightgbm(marquee, out, name, label, params):
    import lightgbm

    params = {"verbose": -1, "num_threads": 1, "num_leaves": 12, "min_data_in_leaf": 3, "seed": 7,
              "min_data_in_bin": 1, **params}
    if not lightgbm.__version__.startswith(("0.2", "2.0")):  # 2.0.2 calls itself 0.2.
        params.update({"cat_smooth": 1, "min_data_per_group": 5})
    categorical = params.pop("categorical", [])
    x, score = training_data(name, params)
    if categorical and "negative" not in name:
        x[:, categorical] = np.abs(x[:, categorical])
    data = lightgbm.Dataset(x, LABELS[label](score), group=[30] * 10 if label == "grades" else None,
                            categorical_feature=categorical, params=params, free_raw_data=False)
    more = {}
    if name == "early":
        held = lightgbm.Dataset(x[::2], -score[::2], reference=data)
        more = {"valid_sets": [held], "callbacks": [lightgbm.early_stopping(2, verbose=False)]}
    if name == "custom":
        def gradients(scores, data):
            return scores - data.get_label(), np.ones(len(scores))
        new = int(lightgbm.__version__.split(".")[0]) > 3
        params.update({"objective": gradients} if new else {})
        more = {} if new else {"fobj": gradients}
    model = lightgbm.train(params, data, params.pop("rounds", 6), **more)
    path = out / (name + ".txt")
    model.save_model(str(path))
    text = path.read_text()
    rows = inputs(x, generate.lightgbm_thresholds(text), categorical,
                  [-0.5, -1, -3, 1e9, 3e9, 16777216])
    saved = lightgbm.Booster(model_file=str(path))
    compare(marquee, name, path, rows, lambda rows, raw, count: saved.predict(
        rows, raw_score=raw, num_iteration=count or -1), "f8",
        [1, 3] if text.count("\nTree=") > 3 * params.get("num_class", 1) else [1])


def train_xgboost(marquee, out, name, label, params):
    import xgboost

    params = {"nthread": 1, "max_depth": 4, "eta": 0.4, "seed": 7, "tree_method": "exact", **params}
    categorical = params.pop("categorical", [])
    x, score = training_data(name, params)
    types = ["c" if f in categorical else "q" for f in range(x.shape[1])] if categorical else None
    if categorical:
        x[:, categorical] = np.abs(x[:, categorical])
    data = xgboost.DMatrix(x, label=LABELS[label](score), feature_types=types,
                           enable_categorical=bool(categorical))
    if "rank:" in name:
        data.set_group([30] * 10)
    if "aft" in name:
        data.set_float_info("label_lower_bound", LABELS[label](score))
        data.set_float_info("label_upper_bound", LABELS[label](score) + 0.1)
    more = {}
    if name == "early":
        held = xgboost.DMatrix(x[::2], label=-score[::2])
        more = {"evals": [(held, "held")], "early_stopping_rounds": 2, "verbose_eval": False}
    model = xgboost.train(params, data, params.pop("rounds", 4), **more)
    rows = inputs(x, {}, categorical, [16777215])
    for extension in ("json", "ubj"):
        path = out / "{}.{}".format(name.replace(":", "_"), extension)
        model.save_model(str(path))
        if extension == "json" and "linear" not in name:
            rows = inputs(x, generate.xgboost_thresholds(path.read_bytes()), categorical, [16777215])
        saved = xgboost.Booster({"nthread": 1}, model_file=str(path))

        def predict(rows, raw, count):
            if count == "best":
                count = int(saved.attr("best_iteration")) + 1
            matrix = xgboost.DMatrix(rows, feature_types=types, enable_categorical=bool(types))
            return saved.predict(matrix, output_margin=raw, iteration_range=(0, count or 0))

        compare(marquee, name + "." + extension, path, rows, predict, "f4",
                [1, 3] + ["best"] * (name == "early"))


def main():
    marquee, out = sys.argv[1], pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    try:
        import lightgbm as library
        train, models = train_lightgbm, lightgbm_models()
    except ImportError:
        import xgboost as library
        train, models = train_xgboost, xgboost_models()
    for name, label, params in models:
        if len(sys.argv) > 3 and not re.search(sys.argv[3], name):
            continue
        try:
            train(marquee, out, name, label, params)
        except Exception as error:  # What a version can not train it says in its own way.
            print("{:30} not trained: {}".format(name, str(error).splitlines()[0])[:150])
            RESULTS["not trained"] += 1
    print(library.__name__, library.__version__, dict(RESULTS))
    sys.exit(1 if RESULTS["wrong"] else 0)


if __name__ == "__main__":
    main()
