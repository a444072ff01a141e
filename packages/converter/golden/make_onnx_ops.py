"""Makes onnx-ops.safetensors: the node tests of ONNX itself (onnx.backend.test, onnx 1.23) for operators that are covered.

Each case is its model, `<case>/model`, and its tensors `<case>/input_0`, ..., `<case>/output_0`, .... Integers are int32.

    pip install onnx safetensors; python make_onnx_ops.py OUT [all]
"""

import sys

import numpy as np
from golden_file import write
from onnx import TensorProto, helper
from onnx.backend.test.case.node import collect_testcases
from onnx.reference import ReferenceEvaluator

covered = set(
    """Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Cast CastLike Ceil Celu Clip
    Concat Constant ConstantOfShape Conv ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div Dropout Einsum Elu
    Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool
    GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish Identity InstanceNormalization IsInf IsNaN
    LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization MatMul MatMulInteger Max MaxPool Mean
    MeanVarianceNormalization Min Mish Mod Mul Neg Not OneHot Or PRelu Pad Pow QuantizeLinear RMSNormalization RNN Range
    Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
    ReduceSumSquare Relu Reshape Resize Round Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice
    Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu
    Unsqueeze Upsample Where Xor""".split()
)
# What is refused, or differs for a reason.
excluded = {
    "dilations": ("MaxPool", "AveragePool"),  # tfjs' poolings have none
    "training": ("BatchNormalization", "Dropout"),
    "mask": ("Dropout",),  # as a second output
    "3d": ("ConvTranspose",),
    "diagonal": ("Einsum",),
    "batch_dim": ("GatherND",),
    "batchwise": ("GRU", "LSTM", "RNN"),
    "peepholes": ("LSTM",),
    "argmax": ("MaxPool",),
    "blocked": ("DequantizeLinear", "QuantizeLinear"),
    "antialias": ("Resize",),
    "crop": ("Resize",),
    "mul": ("ScatterElements", "ScatterND"),
    "max": ("ScatterElements", "ScatterND"),
    "min": ("ScatterElements", "ScatterND"),
    "fmod_0": ("Mod",),  # of floats, which ONNX leaves open for infinities
    "last_window_starts_on_pad": ("AveragePool",),  # its numbers are rounded to four digits
}
first_outputs = ("LayerNormalization",)  # mean and deviation are for training
most_elements = 6500
per_operator = 5
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


def evaluated(model, inputs):
    """By ONNX' own evaluator, which lacks GlobalLpPool, and Scatter as ScatterElements was called before version 11."""
    if model.graph.node[0].op_type == "GlobalLpPool":
        p = model.graph.node[0].attribute[0].i
        return [(np.abs(inputs[0]) ** p).sum(axis=(2, 3), keepdims=True) ** np.float32(1 / p)]
    copied = type(model)()
    copied.CopyFrom(model)
    if copied.graph.node[0].op_type == "Scatter":
        copied.graph.node[0].op_type = "ScatterElements"
        copied.opset_import[0].version = 11
    return ReferenceEvaluator(copied).run(None, {f"x{i}": array for i, array in enumerate(inputs)})


def own_cases():
    """Operators whose tests above are none of arrays."""
    random = np.random.default_rng(1)
    reals = (3 * random.standard_normal((2, 3, 4))).astype(np.float32)
    kind = {np.float32: TensorProto.FLOAT, np.int32: TensorProto.INT32, np.bool_: TensorProto.BOOL}

    def case(name, op, inputs, result_kind, opset=18, **attributes):
        names = [f"x{i}" for i in range(len(inputs))]
        given = [helper.make_tensor_value_info(n, kind[a.dtype.type], a.shape) for n, a in zip(names, inputs)]
        node = helper.make_node(op, names, ["y"], **attributes)
        result = [helper.make_tensor_value_info("y", result_kind, None)]
        graph = helper.make_graph([node], name, given, result)
        return name, helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8), inputs

    yield case("cast_float_to_int", "Cast", [reals], TensorProto.INT32, to=TensorProto.INT32)
    yield case("cast_float_to_bool", "Cast", [np.round(reals)], TensorProto.BOOL, to=TensorProto.BOOL)
    yield case("cast_int_to_float", "Cast", [reals.astype(np.int32)], TensorProto.FLOAT, to=TensorProto.FLOAT)
    yield case("cast_bool_to_float", "Cast", [reals > 0], TensorProto.FLOAT, to=TensorProto.FLOAT)
    yield case("cast_like", "CastLike", [reals, np.zeros(1, np.int32)], TensorProto.INT32)
    yield case("erf", "Erf", [reals], TensorProto.FLOAT)
    yield case("mish", "Mish", [reals], TensorProto.FLOAT)
    yield case("global_lp_pool", "GlobalLpPool", [reals[..., None]], TensorProto.FLOAT, p=3)
    yield case("scatter", "Scatter", [reals[0], np.int32([[1, 0, 2, 0]]), reals[1, :1]], TensorProto.FLOAT, opset=10)


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
        if TensorProto.FLOAT16 in types:
            continue  # rounded to its digits
        if any(kind in narrow or kind > TensorProto.BFLOAT16 or kind == TensorProto.STRING for kind in types):
            continue
        op = nodes[0].op_type
        if any(part in case.name and op in ops for part, ops in excluded.items()):
            continue
        inputs, outputs = case.data_sets[0]
        if op in first_outputs:
            outputs = outputs[:1]
        if any(not isinstance(array, (np.ndarray, np.generic)) for array in [*inputs, *outputs]):
            continue
        inputs, outputs = [np.asarray(array) for array in inputs], [np.asarray(array) for array in outputs]
        if any(array.dtype.kind not in "biuf" for array in [*inputs, *outputs]):
            continue
        if sum(array.size for array in [*inputs, *outputs]) > most_elements:
            continue
        if not every and counts.get(op, 0) >= per_operator:
            continue
        copied = type(model)()
        copied.CopyFrom(model)
        if op in first_outputs:
            del copied.graph.output[1:], copied.graph.node[0].output[1:]
        inputs = [plain(array) for array in with_parameters(copied, inputs)]
        outputs = [plain(array) for array in outputs]
        counts[op] = counts.get(op, 0) + 1
        tensors[f"{case.name}/model"] = np.frombuffer(copied.SerializeToString(), dtype=np.uint8)
        tensors.update({f"{case.name}/input_{i}": array for i, array in enumerate(inputs)})
        tensors.update({f"{case.name}/output_{i}": array for i, array in enumerate(outputs)})
    for name, model, inputs in own_cases():
        outputs = evaluated(model, inputs)
        counts[model.graph.node[0].op_type] = counts.get(model.graph.node[0].op_type, 0) + 1
        tensors[f"{name}/model"] = np.frombuffer(model.SerializeToString(), dtype=np.uint8)
        tensors.update({f"{name}/input_{i}": plain(array) for i, array in enumerate(inputs)})
        tensors.update({f"{name}/output_{i}": plain(array) for i, array in enumerate(outputs)})
    write(out, tensors)
    print(f"{sum(counts.values())} cases of {len(counts)} operators; none of {sorted(covered - set(counts))}")


main(sys.argv[1], len(sys.argv) > 2)
