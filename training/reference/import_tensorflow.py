"""Writes tests/fixtures/import/tensorflow: a small U-Net saved by TensorFlow's Saver, an input, and its output.

    TF_USE_LEGACY_KERAS=1 python training/reference/import_tensorflow.py [--full DIR]

Requirements: tensorflow-cpu 2.16 or later, and tf_keras of the same version (it has the layers of TensorFlow 1).

The network is the second repository's, in code of our own (5×5, stride 2, "same"; activation, then batch norm with
its default training=False), built from tf.compat.v1.layers, whose variables' names are those of a tf.estimator, and
trained for a moment, so that the checkpoint has the optimiser's slots and counters. Batch norm's statistics, which
that training leaves at 0 and 1, are set to others. Written are

- `model.ckpt-N`: what tf.estimator leaves, by tf.compat.v1.train.Saver, one shard, with optimiser slots;
- `sharded/`: the weights only, over four shards, as several parameter servers would leave them (MergeV2Checkpoints);
- `kinds/`: one tensor of each kind of number; `sliced/`: a part of a variable; neither is a network;
- `tensors.json`: names, shapes, sums and first values of all variables as TensorFlow reads them back.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from import_common import (
    FIXTURES, FULL, FULL_PATCH, SMALL, SMALL_PATCH, decoder_filters, filters_beside, make_patches, parse_arguments, write_values,
)

tf1 = tf.compat.v1
SHARDS = 4


def build(x: tf.Tensor, filters: tuple[int, ...]) -> tf.Tensor:
    """(patches, bins, frames, 1) mixture magnitudes to the voice's."""
    skips = []
    for outputs in filters:
        x = tf1.layers.conv2d(x, outputs, 5, strides=2, padding="same", activation=tf.nn.leaky_relu)
        x = tf1.layers.batch_normalization(x)
        skips.append(x)
    for n, outputs in enumerate(decoder_filters(filters), start=1):
        x = x if n == 1 else tf.concat([x, skips[-n]], 3)
        x = tf1.layers.conv2d_transpose(x, outputs, 5, strides=2, padding="same", activation=tf.nn.relu)
        if n < len(filters):
            x = tf1.layers.batch_normalization(x)
    return x


def set_statistics(session: tf1.Session, rng: np.random.Generator) -> None:
    for variable in tf1.global_variables():
        if variable.op.name.endswith("moving_mean"):
            variable.load(rng.normal(0, 0.05, variable.shape).astype(np.float32), session)
        if variable.op.name.endswith("moving_variance"):
            variable.load(rng.uniform(0.3, 1.2, variable.shape).astype(np.float32), session)


def save_sharded(session: tf1.Session, variables: list, prefix: Path) -> None:
    """Each shard by SaveV2, put together by MergeV2Checkpoints: what a Saver with sharded=True does on several devices."""
    parts = []
    for shard in range(SHARDS):
        part = f"{prefix}-part-{shard}"
        mine = variables[shard::SHARDS]
        save = tf.raw_ops.SaveV2(
            prefix=part, tensor_names=[v.op.name for v in mine], shape_and_slices=[""] * len(mine),
            tensors=[v.read_value() for v in mine],
        )
        session.run(save)
        parts.append(part)
    session.run(tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=parts, destination_prefix=str(prefix)))


def save_kinds(folder: Path) -> None:
    """One tensor of each kind of number, and a checkpoint with a slice of a variable."""
    values = np.array([[0.5, -1.25, 3.0], [1e-3, 6e-5, -65504.0]])
    kinds = {name: values.astype(name) for name in ("float16", "float32", "float64")}
    kinds |= {"int64": np.array(7, np.int64), "int32": np.arange(3, dtype=np.int32), "bool": np.array([True, False])}
    kinds |= {"empty": np.zeros((0, 4), np.float32), "scalar": np.array(1.5, np.float32)}
    kinds |= {"text": np.array([b"one", b"two"], object)}
    with tf.Graph().as_default(), tf1.Session() as session:
        for name, tensors, slices in (
            ("kinds", kinds, [""] * len(kinds)),
            ("sliced", {"weights": np.ones((2, 3), np.float32)}, ["4 3 0,2:0,3"]),
        ):
            (folder / name).mkdir(exist_ok=True)
            save = tf.raw_ops.SaveV2(
                prefix=str(folder / name / "model.ckpt"), tensor_names=list(tensors), shape_and_slices=slices,
                tensors=[tf.constant(value) for value in tensors.values()],
            )
            session.run(save)


