"""FlatFormer (mit-han-lab/flatformer, middle_encoders/flatformer.py). Sites are (batch, z, y, x)."""
import math
import torch
import torch.nn.functional as F
from torch import nn
from files import randomize, run, write
from sparse import random_cloud


class GroupAttention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.attn = nn.MultiheadAttention(channels, heads, batch_first=True)

    def forward(self, x, position):
        return self.attn(x + position, x + position, x)[0]


class BasicLayer(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.attn = GroupAttention(channels, heads)
        self.fc1, self.fc2 = nn.Linear(channels, 2 * channels), nn.Linear(2 * channels, channels)
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)

    def forward(self, x, position):
        """[groups, group size, channels]"""
        x = self.norm1(x + self.attn(x, position))
        return self.norm2(x + self.fc2(F.gelu(self.fc1(x))))


class BasicBlock(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.block = nn.ModuleList([BasicLayer(channels, heads) for _ in range(4)])


class FlatFormer(nn.Module):
    def __init__(self, channels, heads, blocks, window, grid, group):
        super().__init__()
        self.window, self.grid, self.group = window, grid, group
        self.block_list = nn.ModuleList([BasicBlock(channels, heads) for _ in range(blocks)])

    def order(self, sites, along_x, shifted):
        """Sites of each cloud by windows in rows that turn at their ends, within a window in columns that turn."""
        (w, h), (nx, ny) = self.window, self.grid
        columns, rows = 2 * (math.ceil(nx / w) + 1), 2 * (math.ceil(ny / h) + 1)
        keys = []
        for batch, _, y, x in sites:
            if shifted:
                x, y = x + w // 2, y + h // 2
            x1, y1, x2, y2 = x // w, y // h, x % w, y % h
            turn = lambda n: (-1) ** n
            if along_x:
                key = (columns * y1 + turn(y1) * x1) * 2 * w * 2 * h + turn(y1) * (2 * h * x2 + turn(x2) * y2)
            else:
                key = (rows * x1 + turn(x1) * y1) * 2 * h * 2 * w + turn(x1) * (2 * w * y2 + turn(y2) * x2)
            keys.append((batch, key))
        return sorted(range(len(sites)), key=lambda i: keys[i])

    def groups(self, sites, order):
        """Rows of `order` cut into groups of a cloud; the free slots of a cloud's last group repeat the group before."""
        slots, own = [], []
        for batch in sorted({site[0] for site in sites}):
            rows = [i for i in order if sites[i][0] == batch]
            count = math.ceil(len(rows) / self.group) * self.group
            assert len(rows) >= self.group
            own += range(len(slots), len(slots) + len(rows))
            slots += rows + [rows[j - self.group] for j in range(len(rows), count)]
        return torch.tensor(slots), torch.tensor(own)

    def position(self, sites, channels, dtype):
        share = channels // 4 * 2
        i = torch.arange(share, dtype=dtype)
        period = 10000 ** (2 * (i // 2) / share)
        parts = []
        for axis in (3, 2):
            angles = torch.tensor([site[axis] for site in sites], dtype=dtype)[:, None] / period
            parts.append(torch.stack([angles[:, ::2].sin(), angles[:, 1::2].cos()], -1).flatten(1))
        return torch.cat(parts, -1)

    def forward(self, sites, x):
        position = self.position(sites, x.shape[1], x.dtype)
        for block in self.block_list:
            for layer, (along_x, shifted) in zip(block.block, [(True, False), (True, True), (False, False), (False, True)]):
                order = self.order(sites, along_x, shifted)
                slots, own = self.groups(sites, order)
                shape = (-1, self.group, x.shape[1])
                y = layer(x[slots].view(shape), position[slots].view(shape)).flatten(0, 1)
                rows = torch.zeros_like(x)
                rows[slots[own]] = y[own]
                x = rows
        return x


class Detector(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.voxel_encoder, self.middle_encoder = nn.Linear(5, 16), encoder  # the first is not called

    def forward(self, *inputs):
        return self.middle_encoder(*inputs)


def main():
    torch.manual_seed(71)
    sites = random_cloud(torch.Generator().manual_seed(72), (300, 150), (1, 30, 36), 9)
    network = randomize(Detector(FlatFormer(16, 8, 1, (13, 13), (36, 30), 144)))
    for parameter in network.parameters():
        if parameter.dim() == 1:
            parameter.data += torch.randn(parameter.shape) * 0.1  # biases of attention begin as 0
    features = torch.randn(len(sites), 16)
    state = {"meta": {"epoch": 24}, "state_dict": network.state_dict()}
    write("flatformer", state, coords=torch.tensor(sites), features=features, output=run(network, sites, features))


if __name__ == "__main__":
    main()
