"""Makes tflite-ops.safetensors: small models of TFLite, their inputs, and what LiteRT's interpreter gives for them.

Each case is its file, `<case>/model`, and its tensors `<case>/input_0`, ..., `<case>/output_0`, .... Integers are int32, quantised
values the numbers that they stand for.

    pip install ai-edge-litert; python make_tflite_ops.py     (written by LiteRT 2.3)
"""

import os

import numpy as np
from ai_edge_litert.schema_py_generated import BuiltinOperator
from golden_file import write
from tflite_cases import cases
from tflite_model import plain, ran, real, written

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tflite-ops.safetensors")


def main():
    tensors, tested = {}, set()
    for name, (ops, outputs) in cases.items():
        model, given = written(ops, outputs)
        results, details = ran(model, [tensor.array for tensor in given])
        tested.update(op.name for op in ops)
        tensors[f"{name}/model"] = np.frombuffer(model, dtype=np.uint8)
        for i, tensor in enumerate(given):
            tensors[f"{name}/input_{i}"] = plain(real(tensor.array, tensor.scale, tensor.zero))
        for i, (array, tensor) in enumerate(zip(results, outputs)):
            tensors[f"{name}/output_{i}"] = plain(real(array, tensor.scale, tensor.zero))
    assert all(hasattr(BuiltinOperator, op) for op in tested)
    write(OUT, tensors)
    print(f"{len(cases)} cases of {len(tested)} operators, {os.path.getsize(OUT)} bytes")


main()
