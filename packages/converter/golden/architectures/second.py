"""SECOND's middle encoder: VoxelBackBone8x and VoxelResBackBone8x of OpenPCDet. Sites are (batch, z, y, x)."""
import torch
from torch import nn
from files import randomize, run, write
from sparse import SpConv, on_features, random_cloud


def norm(channels):
    return nn.BatchNorm1d(channels, eps=1e-3, momentum=0.01)


class Block(nn.Sequential):
    """post_act_block"""

    def __init__(self, channels, filters, size, **options):
        super().__init__(SpConv(channels, filters, size, **options), norm(filters), nn.ReLU())

    def forward(self, x, shape):
        y, shape = self[0](x, shape)
        return on_features(lambda f: self[2](self[1](f)), y), shape


class SparseBasicBlock(nn.Module):
    """Its convolutions have a bias, although normalizations follow."""

    def __init__(self, filters, layout=2):
        super().__init__()
        self.conv1 = SpConv(filters, filters, 3, subm=True, bias=True, layout=layout)
        self.bn1 = norm(filters)
        self.conv2 = SpConv(filters, filters, 3, subm=True, bias=True, layout=layout)
        self.bn2 = norm(filters)

    def forward(self, x, shape):
        y = on_features(lambda f: torch.relu(self.bn1(f)), self.conv1(x)[0])
        y = on_features(self.bn2, self.conv2(y)[0])
        return (x[0], torch.relu(y[1] + x[1])), shape


class Backbone(nn.Module):
    def __init__(self, channels, planes, filters, shape, layout=2, residual=False):
        super().__init__()
        self.shape = shape
        subm = lambda a, b: Block(a, b, 3, subm=True, layout=layout)
        inner = lambda b: SparseBasicBlock(b, layout) if residual else subm(b, b)
        self.conv_input = subm(channels, planes[0])
        self.conv1 = nn.Sequential(*[inner(planes[0]) for _ in range(2 if residual else 1)])
        for level in range(1, 4):
            down = Block(planes[level - 1], planes[level], 3, stride=2, padding=(0, 1, 1) if level == 3 else 1, layout=layout)
            setattr(self, f"conv{level + 1}", nn.Sequential(down, inner(planes[level]), inner(planes[level])))
        self.conv_out = Block(planes[3], filters, (3, 1, 1), stride=(2, 1, 1), layout=layout)

    def forward(self, coords, features):
        x, shape = self.conv_input((coords, features), self.shape)
        for level in range(1, 5):
            for block in getattr(self, f"conv{level}"):
                x, shape = block(x, shape)
        return self.conv_out(x, shape)[0]


class Detector(nn.Module):
    """What the state dict of a whole detector has around the backbone."""

    def __init__(self, backbone):
        super().__init__()
        self.backbone_3d = backbone
        self.dense_head = nn.Conv2d(4, 2, 1)

    def forward(self, coords, features):
        return self.backbone_3d(coords, features)


def make(name, network, sites, channels, wrap=lambda state: state):
    randomize(network)
    features = torch.randn(len(sites), channels)
    out_sites, output = run(network, sites, features)
    tensors = {"coords": torch.tensor(sites), "features": features, "sites": torch.tensor(out_sites), "output": output}
    write(name, wrap(network.state_dict()), **tensors)


def main():
    torch.manual_seed(31)
    generator = torch.Generator().manual_seed(32)
    shape = (41, 20, 24)
    sites = random_cloud(generator, (160, 70), shape)
    wrapped = lambda state: {"epoch": 80, "it": 1000, "model_state": state, "version": "pcdet+0.6.0"}
    make("second-spconv2", Detector(Backbone(4, (3, 4, 5, 6), 8, shape)), sites, 4, wrapped)
    make("second-spconv1", Backbone(3, (4, 5, 4, 5), 6, shape, layout=1), sites, 3)
    make("second-residual", Backbone(4, (4, 3, 4, 5), 6, shape, residual=True), sites, 4)


if __name__ == "__main__":
    main()
