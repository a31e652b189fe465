"""Trains the small models of this folder and writes what their libraries predict.

    python generate.py OUT

uses LightGBM and XGBoost, whichever is installed; the version chooses the models. Inputs have
missing values, zeros, infinities, values on the thresholds of the model and the numbers next to them.
"""
import json
import pathlib
import sys

import numpy as np

FEATURES = 4
ROWS = 300
CASES = 27
NAMES = ["age", "days since", "länge", "f3"]  # of XGBoost's features


def training_data(seed):
    random = np.random.default_rng(seed)
    x = np.round(random.normal(size=(ROWS, FEATURES)), 2)
    x[:, 1] = np.where(random.random(ROWS) < 0.3, 0.0, x[:, 1])
    x[:, 3] = random.integers(-3, 4, ROWS)
    x[random.random((ROWS, FEATURES)) < 0.15] = np.nan
    clean = np.nan_to_num(x, nan=0.7)
    score = clean[:, 0] - clean[:, 1] * clean[:, 2] + 0.5 * np.isnan(x[:, 2]) + 0.3 * clean[:, 3]
    return x, score + 0.3 * random.normal(size=ROWS), random


def case_inputs(x, thresholds, random):
    """Rows like those of the training data, with many cells on and beside thresholds."""
    cases = x[:CASES].copy()
    for feature, values in thresholds.items():
        for value in values:
            for near in (value, np.nextafter(value, np.inf), np.nextafter(value, -np.inf)):
                cases[random.integers(CASES), feature] = near
    tiny = float(np.float32(1e-35))
    for value in (0.0, 1e-36, -1e-36, tiny, -tiny, np.nextafter(tiny, 1), 1e-300, -1e-34):
        cases[random.integers(CASES), random.integers(FEATURES)] = value
    return cases


