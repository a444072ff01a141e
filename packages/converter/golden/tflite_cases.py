"""The operators of make_tflite_ops.py: by name a function that writes operators onto a net, and the tensors that it is given.

Quantised values are chosen so that LiteRT rounds nothing: scales are powers of 2, and the range of what hybrid kernels quantise in
a run is 127 (or -128 to 127), so that its scale is 1.
"""

import numpy as np
from tflite_model import Op, Tensor, constant, made, sparsity, variable

cases = {}
random = np.random.default_rng(3)
same, valid = 0, 1  # Padding
none, relu, relu_n1_to_1, relu6, tanh = range(5)  # ActivationFunctionType

option_kinds = {
    "CONV_2D": "Conv2DOptions", "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions", "TRANSPOSE_CONV": "TransposeConvOptions",
    "AVERAGE_POOL_2D": "Pool2DOptions", "MAX_POOL_2D": "Pool2DOptions", "L2_POOL_2D": "Pool2DOptions",
    "FULLY_CONNECTED": "FullyConnectedOptions", "BATCH_MATMUL": "BatchMatMulOptions", "ADD": "AddOptions", "SUB": "SubOptions",
    "MUL": "MulOptions", "DIV": "DivOptions", "SOFTMAX": "SoftmaxOptions", "LEAKY_RELU": "LeakyReluOptions",
    "GELU": "GeluOptions", "CONCATENATION": "ConcatenationOptions", "PACK": "PackOptions", "UNPACK": "UnpackOptions",
    "SPLIT": "SplitOptions", "SPLIT_V": "SplitVOptions", "SQUEEZE": "SqueezeOptions", "STRIDED_SLICE": "StridedSliceOptions",
    "GATHER": "GatherOptions", "ONE_HOT": "OneHotOptions", "RESIZE_BILINEAR": "ResizeBilinearOptions",
    "RESIZE_NEAREST_NEIGHBOR": "ResizeNearestNeighborOptions", "CUMSUM": "CumsumOptions", "MIRROR_PAD": "MirrorPadOptions",
    "L2_NORMALIZATION": "L2NormOptions", "LOCAL_RESPONSE_NORMALIZATION": "LocalResponseNormalizationOptions",
    "DEPTH_TO_SPACE": "DepthToSpaceOptions", "SPACE_TO_DEPTH": "SpaceToDepthOptions", "CAST": "CastOptions",
    "ARG_MAX": "ArgMaxOptions", "ARG_MIN": "ArgMinOptions", "SHAPE": "ShapeOptions", "RESHAPE": "ReshapeOptions",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTMOptions", "UNIDIRECTIONAL_SEQUENCE_RNN": "SequenceRNNOptions",
    **dict.fromkeys(("SUM", "MEAN", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD", "REDUCE_ANY", "REDUCE_ALL"), "ReducerOptions"),
}  # fmt: skip


class Net:
    """`net.ADD(x, y, fusedActivationFunction=relu)` writes an operator and gives its output, or its outputs."""

    def __init__(self):
        self.ops = []

    def __getattr__(self, name):
        def write(*inputs, dtype=None, scale=None, zero=0, dtypes=None, **options):
            tensors = [each if isinstance(each, Tensor) or each is None else constant(each) for each in inputs]
            kind = dtype or tensors[0].dtype
            outputs = [made(each, scale, zero) for each in (dtypes or [kind])]
            self.ops.append(Op(name, tensors, outputs, option_kinds.get(name), **options))
            return outputs if dtypes else outputs[0]

        return write


def case(name, function, *inputs):
    """@param inputs arrays or tensors"""
    assert name not in cases, name
    net = Net()
    tensors = [each if isinstance(each, Tensor) else Tensor(each) for each in inputs]
    outputs = function(net, *tensors)
    cases[name] = (net.ops, list(outputs) if isinstance(outputs, (list, tuple)) else [outputs])


def floats(*shape, low=-2.0, high=2.0):
    return random.uniform(low, high, shape).astype(np.float32)


def ints(*shape, low=-9, high=9, dtype=np.int32):
    return random.integers(low, high, shape).astype(dtype)


def int32(*values):
    return np.int32(values)


def scalar(value, dtype=np.int32):
    return np.array(value, dtype)


def steps(*shape, least=-127, most=127):
    """Whole numbers that hybrid kernels quantise without rounding: each row has the ends of the range."""
    values = random.integers(least, most + 1, shape).astype(np.float32)
    values.reshape(shape[0], -1)[:, 0], values.reshape(shape[0], -1)[:, 1] = least, most
    return values


x, y, positive = floats(2, 3, 4), floats(2, 3, 4), floats(2, 3, 4, low=0.2, high=3.0)
image = floats(2, 6, 8, 4)
whole, divisors = ints(2, 7), ints(2, 7, low=1, high=5)

# Elementwise
case("unary", lambda n, x: [n.ABS(x), n.COS(x), n.EXP(x), n.NEG(x), n.SIGN(x), n.SIN(x), n.SQUARE(x), n.CEIL(x), n.FLOOR(x), n.ROUND(x), n.ZEROS_LIKE(x)], x)  # fmt: skip
case("unary-of-positive", lambda n, x: [n.LOG(x), n.SQRT(x), n.RSQRT(x)], positive)
case("unary-of-integers", lambda n, a: [n.ABS(a), n.NEG(a), n.SQUARE(n.CAST(a, dtype="float32")), n.SIGN(a), n.ZEROS_LIKE(a)], whole)  # fmt: skip
case("round-half", lambda n, x: n.ROUND(x), np.float32([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49]))
case("binary", lambda n, x, y: [n.ADD(x, y), n.SUB(x, y), n.MUL(x, y), n.DIV(x, y), n.MAXIMUM(x, y), n.MINIMUM(x, y), n.SQUARED_DIFFERENCE(x, y), n.FLOOR_DIV(x, y), n.FLOOR_MOD(x, y)], x, positive)  # fmt: skip
case("binary-of-integers", lambda n, a, b: [n.ADD(a, b), n.SUB(a, b), n.MUL(a, b), n.DIV(a, b), n.MAXIMUM(a, b), n.MINIMUM(a, b), n.SQUARED_DIFFERENCE(a, b), n.FLOOR_DIV(a, b), n.FLOOR_MOD(a, b)], whole, divisors)  # fmt: skip
case("atan2", lambda n, x, y: n.ATAN2(x, y), x, y)
case("broadcast", lambda n, x, row: [n.ADD(x, row), n.SUB(row, x), n.MUL(x, floats(3, 1)), n.ADD(x, floats())], x, floats(4))
case("fused-activations", lambda n, x, y: [op(x, y, fusedActivationFunction=code) for op in (n.ADD, n.SUB, n.MUL, n.DIV) for code in (relu, relu_n1_to_1, relu6)], 4 * x, positive)  # fmt: skip
case("add-n", lambda n, x, y, z: n.ADD_N(x, y, z), x, y, positive)
case("pow", lambda n, x, y, a: [n.POW(x, y), n.POW(a, scalar(2))], positive, y, whole)
case("compare", lambda n, a, b: [op(a, b, dtype="bool") for op in (n.EQUAL, n.NOT_EQUAL, n.LESS, n.LESS_EQUAL, n.GREATER, n.GREATER_EQUAL)], whole, ints(2, 7))  # fmt: skip
case("compare-floats", lambda n, x, y: [n.LESS(x, y, dtype="bool"), n.GREATER_EQUAL(x, scalar(0.5, np.float32), dtype="bool")], x, y)  # fmt: skip
case("logic", lambda n, a, b: [n.LOGICAL_AND(a, b), n.LOGICAL_OR(a, b), n.LOGICAL_NOT(a)], ints(3, 4) > 0, ints(3, 4) > 0)
case("casts", lambda n, x, a, b: [n.CAST(x, dtype="int32"), n.CAST(a, dtype="float32"), n.CAST(a, dtype="bool"), n.CAST(b, dtype="float32"), n.CAST(b, dtype="int32"), n.CAST(x, dtype="int64")], 3 * x, whole, ints(5) > 0)  # fmt: skip
case("select", lambda n, c, x, y, r: [n.SELECT(c, x, y, dtype="float32"), n.SELECT(r, x, y, dtype="float32")], ints(2, 3) > 0, x[:, :, 0].copy(), y[:, :, 0].copy(), np.array([True, False]))  # fmt: skip
case("select-v2", lambda n, c, x: n.SELECT_V2(c, x, scalar(-1, np.float32), dtype="float32"), ints(3, 1) > 0, x)

# Activations
case("activations", lambda n, x: [n.RELU(x), n.RELU6(x), n.RELU_N1_TO_1(x), n.RELU_0_TO_1(x), n.LOGISTIC(x), n.TANH(x), n.ELU(x), n.HARD_SWISH(x), n.LEAKY_RELU(x, alpha=0.2), n.GELU(x, approximate=False), n.GELU(x, approximate=True)], 4 * x)  # fmt: skip
case("prelu", lambda n, x: n.PRELU(x, floats(1, 1, 4)), image)
case("softmax", lambda n, x: [n.SOFTMAX(x, beta=1.0), n.SOFTMAX(x, beta=0.5), n.LOG_SOFTMAX(x)], x)

# Convolutions
filter_, depthwise, bias = floats(5, 3, 3, 4), floats(1, 3, 3, 8), floats(5)
windows = dict(strideW=1, strideH=1)
case("conv", lambda n, x: [n.CONV_2D(x, filter_, bias, padding=padding, **windows, fusedActivationFunction=code) for padding, code in ((same, none), (valid, relu), (same, relu6), (same, relu_n1_to_1))], image)  # fmt: skip
case("conv-strides", lambda n, x: [n.CONV_2D(x, filter_, bias, padding=padding, strideW=2, strideH=3) for padding in (same, valid)], image)  # fmt: skip
case("conv-dilations", lambda n, x: [n.CONV_2D(x, filter_, bias, padding=padding, **windows, dilationWFactor=2, dilationHFactor=2) for padding in (same, valid)], image)  # fmt: skip
case("conv-1x1", lambda n, x: n.CONV_2D(x, floats(3, 1, 1, 4), floats(3), padding=same, **windows), image)
case("conv-groups", lambda n, x: n.CONV_2D(x, floats(6, 3, 3, 2), floats(6), padding=same, **windows), image)
case("conv-even", lambda n, x: n.CONV_2D(x, floats(3, 2, 4, 4), floats(3), padding=same, strideW=2, strideH=2), floats(1, 7, 7, 4))  # fmt: skip
case("depthwise", lambda n, x: [n.DEPTHWISE_CONV_2D(x, depthwise, floats(8), padding=padding, **windows, depthMultiplier=2, fusedActivationFunction=code) for padding, code in ((same, none), (valid, relu6))], image)  # fmt: skip
case("depthwise-strides", lambda n, x: n.DEPTHWISE_CONV_2D(x, floats(1, 3, 3, 4), floats(4), padding=same, strideW=2, strideH=2, depthMultiplier=1), image)  # fmt: skip
case("depthwise-dilations", lambda n, x: n.DEPTHWISE_CONV_2D(x, floats(1, 3, 3, 4), floats(4), padding=same, **windows, depthMultiplier=1, dilationWFactor=2, dilationHFactor=2), image)  # fmt: skip
case("transpose-conv", lambda n, x: [n.TRANSPOSE_CONV(int32(2, *size, 5), filter_, x, *more, padding=padding, strideW=2, strideH=2, dtype="float32") for size, padding, more in (((12, 16), same, []), ((13, 17), valid, [bias]), ((11, 15), same, []))], image)  # fmt: skip

# Poolings
pools = dict(filterWidth=3, filterHeight=2)
case("pools", lambda n, x: [pool(x, padding=padding, strideW=stride, strideH=stride, **pools) for pool in (n.AVERAGE_POOL_2D, n.MAX_POOL_2D, n.L2_POOL_2D) for padding in (same, valid) for stride in (1, 2)], image)  # fmt: skip
case("pool-relu", lambda n, x: [n.AVERAGE_POOL_2D(x, padding=valid, strideW=2, strideH=2, **pools, fusedActivationFunction=relu), n.MAX_POOL_2D(x, padding=valid, strideW=2, strideH=2, **pools, fusedActivationFunction=relu6)], 4 * image)  # fmt: skip

# Products
case("fully-connected", lambda n, x: [n.FULLY_CONNECTED(x, floats(5, 4), bias, fusedActivationFunction=code) for code in (none, relu, relu6)], x)  # fmt: skip
case("fully-connected-shapes", lambda n, x: [n.FULLY_CONNECTED(x, floats(5, 4), None, keepNumDims=True), n.FULLY_CONNECTED(x, floats(2, 12), floats(2))], x)  # fmt: skip
case("fully-connected-computed", lambda n, x, w: n.FULLY_CONNECTED(x, w, None), floats(3, 4), floats(5, 4))
case("batch-matmul", lambda n, a, b, c: [n.BATCH_MATMUL(a, b), n.BATCH_MATMUL(a, c, adjY=True), n.BATCH_MATMUL(b, a, adjX=True, adjY=True)], floats(2, 3, 4), floats(2, 4, 5), floats(1, 5, 4))  # fmt: skip

# Normalizations
case("l2-normalization", lambda n, x: n.L2_NORMALIZATION(x), image)
case("local-response", lambda n, x: n.LOCAL_RESPONSE_NORMALIZATION(x, radius=1, bias=1.5, alpha=0.25, beta=0.75), image)

# Reductions
reducers = ("SUM", "MEAN", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD")
case("reductions", lambda n, x: [getattr(n, op)(x, int32(*axes), keepDims=keeps) for op in reducers for axes, keeps in (((1,), False), ((0, -1), True))], x)  # fmt: skip
case("reductions-of-logic", lambda n, a: [n.REDUCE_ANY(a, int32(1)), n.REDUCE_ALL(a, int32(0), keepDims=True)], ints(3, 4) > -6)
case("mean-of-places", lambda n, x: [n.MEAN(x, int32(1, 2)), n.SUM(x, scalar(2))], image)
case("arguments", lambda n, x: [n.ARG_MAX(x, scalar(-1), dtype="int32", outputType=2), n.ARG_MIN(x, int32(1), dtype="int64", outputType=4)], x)  # fmt: skip
case("cumulative", lambda n, x: [n.CUMSUM(x, scalar(axis), exclusive=exclusive, reverse=reverse) for axis, exclusive, reverse in ((1, False, False), (-1, True, False), (0, False, True))], x)  # fmt: skip
case("top-k", lambda n, x: n.TOPK_V2(x, scalar(2), dtypes=("float32", "int32")), x)
case("top-k-of-a-run", lambda n, x, k: n.TOPK_V2(x, k, dtypes=("float32", "int32")), x, scalar(3))

# Shapes
case("reshapes", lambda n, x: [n.RESHAPE(x, int32(4, -1)), n.RESHAPE(x, newShape=[2, 12]), n.EXPAND_DIMS(x, scalar(1)), n.SQUEEZE(n.EXPAND_DIMS(x, scalar(-1)), squeezeDims=[3]), n.SQUEEZE(n.EXPAND_DIMS(x, scalar(0)))], x)  # fmt: skip
case("transposes", lambda n, x: [n.TRANSPOSE(x, int32(2, 0, 1)), n.TRANSPOSE(x, int32(0, 2, 1))], x)
case("concatenation", lambda n, x, y: [n.CONCATENATION(x, y, axis=1), n.CONCATENATION(x, y, floats(2, 3, 4), axis=-1, fusedActivationFunction=none)], x, y)  # fmt: skip
case("pack", lambda n, x, y: [n.PACK(x, y, valuesCount=2, axis=0), n.PACK(x, y, valuesCount=2, axis=-1)], x, y)
case("unpack", lambda n, x: n.UNPACK(x, num=3, axis=1, dtypes=["float32"] * 3), x)
case("tile", lambda n, x: [n.TILE(x, int32(1, 2, 3)), n.BROADCAST_TO(x, int32(2, 2, 3, 4)), n.REVERSE_V2(x, int32(1, 2))], x)
amounts = np.int32([[0, 0], [1, 2], [3, 0]])
case("pads", lambda n, x: [n.PAD(x, amounts), n.PADV2(x, amounts, scalar(-7, np.float32))], x)
case("mirror-pads", lambda n, x: [n.MIRROR_PAD(x, np.int32([[0, 0], [2, 1], [1, 3]]), mode=0), n.MIRROR_PAD(x, np.int32([[1, 2], [2, 1], [1, 3]]), mode=1)], x)  # fmt: skip
case("blocks", lambda n, x: [n.DEPTH_TO_SPACE(x, blockSize=2), n.SPACE_TO_DEPTH(x, blockSize=2)], image)
case("batches", lambda n, x: [n.SPACE_TO_BATCH_ND(x, int32(2, 2), np.int32([[0, 0], [1, 1]])), n.BATCH_TO_SPACE_ND(n.SPACE_TO_BATCH_ND(x, int32(2, 2), np.int32([[0, 0], [1, 1]])), int32(2, 2), np.int32([[1, 0], [1, 2]]))], image)  # fmt: skip
case("dilated-by-batches", lambda n, x: n.BATCH_TO_SPACE_ND(n.CONV_2D(n.SPACE_TO_BATCH_ND(x, int32(2, 2), np.int32([[2, 2], [2, 2]])), filter_, bias, padding=valid, **windows), int32(2, 2), np.int32([[0, 0], [0, 0]])), image)  # fmt: skip

# Parts
case("slices", lambda n, x: [n.SLICE(x, int32(0, 1, 1), int32(2, -1, 2)), n.SLICE(x, int32(1, 0, 0), int32(1, 1, 4))], x)
case("strided-slices", lambda n, x: [n.STRIDED_SLICE(x, int32(*begin), int32(*end), int32(*by), **masks) for begin, end, by, masks in (
    ((0, 1, 0), (2, 3, 4), (1, 1, 2), {}),
    ((0, -2, -1), (2, 3, 0), (1, 1, -1), {"beginMask": 1, "endMask": 4}),
    ((1, 0), (2, 0), (1, 1), {"endMask": 2, "shrinkAxisMask": 1}),
    ((0, -1), (0, 0), (1, 1), {"ellipsisMask": 1, "shrinkAxisMask": 2}),
    ((0, 0, 1), (0, 0, 3), (1, 1, 1), {"ellipsisMask": 1, "newAxisMask": 2}),
    ((1, 1, 0), (1, 2, 3), (1, 1, 1), {"offset": True}),
)], x)  # fmt: skip
case("splits", lambda n, x: [*n.SPLIT(scalar(2), x, numSplits=2, dtypes=["float32"] * 2), *n.SPLIT_V(x, int32(1, -1), scalar(1), numSplits=2, dtypes=["float32"] * 2)], x)  # fmt: skip

# Places
case("gathers", lambda n, x, i: [n.GATHER(x, i, axis=1), n.GATHER(x, int32(2, 0), axis=-1), n.EMBEDDING_LOOKUP(int32(1, 0, 1), x, dtype="float32")], x, ints(2, 2, low=0, high=3))  # fmt: skip
case("gather-batches", lambda n, x, i: [n.GATHER(x, i, axis=1, batchDims=1), n.GATHER(x, i, axis=2, batchDims=1)], x, ints(2, 2, low=0, high=3))  # fmt: skip
case("gather-nd", lambda n, x, i: [n.GATHER_ND(x, i), n.GATHER_ND(x, int32([1, 2]))], x, np.int32([[1, 0], [0, 2], [1, 1]]))
case("scatter-nd", lambda n, i, u: n.SCATTER_ND(i, u, int32(4, 3), dtype="float32"), np.int32([[1], [3], [1]]), floats(3, 3))
case("one-hot", lambda n, i: [n.ONE_HOT(i, scalar(4), scalar(2, np.float32), scalar(-1, np.float32), axis=axis, dtype="float32") for axis in (-1, 0)], ints(2, 3, low=-1, high=5))  # fmt: skip
case("made", lambda n, x: [n.SHAPE(x, dtype="int32", outType=2), n.RANK(x, dtype="int32"), n.FILL(int32(2, 3), scalar(7, np.float32), dtype="float32"), n.RANGE(scalar(1), scalar(9), scalar(3)), n.RANGE(scalar(1, np.float32), scalar(0, np.float32), scalar(-0.25, np.float32))], x)  # fmt: skip

# Images
case("resizes", lambda n, x: [resize(x, int32(9, 4), alignCorners=corners, halfPixelCenters=centres) for resize in (n.RESIZE_BILINEAR, n.RESIZE_NEAREST_NEIGHBOR) for corners, centres in ((False, False), (False, True), (True, False))], image)  # fmt: skip

# Sequences
units, channels, series = 5, 3, floats(2, 4, 3)
gates = lambda *shape: [floats(*shape, low=-0.7, high=0.7) for _ in range(4)]
lstm_weights = [*gates(units, channels), *gates(units, units), None, None, None, *gates(units), None, None]
for name, time_major in (("lstm", False), ("lstm-time-major", True)):
    case(name, lambda n, x: n.UNIDIRECTIONAL_SEQUENCE_LSTM(x, *lstm_weights, variable(4 if time_major else 2, units), variable(4 if time_major else 2, units), fusedActivationFunction=tanh, timeMajor=time_major), series)  # fmt: skip
for name, code in (("rnn", tanh), ("rnn-relu", relu)):
    case(name, lambda n, x: n.UNIDIRECTIONAL_SEQUENCE_RNN(x, floats(units, channels, low=-0.7, high=0.7), floats(units, units, low=-0.5, high=0.5), floats(units), variable(2, units), fusedActivationFunction=code), series)  # fmt: skip

# Sizes that only a run knows
dynamic = Tensor(x, dynamic=(0,))


def flattened(n, x):
    shape = n.SHAPE(x, dtype="int32", outType=2)
    rows = n.STRIDED_SLICE(shape, int32(0), int32(1), int32(1), shrinkAxisMask=1)
    return [n.RESHAPE(x, n.PACK(rows, scalar(12), valuesCount=2)), n.FILL(shape, scalar(1, np.float32), dtype="float32"), n.RANGE(scalar(0), rows, scalar(1)), n.BROADCAST_TO(floats(4), shape)]  # fmt: skip


case("dynamic", flattened, dynamic)
case("dynamic-images", lambda n, x: n.MEAN(n.CONV_2D(x, filter_, bias, padding=same, **windows), int32(1, 2)), Tensor(image, dynamic=(0,)))  # fmt: skip

# Weights of half precision, and sparse ones
half = lambda n, array: n.DEQUANTIZE(constant(array.astype(np.float16)), dtype="float32")
case("float16-weights", lambda n, x: n.CONV_2D(x, half(n, filter_), half(n, bias), padding=same, **windows), image)
sparse_matrix = floats(4, 8) * (ints(4, 8) > 3)
rows_of = lambda matrix: [np.flatnonzero(row) for row in matrix]


def compressed(matrix, order=(0, 1)):
    """Rows, of each its columns that are not 0; by columns where the order is so."""
    lines = rows_of(matrix.transpose(order))
    segments = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    stored = np.concatenate([line[places] for line, places in zip(matrix.transpose(order), lines)])
    layout = sparsity(list(order), [], [len(lines), (segments, np.concatenate(lines))])
    return stored_as(stored, matrix.shape, layout)


def stored_as(values, shape, layout):
    tensor = constant(values, sparsity=layout)
    tensor.shape = list(shape)
    return tensor


def blocked(matrix, block):
    """Blocks of `[1, block]` where there is one that is not 0."""
    groups = matrix.reshape(matrix.shape[0], -1, block)
    lines = rows_of(np.abs(groups).max(axis=2))
    segments = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    stored = np.concatenate([groups[row][places] for row, places in enumerate(lines)]).reshape(-1)
    return stored_as(stored, matrix.shape, sparsity([0, 1, 2], [1], [matrix.shape[0], (segments, np.concatenate(lines)), block]))


block_matrix = floats(4, 16) * np.repeat(ints(4, 4) > 0, 4, axis=1)
case("sparse", lambda n, x: [n.FULLY_CONNECTED(x, n.DENSIFY(compressed(sparse_matrix)), floats(4)), n.FULLY_CONNECTED(x, n.DENSIFY(compressed(sparse_matrix, (1, 0))), None)], floats(3, 8))  # fmt: skip
case("sparse-fully-connected", lambda n, x: n.FULLY_CONNECTED(x, compressed(sparse_matrix), floats(4), fusedActivationFunction=relu), floats(3, 8))  # fmt: skip
case("sparse-blocks", lambda n, x: n.FULLY_CONNECTED(x, blocked(block_matrix, 4), floats(4)), floats(3, 16))
case("sparse-float16", lambda n, x: n.FULLY_CONNECTED(x, n.DEQUANTIZE(n.DENSIFY(compressed(sparse_matrix.astype(np.float16))), dtype="float32"), None), floats(3, 8))  # fmt: skip

# Quantised weights of float networks (hybrid)
bytes_ = lambda *shape: ints(*shape, low=-127, high=128, dtype=np.int8)
case("hybrid-fully-connected", lambda n, x: n.FULLY_CONNECTED(x, constant(bytes_(5, 8), scale=2**-6), floats(5)), steps(3, 8))
case("hybrid-int4", lambda n, x: n.FULLY_CONNECTED(x, constant(ints(4, 8, low=-7, high=8, dtype=np.int8), scale=2**-3, int4=True), floats(4)), steps(3, 8))  # fmt: skip
case("hybrid-conv", lambda n, x: n.CONV_2D(x, constant(bytes_(5, 3, 3, 4), scale=2.0 ** -np.arange(4, 9)), floats(5), padding=same, **windows), steps(2, 5, 5, 4, least=-128))  # fmt: skip
case("hybrid-depthwise", lambda n, x: n.DEPTHWISE_CONV_2D(x, constant(bytes_(1, 3, 3, 4), scale=2.0 ** -np.arange(4, 8), axis=3), floats(4), padding=same, **windows, depthMultiplier=1), steps(2, 5, 5, 4, least=-128))  # fmt: skip
case("hybrid-embedding", lambda n, i: n.EMBEDDING_LOOKUP(i, constant(bytes_(6, 4), scale=2**-5), dtype="float32"), int32(4, 0, 5))  # fmt: skip

# Quantised networks
small = lambda *shape, zero=0: ints(*shape, low=-2, high=3, dtype=np.int8) + np.int8(zero)
given = Tensor(small(2, 5, 5, 4, zero=-3), scale=0.5, zero=-3)
as_int8 = lambda scale, zero=0: dict(dtype="int8", scale=scale, zero=zero)
case("int8-conv", lambda n, x: n.CONV_2D(x, constant(small(5, 3, 3, 4), scale=np.float32([0.25] * 4 + [0.5])), constant(ints(5), scale=np.float32([0.125] * 4 + [0.25])), padding=same, **windows, **as_int8(0.125, 5)), given)  # fmt: skip
case("int8-conv-relu", lambda n, x: n.CONV_2D(x, constant(small(5, 3, 3, 4), scale=np.float32([0.25] * 5)), constant(ints(5), scale=np.float32([0.125] * 5)), padding=valid, **windows, fusedActivationFunction=relu, **as_int8(0.125, -128)), given)  # fmt: skip
case("int8-implied-relu", lambda n, x: n.CONV_2D(x, constant(small(5, 3, 3, 4), scale=np.float32([0.25] * 5)), constant(ints(5), scale=np.float32([0.125] * 5)), padding=valid, **windows, **as_int8(0.125, -128)), given)  # fmt: skip
case("int8-depthwise", lambda n, x: n.DEPTHWISE_CONV_2D(x, constant(small(1, 3, 3, 4), scale=np.float32([0.25] * 4), axis=3), constant(ints(4), scale=np.float32([0.125] * 4)), padding=same, **windows, depthMultiplier=1, **as_int8(0.125)), given)  # fmt: skip
case("int8-fully-connected", lambda n, x: n.FULLY_CONNECTED(x, constant(small(5, 8), scale=0.25), constant(ints(5), scale=0.125), **as_int8(0.125)), Tensor(small(3, 8, zero=4), scale=0.5, zero=4))  # fmt: skip
case("int8-moves", lambda n, x: [n.CONCATENATION(x, x, axis=3, **as_int8(0.5, -3)), n.RESHAPE(x, int32(2, 100), **as_int8(0.5, -3)), n.MAX_POOL_2D(x, padding=valid, strideW=2, strideH=2, **pools, **as_int8(0.5, -3)), n.PAD(x, np.int32([[0, 0], [1, 1], [1, 1], [0, 0]]), **as_int8(0.5, -3)), n.TRANSPOSE(x, int32(0, 3, 1, 2), **as_int8(0.5, -3))], given)  # fmt: skip
case("int8-arithmetic", lambda n, x, y: [n.ADD(x, y, **as_int8(0.5, 1)), n.MUL(x, y, **as_int8(0.25)), n.RELU(x, **as_int8(0.5, -3))], given, Tensor(small(2, 5, 5, 4), scale=0.5))  # fmt: skip
case("quantize", lambda n, x: n.DEQUANTIZE(n.QUANTIZE(x, **as_int8(0.25, 3)), dtype="float32"), ints(3, 4).astype(np.float32) / 4)
wide = lambda *shape: ints(*shape, low=126, high=131, dtype=np.uint8)
case("uint8-conv", lambda n, x: n.CONV_2D(x, constant(wide(5, 3, 3, 4), scale=0.25, zero=128), constant(ints(5), scale=0.125), padding=same, **windows, dtype="uint8", scale=0.125, zero=120), Tensor(wide(2, 5, 5, 4), scale=0.5, zero=127))  # fmt: skip
case("uint8-fully-connected", lambda n, x: n.FULLY_CONNECTED(x, constant(wide(5, 8), scale=0.25, zero=129), constant(ints(5), scale=0.125), dtype="uint8", scale=0.125, zero=128), Tensor(wide(3, 8), scale=0.5, zero=128))  # fmt: skip
