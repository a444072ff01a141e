"""Makes golden/semi-structured: 2:4 weights as torch packs them for CUTLASS, and the weights.

python make_semi_structured.py   (with torch; written by PyTorch 2.15)
"""
import os
import torch
from torch.sparse import SparseSemiStructuredTensorCUSPARSELT as CuSparseLt
from torch.sparse import SparseSemiStructuredTensorCUTLASS as Cutlass
from torch.sparse._semi_structured_conversions import sparse_semi_structured_from_dense_cutlass as pack
from torch.sparse._semi_structured_conversions import sparse_semi_structured_to_dense_cutlass as unpack

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "semi-structured")
os.makedirs(FOLDER, exist_ok=True)
torch.manual_seed(1)


def pruned(rows, columns, kept, of):
    weight = torch.randn(rows, columns)
    best = weight.abs().view(rows, -1, of).topk(kept, dim=2).indices
    mask = torch.zeros(rows, columns // of, of, dtype=torch.bool).scatter_(2, best, True)
    return weight * mask.view(rows, columns)


def others(cls, weight, packed, meta):
    return cls(weight.shape, packed=packed, meta=meta, packed_t=None, meta_t=None, compressed_swizzled_bitmask=None)


weights = {
    "half": pruned(64, 64, 2, 4).half(),
    "bfloat16": pruned(32, 32, 2, 4).bfloat16(),
    "float": pruned(32, 16, 1, 2),
    "int8": (pruned(32, 64, 2, 4) * 30).clamp(-127, 127).to(torch.int8),
}
packed, dense = {}, {}
for name, weight in weights.items():
    values, meta = pack(weight)
    packed[name] = others(Cutlass, weight, values, meta)
    dense[name] = torch.where(weight == 0, torch.zeros_like(weight), weight)  # packing loses the sign of zeros
    # torch unpacks float32 as pairs of float16, and changes those that are signalling NaNs.
    assert name == "float" or torch.equal(unpack(values, meta), dense[name]), name
torch.save(packed, os.path.join(FOLDER, "cutlass.pt"))
torch.save(dense, os.path.join(FOLDER, "dense.pt"))
half = weights["half"]
torch.save({"w": others(CuSparseLt, half, half.flatten()[:2304], None)}, os.path.join(FOLDER, "cusparselt.pt"))
