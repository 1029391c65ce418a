"""Writes tests/fixtures/import/arrays: arrays of every type and order that the import reads, by NumPy and safetensors.

    python training/reference/import_arrays.py

`packed.npz` and `plain.npz` are NumPy's savez_compressed and savez; `versions.npz` holds headers of .npy version 2
and 3; `types.safetensors` is written by the safetensors library from torch tensors. `values.json` holds their names,
shapes and values, row-major, as float32.

Requirements: torch, numpy and safetensors, as the training has (training/requirements.txt).
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "import" / "arrays"


def described(array: np.ndarray) -> dict:
    return {"shape": list(array.shape), "values": np.ascontiguousarray(array, np.float32).ravel().tolist()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    kernel = rng.standard_normal((3, 2, 4, 4))
    arrays = {
        "conv1/W": kernel.astype("<f4"),
        "half": kernel.astype("<f2"),
        "double": kernel.astype("<f8"),
        "fortran": np.asfortranarray(kernel.astype("<f4")),
        "fortran-half": np.asfortranarray(kernel[:, :, 0].astype("<f2")),
        "vector": np.arange(5, dtype="<f4"),
        "norm1/N": np.asarray(1234, "<i8"),
        "flags": np.asarray([True, False]),
        "bytes": np.asarray([-128, 127], "i1"),
        "empty": np.zeros((0, 3), "<f4"),
    }
    np.savez_compressed(FOLDER / "packed.npz", **arrays)
    np.savez(FOLDER / "plain.npz", **arrays)

    versions = {"two": arrays["fortran"], "three": arrays["half"]}
    with zipfile.ZipFile(FOLDER / "versions.npz", "w") as archive:
        for (name, array), version in zip(versions.items(), ((2, 0), (3, 0))):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, version)
            archive.writestr(f"{name}.npy", buffer.getvalue())

    tensor = torch.from_numpy(kernel)
    tensors = {
        "double": tensor, "single": tensor.float(), "half": tensor.half(), "brain": tensor.bfloat16(),
        "counter": torch.tensor(7), "mask": torch.tensor([True, False, True]),
    }
    save_file(tensors, str(FOLDER / "types.safetensors"), {"unsung": "{}", "author": "nobody"})

    values = {
        "npz": {name: described(array) for name, array in arrays.items()},
        "versions": {name: described(array) for name, array in versions.items()},
        "safetensors": {name: described(value.double().numpy()) for name, value in tensors.items() if value.is_floating_point()},
    }
    (FOLDER / "values.json").write_text(json.dumps(values) + "\n")


if __name__ == "__main__":
    main()
