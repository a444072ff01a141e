"""Makes onnx-ops.safetensors: the node tests of ONNX itself (onnx.backend.test, onnx 1.23) for operators that are covered.

Each case is its model, `<case>/model`, and its tensors `<case>/input_0`, ..., `<case>/output_0`, .... Integers are int32.

    pip install onnx safetensors; python make_onnx_ops.py OUT [all]
"""

import json
import struct
import sys

import numpy as np
from onnx.backend.test.case.node import collect_testcases
from onnx import TensorProto

covered = set(
    """Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Cast CastLike Ceil Celu Clip
    Concat Constant ConstantOfShape Conv ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div Dropout Einsum Elu
    Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool
    GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization IsInf IsNaN
    LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization MatMul MatMulInteger Max MaxPool Mean
    MeanVarianceNormalization Min Mish Mod Mul Neg Not OneHot Or PRelu Pad Pow QuantizeLinear RMSNormalization RNN Range
    Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
    ReduceSumSquare Relu Reshape Resize Round ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice
    Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu
    Unsqueeze Upsample Where Xor""".split()
)
kinds = {"float32": "F32", "int32": "I32", "bool": "BOOL", "uint8": "U8"}
most_elements = 4000
per_operator = 4
# Inputs that say how the others are computed become constants of the model: a network has them so.
parameters = {
    "Reshape": [1], "Expand": [1], "Tile": [1], "Pad": [1, 2, 3], "Slice": [1, 2, 3, 4], "Split": [1], "Squeeze": [1],
    "Unsqueeze": [1], "Resize": [1, 2, 3], "Upsample": [1], "TopK": [1], "OneHot": [1, 2], "Range": [0, 1, 2], "Trilu": [1],
    "CumSum": [1], "ConstantOfShape": [0], "Clip": [1, 2], "Dropout": [1, 2],
    **{f"Reduce{kind}": [1] for kind in "L1 L2 LogSum LogSumExp Max Mean Min Prod Sum SumSquare".split()},
}


def plain(array):
    if array.dtype == np.bool_ or array.dtype == np.float32:
        return array
    if array.dtype in (np.float64, np.float16):
        return array.astype(np.float32)
    if array.dtype.kind in "iu":
        return np.clip(array.astype(np.float64), -(2**31), 2**31 - 1).astype(np.int32)
    return None


def with_parameters(model, inputs):
    """The model with its parameters as initializers, and the inputs that are left."""
    from onnx import numpy_helper

    (node,) = model.graph.node
    names = [value.name for value in model.graph.input]
    fixed = {node.input[i] for i in parameters.get(node.op_type, []) if i < len(node.input) and node.input[i] in names}
    kept = []
    for name, array in zip(names, inputs):
        if name in fixed:
            model.graph.initializer.append(numpy_helper.from_array(array, name))
        else:
            kept.append(array)
    left = [value for value in model.graph.input if value.name not in fixed]
    del model.graph.input[:]
    model.graph.input.extend(left)
    return kept


def main(out, every):
    tensors, counts = {}, {}
    for case in collect_testcases():
        model = case.model
        nodes = model.graph.node
        if len(nodes) != 1 or nodes[0].op_type not in covered or model.functions:
            continue
        if any(value.type.WhichOneof("value") != "tensor_type" for value in [*model.graph.input, *model.graph.output]):
            continue
        narrow = (TensorProto.FLOAT8E4M3FN, TensorProto.FLOAT8E5M2, TensorProto.INT4, TensorProto.UINT4, TensorProto.BFLOAT16)
        types = [value.type.tensor_type.elem_type for value in [*model.graph.input, *model.graph.output]]
        if any(kind in narrow or kind > TensorProto.BFLOAT16 or kind == TensorProto.STRING for kind in types):
            continue
        inputs, outputs = case.data_sets[0]
        if any(not isinstance(array, (np.ndarray, np.generic)) for array in [*inputs, *outputs]):
            continue
        inputs, outputs = [np.asarray(array) for array in inputs], [np.asarray(array) for array in outputs]
        if any(array.dtype.kind not in "biuf" for array in [*inputs, *outputs]):
            continue
        if sum(array.size for array in [*inputs, *outputs]) > most_elements:
            continue
        op = nodes[0].op_type
        if not every and counts.get(op, 0) >= per_operator:
            continue
        copied = type(model)()
        copied.CopyFrom(model)
        inputs = [plain(array) for array in with_parameters(copied, inputs)]
        outputs = [plain(array) for array in outputs]
        counts[op] = counts.get(op, 0) + 1
        tensors[f"{case.name}/model"] = np.frombuffer(copied.SerializeToString(), dtype=np.uint8)
        tensors.update({f"{case.name}/input_{i}": array for i, array in enumerate(inputs)})
        tensors.update({f"{case.name}/output_{i}": array for i, array in enumerate(outputs)})
    header, offset, chunks = {}, 0, []
    for name, array in tensors.items():
        bytes_ = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape), "data_offsets": [offset, offset + len(bytes_)]}  # fmt: skip
        chunks.append(bytes_)
        offset += len(bytes_)
    text = json.dumps(header, separators=(",", ":")).encode()
    with open(out, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))
    print(f"{sum(counts.values())} cases of {len(counts)} operators; none of {sorted(covered - set(counts))}")


main(sys.argv[1], len(sys.argv) > 2)