def predict(checkpoint: Path, source: Path, target: Path) -> None:
    patches = np.load(source)
    with tf.Graph().as_default(), tf1.Session() as session:
        mixture = tf1.placeholder(tf.float32, (None, *patches.shape[1:], 1))
        output = build(mixture, filters_beside(checkpoint))
        tf1.train.Saver().restore(session, str(checkpoint))
        outputs = [session.run(output, {mixture: x[None, ..., None]})[..., 0] for x in patches]
    np.save(target, np.concatenate(outputs))


def describe(prefix: Path) -> dict:
    """Every variable of the checkpoint as TensorFlow's own reader gives it."""
    reader = tf.train.load_checkpoint(str(prefix))
    out = {}
    for name, shape in sorted(reader.get_variable_to_shape_map().items()):
        value = reader.get_tensor(name)
        if value.dtype.kind != "f":
            out[name] = {"shape": shape, "dtype": str(value.dtype)}
            continue
        flat = value.astype(np.float64).ravel()
        weighted = float((flat * np.cos(np.arange(flat.size))).sum())
        out[name] = {"shape": shape, "dtype": str(value.dtype), "weightedSum": weighted, "first": flat[:4].tolist()}
    return out


def main() -> None:
    arguments = parse_arguments(__doc__, steps=400)
    if arguments.predict:
        predict(*arguments.predict)
        return
    filters, size = (FULL, FULL_PATCH) if arguments.full else (SMALL, SMALL_PATCH)
    folder: Path = arguments.full or FIXTURES / "tensorflow"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(2)
    tf1.disable_eager_execution()
    tf1.set_random_seed(1)
    mixture, voice = (tf1.placeholder(tf.float32, (None, *size, 1)) for _ in range(2))
    output = build(mixture, filters)
    variables = tf1.global_variables()
    step = tf1.train.get_or_create_global_step()
    # Not the repository's absolute difference: with so few weights that ends at an output of 0 nearly everywhere.
    loss = tf1.losses.mean_squared_error(voice, output)
    train = tf1.train.AdamOptimizer(3e-3).minimize(loss, step)
    saver = tf1.train.Saver(save_relative_paths=True)
    with tf1.Session() as session:
        session.run(tf1.global_variables_initializer())
        set_statistics(session, rng)
        for n in range(arguments.steps):
            x, y = (part[..., None] for part in make_patches(rng, 2 if arguments.full else 8, *size))
            value, _ = session.run((loss, train), {mixture: x, voice: y})
            if n % 100 == 0:
                print("step", n, "loss", value)
        x = make_patches(rng, 2, *size)[0]
        y = session.run(output, {mixture: x[..., None]})[..., 0]
        prefix = Path(saver.save(session, str(folder / "model.ckpt"), step, write_meta_graph=False))
        about = f"training/reference/import_tensorflow.py, TensorFlow {tf.__version__}, numpy {np.__version__}"
        write_values(folder, x, y, filters, about, checkpoint=prefix.name)
        if arguments.full:
            return
        (folder / "sharded").mkdir(exist_ok=True)
        save_sharded(session, variables, folder / "sharded" / "model.ckpt")
    save_kinds(folder)
    tensors = {
        "checkpoint": describe(prefix), "sharded": describe(folder / "sharded" / "model.ckpt"),
        "kinds": describe(folder / "kinds" / "model.ckpt"),
    }
    (folder / "tensors.json").write_text(json.dumps(tensors) + "\n")


if __name__ == "__main__":
    main()
