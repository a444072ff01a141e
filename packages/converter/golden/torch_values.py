"""What the scripts share that run programs of PyTorch."""

import numpy as np
import torch


class Function(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


def plain(tensor):
    array = tensor.detach().numpy()
    if array.dtype in (np.bool_, np.float32):
        return array
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    return np.clip(array, -(2**31), 2**31 - 1).astype(np.int32)


def flat(values):
    if torch.is_tensor(values):
        return [values]
    return [leaf for value in values for leaf in flat(value)]
