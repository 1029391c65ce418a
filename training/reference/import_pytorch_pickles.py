"""Writes tests/fixtures/import/pytorch-1 or pytorch-2: checkpoints as torch.save writes them, and the numbers in them.

    python training/reference/import_pytorch_pickles.py

The folder is that of PyTorch's version; the fixtures are of 1.13 and 2.15. Requirements: torch and numpy, as the training
has (training/requirements.txt).

`values.json` holds, by file, the names, shapes and numbers (row-major, as float32) that PyTorch or NumPy itself gives, or
another file's name where they are the same. `evil.pt` would run a command in whatever unpickles it, the `module-*.pt`
are whole modules: these are refused. `torch/unet.pt` has the tensors of torch/unet.safetensors.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import json
import os
import pathlib
import struct
import sys
import types

import numpy as np
import torch
from torch import nn

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "import"
VALUES: dict[str, dict | str] = {}


def numbers(value) -> np.ndarray:
    return value.detach().double().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)


def described(value) -> dict:
    array = numbers(value)
    singles = np.ascontiguousarray(array, np.float32).ravel()
    # Their shortest digits: as doubles they would have nine more.
    return {"shape": list(array.shape), "values": [float(str(value)) for value in singles]}


def write(folder: pathlib.Path, name: str, content, tensors: dict, **options) -> None:
    """`tensors` are those of the content that a reader is to find, under the names it is to find them by."""
    torch.save(content, folder / name, **options)
    values = {key: described(value) for key, value in tensors.items()}
    VALUES[name] = next((other for other, known in VALUES.items() if known == values), values)


class Net(nn.Module):
    """A layer down and a norm, as in a network."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 4)
        self.norm = nn.BatchNorm2d(3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.conv(x))


class Evil:
    def __reduce__(self):
        return os.system, ("echo run > /tmp/unsung-evil-was-run",)


def foreign_class(module: str, name: str, base: type = object) -> type:
    """A class of a package that is not installed here."""
    parts = module.split(".")
    for n in range(len(parts)):
        sys.modules.setdefault(".".join(parts[: n + 1]), types.ModuleType(".".join(parts[: n + 1])))
    made = type(name, (base,), {"__module__": module})
    setattr(sys.modules[module], name, made)
    return made


def trained(network: nn.Module) -> torch.optim.Optimizer:
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(2):
        network(torch.rand(2, 2, 6, 6)).square().mean().backward()
        optimiser.step()
    return optimiser


def prefixed(prefix: str, state: dict) -> dict:
    return {f"{prefix}.{name}": value for name, value in state.items()}


def tensors_of_all_kinds() -> dict[str, torch.Tensor]:
    kernel = torch.randn(3, 2, 4, dtype=torch.float64)
    # Of version 2.3, whose storages have no type.
    unsigned = {name: torch.tensor([0, 65535], dtype=getattr(torch, name)) for name in ("uint16", "uint32") if hasattr(torch, name)}
    return {
        **unsigned, "single": kernel.float(), "double": kernel, "half": kernel.half(), "brain": kernel.bfloat16(),
        "long": torch.tensor([-5, 2**40]), "int": torch.tensor([-5, 2**30], dtype=torch.int32),
        "short": torch.tensor([-5, 300], dtype=torch.int16), "char": torch.tensor([-5, 5], dtype=torch.int8),
        "byte": torch.tensor([0, 255], dtype=torch.uint8), "flags": torch.tensor([True, False]),
        "scalar": torch.tensor(0.5), "empty": torch.zeros(0, 3),
    }


def views() -> dict[str, torch.Tensor]:
    whole = torch.randn(4, 5, 6)
    flat = torch.arange(40, dtype=torch.float32)
    return {
        "whole": whole, "transposed": whole.transpose(0, 2), "permuted": whole.permute(1, 2, 0), "part": whole[1:3, :, 2:4],
        "steps": flat[3::4], "end": flat[35:], "expanded": flat[:3, None].expand(3, 4), "one": whole[2, 3, 4],
        "channels-last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
    }


def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    kernel = rng.standard_normal((5, 5, 3, 4))
    return {
        "down1_conv.1.weight": kernel.astype("f4"), "fortran": np.asfortranarray(kernel.astype("f4")), "double": kernel,
        "half": kernel[0].astype("f2"), "counter": np.asarray(1234, "i8"), "flags": np.asarray([True, False]),
        "bytes": np.asarray([-128, 127], "i1"), "empty": np.zeros((0, 3), "f4"), "transposed": kernel[0].astype("f4").T,
    }


