"""Writes tests/fixtures/import/spleeter: small models of Spleeter's kind saved by TensorFlow's Saver, an input, what they
make of it.

    TF_USE_LEGACY_KERAS=1 python training/reference/import_spleeter.py

Requirements: tensorflow-cpu 2.16 or later, tf_keras of the same version (it has the layers' names of TensorFlow 1), and
safetensors.

The networks are those of deezer/spleeter (model/functions/unet.py; configs/2stems to 5stems), in code of our own: layers of
tf.keras in a graph of TensorFlow 1, one network after the other, so that their variables have the names and numbers of the
official checkpoints. The deepest convolution has a batch norm that nothing reads: it is saved with the others. `input.f32`
is (frames, bins, channels), linear magnitudes; `NAME/model.index` and `.data-…` are the checkpoint. `NAME/values.safetensors`
has, of some frames only, whose numbers are in `frames`,

- `output/STEM`, (frames, bins, channels): what the network gives, masks, or logits for 5stems;
- `mask`: of the vocals, from all networks' estimates, by Spleeter's formula and the exponent that the preset states.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
from import_common import FIXTURES, SMALL, make_patches
from safetensors.numpy import save_file

tf1, layers = tf.compat.v1, tf.keras.layers
FRAMES, BINS = 64, 128
SHOWN = [0, 21, 40, 63]
EPSILON = 1e-10
# Fewer numbers than SMALL's, for the models of many networks.
FEW = (2, 3, 2, 3, 2, 3)

MODELS = {
    "2stems": {"stems": ["vocals", "accompaniment"], "filters": SMALL, "exponent": 1.5},
    "4stems": {"stems": ["vocals", "drums", "bass", "other"], "filters": FEW, "elu": True, "exponent": 2},
    "5stems": {"stems": ["vocals", "piano", "drums", "bass", "other"], "filters": FEW, "elu": True, "softmax": True, "exponent": 2},
}


def build(x: tf.Tensor, filters: tuple[int, ...], elu: bool = False, softmax: bool = False, **_) -> tf.Tensor:
    """(1, frames, bins, 2) magnitudes to masks, or logits, of that shape."""
    skips = []
    for outputs in filters:
        skips.append(layers.Conv2D(outputs, 5, strides=2, padding="same")(x))
        normed = layers.BatchNormalization()(skips[-1])
        x = layers.ELU()(normed) if elu else layers.LeakyReLU(0.2)(normed)
    x = skips.pop()
    for index, outputs in enumerate((*reversed(filters[:-1]), 1)):
        if index > 0:
            x = layers.Concatenate()([skips.pop(), x])
        x = layers.Conv2DTranspose(outputs, 5, strides=2, padding="same")(x)
        x = layers.BatchNormalization()(layers.ELU()(x) if elu else layers.ReLU()(x))
    return layers.Conv2D(2, 4, dilation_rate=2, padding="same", activation=None if softmax else "sigmoid")(x)


def set_values(session: tf1.Session, variables: list, rng: np.random.Generator) -> None:
    """Random numbers for all, that leave the masks between 0 and 1."""
    for variable in variables:
        part, shape = variable.op.name.split("/")[-1], variable.shape
        if part == "kernel":
            transposed = "transpose" in variable.op.name
            inputs = shape[3] if transposed else shape[2]
            value = rng.normal(0, (2 if transposed else 1) / (shape[0] * float(inputs) ** 0.5), shape)
        elif part in ("gamma", "moving_variance"):
            value = rng.uniform(0.5, 1.5, shape)
        else:
            value = rng.normal(0, 0.3, shape)
        variable.load(value.astype(np.float32), session)


def vocal_mask(masks: np.ndarray, magnitudes: np.ndarray, exponent: float) -> np.ndarray:
    estimates = (masks.astype(np.float64) * magnitudes) ** exponent
    mask = (estimates[0] + EPSILON / len(masks)) / (estimates.sum(0) + EPSILON)
    return np.where(magnitudes > 0, mask, 0)


def main() -> None:
    folder = FIXTURES / "spleeter"
    rng = np.random.default_rng(5)
    tf1.disable_eager_execution()
    pair = make_patches(rng, 2, BINS, FRAMES)[0]
    magnitudes = np.ascontiguousarray(3 * pair.transpose(2, 1, 0), "<f4")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "input.f32").write_bytes(magnitudes.tobytes())
    for name, model in MODELS.items():
        (folder / name).mkdir(exist_ok=True)
        with tf.Graph().as_default(), tf1.Session() as session:
            mixture = tf1.placeholder(tf.float32, (1, FRAMES, BINS, 2))
            outputs = [build(mixture, **model) for _ in model["stems"]]
            masks = tf.nn.softmax(tf.stack(outputs), 0) if model.get("softmax") else tf.stack(outputs)
            variables = tf1.global_variables()
            step = tf1.train.get_or_create_global_step()
            session.run(tf1.global_variables_initializer())
            set_values(session, variables, rng)
            given, found = session.run((outputs, masks), {mixture: magnitudes[None]})
            mask = vocal_mask(found[:, 0], magnitudes, model["exponent"])
            saver = tf1.train.Saver([*variables, step], save_relative_paths=True)
            saver.save(session, str(folder / name / "model"), write_meta_graph=False, write_state=False)
            print(name, [variable.op.name for variable in variables[:8]], len(variables))
        values = {f"output/{stem}": output[0, SHOWN] for stem, output in zip(model["stems"], given)}
        values["mask"] = mask[SHOWN].astype(np.float32)
        for key, value in values.items():
            print(name, key, f"{value.min():.4f} to {value.max():.4f}")
        save_file({key: np.ascontiguousarray(value) for key, value in values.items()}, folder / name / "values.safetensors")
    about = f"training/reference/import_spleeter.py, TensorFlow {tf.__version__}, numpy {np.__version__}"
    facts = {"about": about, "frames": FRAMES, "bins": BINS, "shown": SHOWN}
    facts["filters"] = {name: model["filters"] for name, model in MODELS.items()}
    (folder / "values.json").write_text(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