def with_infinities(cases):
    """The rows, and behind them some with an infinity in each feature."""
    rows = cases[:2 * cases.shape[1]].copy()
    for row, values in enumerate(rows):
        values[row // 2] = np.inf if row % 2 else -np.inf
    return np.concatenate([cases, rows])


def with_categories(cases, feature, more):
    """The rows again, with values of the feature that are categories, or nearly."""
    values = [0, 1, 2, 3, 4, 5, 6, 7, 0.5, 3.9, 100, np.nan, *more]
    rows = np.resize(cases, (2 * len(values), cases.shape[1]))
    rows[:, feature] = values * 2
    return rows


def with_values(x, names, values=(70, 35, 20, 10, 16777215, 3, 0)):
    """A table whose last column has whole numbers as categories, which their trainers number."""
    import pandas

    frame = pandas.DataFrame(x, columns=names)
    codes = np.where(np.isnan(x[:, -1]), -1, np.abs(x[:, -1])).astype(int)
    frame[names[-1]] = pandas.Categorical.from_codes(codes, categories=values)
    return frame


def write_cases(path, cases, raw, predictions, digits):
    raw = np.asarray(raw).reshape(len(cases), -1)
    predictions = np.asarray(predictions).reshape(len(cases), -1)
    header = [f"f{i}" for i in range(cases.shape[1])] + ["raw"] * raw.shape[1]
    header += ["prediction"] * predictions.shape[1]
    lines = [",".join(header)]
    for row, sums, values in zip(cases, raw, predictions):
        cells = ["" if np.isnan(v) else repr(float(v)) for v in row]
        lines.append(",".join(cells + [digits(v) for v in sums] + [digits(v) for v in values]))
    path.write_text("\n".join(lines) + "\n")


def lightgbm_thresholds(text):
    thresholds = {}
    features = []
    for line in text.splitlines():
        key, _, value = line.partition("=")
        if key == "split_feature":
            features = [int(v) for v in value.split()]
        elif key == "threshold":
            for feature, v in zip(features, value.split()):
                thresholds.setdefault(feature, []).append(float(v))
    return thresholds


def generate_lightgbm(out):
    import lightgbm

    version = ".".join(lightgbm.__version__.split(".")[:2])
    base = {"verbose": -1, "num_threads": 1, "num_leaves": 5, "min_data_in_leaf": 5,
            "learning_rate": 0.2, "seed": 7}
    if version[0] != "2":
        base["deterministic"] = True

    def train(name, params, label, rounds=4, group=None, supported=True, **data):
        x, score, random = training_data(len(name))
        if version == "2.0" and data:
            x[:, 3] += 3  # It takes no others for categories.
        train_set = lightgbm.Dataset(x, label(score), group=group, free_raw_data=False,
                                     params={**base, **params}, **data)
        model = lightgbm.train({**base, **params}, train_set, rounds)
        model.save_model(str(out / f"{name}.txt"))
        text = (out / f"{name}.txt").read_text()
        # What follows is not read by the library when it predicts.
        text = text.partition("\npandas_categorical")[0].partition("\nparameters:")[0]
        if "end of trees" in text:
            text = text[:text.index("end of trees") + len("end of trees\n")]
        (out / f"{name}.txt").write_text(text)
        if not supported:
            return
        model = lightgbm.Booster(model_file=str(out / f"{name}.txt"))
        cases = case_inputs(x, lightgbm_thresholds(text), random)
        if "categorical_feature" in data:
            cases = with_categories(cases, 3, [16777216, 1e9, 3e9, -0.5, -1, -3, np.inf, -np.inf])
        else:
            cases = with_infinities(cases)
        if version == "2.0":
            cases[np.abs(cases) < 1e-14] = 0  # Its interface takes these for 0.
        write_cases(out / f"{name}.csv", cases, model.predict(cases, raw_score=True),
                    model.predict(cases), lambda v: repr(float(v)))

    def train_on_pandas(name):
        x, score, _ = training_data(len(name))
        frame = with_values(x, ["f0", "f1", "f2", "f3"])
        score += 3 * np.cos(3 * np.nan_to_num(x[:, 3]))
        model = lightgbm.train({**base, **categories, "min_data_per_group": 5, "cat_smooth": 1},
                               lightgbm.Dataset(frame, score), 4)
        path = out / f"{name}.txt"
        model.save_model(str(path))
        trees, _, rest = path.read_text().partition("end of trees\n")
        rest = [line for line in rest.splitlines(True) if "categorical" in line]
        path.write_text(trees + "end of trees\n\n" + "".join(rest))
        # Unknown categories are as missing ones.
        x[:CASES, 3] = np.resize([0, 1, 2, 3, 4, 5, 6, 7, 8], CASES)
        cases = with_values(x[:CASES], list(frame), (70, 35, 20, 10, 16777215, 3, 0, 1, 2))
        write_cases(out / f"{name}.csv", cases.astype(float).to_numpy(),
                    model.predict(cases, raw_score=True), model.predict(cases), lambda v: repr(float(v)))

    def train_on_ordered_pandas(name):
        """One list and one categorical feature, which are not of each other; rows have the numbers."""
        x, score, _ = training_data(len(name))
        score += 3 * np.cos(3 * np.nan_to_num(x[:, 3]))
        score += 5 * (np.abs(np.round(np.nan_to_num(x[:, 1]))) % 2)
        frame = with_values(x, ["f0", "f1", "f2", "f3"])
        frame["f1"] = np.abs(np.round(frame["f1"].fillna(0))).astype(int)
        frame["f3"] = frame["f3"].cat.as_ordered()
        data = lightgbm.Dataset(frame, score, categorical_feature=["f1"])
        model = lightgbm.train({**base, **categories, "min_data_per_group": 5, "cat_smooth": 1}, data, 4)
        path = out / f"{name}.txt"
        model.save_model(str(path))
        trees, _, rest = path.read_text().partition("end of trees\n")
        rest = [line for line in rest.splitlines(True) if "categorical" in line]
        path.write_text(trees + "end of trees\n\n" + "".join(rest))
        raw = model.predict(frame[:CASES], raw_score=True)
        frame["f3"] = frame["f3"].cat.codes.replace(-1, np.nan)
        write_cases(out / f"{name}.csv", frame[:CASES].astype(float).to_numpy(), raw, raw,
                    lambda v: repr(float(v)))

    def plain(score):
        return score

    def binary(score):
        return (score > 0).astype(int)

    def classes(score):
        return np.digitize(score, [-0.8, 0.8])

    def grades(score):
        return np.digitize(score, [-1, 0, 1])

    groups = [30] * (ROWS // 30)
    three = {"num_class": 3, "max_depth": 2}
    categories = {"objective": "regression", "max_cat_to_onehot": 1}
    lambdas = {"objective": "xentlambda"}
    forest = {"objective": "binary", "boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1}

    def share(score):
        return 1 / (1 + np.exp(-score))

    if version == "2.0":
        train("lgb20_regression", {"objective": "regression"}, plain)
        train("lgb20_categorical", {"objective": "regression"}, plain, categorical_feature=[3])
        train("lgb20_multiclass", {"objective": "multiclass", **three}, classes, rounds=2)
    elif version == "2.2":
        train("lgb22_categorical", categories, plain, categorical_feature=[3])
        train("lgb22_lambda", lambdas, share)
        train("lgb22_rf", forest, binary, rounds=1, supported=False)
    elif version == "2.3":
        train("lgb23_lambda", lambdas, share)
        train("lgb23_rf", forest, binary, rounds=2)
        train_on_pandas("lgb23_pandas")
    elif version == "3.2":
        train("lgb32_linear", {"objective": "regression", "linear_tree": True}, plain, rounds=3)
    elif version == "3.3":
        train("lgb33_lambda", lambdas, share)
        train("lgb33_categorical", categories, plain, categorical_feature=[3])
    if version != "4.7":
        return
    train("lgb_quantile_sqrt", {"objective": "quantile", "reg_sqrt": True}, plain, rounds=2)
    train("lgb_scale", {"objective": "binary", "sigmoid": 1.39244, "learning_rate": 2.0}, binary)
    train("lgb_regression", {"objective": "regression"}, plain)
    train("lgb_no_missing", {"objective": "regression", "use_missing": False}, plain)
    train("lgb_sqrt", {"objective": "regression", "reg_sqrt": True}, plain)
    train("lgb_binary", {"objective": "binary", "sigmoid": 0.7}, binary)
    train("lgb_poisson", {"objective": "poisson"}, lambda score: np.exp(score / 3))
    train("lgb_lambdarank", {"objective": "lambdarank"}, grades, group=groups)
    train("lgb_multiclass", {"objective": "multiclass", **three}, classes, rounds=2)
    train("lgb_ova", {"objective": "multiclassova", **three}, classes, rounds=2)
    train("lgb_zero_as_missing", {"objective": "regression", "zero_as_missing": True}, plain)
    train("lgb_rf", forest, binary)
    train("lgb_dart", {"objective": "regression", "boosting": "dart", "drop_rate": 0.5}, plain)
    train("lgb_categorical", {"objective": "regression", "min_data_per_group": 5, "cat_smooth": 1},
          plain, categorical_feature=[3])
    train("lgb_linear", {"objective": "regression", "linear_tree": True}, plain, rounds=6)
    train_on_pandas("lgb_pandas")
    train_on_ordered_pandas("lgb_pandas_ordered")


def xgboost_thresholds(text):
    booster = json.loads(text)["learner"]["gradient_booster"]
    booster = booster.get("gbtree", booster)
    thresholds = {}
    for tree in booster["model"]["trees"]:
        for left, feature, value in zip(tree["left_children"], tree["split_indices"],
                                        tree["split_conditions"]):
            if left != -1:
                thresholds.setdefault(feature, []).append(float(np.float32(value)))
    return thresholds


def with_names(x, names):
    """A table whose last column has categories with names, which XGBoost keeps in the model since 3.1."""
    import pandas

    frame = pandas.DataFrame(x, columns=names)
    codes = np.where(np.isnan(x[:, -1]), -1, x[:, -1]).astype(int)
    frame[names[-1]] = pandas.Categorical.from_codes(codes, categories=list("gfe") + ["ä ö", "c", "b", ""])
    return frame


def generate_xgboost(out):
    import xgboost

    version = ".".join(xgboost.__version__.split(".")[:2])
    prefix = {"1.7": "xgb1", "2.0": "xgb2", "3.2": "xgb3"}.get(version)
    prefix = prefix or "xgb" + version.replace(".", "")
    base = {"nthread": 1, "max_depth": 3, "eta": 0.4, "seed": 7, "tree_method": "exact"}

    def train(name, params, label, rounds=3, group=None, supported=True, extension="json", types=None,
              named=False):
        x, score, random = training_data(len(name))
        if types:
            x[:, 3] += 3
        frame = with_names(x, NAMES) if named else x
        data = xgboost.DMatrix(frame, label=label(score), feature_names=None if named else NAMES,
                               feature_types=None if named else types,
                               enable_categorical=types is not None)
        if group:
            data.set_group(group)
        model = xgboost.train({**base, **params}, data, rounds)
        path = out / f"{prefix}_{name}.{extension}"
        model.save_model(str(path))
        if not supported:
            return
        if extension == "json":
            text = path.read_bytes()
        else:
            text = bytes(model.save_raw("json"))
        predict(model, path, case_inputs(x, xgboost_thresholds(text), random), types,
                params.get("booster") == "dart")

    def retell_categorical():
        """A model of 1.6 in the words of 1.5, which trains with categories on a GPU only."""
        model = json.loads((out / "xgb16_categorical.json").read_text())
        model["version"] = [int(part) for part in xgboost.__version__.split(".")]
        for tree in model["learner"]["gradient_booster"]["model"]["trees"]:
            tree["default_left"] = [bool(value) for value in tree["default_left"]]
        path = out / f"{prefix}_categorical.json"
        path.write_text(json.dumps(model, ensure_ascii=False), encoding="utf-8")
        model = xgboost.Booster(model_file=str(path))
        model.save_model(str(path))
        x, _, random = training_data(len("categorical"))
        cases = case_inputs(x, xgboost_thresholds(path.read_bytes()), random)
        predict(model, path, cases, ["q", "q", "q", "c"], False)

    def predict(model, path, cases, types, is_dart):
        if types:
            # XGBoost refuses data with others since 2.0.
            old = [31, 32, -0.5, -1, 16777216] if prefix in ("xgb15", "xgb16") else []
            cases = with_categories(cases, 3, [16777215, *old])
        inputs = xgboost.DMatrix(cases, feature_names=NAMES, feature_types=types,
                                 enable_categorical=types is not None)
        raw, predictions = model.predict(inputs, output_margin=True), model.predict(inputs)
        if not types and not is_dart:
            # A DMatrix takes no infinities, and dart rounds otherwise in inplace_predict until 3.2.
            count, cases = len(cases), with_infinities(cases)
            raw = np.concatenate([raw, model.inplace_predict(
                cases[count:], predict_type="margin", validate_features=False)])
            predictions = np.concatenate([predictions, model.inplace_predict(
                cases[count:], validate_features=False)])
        write_cases(path.with_suffix(".csv"), cases, raw, predictions, lambda v: str(np.float32(v)))

    def train_on_pandas(name, extension):
        x, score, _ = training_data(len(name))
        frame = with_values(x, NAMES)
        score += 3 * np.cos(3 * np.nan_to_num(x[:, 3]))
        data = xgboost.DMatrix(frame, score, enable_categorical=True)
        model = xgboost.train({**base, "tree_method": "hist", "max_cat_to_onehot": 1}, data, 3)
        path = out / f"{prefix}_{name}.{extension}"
        model.save_model(str(path))
        cases = frame[:CASES]
        inputs = xgboost.DMatrix(cases, enable_categorical=True)
        write_cases(path.with_suffix(".csv"), cases.astype(float).to_numpy(),
                    model.predict(inputs, output_margin=True), model.predict(inputs),
                    lambda v: str(np.float32(v)))

    def plain(score):
        return score

    def binary(score):
        return (score > 0).astype(int)

    def classes(score):
        return np.digitize(score, [-0.8, 0.8])

    def grades(score):
        return np.digitize(score, [-1, 0, 1])

    groups = [30] * (ROWS // 30)
    three = {"num_class": 3, "max_depth": 2}
    squared = {"objective": "reg:squarederror"}
    dart = {**squared, "booster": "dart", "rate_drop": 0.5}
    quantiles = {"objective": "reg:quantileerror", "quantile_alpha": [0.5, 0.6], "base_score": 0.5}
    vector = {"tree_method": "hist", "max_depth": 2, "multi_strategy": "multi_output_tree"}

    def two(score):
        return np.stack([score, np.abs(score)], axis=1)

    if version == "1.5":
        train("logistic", {"objective": "binary:logistic"}, binary)
        train("forest", {**squared, "num_parallel_tree": 2, "subsample": 0.7}, plain, rounds=2)
        retell_categorical()
        train("dart_zeros", {**dart, "base_score": -0.0, "eta": 1.0, "max_depth": 5}, grades, rounds=1)
    elif version == "1.6":
        train("ubjson", {"objective": "binary:logistic"}, binary, extension="ubj")
        train("categorical", {**squared, "tree_method": "hist", "max_cat_to_onehot": 1}, plain,
              types=["q", "q", "q", "c"])
    elif version == "3.0":
        train("nan_condition", {**squared, "tree_method": "hist", "max_cat_to_onehot": 1}, plain,
              types=["q", "q", "q", "c"])
    elif version == "3.1":
        train_on_pandas("pandas", "json")
        train("softprob", {"objective": "multi:softprob", **three}, classes, rounds=2)
        train("targets", {"objective": "binary:logistic"},
              lambda score: np.stack([score > 0, score > 1], axis=1).astype(int), rounds=2)
        train("ubjson", {"objective": "count:poisson"}, lambda score: np.exp(score / 3),
              extension="ubj")
    elif version == "3.3":
        train("dart", dart, plain)
        train("expectile", {"objective": "reg:expectileerror", "expectile_alpha": 0.3}, plain)
    elif version == "3.4":
        train_on_pandas("pandas", "ubj")
        train("dart", dart, plain)
        train("expectiles", {"objective": "reg:expectileerror", "max_depth": 2,
                             "expectile_alpha": [0.2, 0.5, 0.8]}, plain)
        train("dart_ubjson", dart, plain, extension="ubj")
        train("quantiles", quantiles, plain)
        train("vector_leaf", {**squared, **vector}, two)
        for extension in ("json", "ubj"):
            train("named_" + extension, {**squared, "tree_method": "hist", "max_cat_to_onehot": 1},
                  plain, types=["q", "q", "q", "c"], named=True, extension=extension)
        train("categorical", {**squared, "tree_method": "hist", "max_cat_to_onehot": 1}, plain,
              types=["q", "q", "q", "c"])
    if prefix not in ("xgb1", "xgb2", "xgb3"):
        return
    if prefix != "xgb1":
        train("ubjson", squared, plain, extension="ubj")
        train("categorical", {**squared, "tree_method": "hist", "max_cat_to_onehot": 1}, plain,
              types=["q", "q", "q", "c"])
        train("vector_leaf", {**squared, **vector}, two)
    if prefix == "xgb2":
        return
    train("squarederror", squared, plain)
    train("logistic", {"objective": "binary:logistic", "base_score": 0.3}, binary)
    train("ndcg", {"objective": "rank:ndcg"}, binary, group=groups)
    train("softprob", {"objective": "multi:softprob", **three}, classes, rounds=2)
    train("dart", dart, plain)
    if prefix == "xgb1":
        return
    train("softmax", {"objective": "multi:softmax", **three}, classes, rounds=2)
    train("poisson", {"objective": "count:poisson"}, lambda score: np.exp(score / 3))
    train("pruned_forest", {**squared, "num_parallel_tree": 2, "gamma": 6, "subsample": 0.7}, plain,
          rounds=2)
    train("targets", squared, two, rounds=2)
    train("quantiles", quantiles, plain)
    train("gblinear", {**squared, "booster": "gblinear"}, plain, rounds=1, supported=False)


def main():
    out = pathlib.Path(sys.argv[1])
    for generate in (generate_lightgbm, generate_xgboost):
        try:
            generate(out)
        except ImportError as error:
            print(f"skipped: {error}")


if __name__ == "__main__":
    main()
