"""Trains the models that `marquee-bench ranking` is quoted on.

    python train_models.py OUT

writes lgb_TREES_LEAVES.txt and xgb_TREES_LEAVES.json for 100 x 31, 300 x 64 and 1,000 x 64, trained on
60,000 rows of 40 features, one cell in 20 missing. Needs numpy, lightgbm (4.7.0 was used) and xgboost
(3.2.0); takes about a minute.
"""
import pathlib
import sys

import lightgbm
import numpy as np
import xgboost


def training_data():
    random = np.random.default_rng(1)
    x = random.normal(size=(60000, 40)).astype(np.float32)
    x[random.random(x.shape) < 0.05] = np.nan
    z = np.nan_to_num(x)
    y = z[:, 0] * z[:, 1] + np.sin(2 * z[:, 2]) + 0.2 * z[:, 3:].sum(1) + z[:, 5] * z[:, 6] * z[:, 7]
    return x, (y + random.normal(size=len(y))).astype(np.float32)


def main():
    out = pathlib.Path(sys.argv[1])
    x, y = training_data()
    for trees, leaves in ((100, 31), (300, 64), (1000, 64)):
        lightgbm.train({"objective": "regression", "num_leaves": leaves, "learning_rate": 0.05,
                        "min_data_in_leaf": 5, "num_threads": 2, "verbose": -1},
                       lightgbm.Dataset(x, y), trees).save_model(out / f"lgb_{trees}_{leaves}.txt")
        # XGBoost 1.7, the peer of marquee-bench, takes 0.5 for a base score as 3.1 and later write it.
        xgboost.train({"objective": "reg:squarederror", "max_leaves": leaves, "max_depth": 0,
                       "grow_policy": "lossguide", "eta": 0.05, "tree_method": "hist", "nthread": 2,
                       "base_score": 0.5},
                      xgboost.DMatrix(x, y), trees).save_model(out / f"xgb_{trees}_{leaves}.json")


if __name__ == "__main__":
    main()
