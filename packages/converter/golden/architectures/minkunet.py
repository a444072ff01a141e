"""MinkUNet: of spvnas and torchsparse.backbones on torchsparse, of MinkowskiEngine's examples/minkunet.py, of Pointcept's
spconv_unet_v1m1_base.py."""
import torch
from torch import nn
from files import randomize, run, write
from sparse import KernelConv, SpConv, cat, convolve_back, on_features, random_sites, taps

relu = torch.relu


class ConvBlock(nn.Module):
    """BasicConvolutionBlock and BasicDeconvolutionBlock of spvnas: `net`."""

    def __init__(self, channels, filters, transposed=False):
        super().__init__()
        self.net = nn.Sequential(KernelConv(channels, filters, 2, 2, transposed), nn.BatchNorm1d(filters), nn.ReLU())

    def forward(self, x, targets=None):
        return on_features(self.net[1:], self.net[0](x, targets))


class ResidualBlock(nn.Module):
    """Of spvnas (`net`, `downsample`) or of torchsparse.backbones (`main`, `shortcut`)."""

    def __init__(self, channels, filters, names=("net", "downsample")):
        super().__init__()
        self.names = names
        convolutions = [KernelConv(channels, filters, 3), nn.BatchNorm1d(filters), nn.ReLU()]
        convolutions += [KernelConv(filters, filters, 3), nn.BatchNorm1d(filters)]
        setattr(self, names[0], nn.Sequential(*convolutions))
        changed = [KernelConv(channels, filters, 1), nn.BatchNorm1d(filters)] if channels != filters else []
        setattr(self, names[1], nn.Sequential(*changed))

    def forward(self, x):
        net, other = getattr(self, self.names[0]), getattr(self, self.names[1])
        y = on_features(net[4], net[3](on_features(net[1:3], net[0](x))))
        if len(other) > 0:
            x = on_features(other[1], other[0](x))
        return y[0], relu(y[1] + x[1])


def stem_of(channels, filters):
    first = [KernelConv(channels, filters, 3), nn.BatchNorm1d(filters), nn.ReLU()]
    return nn.Sequential(*first, KernelConv(filters, filters, 3), nn.BatchNorm1d(filters), nn.ReLU())


def run_stem(stem, x):
    x = on_features(stem[1:3], stem[0](x))
    return on_features(stem[4:], stem[3](x))


class Spvnas(nn.Module):
    def __init__(self, channels, classes, cs):
        super().__init__()
        self.stem = stem_of(channels, cs[0])
        for i in range(1, 5):
            blocks = [ResidualBlock(cs[i - 1], cs[i]), ResidualBlock(cs[i], cs[i])]
            setattr(self, f"stage{i}", nn.Sequential(ConvBlock(cs[i - 1], cs[i - 1]), *blocks))
            up = ConvBlock(cs[3 + i], cs[4 + i], transposed=True)
            blocks = [ResidualBlock(cs[4 + i] + cs[4 - i], cs[4 + i]), ResidualBlock(cs[4 + i], cs[4 + i])]
            setattr(self, f"up{i}", nn.ModuleList([up, nn.Sequential(*blocks)]))
        self.classifier = nn.Sequential(nn.Linear(cs[8], classes))
        self.point_transforms = nn.ModuleList([nn.Sequential(nn.Linear(cs[0], cs[4]), nn.BatchNorm1d(cs[4]))])  # not called

    def forward(self, coords, features):
        levels = [run_stem(self.stem, (coords, features))]
        for i in range(1, 5):
            levels.append(getattr(self, f"stage{i}")(levels[-1]))
        y = levels[4]
        for i in range(1, 5):
            up = getattr(self, f"up{i}")
            skip = levels[4 - i]
            y = up[1](cat(up[0](y, skip[0]), skip))
        return self.classifier(y[1])


