"""Makes torchscript/torchscript.safetensors: files of torch.jit and whole modules, their inputs, and what PyTorch gives for them.

The programs of aten_cases.py and the networks of aten_networks.py as `<case>-traced/script`, networks that torch.jit.script takes
as `<case>-scripted/script` and, frozen, as `<case>-frozen/script`; modules that torch.save wrote whole are `<case>-module/script`.
The metadata has the names and shapes of inputs where a file does not say them. Integers are int32; archives are packed again
without what no reader needs.

    PYTHONPATH=... python make_torchscript.py   (with torch and numpy; written by PyTorch 2.15)
"""

import io
import json
import os
import warnings
import zipfile

import numpy as np
import torch
from aten_cases import cases
from aten_networks import networks
from golden_file import write
from torch import nn
from torch.nn.utils import prune
from torch_values import Function, flat, plain

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torchscript", "torchscript.safetensors")
TYPES = {"float32": "float32", "int32": "int32", "int64": "int32", "bool": "bool"}
tensors, shapes = {}, {}


def packed(file):
    small = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in source.namelist():
            if ".data/" not in name and not name.endswith(("debug_pkl", "byteorder", ".format_version", ".storage_alignment")):
                target.writestr(zipfile.ZipInfo("m/" + name.partition("/")[2]), source.read(name), zipfile.ZIP_DEFLATED, 9)
    return np.frombuffer(small.getvalue(), dtype=np.uint8)


def saved(save, model):
    file = io.BytesIO()
    save(model, file)
    return packed(file)


def add(name, file, model, inputs, names=None):
    with torch.no_grad():
        outputs = flat(model(*[value.clone() for value in inputs]))
    tensors[f"{name}/script"] = file
    tensors.update({f"{name}/input_{i}": plain(value) for i, value in enumerate(inputs)})
    tensors.update({f"{name}/output_{i}": plain(value) for i, value in enumerate(outputs)})
    if names:
        typed = {key: {"shape": [None, *value.shape[1:]], "dtype": TYPES[str(value.dtype)[6:]]} for key, value in zip(names, inputs)}
        shapes[name] = json.dumps(typed)


def scripted(name, model, inputs):
    script = torch.jit.script(model)
    names = [argument.name for argument in script.forward.schema.arguments[1:len(inputs) + 1]]
    add(f"{name}-scripted", saved(torch.jit.save, script), model, inputs, names)
    add(f"{name}-frozen", saved(torch.jit.save, torch.jit.freeze(script)), model, inputs, names)


