"""ResNets with the module names of torchvision, of kuangliu/pytorch-cifar and of akamaster/pytorch_resnet_cifar10."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import prune
from files import randomize, run, write


class Basic(nn.Module):
    expansion = 1

    def __init__(self, channels, width, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.other = shortcut(self, channels, width, stride)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.other(x))


class Bottleneck(nn.Module):
    """The stride is in the second convolution, as in torchvision."""

    expansion = 4

    def __init__(self, channels, width, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.other = shortcut(self, channels, 4 * width, stride)

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(y)) + self.other(x))


def projection(name):
    """Shortcuts of a 1 x 1 convolution where the shape changes, under `name`."""

    def make(block, channels, out, stride):
        if channels == out and stride == 1:
            return lambda x: x
        setattr(block, name, nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out)))
        return lambda x: getattr(block, name)(x)

    return make


def zero_channels(block, channels, out, stride):
    """Option A of the paper: every second pixel, channels of zeros on both sides."""
    if channels == out and stride == 1:
        return lambda x: x
    return lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, out // 4, out // 4))


class ResNet(nn.Module):
    def __init__(self, block, blocks, width, classes, shortcut, head, is_large):
        super().__init__()
        self.is_large, self.head, self.stages = is_large, head, len(blocks)
        self.conv1 = nn.Conv2d(3, width, 7 if is_large else 3, 2 if is_large else 1, 3 if is_large else 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        channels = width
        for stage, count in enumerate(blocks):
            out = width * 2**stage
            inner = []
            for i in range(count):
                inner.append(block(channels, out, 2 if stage > 0 and i == 0 else 1, shortcut))
                channels = out * block.expansion
            setattr(self, f"layer{stage + 1}", nn.Sequential(*inner))
        setattr(self, head, nn.Linear(channels, classes))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        if self.is_large:
            x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return getattr(self, self.head)(x.mean((2, 3)))


def make(name, network, size, wrap=lambda state: state):
    randomize(network)
    image = torch.randn(2, 3, *size)
    write(name, wrap(network.state_dict()), image=image, logits=run(network, image))


def main():
    torch.manual_seed(11)
    resnet20 = ResNet(Basic, [3, 3, 3], 4, 10, zero_channels, "linear", False)
    for module in resnet20.modules():
        if isinstance(module, nn.Conv2d):
            prune.l1_unstructured(module, "weight", amount=0.8)
    data_parallel = lambda state: {"state_dict": {f"module.{key}": value for key, value in state.items()}, "best_prec1": 91.7}
    make("resnet20-cifar-pruned", resnet20, (32, 32), data_parallel)
    make("resnet-cifar-shortcut", ResNet(Basic, [1, 2, 1], 4, 10, projection("shortcut"), "linear", False), (32, 32))
    make("resnet-torchvision", ResNet(Basic, [2, 1, 1, 1], 3, 7, projection("downsample"), "fc", True), (34, 40))
    make("resnet-torchvision-bottleneck", ResNet(Bottleneck, [1, 2, 1], 3, 7, projection("downsample"), "fc", True), (33, 40))


if __name__ == "__main__":
    main()
