"""Makes aten-ops/aten-ops.safetensors: small programs of torch.export, their inputs, and what PyTorch gives for them.

Each case is its archive, `<case>/program`, what `run_decompositions()` makes of it where its ops are others, `<case>/core`,
and its tensors `<case>/input_0`, ..., `<case>/output_0`, .... Integers are int32. Archives are packed again without what no
reader needs: sample inputs, stack traces, strides.

    PYTHONPATH=... python make_aten_ops.py   (with torch and numpy; written by PyTorch 2.15)
"""

import io
import json
import os
import zipfile

import numpy as np
import torch
from aten_cases import cases
from aten_networks import networks
from golden_file import write
from torch_values import Function, flat, plain

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "aten-ops", "aten-ops.safetensors")


def packed(program):
    """A small archive of the same program."""
    whole = io.BytesIO()
    torch.export.save(program, whole)
    small = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in source.namelist():
            bytes_ = source.read(name)
            path = name.partition("/")[2]
            if path.startswith((".data", "data/sample_inputs")) or path in ("byteorder", "archive_version"):
                continue
            if path.startswith("models/"):
                bytes_ = json.dumps(stripped(json.loads(bytes_)), separators=(",", ":")).encode()
            if not (path.endswith("config.json") and not json.loads(bytes_)["config"]):
                target.writestr(zipfile.ZipInfo("m/" + path), bytes_, zipfile.ZIP_DEFLATED, 9)
    return np.frombuffer(small.getvalue(), dtype=np.uint8)


def stripped(model):
    module = model["graph_module"]
    for node in module["graph"]["nodes"]:
        stack = node["metadata"].get("nn_module_stack")
        node["metadata"] = {"nn_module_stack": stack} if stack and "hook" not in stack else {}
        for key in ("is_hop_single_tensor_return", "name"):
            node.pop(key, None)
    for value in module["graph"]["tensor_values"].values():
        for key in ("strides", "storage_offset", "requires_grad", "device"):
            value.pop(key, None)
    module.pop("module_call_graph", None)
    for key in ("guards_code", "verifiers", "range_constraints"):
        model.pop(key, None)
    return model


def targets(program):
    return [str(node.target) for node in program.graph.nodes if node.op == "call_function"]


def exported(model, inputs, dynamic):
    return torch.export.export(model, inputs, dynamic_shapes=dynamic)


def main():
    tensors = {}
    for name, (model, inputs, dynamic, others) in {**cases, **networks}.items():
        torch.manual_seed(len(name))
        module = model if isinstance(model, torch.nn.Module) else Function(model)
        module.eval()
        program = exported(module, inputs, dynamic)
        core = program.run_decompositions()
        given = others or inputs  # of other sizes than those of the export, where these are dynamic
        with torch.no_grad():
            outputs = flat(module(*[value.clone() for value in given]))
        tensors[f"{name}/program"] = packed(program)
        if targets(core) != targets(program):
            tensors[f"{name}/core"] = packed(core)
        tensors.update({f"{name}/input_{i}": plain(value) for i, value in enumerate(given)})
        tensors.update({f"{name}/output_{i}": plain(value) for i, value in enumerate(outputs)})
    write(OUT, tensors)
    print(f"{len({name.split('/')[0] for name in tensors})} cases, {os.path.getsize(OUT)} bytes")


main()
