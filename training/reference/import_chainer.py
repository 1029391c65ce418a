"""Writes tests/fixtures/import/chainer: a small U-Net saved by Chainer, an input, and Chainer's output for it.

    python training/reference/import_chainer.py [--full DIR]

Requirements: Python 3.8 to 3.11, "setuptools<60", wheel, "numpy<1.24", "protobuf<4", six, filelock and
typing_extensions, then chainer==7.8.1 with --no-build-isolation (its setup needs the old setuptools).

The network is the first repository's, in code of our own (4×4, stride 2, padding 1; batch norm, then the activation),
trained for a moment so that weights and statistics are a trained network's. `unet.model` is what save_npz writes;
`unet-float16-fortran.model` holds the same weights rounded to float16, in Fortran order and uncompressed;
`output-float16.f32` is Chainer's output with those.
"""

from pathlib import Path

import chainer
import chainer.functions as F
import chainer.links as L
import numpy as np
from chainer import serializers
from import_common import (
    FIXTURES, FULL, FULL_PATCH, SMALL, SMALL_PATCH, decoder_filters, filters_beside, make_patches, parse_arguments, write_values,
)


class UNet(chainer.Chain):
    def __init__(self, filters: tuple[int, ...]) -> None:
        super().__init__()
        self.depth = len(filters)
        decoder = decoder_filters(filters)
        with self.init_scope():
            for n, (inputs, outputs) in enumerate(zip((1, *filters), filters), start=1):
                setattr(self, f"conv{n}", L.Convolution2D(inputs, outputs, ksize=4, stride=2, pad=1))
                setattr(self, f"norm{n}", L.BatchNormalization(outputs))
            for n, outputs in enumerate(decoder, start=1):
                inputs = filters[-1] if n == 1 else decoder[n - 2] + filters[-n]
                setattr(self, f"deconv{n}", L.Deconvolution2D(inputs, outputs, ksize=4, stride=2, pad=1))
                if n < self.depth:
                    setattr(self, f"denorm{n}", L.BatchNormalization(outputs))

    def forward(self, x):
        skips = []
        for n in range(1, self.depth + 1):
            x = F.leaky_relu(self[f"norm{n}"](self[f"conv{n}"](x)))
            skips.append(x)
        for n in range(1, self.depth + 1):
            x = self[f"deconv{n}"](x if n == 1 else F.concat((x, skips[-n])))
            if n < self.depth:
                x = F.relu(self[f"denorm{n}"](x))
        return F.sigmoid(x)


def train(network: UNet, rng: np.random.Generator, steps: int, size: tuple[int, int]) -> None:
    optimiser = chainer.optimizers.Adam(alpha=3e-3)
    optimiser.setup(network)
    for step in range(steps):
        x, y = (part[:, None] for part in make_patches(rng, 8 if steps > 10 else 2, *size))
        loss = F.mean_absolute_error(x * network(x), y)
        network.cleargrads()
        loss.backward()
        optimiser.update()
        if step % 100 == 0:
            print("step", step, "loss", float(loss.array))


def predict(network: UNet, x: np.ndarray) -> np.ndarray:
    with chainer.using_config("train", False), chainer.no_backprop_mode():
        return network(x[:, None]).array[:, 0]


def main() -> None:
    arguments = parse_arguments(__doc__, steps=400)
    if arguments.predict:
        checkpoint, source, target = arguments.predict
        network = UNet(filters_beside(checkpoint))
        serializers.load_npz(str(checkpoint), network)
        np.save(target, np.concatenate([predict(network, x[None]) for x in np.load(source)]))
        return
    filters, size = (FULL, FULL_PATCH) if arguments.full else (SMALL, SMALL_PATCH)
    folder: Path = arguments.full or FIXTURES / "chainer"
    folder.mkdir(parents=True, exist_ok=True)
    np.random.seed(4)
    rng = np.random.default_rng(4)
    network = UNet(filters)
    train(network, rng, arguments.steps, size)
    x = make_patches(rng, 2, *size)[0]
    serializers.save_npz(str(folder / "unet.model"), network)
    about = f"training/reference/import_chainer.py, Chainer {chainer.__version__}, numpy {np.__version__}"
    write_values(folder, x, predict(network, x), filters, about)
    if arguments.full:
        return
    for link in network.children():
        for name, parameter in link.namedparams():
            parameter.array = np.asfortranarray(parameter.array.astype(np.float16))
        if hasattr(link, "avg_mean"):
            link.avg_mean = link.avg_mean.astype(np.float16)
            link.avg_var = link.avg_var.astype(np.float16)
    serializers.save_npz(str(folder / "unet-float16-fortran.model"), network, compression=False)
    rounded = UNet(filters)
    serializers.load_npz(str(folder / "unet-float16-fortran.model"), rounded)
    (folder / "output-float16.f32").write_bytes(predict(rounded, x).astype("<f4").tobytes())


if __name__ == "__main__":
    main()
