"""The ONNX export of a small network of Spleeter's kind, against what PyTorch computes with its weights.

ONNX's own reference evaluator runs the graph. Requires numpy, onnx and safetensors.
"""

from __future__ import annotations

import json
import sys
import unittest
from pathlib import Path

import numpy as np
from onnx.reference import ReferenceEvaluator
from safetensors import safe_open
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "training" / "peers"))

from export_onnx import export  # noqa: E402

FIXTURES = ROOT / "tests" / "fixtures" / "model"


class OnnxTest(unittest.TestCase):
    def test_the_exported_networks_compute_what_pytorch_computes(self) -> None:
        for name in ("spleeter", "spleeter-elu", "spleeter-logit"):
            path = FIXTURES / f"{name}.safetensors"
            with safe_open(path, "numpy") as file:
                networks = json.loads(file.metadata()["unsung"])["networks"]
            tensors, values = load_file(path), load_file(FIXTURES / f"{name}.values.safetensors")
            for stem, network in networks.items():
                with self.subTest(name=name, stem=stem):
                    weights = {key.removeprefix(f"{stem}/"): value for key, value in tensors.items() if key.startswith(f"{stem}/")}
                    model = export(network, weights)
                    # (n, bins, frames, channels) → (n, channels, bins, frames)
                    (output,) = ReferenceEvaluator(model).run(None, {"magnitude": values["input"].transpose(0, 3, 1, 2)})
                    np.testing.assert_allclose(output.transpose(0, 2, 3, 1), values[f"output/{stem}"], atol=2e-5)

    def test_another_family_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "unet"):
            export({"family": "unet"}, {})


if __name__ == "__main__":
    unittest.main()
