"""What campaign.py trains, and the rows that it scores."""
import itertools

import numpy as np

import generate

LABELS = {
    "plain": lambda score: score,
    "positive": lambda score: np.exp(score / 3),
    "binary": lambda score: (score > 0).astype(int),
    "share": lambda score: 1 / (1 + np.exp(-score)),
    "classes": lambda score: np.digitize(score, [-0.8, 0.8]),
    "grades": lambda score: np.digitize(score, [-1, 0, 1]),
    "constant": lambda score: np.full(len(score), 0.7),
    "two": lambda score: np.stack([score, np.abs(score)], axis=1),
    "both": lambda score: np.stack([score > 0, score > 1], axis=1).astype(int),
}


def training_data(name, params):
    x, score, _ = generate.training_data(len(name))
    if not params.pop("missing", True):
        x = np.nan_to_num(x, nan=0.0)
    if "wide" in name:
        x[:, 3] = np.floor(np.abs(np.nan_to_num(x[:, 0])) * 40)
    if "extreme" in name:
        x[:, 0] *= 1e30
        x[:, 2] *= 1e-36
    return x, score


def inputs(x, thresholds, categorical, codes):
    """Rows of the training data, one cell of each on or beside a threshold, or odd."""
    tiny = float(np.float32(1e-35))
    odd = [0.0, -0.0, np.nan, 1e-36, -1e-36, tiny, -tiny, np.nextafter(tiny, 1), 1e-300, -1e-300,
           5e-324, 1e-40, -1e-40, 0.1, float(np.float32(0.1)), 1e30, -1e30]
    plain = [f for f in range(x.shape[1]) if f not in categorical]
    cells = list(itertools.product(plain, odd))
    cells += itertools.product(categorical, [0, 1, 2, 5, 7, 31, 32, 33, 0.5, 3.9, 99, np.nan] + codes)
    for f in plain:
        for v in set(thresholds.get(f, [])):
            near = [v, np.nextafter(v, np.inf), np.nextafter(v, -np.inf)]
            cells += [(f, cell) for cell in near + [float(np.float32(cell)) for cell in near]]
    cells = [(f, v) for f, v in cells if not np.isinf(v)]
    rows = np.resize(x, (len(cells), x.shape[1])).copy()
    for row, (f, v) in enumerate(cells):
        rows[row, f] = v
    return rows


