"""Seeds weights of a reference network and writes its state dict, inputs and outputs."""
import json
import os
import struct
import torch
from torch import nn

FOLDER = os.path.dirname(os.path.abspath(__file__))
DTYPES = {torch.float32: "F32", torch.int32: "I32"}


def randomize(network):
    """Normalizations that do nothing hide mistakes; their scales and statistics become random."""
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return network.eval()


# Zip files; the others are streams as torch before 1.6 writes them, which have less around each tensor.
ZIPS = ("resnet-cifar-shortcut", "resnet-torchvision-bottleneck", "second-spconv2", "dsvt-pillars", "flatformer", "sae-openai")


def write(name, state, **tensors):
    """float32 weights as `name`.pt, named float32 and int32 tensors as `name`.safetensors."""
    torch.save(state, os.path.join(FOLDER, name + ".pt"), _use_new_zipfile_serialization=name in ZIPS)
    header, data = {}, b""
    for key, value in tensors.items():
        value = value.detach().to(torch.float32 if value.is_floating_point() else torch.int32).contiguous()
        body = value.numpy().tobytes()
        header[key] = {"dtype": DTYPES[value.dtype], "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(body)]}
        data += body
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(FOLDER, name + ".safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def run(network, *inputs):
    """Outputs in float64 of weights that are stored in float32."""
    with torch.no_grad():
        outputs = network.double()(*[x.double() if torch.is_tensor(x) and x.is_floating_point() else x for x in inputs])
    network.float()
    return outputs
