"""Makes golden/bitmask: 2:4 and unstructured weights in the sparse formats of compressed-tensors, and what they unpack to.

python make_bitmask.py   (with torch, safetensors and compressed-tensors 0.9.4, the last series that writes these formats)
"""
import os
import torch
from compressed_tensors.compressors.sparse_compressors.sparse_24_bitmask import Sparse24BitMaskTensor
from compressed_tensors.compressors.sparse_compressors.sparse_bitmask import BitmaskTensor
from safetensors.torch import save_file

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bitmask")
os.makedirs(FOLDER, exist_ok=True)
torch.manual_seed(1)
packed, dense = {}, {}
for name, shape, dtype in [("two_four", (6, 16), torch.float32), ("half", (4, 20), torch.bfloat16)]:
    compressed = Sparse24BitMaskTensor.from_dense(torch.randn(shape).to(dtype))
    packed.update(compressed.dict(f"{name}.weight", "cpu"))
    dense[f"{name}.weight"] = compressed.decompress()
weight = torch.randn(5, 13)
weight[torch.rand(5, 13) < 0.7] = 0
weight[2] = 0
compressed = BitmaskTensor.from_dense(weight)
packed.update(compressed.dict("unstructured.weight", "cpu"))
dense["unstructured.weight"] = compressed.decompress()
packed["unstructured.bias"] = dense["unstructured.bias"] = torch.randn(5)
save_file(packed, os.path.join(FOLDER, "model.safetensors"))
save_file(dense, os.path.join(FOLDER, "dense.safetensors"))
