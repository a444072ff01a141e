"""Makes onnx-networks.safetensors: networks of PyTorch as both of its exporters write them to ONNX, and what PyTorch gives.

Each network is `<name>-traced/model` (TorchScript's exporter) or `<name>-exported/model` (that of torch.export), with
`input_0`, ... and `output_0`, .... Batches are of a size that only a run knows.

    pip install torch onnx onnxscript; python make_onnx_networks.py OUT     (written by PyTorch 2.15, opset 18)
"""

import io
import sys
import warnings

import numpy as np
import onnx
import torch
from golden_file import write
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import prune


class Residual(nn.Module):
    """A block of CIFAR's ResNet-20 (He et al. 2016) with a shortcut of its own where the size changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class ResNet20(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        sizes = [width, width, width, 2 * width, 2 * width, 2 * width, 4 * width, 4 * width, 4 * width]
        strides = [1, 1, 1, 2, 1, 1, 2, 1, 1]
        self.blocks = nn.Sequential(*[Residual(a, b, s) for a, b, s in zip([width, *sizes], sizes, strides)])
        self.fc = nn.Linear(4 * width, 10)

    def forward(self, x):
        x = self.blocks(F.relu(self.bn1(self.conv1(x))))
        return self.fc(F.avg_pool2d(x, x.shape[-1]).view(x.shape[0], -1))


class Inverted(nn.Module):
    """MobileNetV2's block (Sandler et al. 2018)."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        self.isResidual = stride == 1 and inputs == outputs
        self.conv = nn.Sequential(
            nn.Conv2d(inputs, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(),
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(),
            nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs))  # fmt: skip

    def forward(self, x):
        return x + self.conv(x) if self.isResidual else self.conv(x)


class MobileNet(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(), Inverted(8, 12, 1, 4), Inverted(12, 12, 1, 4),
            Inverted(12, 16, 2, 4), Inverted(16, 16, 1, 4), nn.Conv2d(16, 48, 1, bias=False), nn.BatchNorm2d(48), nn.Hardswish(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(48, 7))  # fmt: skip


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.1, activation="gelu", batch_first=True)
        self.embed = nn.Embedding(50, 32)
        self.position = nn.Parameter(torch.randn(1, 12, 32))
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(32, 5)

    def forward(self, tokens):
        return self.head(self.encoder(self.embed(tokens) + self.position[:, : tokens.shape[1]]).mean(1))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.embed = nn.Embedding(30, 16)
        self.rnn = getattr(nn, kind)(16, 12, num_layers=2, batch_first=True, bidirectional=True)
        self.head = nn.Linear(24, 3)

    def forward(self, tokens):
        return self.head(self.rnn(self.embed(tokens))[0][:, -1])


class Sae(nn.Module):
    """Top-k sparse autoencoder (Gao et al. 2024)."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(24, 96)
        self.decoder = nn.Linear(96, 24, bias=False)
        self.pre_bias = nn.Parameter(torch.randn(24))

    def forward(self, x):
        latents = self.encoder(x - self.pre_bias)
        values, indices = torch.topk(latents, 8, dim=-1)
        sparse = torch.zeros_like(latents).scatter(-1, indices, F.relu(values))
        return self.decoder(sparse) + self.pre_bias, sparse


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(2, 8, 3, padding=1), nn.InstanceNorm2d(8, affine=True), nn.LeakyReLU(0.1))
        self.down2 = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.SiLU())
        self.middle = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(16, 24, 3, padding=2, dilation=2), nn.ELU())
        self.up2 = nn.ConvTranspose2d(24, 16, 2, stride=2)
        self.join2 = nn.Sequential(nn.Conv2d(32, 16, 3, padding=1, groups=2), nn.PReLU(16))
        self.head = nn.Conv2d(24, 3, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(a)
        c = self.join2(torch.cat([self.up2(self.middle(b)), b], 1))
        c = F.interpolate(c, scale_factor=2.0, mode="bilinear", align_corners=False)
        return torch.softmax(self.head(torch.cat([c, a], 1)), 1)


def pruned(network, amount, kinds=(nn.Linear, nn.Conv2d), keeps_masks=True):
    for module in list(network.modules()):
        if isinstance(module, kinds):
            prune.l1_unstructured(module, "weight", amount=amount)
            if not keeps_masks:
                prune.remove(module, "weight")
    return network


def two_of_four(network):
    for module in network.modules():
        if isinstance(module, nn.Linear) and module.in_features % 4 == 0:
            groups = module.weight.data.view(module.out_features, -1, 4)
            groups.scatter_(2, groups.abs().argsort(2)[..., :2], 0)
    return network


def statistics(network):
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
    return network


def mlp():
    return nn.Sequential(nn.Linear(32, 48), nn.ReLU(), nn.Linear(48, 48), nn.GELU(), nn.Linear(48, 8))


def networks():
    yield "pruned-mlp", pruned(mlp(), 0.8), torch.randn(5, 32)
    yield "two-of-four-mlp", two_of_four(mlp()), torch.randn(5, 32)
    yield "pruned-resnet20", pruned(statistics(ResNet20(4)), 0.9, (nn.Conv2d,)), torch.randn(2, 3, 16, 16)
    yield "mobilenet", statistics(MobileNet()), torch.randn(2, 3, 24, 24)
    yield "pruned-encoder", pruned(Encoder(), 0.8, (nn.Linear,), keeps_masks=False), torch.randint(0, 50, (3, 12))
    yield "lstm", Recurrent("LSTM"), torch.randint(0, 30, (3, 7))
    yield "gru", Recurrent("GRU"), torch.randint(0, 30, (3, 7))
    yield "topk-sae", Sae(), torch.randn(6, 24)
    yield "unet", UNet(), torch.randn(2, 2, 16, 24)


def exported(network, x, is_traced):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if is_traced:
            axes = {"input": {0: "batch"}}
            torch.onnx.export(network, (x,), file, dynamo=False, opset_version=17, input_names=["input"], dynamic_axes=axes)
        else:
            batch = {0: torch.export.Dim("batch", min=2)}
            torch.onnx.export(network, (x,), "/tmp/network.onnx", dynamo=True, opset_version=18, input_names=["input"], dynamic_shapes=(batch,), verbose=False, external_data=False)  # fmt: skip
            file.write(open("/tmp/network.onnx", "rb").read())
    model = onnx.load_from_string(file.getvalue())
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:], model.metadata_props[:], model.graph.metadata_props[:]
    for value in [*model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    return model.SerializeToString()


def main(out):
    torch.manual_seed(7)
    tensors = {}
    for name, network, x in networks():
        network.eval()
        with torch.no_grad():
            result = network(x)
        outputs = result if isinstance(result, tuple) else (result,)
        for way in ("traced", "exported"):
            tensors[f"{name}-{way}/model"] = np.frombuffer(exported(network, x, way == "traced"), dtype=np.uint8)
            tensors[f"{name}-{way}/input_0"] = x.numpy().astype(np.int32 if x.dtype == torch.int64 else np.float32)
            tensors.update({f"{name}-{way}/output_{i}": output.numpy() for i, output in enumerate(outputs)})
    write(out, tensors)


main(sys.argv[1])