def training_state(network: nn.Module) -> dict:
    return {
        "epoch": 3, "best": np.float64(0.25), "loss": float("nan"), "big": 2**70, "seed": 2**63 + 1, "none": None,
        "optimizer": trained(network).state_dict(), "scaler": {}, "rng_state": torch.ByteTensor([1, 2, 3]),
        "args": argparse.Namespace(lr=3e-3, gpus=[0, 1]), "path": pathlib.PurePosixPath("runs/7"), "when": datetime.date(2020, 1, 2),
        "device": torch.device("cpu"), "dtype": torch.float32, "size": torch.Size([2, 3]), "tags": {"a", "b"},
        "kinds": collections.defaultdict(list, a=[1]), "losses": [0.5, 0.25], "ema_state_dict": network.state_dict(),
    }


def lightning(network: nn.Module) -> dict:
    settings = foreign_class("pytorch_lightning.utilities.parsing", "AttributeDict", dict)
    config = foreign_class("omegaconf.dictconfig", "DictConfig")
    hyper_parameters = settings(lr=3e-3, layers=[2, 3])
    hyper_parameters.config = config()
    hyper_parameters.config.__dict__.update(_content={"lr": 1}, _parent=None)
    return {
        "epoch": 3, "global_step": 1200, "pytorch-lightning_version": "1.9.0",
        "state_dict": collections.OrderedDict(prefixed("network", network.state_dict())),
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 4}}}},
        "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [trained(network).state_dict()], "lr_schedulers": [],
        "hparams_name": "kwargs", "hyper_parameters": hyper_parameters,
    }


def read_safetensors(path: pathlib.Path) -> dict[str, torch.Tensor]:
    """Without its library, which Debian's PyTorch does not have beside it."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    kinds = {"F32": "<f4", "I64": "<i8"}
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        array = np.frombuffer(data[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
        found[name] = torch.from_numpy(array.copy())
    return found


def main() -> None:
    folder = FIXTURES / f"pytorch-{torch.__version__.split('.')[0]}"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    network = Net()
    training = training_state(network)
    state = network.state_dict()
    write(folder, "state.pt", state, state)
    kinds = tensors_of_all_kinds()
    write(folder, "types.pth", kinds, kinds)
    shared = views()
    write(folder, "views.pt", shared, shared)
    write(folder, "views-old.pth", shared, shared, _use_new_zipfile_serialization=False)
    write(folder, "views-protocol5.pt", shared, shared, pickle_protocol=5)
    parameters = collections.OrderedDict(network.named_parameters())
    write(folder, "parameters.pt", parameters, parameters)
    lists = [{"w": parameters["conv.bias"], 4: torch.ones(2)}, (torch.zeros(1), "text")]
    write(folder, "lists.pt", lists, {"0.w": parameters["conv.bias"], "0.4": torch.ones(2), "1.0": torch.zeros(1)})
    checkpoint = {**training, "model": state}
    write(folder, "training.pth", checkpoint, prefixed("model", state))
    write(folder, "training-old.pth", checkpoint, prefixed("model", state), _use_new_zipfile_serialization=False)
    stems = {"vocals": {"w": torch.ones(2)}, "accompaniment": {"w": torch.zeros(2)}, "optimizer": training["optimizer"]}
    write(folder, "stems.pt", stems, {"vocals.w": torch.ones(2), "accompaniment.w": torch.zeros(2)})
    array = arrays()
    write(folder, "arrays.ckpt", array, array)
    write(folder, "arrays-old.ckpt", array, array, _use_new_zipfile_serialization=False)
    write(folder, "arrays-protocol5.ckpt", array, array, pickle_protocol=5)
    # It trains on, so that the tensors above change.
    write(folder, "lightning.ckpt", lightning(network), prefixed("state_dict.network", state))

    torch.save({"weight": torch.ones(2), "more": Evil()}, folder / "evil.pt")
    torch.save(network, folder / "module-own.pt")
    torch.save(nn.Linear(2, 1), folder / "module-torch.pt")
    torch.save({"model": network, "optimizer": training["optimizer"]}, folder / "module-training.pt")
    torch.save({"weight": torch.ones(2).to_sparse()}, folder / "sparse.pt")
    torch.save({"weight": torch.ones(2, dtype=torch.complex64)}, folder / "complex.pt")
    torch.save(read_safetensors(FIXTURES / "torch" / "unet.safetensors"), FIXTURES / "torch" / "unet.pt")

    about = f"training/reference/import_pytorch_pickles.py, PyTorch {torch.__version__}, numpy {np.__version__}"
    (folder / "values.json").write_text(json.dumps({"about": about, "files": VALUES}) + "\n")
    print(folder, sum(path.stat().st_size for path in folder.iterdir()), "bytes")


if __name__ == "__main__":
    main()