class Backbone(nn.Module):
    """torchsparse.backbones' SparseResUNet: encoders, decoders with `upsample` and `fuse`; no classifier."""

    def __init__(self, channels, cs):
        super().__init__()
        names = ("main", "shortcut")
        self.stem = stem_of(channels, cs[0])
        self.encoders, self.decoders = nn.ModuleList(), nn.ModuleList()
        depth = (len(cs) - 1) // 2
        for k in range(depth):
            down = ConvBlock(cs[k], cs[k]).net
            self.encoders.append(nn.Sequential(down, ResidualBlock(cs[k], cs[k + 1], names), ResidualBlock(cs[k + 1], cs[k + 1], names)))
        for k in range(depth):
            filters, skip = cs[depth + k + 1], cs[depth - 1 - k]
            up = ConvBlock(cs[depth + k], filters, transposed=True).net
            fuse = nn.Sequential(ResidualBlock(filters + skip, filters, names), ResidualBlock(filters, filters, names))
            self.decoders.append(nn.ModuleDict({"upsample": up, "fuse": fuse}))

    def forward(self, coords, features):
        levels = [run_stem(self.stem, (coords, features))]
        for encoder in self.encoders:
            y = on_features(encoder[0][1:], encoder[0][0](levels[-1]))
            levels.append(encoder[2](encoder[1](y)))
        y = levels[-1]
        for decoder, skip in zip(self.decoders, levels[-2::-1]):
            up = decoder["upsample"]
            y = decoder["fuse"](cat(on_features(up[1:], up[0](y, skip[0])), skip))
        return y[1]


class MinkowskiNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bn = nn.BatchNorm1d(channels)

    def forward(self, x):
        return on_features(self.bn, x)


def minkowski(channels, filters, size, stride=1, rank=3, **options):
    return KernelConv(channels, filters, size, stride, rank=rank, engine="minkowski", **options)


class BasicBlock(nn.Module):
    def __init__(self, channels, filters, rank):
        super().__init__()
        self.conv1, self.norm1 = minkowski(channels, filters, 3, rank=rank), MinkowskiNorm(filters)
        self.conv2, self.norm2 = minkowski(filters, filters, 3, rank=rank), MinkowskiNorm(filters)
        self.downsample = None
        if channels != filters:
            self.downsample = nn.Sequential(minkowski(channels, filters, 1, rank=rank), MinkowskiNorm(filters))

    def forward(self, x):
        y = self.norm1(self.conv1(x))
        y = self.norm2(self.conv2((y[0], relu(y[1]))))
        x = x if self.downsample is None else self.downsample(x)
        return y[0], relu(y[1] + x[1])


class MinkUNet(nn.Module):
    def __init__(self, channels, classes, planes, layers, init=4, rank=3):
        super().__init__()
        self.conv0p1s1, self.bn0 = minkowski(channels, init, 5, rank=rank), MinkowskiNorm(init)
        width = init
        for i in range(4):
            setattr(self, f"conv{i + 1}p{2**i}s2", minkowski(width, width, 2, 2, rank))
            setattr(self, f"bn{i + 1}", MinkowskiNorm(width))
            setattr(self, f"block{i + 1}", self.blocks(width, planes[i], layers[i], rank))
            width = planes[i]
        for i in range(4, 8):
            setattr(self, f"convtr{i}p{2 ** (8 - i)}s2", minkowski(width, planes[i], 2, 2, rank, transposed=True))
            setattr(self, f"bntr{i}", MinkowskiNorm(planes[i]))
            skip = planes[6 - i] if i < 7 else init
            setattr(self, f"block{i + 1}", self.blocks(planes[i] + skip, planes[i], layers[i], rank))
            width = planes[i]
        self.final = minkowski(width, classes, 1, rank=rank, bias=True)

    def blocks(self, channels, filters, count, rank):
        return nn.Sequential(BasicBlock(channels, filters, rank), *[BasicBlock(filters, filters, rank) for _ in range(count - 1)])

    def forward(self, coords, features):
        rectified = lambda x: (x[0], relu(x[1]))
        levels = [rectified(self.bn0(self.conv0p1s1((coords, features))))]
        for i in range(4):
            y = getattr(self, f"bn{i + 1}")(getattr(self, f"conv{i + 1}p{2**i}s2")(levels[-1]))
            levels.append(getattr(self, f"block{i + 1}")(rectified(y)))
        y = levels[4]
        for i in range(4, 8):
            skip = levels[7 - i]
            y = getattr(self, f"bntr{i}")(getattr(self, f"convtr{i}p{2 ** (8 - i)}s2")(y, skip[0]))
            y = getattr(self, f"block{i + 1}")(cat(rectified(y), skip))
        return self.final(y)[1]


def spconv_norm(channels):
    return nn.BatchNorm1d(channels, eps=1e-3, momentum=0.01)


