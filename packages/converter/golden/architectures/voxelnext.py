"""VoxelNeXt's backbone: VoxelResBackBone8xVoxelNeXt of OpenPCDet (spconv_backbone_voxelnext.py). Sites are (batch, z, y, x)."""
import torch
from torch import nn
from files import randomize, run, write
from second import Block, Detector, SparseBasicBlock
from sparse import SpConv, on_features, random_cloud


class Backbone(nn.Module):
    def __init__(self, channels, planes, filters, kernels, shape):
        super().__init__()
        self.shape = shape
        self.conv_input = Block(channels, planes[0], 3, subm=True)
        self.conv1 = nn.Sequential(SparseBasicBlock(planes[0]), SparseBasicBlock(planes[0]))
        widths, sizes = [*planes, planes[-1]], [*kernels, kernels[-1]]
        for i in range(1, 6):
            down = Block(widths[i - 1], widths[i], sizes[i - 1], stride=2, padding=sizes[i - 1] // 2)
            setattr(self, f"conv{i + 1}", nn.Sequential(down, SparseBasicBlock(widths[i]), SparseBasicBlock(widths[i])))
        self.conv_out = Block(planes[3], filters, 3, stride=1, padding=1, rank=2)
        shared = SpConv(filters, filters, 3, subm=True, bias=True, rank=2)
        self.shared_conv = nn.Sequential(shared, nn.BatchNorm1d(filters), nn.ReLU())

    def forward(self, coords, features):
        x, shape = self.conv_input((coords, features), self.shape)
        levels, flat_shape = [], None
        for level in range(1, 7):
            for block in getattr(self, f"conv{level}"):
                x, shape = block(x, shape)
            if level >= 4:
                levels.append(x)
            if level == 4:
                flat_shape = shape[1:]
        sums = {}
        for (sites, rows), factor in zip(levels, (1, 2, 4)):
            for (batch, _, y, x), row in zip(sites, rows):
                key = (batch, y * factor, x * factor)
                sums[key] = sums.get(key, 0) + row
        flat = sorted(sums)
        y, _ = self.conv_out((flat, torch.stack([sums[site] for site in flat])), flat_shape)
        convolved, _ = self.shared_conv[0](y)
        return on_features(lambda f: self.shared_conv[2](self.shared_conv[1](f)), convolved)


def main():
    torch.manual_seed(81)
    shape = (41, 56, 48)
    sites = random_cloud(torch.Generator().manual_seed(82), (150, 60), shape, 8)
    network = randomize(Detector(Backbone(4, (3, 4, 3, 4, 4), 5, (3, 5, 3, 3), shape)))
    for parameter in network.parameters():
        if parameter.dim() > 1:
            parameter.data *= 0.7  # or sums over so many levels grow
    features = torch.randn(len(sites), 4)
    out_sites, output = run(network, sites, features)
    tensors = {"coords": torch.tensor(sites), "features": features, "sites": torch.tensor(out_sites), "output": output}
    write("voxelnext", {"model_state": network.state_dict()}, **tensors)


if __name__ == "__main__":
    main()
