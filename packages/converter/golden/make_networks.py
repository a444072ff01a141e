"""Makes golden/networks: networks of PyTorch with seeded weights, an input and what PyTorch gives for it.

python make_networks.py   (with torch; written by PyTorch 2.15)
"""
import json
import os
import torch
from torch import nn
from torch.nn.utils import prune

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks")


class Images(nn.Module):
    """NCHW in; the test gives NHWC and compares NHWC."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 16, (3, 5), padding=(1, 2), groups=8)
        self.act = nn.PReLU(16)
        self.up = nn.ConvTranspose2d(16, 6, 2, stride=2)
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        x = self.act(self.depthwise(torch.relu(self.norm(self.stem(x)))))
        return self.head(self.up(x).mean((2, 3)))


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 12)
        self.conv = nn.Conv1d(12, 10, 3, padding=1)
        self.norm = nn.LayerNorm(10)
        self.fc1 = nn.Linear(10, 16)
        self.fc2 = nn.Linear(16, 4, bias=False)

    def forward(self, x):
        x = self.conv(self.embed(x).transpose(1, 2)).transpose(1, 2)
        return self.fc2(torch.relu(self.fc1(self.norm(x))))


class Pruned(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3))
        prune.l1_unstructured(self[0], "weight", amount=0.8)
        prune.l1_unstructured(self[2], "weight", amount=0.7)


def write(name, model, x, state=None):
    model.eval()
    with torch.no_grad():
        y = model(x)
    torch.save(state or model.state_dict(), os.path.join(FOLDER, name + ".pt"))
    with open(os.path.join(FOLDER, name + ".json"), "w") as file:
        json.dump({"input": x.tolist(), "output": y.tolist()}, file)


os.makedirs(FOLDER, exist_ok=True)
torch.manual_seed(1)
images = Images()
for module in images.modules():
    if isinstance(module, nn.BatchNorm2d):
        module.running_mean.uniform_(-1, 1)
        module.running_var.uniform_(0.5, 2)
        nn.init.uniform_(module.weight)
        nn.init.uniform_(module.bias)
nn.init.uniform_(images.act.weight)
write("images", images, torch.randn(2, 3, 6, 7))
program = torch.export.export(images, (torch.randn(2, 3, 6, 7),))
for node in program.graph.nodes:
    node.meta.pop("stack_trace", None)  # names files of the machine
torch.export.save(program, os.path.join(FOLDER, "images.pt2"))
tokens = Tokens()
nn.init.uniform_(tokens.norm.weight)
nn.init.uniform_(tokens.norm.bias)
wrapped = {"epoch": 7, "state_dict": {"module." + key: value for key, value in tokens.state_dict().items()}}
write("tokens", tokens, torch.randint(0, 11, (2, 9)), wrapped)
write("pruned", Pruned(), torch.randn(4, 12))