class SpBlock(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        changed = [SpConv(channels, filters, 1, subm=True), spconv_norm(filters)]
        self.proj = nn.Sequential(*(changed if channels != filters else [nn.Identity()]))
        self.conv1, self.bn1 = SpConv(channels, filters, 3, subm=True), spconv_norm(filters)
        self.conv2, self.bn2 = SpConv(filters, filters, 3, subm=True), spconv_norm(filters)

    def forward(self, x):
        y = on_features(lambda f: relu(self.bn1(f)), self.conv1(x)[0])
        y = on_features(self.bn2, self.conv2(y)[0])
        other = on_features(self.proj[1], self.proj[0](x)[0]) if len(self.proj) > 1 else x
        return x[0], relu(y[1] + other[1])


class SpUNet(nn.Module):
    """`down` changes channels already; `up.s` and `dec.s` lead to the grid that `down.s` comes from."""

    def __init__(self, channels, classes, base, planes, layers):
        super().__init__()
        self.conv_input = nn.Sequential(SpConv(channels, base, 5, subm=True), spconv_norm(base), nn.ReLU())
        self.down, self.up, self.enc, self.dec = (nn.ModuleList() for _ in range(4))
        depth, enc, dec = len(layers) // 2, base, planes[-1]
        for s in range(depth):
            self.down.append(nn.Sequential(SpConv(enc, planes[s], 2, 2), spconv_norm(planes[s]), nn.ReLU()))
            blocks = {f"block{i}": SpBlock(planes[s], planes[s]) for i in range(layers[s])}
            self.enc.append(nn.ModuleDict(blocks))
            self.up.append(nn.Sequential(SpConv(planes[-s - 2], dec, 2, 2), spconv_norm(dec), nn.ReLU()))
            blocks = {f"block{i}": SpBlock(dec + enc if i == 0 else dec, dec) for i in range(layers[-s - 1])}
            self.dec.append(nn.ModuleDict(blocks))
            enc, dec = planes[s], planes[-s - 2]
        self.final = SpConv(planes[-1], classes, 1, subm=True, bias=True)

    def forward(self, coords, features):
        shape = [97 + max(site[axis] for site in coords) for axis in (1, 2, 3)]
        run_norm = lambda modules, x: on_features(lambda f: modules[2](modules[1](f)), x)
        levels = [run_norm(self.conv_input, self.conv_input[0]((coords, features))[0])]
        for down, enc in zip(self.down, self.enc):
            y, shape = down[0](levels[-1], shape)
            y = run_norm(down, y)
            for block in enc.values():
                y = block(y)
            levels.append(y)
        y = levels.pop()
        for up, dec in zip(self.up[::-1], self.dec[::-1]):
            skip = levels.pop()
            y = run_norm(up, convolve_back(y, up[0].matrices(), taps((2, 2, 2), False), skip[0], (2, 2, 2)))
            y = cat(y, skip)
            for block in dec.values():
                y = block(y)
        return self.final(y)[0][1]


def make(name, network, sites, channels, wrap=lambda state: state):
    randomize(network)
    features = torch.randn(len(sites), channels)
    write(name, wrap(network.state_dict()), coords=torch.tensor(sites), features=features, output=run(network, sites, features))


def main():
    torch.manual_seed(21)
    generator = torch.Generator().manual_seed(22)
    sites = random_sites(generator, (150, 90), -6, 7)
    wrapped = lambda state: {"model": {f"module.{key}": value for key, value in state.items()}, "epoch": 14}
    make("minkunet-torchsparse", Spvnas(4, 5, [4, 4, 3, 5, 4, 5, 3, 4, 4]), sites, 4, wrapped)
    make("minkunet-torchsparse-backbone", Backbone(3, [3, 4, 5, 4, 3]), sites, 3)
    make("minkunet-minkowski", MinkUNet(3, 5, (4, 3, 5, 4, 4, 5, 4, 4), (1, 2, 1, 1, 1, 1, 2, 1)), sites, 3)
    flat = random_sites(generator, (120, 60), -9, 9, rank=2)
    make("minkunet-minkowski-2d", MinkUNet(3, 5, (4, 3, 5, 4, 5, 3, 4, 4), (1,) * 8, rank=2), flat, 3)
    positive = random_sites(generator, (120, 60), 0, 12)
    segmentor = nn.Module()  # Pointcept's DefaultSegmentor
    segmentor.backbone = SpUNet(4, 3, 4, (4, 5, 6, 5, 4, 3), (1, 2, 1, 1, 2, 1))
    segmentor.forward = segmentor.backbone.forward
    make("minkunet-pointcept", segmentor, positive, 4, lambda state: {"epoch": 9, "state_dict": state})


if __name__ == "__main__":
    main()
