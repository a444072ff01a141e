"""Point Transformer V3 (Pointcept/PointTransformerV3, model.py) and LitePT (prs-eth/LitePT, litept/model.py), with flash
attention's patches, in eval mode and without shuffled orders. Sites are (batch, x, y, z)."""
import math
import torch
import torch.nn.functional as F
from torch import nn
from files import randomize, run, write
from sparse import SpConv, random_cloud

ORDERS = ("z", "z-trans", "hilbert", "hilbert-trans")


def norm(channels):
    return nn.BatchNorm1d(channels, eps=1e-3, momentum=0.01)


def interleave(cell, depth):
    """Bits of the axes, the highest first, the first axis first."""
    code = 0
    for bit in range(depth - 1, -1, -1):
        for value in cell:
            code = code << 1 | (value >> bit & 1)
    return code


def hilbert(cell, depth):
    """Skilling 2004, AxesToTranspose, then the bits interleaved."""
    x, top = list(cell), 1 << (depth - 1)
    q = top
    while q > 1:
        p = q - 1
        for i in range(len(x)):
            if x[i] & q:
                x[0] ^= p
            else:
                t = (x[0] ^ x[i]) & p
                x[0] ^= t
                x[i] ^= t
        q >>= 1
    for i in range(1, len(x)):
        x[i] ^= x[i - 1]
    t, q = 0, top
    while q > 1:
        if x[-1] & q:
            t ^= q - 1
        q >>= 1
    return interleave([value ^ t for value in x], depth)


def codes_of(sites, depth, order):
    curve = interleave if order.startswith("z") else hilbert
    swap = lambda cell: (cell[1], cell[0], cell[2]) if order.endswith("trans") else cell
    return [site[0] << 3 * depth | curve(swap(site[1:]), depth) for site in sites]


def patches_of(sites, codes, size):
    """Of each cloud the sites along the curve, cut; the free slots of the last patch repeat the patch before (as keys)."""
    patches = []
    for batch in sorted({site[0] for site in sites}):
        rows = sorted((i for i, site in enumerate(sites) if site[0] == batch), key=lambda i: codes[i])
        for start in range(0, len(rows), size):
            own = rows[start : start + size]
            more = rows[start - size + len(own) : start] if start > 0 else []
            patches.append((own, own + more))
    return patches


class Attention(nn.Module):
    def __init__(self, channels, heads, size, rope=None):
        super().__init__()
        self.qkv, self.proj = nn.Linear(channels, 3 * channels), nn.Linear(channels, channels)
        self.heads, self.size, self.rope = heads, size, rope

    def turned(self, x, cells):
        """PointROPE: x [sites, heads, width], cells [sites, 3]"""
        width = x.shape[2] // 6
        parts = []
        for axis in range(3):
            u, v = x[:, :, 2 * axis * width : (2 * axis + 1) * width], x[:, :, (2 * axis + 1) * width : (2 * axis + 2) * width]
            angles = cells[:, axis, None] * self.rope ** (-torch.arange(width, dtype=x.dtype) / width)
            cos, sin = angles.cos()[:, None], angles.sin()[:, None]
            parts += [u * cos - v * sin, v * cos + u * sin]
        return torch.cat(parts, 2)

    def forward(self, sites, codes, x):
        q, k, v = self.qkv(x).reshape(len(x), 3, self.heads, -1).unbind(1)
        if self.rope:
            cells = torch.tensor([site[1:] for site in sites], dtype=x.dtype)
            q, k = self.turned(q, cells), self.turned(k, cells)
        y = torch.zeros_like(x)
        for own, keys in patches_of(sites, codes, self.size):
            scores = torch.einsum("qhc,khc->hqk", q[own], k[keys]) * q.shape[2] ** -0.5
            y[own] = torch.einsum("hqk,khc->qhc", scores.softmax(2), v[keys]).flatten(1)
        return self.proj(y)


class Mlp(nn.Module):
    def __init__(self, channels, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, hidden), nn.Linear(hidden, channels)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


def branch(channels):
    return nn.Sequential(SpConv(channels, channels, 3, subm=True, bias=True), nn.Linear(channels, channels), nn.LayerNorm(channels))


def run_branch(modules, sites, x):
    return x + modules[2](modules[1](modules[0]((sites, x))[0][1]))


class Ptv3Block(nn.Module):
    def __init__(self, channels, heads, size, ratio, order):
        super().__init__()
        self.order = order
        self.cpe = branch(channels)
        self.norm1, self.norm2 = nn.Sequential(nn.LayerNorm(channels)), nn.Sequential(nn.LayerNorm(channels))
        self.attn = Attention(channels, heads, size)
        self.mlp = nn.Sequential(Mlp(channels, ratio * channels))

    def forward(self, sites, codes, x):
        x = run_branch(self.cpe, sites, x)
        x = x + self.attn(sites, codes[self.order], self.norm1(x))
        return x + self.mlp(self.norm2(x))


class LitePTBlock(nn.Module):
    def __init__(self, channels, heads, size, ratio, order, has_conv, has_attn):
        super().__init__()
        self.order, self.has_conv, self.has_attn = order, has_conv, has_attn
        if has_conv:
            self.conv = branch(channels)
        else:
            self.norm0 = nn.Sequential(nn.LayerNorm(channels))
        if has_attn:
            self.norm1, self.norm2 = nn.Sequential(nn.LayerNorm(channels)), nn.Sequential(nn.LayerNorm(channels))
            self.attn = Attention(channels, heads, size, rope=100.0)
            self.mlp = nn.Sequential(Mlp(channels, ratio * channels))

    def forward(self, sites, codes, x):
        x = run_branch(self.conv, sites, x) if self.has_conv else self.norm0(x)  # norm0 takes the features' place
        if self.has_attn:
            x = x + self.attn(sites, codes[self.order], self.norm1(x))
            x = x + self.mlp(self.norm2(x))
        return x


