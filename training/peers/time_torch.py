"""Spleeter's networks in PyTorch on the processor, one of the programs that `npm run bench:peers` compares.

Its argument is a job, and it answers lines: bench/peers/job.ts. The layers are those of reference/stored_model.py, in
float32 and with channels last, which is the faster layout. Requires numpy and torch.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reference"))

from stored_model import as_tensors, spleeter  # noqa: E402
from stored_weights import networks_of, read_manifest, read_weights  # noqa: E402


def channels_last(kernel: torch.Tensor) -> torch.Tensor:
    """A kernel in TensorFlow's layout, in memory as a convolution of channels last reads it."""
    return kernel.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last).permute(2, 3, 1, 0)


def main() -> None:
    job = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(job["threads"])
    folder = Path(job["model"])
    described = networks_of(read_manifest(folder))
    networks = []
    for stem in (each["stem"] for each in job["networks"]):
        weights = {name: tensor.float() for name, tensor in as_tensors(read_weights(folder, described[stem])).items()}
        networks.append((described[stem], {name: channels_last(t) if t.ndim == 4 else t for name, t in weights.items()}))
    shape = (job["patches"], 1, job["channels"], job["bins"], job["frames"])
    values = torch.from_numpy(np.fromfile(job["inputs"]["channelsFirst"], "<f4").reshape(shape))
    patches = [patch.contiguous(memory_format=torch.channels_last) for patch in values]

    def run() -> list[torch.Tensor]:
        with torch.inference_mode():
            return [spleeter(patch, network, weights) for patch in patches for network, weights in networks]

    np.concatenate([output.numpy().ravel() for output in run()]).tofile(job["output"])
    print(json.dumps({"version": f"PyTorch {torch.__version__}"}), flush=True)
    for _ in sys.stdin:
        begun, before = time.perf_counter(), time.process_time()
        run()
        print(json.dumps({"seconds": time.perf_counter() - begun, "cpuSeconds": time.process_time() - before}), flush=True)


if __name__ == "__main__":
    main()
