"""Writes tensors by name as safetensors, in their order."""

import json
import struct

import numpy as np

KINDS = {"float32": "F32", "int32": "I32", "bool": "BOOL", "uint8": "U8"}


def write(path, tensors, metadata=None):
    header, offset, chunks = ({"__metadata__": metadata} if metadata else {}), 0, []
    for name, array in tensors.items():
        bytes_ = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": KINDS[str(array.dtype)], "shape": list(array.shape), "data_offsets": [offset, offset + len(bytes_)]}
        chunks.append(bytes_)
        offset += len(bytes_)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))