class Changing(nn.Module):
    """Changes in place, through views, in a loop and under a condition; and what a script computes beside tensors."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])
        self.scales = [1.0, 0.5]
        self.register_buffer("table", torch.arange(6.0).reshape(3, 2))

    def half(self, x: torch.Tensor, factor: float = 0.5) -> torch.Tensor:
        return x * factor

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None):
        y = x.clone()
        y[:, 0] = 0.0
        y[:, 1:3].mul_(2.0).relu_()
        row = y[0]
        y.add_(1.0)
        parts: list[torch.Tensor] = []
        for i, layer in enumerate(self.layers):
            if i == 0 or x.dim() == 3:
                parts.append(layer(y) * self.scales[i])
            else:
                parts.append(self.half(layer(y), factor=self.scales[1] / 2))
        while len(parts) < 3:
            parts.append(parts[-1].sigmoid())
        if mask is not None:
            parts = parts[:1]
        sizes = {"rows": 3, "columns": x.size(1) // 2}
        z = torch.cat(parts, dim=-1).view(-1, sizes["columns"] * 2, sizes["rows"])
        total = x.new_zeros([3])
        for j in range(1, 4, 2):
            total = total + z[:, j].sum(0)
        a, b = x.chunk(2, dim=1)
        (low, high), kind = (a.amin(), a.amax()), "max" if self.training else "min"
        return {"z": z, "row": row, "total": total, "table": self.table[[0, 2]] + b.mean(), "extreme": low if kind == "min" else high}


def main():
    warnings.simplefilter("ignore")
    refused = []
    for name, (model, inputs, _, _) in {**cases, **networks}.items():
        torch.manual_seed(len(name))
        module = (model if isinstance(model, nn.Module) else Function(model)).eval()
        try:
            with torch.no_grad():
                traced = torch.jit.trace(module, inputs, check_trace=False)
        except RuntimeError:
            refused.append(name)
            continue
        add(f"{name}-traced", saved(torch.jit.save, traced), module, inputs)
        if name in networks:
            try:
                scripted(name, module, inputs)
            except RuntimeError:  # torch.jit.script does not take it
                refused.append(f"{name}-scripted")
    torch.manual_seed(5)
    changing = Changing().eval()
    script = torch.jit.script(changing)
    x = torch.randn(3, 4)
    with torch.no_grad():
        outputs = changing(x.clone())
    tensors["changing-scripted/script"] = saved(torch.jit.save, script)
    tensors["changing-scripted/input_0"] = plain(x)
    tensors.update({f"changing-scripted/output_{i}": plain(value) for i, value in enumerate(outputs.values())})
    shapes["changing-scripted"] = json.dumps({"x": {"shape": [3, 4]}})
    for name, model, x in modules():
        add(f"{name}-module", saved(torch.save, model), model, [x], ["input"])
    write(OUT, tensors, shapes)
    print(f"{sum(name.endswith('script') for name in tensors)} files, {os.path.getsize(OUT)} bytes; not taken by torch.jit: {', '.join(refused)}")


def modules():
    mlp = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Dropout(0.5), nn.Linear(16, 16), nn.LayerNorm(16), nn.SiLU(), nn.Linear(16, 3), nn.Softmax(-1))  # fmt: skip
    prune.l1_unstructured(mlp[3], "weight", 0.8)
    yield "pruned-mlp", mlp.eval(), torch.randn(4, 8)
    image = nn.Sequential(
        nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(), nn.MaxPool2d(2)),
        nn.ReflectionPad2d(1), nn.Conv2d(8, 8, 3, groups=2), nn.GroupNorm(4, 8), nn.LeakyReLU(0.2), nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.ConvTranspose2d(8, 4, 2, 2), nn.InstanceNorm2d(4, affine=True), nn.ELU(), nn.PixelUnshuffle(2), nn.Hardswish(), nn.AvgPool2d(2, ceil_mode=True),
        nn.PReLU(16), nn.AdaptiveAvgPool2d((2, 2)), nn.Flatten(), nn.Linear(64, 5), nn.LogSoftmax(1))  # fmt: skip
    yield "image", image.eval(), torch.randn(2, 3, 8, 8)
    signal = nn.Sequential(nn.Conv1d(2, 6, 3, stride=2), nn.BatchNorm1d(6), nn.Mish(), nn.MaxPool1d(2), nn.ConvTranspose1d(6, 4, 4, 2), nn.Tanh(), nn.Upsample(scale_factor=2), nn.Unflatten(1, (2, 2)), nn.Flatten(1))  # fmt: skip
    yield "signal", signal.eval(), torch.randn(2, 2, 16)
    line = nn.Sequential(nn.ReflectionPad1d(2), nn.ConstantPad1d((1, 2), 0.5), nn.Conv1d(2, 4, 3), nn.InstanceNorm1d(4), nn.Dropout1d(), nn.AvgPool1d(2, 2, 1), nn.AdaptiveAvgPool1d(4))  # fmt: skip
    yield "line", line.eval(), torch.randn(2, 2, 9)
    volume = nn.Sequential(nn.Conv3d(2, 4, 3, padding=1), nn.BatchNorm3d(4), nn.ReLU(), nn.MaxPool3d(2), nn.Dropout3d(), nn.InstanceNorm3d(4), nn.AvgPool3d(2), nn.AdaptiveAvgPool3d(1))  # fmt: skip
    yield "volume", volume.eval(), torch.randn(2, 2, 4, 6, 4)
    plane = nn.Sequential(
        nn.ZeroPad2d((1, 0, 2, 1)), nn.ConstantPad2d(1, -0.5), nn.ReplicationPad2d(1), nn.SyncBatchNorm(4), nn.ChannelShuffle(2), nn.PixelShuffle(2),
        nn.UpsamplingNearest2d(scale_factor=2), nn.UpsamplingBilinear2d(size=(8, 6)), nn.Dropout2d(), nn.FeatureAlphaDropout())  # fmt: skip
    yield "plane", plane.eval(), torch.randn(2, 4, 5, 4)
    curves = nn.Sequential(nn.CELU(0.7), nn.SELU(), nn.Hardtanh(-0.8, 0.9), nn.Threshold(-0.5, 0.1), nn.Softplus(2, 10), nn.Identity(), nn.Sigmoid(), nn.LogSigmoid(), nn.Hardsigmoid(), nn.AlphaDropout())  # fmt: skip
    yield "curves", curves.eval(), torch.randn(3, 20) * 2
    yield "tokens", nn.Sequential(nn.Embedding(7, 6), nn.Flatten(0, 1), nn.Linear(6, 2)).eval(), torch.randint(0, 7, (2, 3))


main()
