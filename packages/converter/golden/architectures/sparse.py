"""Sparse convolutions as loops over sites and offsets. A sparse tensor is (coordinates, features): a list of tuples of ints,
batch first, in ascending order, and a float tensor [sites, channels]."""
import itertools
import torch
from torch import nn


def random_sites(generator, counts, low, high, rank=3):
    """So many sites of each cloud, ascending."""
    sites = []
    for batch, count in enumerate(counts):
        cloud = set()
        while len(cloud) < count:
            cloud.add((batch, *torch.randint(low, high, (rank,), generator=generator).tolist()))
        sites += sorted(cloud)
    return sites


def taps(kernel, first_axis_fastest):
    """The offsets d of a kernel in the order in which an engine counts them."""
    ranges = [range(size) for size in kernel]
    if first_axis_fastest:
        return [tap[::-1] for tap in itertools.product(*ranges[::-1])]
    return list(itertools.product(*ranges))


def gather(sites, features, targets, at):
    """Rows of `features` at the places `at(target)`, zeros where there is no site. [targets, channels]"""
    index = {site: row for row, site in enumerate(sites)}
    rows = [index.get(at(target), -1) for target in targets]
    padded = torch.cat([features, features.new_zeros(1, features.shape[1])])
    return padded[rows]


def convolve(x, matrices, offsets, targets, stride):
    """y[u] = sum over k of x[stride * u + offsets[k]] @ matrices[k]"""
    sites, features = x
    y = 0
    for matrix, offset in zip(matrices, offsets):
        at = lambda u: (u[0], *(s * c + o for s, c, o in zip(stride, u[1:], offset)))
        y = y + gather(sites, features, targets, at) @ matrix
    return targets, y


def convolve_back(x, matrices, offsets, targets, stride):
    """The transposed one: y[s * u + offsets[k]] += x[u] @ matrices[k], at the target sites."""
    sites, features = x
    index = {site: row for row, site in enumerate(targets)}
    y = features.new_zeros(len(targets), matrices[0].shape[1])
    for matrix, offset in zip(matrices, offsets):
        product = features @ matrix
        for row, u in enumerate(sites):
            target = (u[0], *(s * c + o for s, c, o in zip(stride, u[1:], offset)))
            if target in index:
                y[index[target]] += product[row]
    return targets, y


class KernelConv(nn.Module):
    """torchsparse's and MinkowskiEngine's: kernel [volume, in, out] or [in, out]; strided ones have kernel size = stride."""

    def __init__(self, channels, filters, size, stride=1, transposed=False, bias=False, rank=3, engine="torchsparse"):
        super().__init__()
        self.size, self.stride, self.transposed = (size,) * rank, (stride,) * rank, transposed
        volume = size**rank
        shape = (channels, filters) if volume == 1 and stride == 1 else (volume, channels, filters)
        self.kernel = nn.Parameter(torch.randn(shape) * (0.5 / (channels * max(volume / 8, 1))) ** 0.5)
        if bias:
            self.bias = nn.Parameter(torch.randn(1, filters) if engine == "minkowski" else torch.randn(filters))
        first = engine == "minkowski" or volume % 2 == 1
        shift = (size - 1) // 2 if size % 2 == 1 else 0
        self.offsets = [tuple(d - shift for d in tap) for tap in taps(self.size, first)]

    def forward(self, x, targets=None):
        sites = x[0]
        matrices = self.kernel if self.kernel.dim() == 3 else self.kernel[None]
        if self.transposed:
            y = convolve_back(x, matrices, self.offsets, targets, self.stride)
        else:
            if self.stride[0] > 1:
                targets = sorted({(u[0], *(c // s for c, s in zip(u[1:], self.stride))) for u in sites})
            y = convolve(x, matrices, self.offsets, targets or sites, self.stride)
        return (y[0], y[1] + self.bias) if hasattr(self, "bias") else y


def on_features(module, x):
    return x[0], module(x[1])


def cat(x, y):
    assert x[0] == y[0]
    return x[0], torch.cat([x[1], y[1]], 1)


class SpConv(nn.Module):
    """spconv's SubMConv and SparseConv. `layout` is how the weight is kept: 2 as [out, *kernel, in], 1 as [*kernel, in, out]."""

    def __init__(self, channels, filters, size, stride=1, padding=0, subm=False, bias=False, rank=3, layout=2):
        super().__init__()
        each = lambda value: (value,) * rank if isinstance(value, int) else tuple(value)
        self.size, self.stride, self.subm, self.layout = each(size), each(stride), subm, layout
        self.padding = tuple(s // 2 for s in self.size) if subm else each(padding)
        shape = (filters, *self.size, channels) if layout == 2 else (*self.size, channels, filters)
        volume = len(taps(self.size, False))
        self.weight = nn.Parameter(torch.randn(shape) * (0.5 / (channels * max(volume / 5, 1))) ** 0.5)
        self.bias = nn.Parameter(torch.randn(filters) * 0.3) if bias else None

    def matrices(self):
        """[offsets, in, out]"""
        if self.layout == 1:
            return self.weight.flatten(0, -3)
        out, channels = self.weight.shape[0], self.weight.shape[-1]
        if self.weight.numel() == out * channels:
            return self.weight.reshape(1, channels, out)  # spconv 2 takes a kernel of volume 1 for the memory of [in, out]
        return self.weight.flatten(1, -2).permute(1, 2, 0)

    def forward(self, x, shape=None):
        """@param shape of the input's grid, for a strided one. @returns the tensor, and the shape of its grid"""
        offsets = [tuple(d - p for d, p in zip(tap, self.padding)) for tap in taps(self.size, False)]
        sites = x[0]
        if not self.subm:
            shape = [(n + 2 * p - k) // s + 1 for n, p, k, s in zip(shape, self.padding, self.size, self.stride)]
            found = set()
            for batch, *cell in sites:
                for offset in offsets:
                    moved = [c - o for c, o in zip(cell, offset)]
                    u = [m // s for m, s in zip(moved, self.stride)]
                    if all(m % s == 0 for m, s in zip(moved, self.stride)) and all(0 <= v < n for v, n in zip(u, shape)):
                        found.add((batch, *u))
            sites = sorted(found)
        y = convolve(x, self.matrices(), offsets, sites, self.stride)
        return ((y[0], y[1] + self.bias) if self.bias is not None else y), shape


def random_cloud(generator, counts, shape, spread=4):
    """Sites in `shape`, along a walk, so that they have neighbours."""
    sites = []
    for batch, count in enumerate(counts):
        cloud = set()
        at = [n // 2 for n in shape]
        while len(cloud) < count:
            step = torch.randint(-spread, spread + 1, (len(shape),), generator=generator).tolist()
            at = [min(max(c + (d if i % 2 == 0 else d // 2), 0), n - 1) for i, (c, d, n) in enumerate(zip(at, step, shape))]
            cloud.add((batch, *at))
        sites += sorted(cloud)
    return sites
