"""Whole networks of make_aten_ops.py, each with a batch of any size."""

import torch
from torch import nn
from torch.export import Dim

from aten_cases import floats, ints, trained

batch = Dim("batch")
networks = {}


def network(name, model, *inputs):
    """Exported with two samples, run with three."""
    others = tuple(torch.cat([each, each[:1].flip(-1)]) for each in inputs)
    dynamic = tuple({0: batch} for _ in inputs)
    networks[f"network-{name}"] = (trained(model), inputs, dynamic, others)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))  # fmt: skip
        self.conv1, self.norm1 = nn.Conv2d(6, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8)
        self.conv2, self.norm2 = nn.Conv2d(8, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8)
        self.down = nn.Sequential(nn.Conv2d(6, 8, 1, 2, bias=False), nn.BatchNorm2d(8))
        self.act, self.pool, self.fc = nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Linear(8, 5)

    def forward(self, x):
        x = self.stem(x)
        y = self.norm2(self.conv2(self.act(self.norm1(self.conv1(x)))))
        y += self.down(x)
        return self.fc(torch.flatten(self.pool(self.act(y)), 1))


class Inverted(nn.Module):
    """MobileNetV2's block, with a squeeze of channels as in V3."""

    def __init__(self):
        super().__init__()
        self.expand = nn.Sequential(nn.Conv2d(4, 8, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(inplace=True))
        self.depthwise = nn.Sequential(nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False), nn.BatchNorm2d(8), nn.Hardswish(inplace=True))  # fmt: skip
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 4, 1), nn.ReLU(), nn.Conv2d(4, 8, 1), nn.Hardsigmoid())  # fmt: skip
        self.project = nn.Sequential(nn.Conv2d(8, 4, 1, bias=False), nn.BatchNorm2d(4))

    def forward(self, x):
        y = self.depthwise(self.expand(x))
        return x + self.project(y * self.gate(y))


class Vision(nn.Module):
    """Patches, a class token, one encoder layer of pre-norm attention."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, 4)
        self.token, self.places = nn.Parameter(floats(1, 1, 8)), nn.Parameter(floats(1, 5, 8))
        self.norm1, self.norm2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Dropout(0.1), nn.Linear(16, 8))
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        x = x + self.mlp(self.norm2(x))
        return self.head(x[:, 0])


class Language(nn.Module):
    """Tokens, a causal decoder block as GPT has it, logits by the table of tokens."""

    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(11, 8), nn.Embedding(6, 8)
        self.norm, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)
        self.register_buffer("mask", torch.tril(torch.ones(6, 6)).view(1, 1, 6, 6))

    def forward(self, tokens):
        rows, length = tokens.shape
        x = self.tokens(tokens) + self.places(torch.arange(length))
        q, k, v = (each.view(rows, length, 2, 4).transpose(1, 2) for each in self.qkv(self.norm(x)).split(8, 2))
        scores = (q @ k.transpose(-2, -1)) * 0.5
        scores = scores.masked_fill(self.mask[:, :, :length, :length] == 0, float("-inf")).softmax(-1)
        y = (scores @ v).transpose(1, 2).contiguous().view(rows, length, 8)
        return (x + self.out(y)) @ self.tokens.weight.T


class Last(nn.Module):
    """A recurrent classifier of sequences."""

    def __init__(self, kind):
        super().__init__()
        self.layers = kind(4, 5, num_layers=2, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.layers(x)[0][:, -1])


class Points(nn.Module):
    """PointNet: a shared MLP of points, the largest of each feature."""

    def __init__(self):
        super().__init__()
        self.transform = nn.Sequential(nn.Conv1d(3, 8, 1), nn.BatchNorm1d(8), nn.ReLU())
        self.align = nn.Linear(8, 9)
        self.features = nn.Sequential(nn.Conv1d(3, 8, 1), nn.BatchNorm1d(8), nn.ReLU(), nn.Conv1d(8, 16, 1), nn.BatchNorm1d(16))  # fmt: skip
        self.head = nn.Sequential(nn.Linear(16, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 4))

    def forward(self, x):
        turn = self.align(torch.max(self.transform(x), 2)[0]).view(-1, 3, 3) + torch.eye(3)
        x = torch.bmm(x.transpose(2, 1), turn).transpose(2, 1)
        return torch.log_softmax(self.head(torch.max(self.features(x), 2, keepdim=True)[0].view(-1, 16)), -1)


class Sparse(nn.Module):
    """A TopK autoencoder."""

    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(floats(6))
        self.encoder, self.decoder = nn.Linear(6, 24), nn.Linear(24, 6, bias=False)

    def forward(self, x):
        values, indices = torch.topk(torch.relu(self.encoder(x - self.bias)), 4, dim=-1)
        latents = torch.zeros(x.shape[0], 24).scatter_(-1, indices, values)
        return self.decoder(latents) + self.bias, latents


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.middle = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(4, 6, 3, padding=1)
        self.up, self.merge = nn.ConvTranspose2d(6, 4, 2, 2), nn.Conv2d(8, 2, 3, padding=1)
        self.norm = nn.GroupNorm(2, 4)

    def forward(self, x):
        skip = nn.functional.silu(self.norm(self.down(x)))
        y = self.up(self.middle(nn.functional.max_pool2d(skip, 2)))
        y = self.merge(torch.cat([y, skip], 1))
        return nn.functional.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)


torch.manual_seed(3)
network("resnet", Residual(), floats(2, 3, 16, 16))
network("mobilenet", Inverted(), floats(2, 4, 6, 6))
network("vit", Vision(), floats(2, 3, 8, 8))
network("encoder-layer", nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), floats(2, 5, 8))
network("encoder-gelu", nn.TransformerEncoderLayer(8, 2, 16, activation="gelu", batch_first=True, norm_first=True), floats(2, 5, 8))  # fmt: skip
networks["network-gpt"] = (Language(), (ints(2, 4, high=11),), ({0: batch, 1: Dim("length", min=2, max=5)},), (ints(3, 5, high=11),))  # fmt: skip
network("lstm", Last(nn.LSTM), floats(2, 4, 4))
network("gru", Last(nn.GRU), floats(2, 4, 4))
network("pointnet", Points(), floats(2, 3, 12))
network("topk-sae", Sparse(), floats(2, 6))
network("unet", Unet(), floats(2, 2, 8, 8))
