"""DSVT's backbone (OpenPCDet, backbones_3d/dsvt.py and dsvt_utils.py). Sites are (batch, z, y, x); window shapes x, y, z.

The published code gives the layer over x sets the position embedding of the second kind of windows in every block ("mismatch of
pos_embed"); trained weights depend on it, so it is here too.
"""
import math
import torch
from torch import nn
from files import randomize, run, write
from sparse import random_cloud


class PositionEmbeddingLearned(nn.Module):
    def __init__(self, inputs, channels):
        super().__init__()
        self.position_embedding_head = nn.Sequential(
            nn.Linear(inputs, channels), nn.BatchNorm1d(channels), nn.ReLU(), nn.Linear(channels, channels)
        )

    def forward(self, x):
        return self.position_embedding_head(x)


class SetAttention(nn.Module):
    def __init__(self, channels, heads, hidden):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(channels, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(channels, hidden), nn.Linear(hidden, channels)
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)

    def forward(self, x, position, mask, sets):
        values, positions = x[sets], position[sets]
        keys = values + positions
        attended = self.self_attn(keys, keys, values, mask)[0]
        rows = torch.zeros_like(x)
        for i in range(sets.shape[1] - 1, -1, -1):  # the first slot of a site in a set counts
            rows[sets[:, i]] = attended[:, i]
        y = self.norm1(x + rows)
        return self.norm2(y + self.linear2(torch.relu(self.linear1(y))))


class EncoderLayer(nn.Module):
    def __init__(self, channels, heads, hidden):
        super().__init__()
        self.win_attn, self.norm = SetAttention(channels, heads, hidden), nn.LayerNorm(channels)

    def forward(self, x, position, mask, sets):
        return self.norm(self.win_attn(x, position, mask, sets) + x)


class Block(nn.Module):
    def __init__(self, channels, heads, hidden):
        super().__init__()
        self.encoder_list = nn.ModuleList([EncoderLayer(channels, heads, hidden) for _ in range(2)])


class Reduction(nn.Module):
    """Stage_ReductionAtt_Block: the maximum of a pool attends to all cells of the pool; empty ones are zeros."""

    def __init__(self, channels, volume):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.self_attn = nn.MultiheadAttention(channels, 8, batch_first=True)
        self.pos_embedding = nn.Parameter(torch.randn(volume, channels) * 0.5)

    def forward(self, cells):
        query = cells.max(1, keepdim=True)[0]
        return self.norm(self.self_attn(query, cells + self.pos_embedding, cells)[0] + query).squeeze(1)


class InputLayer(nn.Module):
    def __init__(self, stages, inputs, channels):
        super().__init__()
        embeddings = [[[PositionEmbeddingLearned(n, channels) for _ in range(2)] for _ in range(b)] for n, b in zip(inputs, stages)]
        self.posembed_layers = nn.ModuleList([nn.ModuleList([nn.ModuleList(block) for block in stage]) for stage in embeddings])