def lightgbm_models():
    labels = {"plain": ["regression", "regression_l1", "huber", "fair", "quantile", "mape"],
              "positive": ["poisson", "gamma", "tweedie"], "binary": ["binary"],
              "share": ["cross_entropy", "cross_entropy_lambda", "xentropy", "xentlambda"],
              "classes": ["multiclass", "multiclassova"], "grades": ["lambdarank", "rank_xendcg"]}
    bagging = {"bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.9}
    squares = {"objective": "regression"}
    for label, objectives in labels.items():
        for objective in objectives:
            params = {"objective": objective, **({"num_class": 3} if label == "classes" else {})}
            yield objective, label, params
            yield objective + "_rf", label, {**params, "boosting": "rf", **bagging}
            yield objective + "_dart", label, {**params, "boosting": "dart", "drop_rate": 0.5}
            yield objective + "_sqrt", label, {**params, "reg_sqrt": True}
            yield objective + "_no_average", label, {**params, "boost_from_average": False}
    for missing in ({}, {"use_missing": False}, {"zero_as_missing": True}):
        for tag, more in (("", {}), ("_categorical", {"categorical": [3]}),
                          ("_onehot_negative", {"categorical": [1, 3], "max_cat_to_onehot": 40}),
                          ("_wide", {"categorical": [3]}), ("_complete", {"missing": False}),
                          ("_linear", {"linear_tree": True}), ("_extreme", {}),
                          ("_linear_categorical", {"linear_tree": True, "categorical": [3]})):
            yield "_".join(["missing", *missing]) + tag, "plain", {**squares, **missing, **more}
    for bins in (3, 15, 63, 1000):
        yield "max_bin_{}".format(bins), "plain", {**squares, "max_bin": bins}
    for scale in (0.3, 1.39244, 1e-5, 123.456):
        yield "sigmoid_{}".format(scale), "binary", {"objective": "binary", "sigmoid": scale}
    yield "sigmoid_ova", "classes", {"objective": "multiclassova", "num_class": 3, "sigmoid": 1 / 3}
    yield "monotone", "plain", {**squares, "monotone_constraints": [1, -1, 0, 0]}
    yield "goss", "plain", {**squares, "boosting": "goss"}
    yield "extra_trees", "plain", {**squares, "extra_trees": True}
    yield "constant", "constant", squares
    yield "no_split", "plain", {**squares, "min_data_in_leaf": 300}
    yield "early", "plain", {**squares, "learning_rate": 3.0, "rounds": 20}
    yield "many_leaves", "plain", {**squares, "num_leaves": 200, "min_data_in_leaf": 1, "rounds": 30}
    yield "custom", "plain", {}
    yield "linear_dart", "plain", {**squares, "linear_tree": True, "boosting": "dart"}
    yield "linear_binary", "binary", {"objective": "binary", "linear_tree": True}


def xgboost_models():
    labels = {"plain": ["reg:squarederror", "reg:pseudohubererror", "reg:absoluteerror"],
              "positive": ["count:poisson", "reg:gamma", "reg:tweedie", "reg:squaredlogerror",
                           "survival:cox", "survival:aft"],
              "share": ["reg:logistic"],
              "binary": ["binary:logistic", "binary:logitraw", "binary:hinge", "rank:map"],
              "classes": ["multi:softprob", "multi:softmax"], "grades": ["rank:pairwise", "rank:ndcg"]}
    squares = {"objective": "reg:squarederror"}
    vector = {"multi_strategy": "multi_output_tree", "tree_method": "hist"}
    for label, objectives in labels.items():
        for objective in objectives:
            params = {"objective": objective, **({"num_class": 3} if label == "classes" else {})}
            yield objective, label, params
            yield objective + "_dart", label, {**params, "booster": "dart", "rate_drop": 0.5}
            yield objective + "_base", label, {**params, "base_score": 0.3}
            yield objective + "_forest", label, {**params, "num_parallel_tree": 3, "subsample": 0.6}
            yield objective + "_hist", label, {**params, "tree_method": "hist"}
    for alpha in (0.3, [0.2, 0.5, 0.8]):
        tag = "_several" if isinstance(alpha, list) else ""
        for loss in ("quantile", "expectile"):
            params = {"objective": "reg:{}error".format(loss), loss + "_alpha": alpha}
            yield params["objective"] + tag, "plain", params
            yield params["objective"] + tag + "_vector", "plain", {**params, **vector}
    for tag, more in (("", {}), ("_dart", {"booster": "dart", "rate_drop": 0.5}),
                      ("_forest", {"num_parallel_tree": 2, "subsample": 0.6})):
        for label, one in (("two", squares), ("classes", {"objective": "multi:softprob",
                                                          "num_class": 3}),
                           ("both", {"objective": "binary:logistic"})):
            yield "targets_" + label + tag, label, {**one, **more}
            yield "vector_" + label + tag, label, {**one, **more, **vector}
    for method in ("hist", "approx"):
        for onehot in (1, 100):
            params = {**squares, "tree_method": method, "max_cat_to_onehot": onehot}
            yield "categorical_{}_{}".format(method, onehot), "plain", {**params, "categorical": [3]}
            yield "wide_{}_{}".format(method, onehot), "plain", {**params, "categorical": [3]}
    for bins in (2, 15, 1000):
        yield "max_bin_{}".format(bins), "plain", {**squares, "tree_method": "hist", "max_bin": bins}
    yield "categorical_dart", "plain", {**squares, "booster": "dart", "rate_drop": 0.5,
                                        "tree_method": "hist", "categorical": [3]}
    yield "monotone", "plain", {**squares, "monotone_constraints": "(1,-1,0,0)"}
    yield "pruned", "plain", {**squares, "gamma": 6}
    yield "lossguide", "plain", {**squares, "tree_method": "hist", "grow_policy": "lossguide"}
    yield "extreme", "plain", squares
    yield "complete", "plain", {**squares, "missing": False}
    yield "constant", "constant", squares
    yield "early", "plain", {**squares, "eta": 1.9, "rounds": 20}
    yield "deep", "plain", {**squares, "max_depth": 12, "min_child_weight": 0, "rounds": 30}
    yield "linear", "plain", {**squares, "booster": "gblinear"}
