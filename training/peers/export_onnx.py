"""Writes the networks of a model of Spleeter's family as ONNX, for runtimes that `npm run bench:peers` compares.

    python training/peers/export_onnx.py models/spleeter --out DIR

makes DIR/STEM.onnx for each network, with the weights as the model's files hold them. Input `magnitude` and output `mask`
(or `logit`) are float32, (n, channels, bins, frames); n, bins and frames are free. The graph is the network as it was
published; what can be folded or fused is left to the runtime. Requires numpy and onnx.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper, save

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reference"))

from stored_weights import networks_of, read_manifest, read_weights  # noqa: E402

CHANNELS = 2
# TensorFlow's "same" for stride 2 and kernel 5, and for the kernel of 4 with dilation 2 at the end: top, left, bottom, right.
PADS = [1, 1, 2, 2]
OUTPUT_PADS = [3, 3, 3, 3]
OPSET, IR_VERSION = 17, 8
OPERATORS = {"leaky-relu": "LeakyRelu", "relu": "Relu", "elu": "Elu"}


class Graph:
    """Nodes and constants of a graph under construction. Each method adds a node and returns the name of its output."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes = []
        self.constants = []

    def add(self, operator: str, name: str, inputs: list[str], **attributes) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name, **attributes))
        return name

    def constant(self, name: str) -> str:
        values = self.weights[name]
        # TensorFlow's (kh, kw, b, a) is ONNX's (a, b, kh, kw), for both kinds of convolution.
        if values.ndim == 4:
            values = values.transpose(3, 2, 0, 1)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def convolution(self, operator: str, name: str, at: str, **attributes) -> str:
        return self.add(operator, name, [at, self.constant(f"{name}/kernel"), self.constant(f"{name}/bias")], **attributes)

    def norm(self, name: str, at: str, epsilon: float) -> str:
        parts = [self.constant(f"{name}/{part}") for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        return self.add("BatchNormalization", name, [at, *parts], epsilon=epsilon)

    def activation(self, name: str, at: str, activation: dict) -> str:
        slope = {"alpha": activation["slope"]} if "slope" in activation else {}
        return self.add(OPERATORS[activation["kind"]], name, [at], **slope)


def export(network: dict, weights: Mapping[str, np.ndarray]) -> ModelProto:
    """A network of a manifest and its weights, named and laid out as in the model's files, as ONNX.

    Raises ValueError for another family, KeyError for a weight that is missing."""
    if network["family"] != "spleeter":
        raise ValueError(f"networks of the family {network['family']} cannot be exported")
    graph, depth, epsilon = Graph(weights), len(network["filters"]), network["epsilon"]
    at, skips = "magnitude", []
    for n in range(depth):
        at = graph.convolution("Conv", f"encoder_{n}_conv", at, strides=[2, 2], pads=PADS)
        skips.append(at)
        if n < depth - 1:
            at = graph.activation(f"encoder_{n}_activation", graph.norm(f"encoder_{n}_norm", at, epsilon), network["encoder"])
    for n in range(depth):
        if n > 0:
            at = graph.add("Concat", f"decoder_{n}_skip", [skips[depth - 1 - n], at], axis=1)
        at = graph.convolution("ConvTranspose", f"decoder_{n}_conv", at, strides=[2, 2], pads=PADS)
        at = graph.norm(f"decoder_{n}_norm", graph.activation(f"decoder_{n}_activation", at, network["decoder"]), epsilon)
    is_logit = network["output"] == "logit"
    name = "logit" if is_logit else "mask"
    at = graph.convolution("Conv", "output_0_conv", at, dilations=[2, 2], pads=OUTPUT_PADS)
    graph.add("Identity" if is_logit else "Sigmoid", name, [at])
    shape = ["n", CHANNELS, "bins", "frames"]
    ends = [helper.make_tensor_value_info(end, TensorProto.FLOAT, shape) for end in ("magnitude", name)]
    made = helper.make_graph(graph.nodes, "spleeter", ends[:1], ends[1:], graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    checker.check_model(model, full_check=True)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a folder of models/")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the files")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for stem, network in networks_of(read_manifest(arguments.model)).items():
        save(export(network, read_weights(arguments.model, network)), arguments.out / f"{stem}.onnx")


if __name__ == "__main__":
    main()