class DSVT(nn.Module):
    def __init__(self, channels, heads, hidden, stages, windows, hybrid, shifts, set_size, strides=()):
        super().__init__()
        larger = lambda window: [a * b for a, b in zip(window, hybrid)]
        self.windows = [[window, larger(window)] for window in windows]
        self.shifts, self.set_size, self.stages, self.strides = shifts, set_size, stages, strides
        self.input_layer = InputLayer(stages, [3 if window[2] > 1 else 2 for window in windows], channels)
        for stage, blocks in enumerate(stages):
            setattr(self, f"stage_{stage}", nn.ModuleList([Block(channels, heads, hidden) for _ in range(blocks)]))
            setattr(self, f"residual_norm_stage_{stage}", nn.ModuleList([nn.LayerNorm(channels) for _ in range(blocks)]))
            if stage < len(stages) - 1:
                setattr(self, f"stage_{stage}_reduction", Reduction(channels, math.prod(strides[stage])))

    def partition(self, sites, stage, kind):
        """Windows of sites and the place in them, x, y, z."""
        window, shift = self.windows[stage][kind], self.shifts[kind]
        moved = [[c + s for c, s in zip(site[:0:-1], shift)] for site in sites]
        numbers = [(site[0], *(m // w for m, w in zip(cell, window))) for site, cell in zip(sites, moved)]
        return numbers, [[m % w for m, w in zip(cell, window)] for cell in moved]

    def sets_of(self, sites, stage, kind, axis):
        """Equation 3 of the paper. @param axis 0: sorted by y, then x; 1: by x, then y"""
        numbers, inside = self.partition(sites, stage, kind)
        sets = []
        for number in sorted(set(numbers)):
            members = [i for i, other in enumerate(numbers) if other == number]
            key = lambda i: (inside[i][1], inside[i][0], inside[i][2]) if axis == 0 else tuple(inside[i])
            members.sort(key=key)
            count = math.ceil(len(members) / self.set_size)
            for s in range(count):
                slots = range(s * self.set_size, (s + 1) * self.set_size)
                sets.append([members[slot * len(members) // (count * self.set_size)] for slot in slots])
        sets = torch.tensor(sets)
        mask = torch.zeros_like(sets, dtype=torch.bool)
        mask[:, 1:] = sets[:, 1:] == sets[:, :-1]
        return sets, mask

    def position(self, sites, stage, block, kind, dtype):
        window = self.windows[stage][kind]
        flat = window[2] == 1
        inside = torch.tensor(self.partition(sites, stage, kind)[1], dtype=dtype)
        centred = inside - torch.tensor([window[0] / 2, window[1] / 2, 0 if flat else window[2] / 2], dtype=dtype)
        return self.input_layer.posembed_layers[stage][block][kind](centred[:, :2] if flat else centred)

    def pool(self, sites, x, stage):
        stride = self.strides[stage]  # x, y, z
        coarse = [(site[0], *(c // s for c, s in zip(site[1:], stride[::-1]))) for site in sites]
        targets = sorted(set(coarse))
        cells = x.new_zeros(len(targets), math.prod(stride), x.shape[1])
        for row, (site, target) in enumerate(zip(sites, coarse)):
            px, py, pz = (c % s for c, s in zip(site[:0:-1], stride))
            cells[targets.index(target), (px * stride[1] + py) * stride[2] + pz] = x[row]
        return targets, getattr(self, f"stage_{stage}_reduction")(cells)

    def forward(self, sites, x):
        block_id = 0
        for stage, blocks in enumerate(self.stages):
            for b in range(blocks):
                y = x
                for i in range(2):
                    sets, mask = self.sets_of(sites, stage, block_id % 2, i)
                    position = self.position(sites, stage, b, i, x.dtype)
                    y = getattr(self, f"stage_{stage}")[b].encoder_list[i](y, position, mask, sets)
                x = getattr(self, f"residual_norm_stage_{stage}")[b](x + y)
                block_id += 1
            if stage < len(self.stages) - 1:
                sites, x = self.pool(sites, x, stage)
        return sites, x


class Detector(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.vfe = nn.Linear(10, 4)  # not called
        self.backbone_3d = backbone

    def forward(self, *inputs):
        return self.backbone_3d(*inputs)


def make(name, network, sites, channels):
    randomize(network)
    for parameter in network.parameters():
        if parameter.dim() == 1:
            parameter.data += torch.randn(parameter.shape) * 0.1  # biases of attention begin as 0
    features = torch.randn(len(sites), channels)
    out_sites, output = run(network, sites, features)
    state = {"model_state": network.state_dict(), "epoch": 24}
    write(name, state, coords=torch.tensor(sites), features=features, sites=torch.tensor(out_sites), output=output)


def main():
    torch.manual_seed(41)
    generator = torch.Generator().manual_seed(42)
    sites = random_cloud(generator, (250, 60), (1, 26, 24), 7)
    pillars = DSVT(16, 8, 24, [2], [[12, 12, 1]], [2, 2, 1], [[0, 0, 0], [6, 6, 0]], 36)
    make("dsvt-pillars", Detector(pillars), sites, 16)
    sites = random_cloud(generator, (160, 50), (12, 18, 16), 5)
    voxels = DSVT(16, 8, 24, [1, 1], [[6, 8, 8], [6, 8, 2]], [2, 1, 1], [[0, 0, 0], [3, 4, 0]], 16, [[1, 2, 4]])
    make("dsvt-voxels", voxels, sites, 16)


if __name__ == "__main__":
    main()