class Pooling(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        self.proj, self.norm = nn.Linear(channels, filters), nn.Sequential(norm(filters))

    def forward(self, sites, x):
        parents = [(site[0], *(c // 2 for c in site[1:])) for site in sites]
        coarse = sorted(set(parents))
        index = torch.tensor([coarse.index(parent) for parent in parents])
        projected = self.proj(x)
        y = torch.stack([projected[index == i].max(0)[0] for i in range(len(coarse))])
        return coarse, index, F.gelu(self.norm(y))


class Unpooling(nn.Module):
    def __init__(self, channels, skip, filters):
        super().__init__()
        self.proj = nn.Sequential(nn.Linear(channels, filters), norm(filters), nn.GELU())
        self.proj_skip = nn.Sequential(nn.Linear(skip, filters), norm(filters), nn.GELU())


class Network(nn.Module):
    def __init__(self, channels, enc, dec, make_block, rescans):
        """@param enc, dec (channels, blocks) of each stage. @param make_block (way, stage, channels, index)
        @param rescans whether codes are made anew of coarse cells (LitePT), or those of the finest are cut (PTv3)"""
        super().__init__()
        self.rescans = rescans
        stem = [("conv", SpConv(channels, enc[0][0], 5, subm=True)), ("norm", norm(enc[0][0])), ("act", nn.GELU())]
        self.embedding = nn.Module()
        self.embedding.stem = nn.Sequential()
        for name, module in stem:
            self.embedding.stem.add_module(name, module)
        self.enc, self.dec = nn.Sequential(), nn.Sequential()
        for s, (width, depth) in enumerate(enc):
            stage = nn.Module()
            if s > 0:
                stage.down = Pooling(enc[s - 1][0], width)
            for i in range(depth):
                setattr(stage, f"block{i}", make_block("enc", s, width, i))
            self.enc.add_module(f"enc{s}", stage)
        for s in reversed(range(len(enc) - 1)):
            stage = nn.Module()
            stage.up = Unpooling(dec[s + 1][0] if s < len(enc) - 2 else enc[-1][0], enc[s][0], dec[s][0])
            for i in range(dec[s][1]):
                setattr(stage, f"block{i}", make_block("dec", s, dec[s][0], i))
            self.dec.add_module(f"dec{s}", stage)
        self.enc_stages, self.dec_stages = enc, dec

    def codes(self, sites, cut):
        top = max(max(site[1:]) for site in sites)
        depth = (top + 1).bit_length() if self.rescans else top.bit_length()
        return [codes_of(sites, depth, order) for order in ORDERS]

    def forward(self, sites, x):
        stem = self.embedding.stem
        x = F.gelu(stem.norm(stem.conv((sites, x))[0][1]))
        codes, levels = self.codes(sites, 0), []
        for s, (_, depth) in enumerate(self.enc_stages):
            stage = getattr(self.enc, f"enc{s}")
            if s > 0:
                coarse, index, y = stage.down(sites, x)
                levels.append((sites, codes, x, index))
                first = [int((index == i).nonzero()[0]) for i in range(len(coarse))]
                codes = self.codes(coarse, s) if self.rescans else [[code[i] >> 3 for i in first] for code in codes]
                sites, x = coarse, y
            for i in range(depth):
                x = getattr(stage, f"block{i}")(sites, codes, x)
        for s in reversed(range(len(levels))):
            stage = getattr(self.dec, f"dec{s}")
            sites, codes, skip, index = levels[s]
            x = stage.up.proj_skip(skip) + stage.up.proj(x)[index]
            for i in range(self.dec_stages[s][1]):
                x = getattr(stage, f"block{i}")(sites, codes, x)
        return x


class Segmentor(nn.Module):
    """Pointcept's DefaultSegmentorV2"""

    def __init__(self, backbone, channels, classes):
        super().__init__()
        self.seg_head, self.backbone = nn.Linear(channels, classes), backbone

    def forward(self, sites, x):
        return self.seg_head(self.backbone(sites, x))


def make(name, network, sites, channels, wrap=lambda state: state):
    randomize(network)
    features = torch.randn(len(sites), channels)
    output = run(network, sites, features)
    write(name, wrap(network.state_dict()), coords=torch.tensor(sites), features=features, output=output)


def main():
    torch.manual_seed(51)
    generator = torch.Generator().manual_seed(52)
    sites = random_cloud(generator, (170, 11), (24, 19, 28), 5)
    heads = {"enc": (2, 4, 3), "dec": (2, 2)}
    block = lambda way, s, width, i: Ptv3Block(width, heads[way][s], 16, 2, i % 4)
    ptv3 = Network(4, [(8, 4), (8, 1), (12, 1)], [(8, 1), (6, 1)], block, rescans=False)
    wrapped = lambda state: {"epoch": 50, "state_dict": {f"module.{key}": value for key, value in state.items()}}
    make("ptv3", Segmentor(ptv3, 8, 5), sites, 4, wrapped)
    heads = {"enc": (1, 2, 1), "dec": (1, 1)}
    kinds = {"enc": ((True, False), (True, True), (False, True)), "dec": ((False, True), (False, False))}
    block = lambda way, s, width, i: LitePTBlock(width, heads[way][s], 16, 2, i % 4, *kinds[way][s])
    litept = Network(4, [(6, 1), (12, 1), (12, 4)], [(6, 1), (8, 0)], block, rescans=True)
    make("litept", litept, sites, 4)


if __name__ == "__main__":
    main()
