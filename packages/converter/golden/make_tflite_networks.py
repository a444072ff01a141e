"""Makes tflite-networks.safetensors: networks of Keras as TensorFlow's converter writes them, and what LiteRT gives.

Each network is `<name>/model`, with `input_0`, ... and `output_0`, .... Batches are of a size that only a run knows. Of `-hybrid`,
whose weights are of 8 bits, LiteRT is given the same file with weights as float32: its kernels for it round images to 8 bits too.
`-int8` is all of 8 bits, inputs and outputs too, which are the numbers that their integers stand for.

    pip install tensorflow ai-edge-litert; python make_tflite_networks.py     (TensorFlow 2.21, LiteRT 2.3)
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import flatbuffers
import numpy as np
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from golden_file import write
from tensorflow.keras import Model, layers
from tflite_model import plain, ran, real

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tflite-networks.safetensors")
random = np.random.default_rng(5)


def floats(*shape):
    return random.uniform(-1, 1, shape).astype(np.float32)


def normalized(x, activation="relu"):
    x = layers.BatchNormalization()(x)
    return layers.Activation(activation)(x) if activation else x


def residual(x, channels, stride):
    y = normalized(layers.Conv2D(channels, 3, stride, "same", use_bias=False)(x))
    y = normalized(layers.Conv2D(channels, 3, 1, "same", use_bias=False)(y), None)
    if stride != 1 or x.shape[-1] != channels:
        x = normalized(layers.Conv2D(channels, 1, stride, use_bias=False)(x), None)
    return layers.ReLU()(layers.Add()([x, y]))


def resnet():
    """ResNet-20's blocks (He et al. 2016)."""
    x = start = layers.Input((16, 16, 3))
    x = normalized(layers.Conv2D(8, 3, 1, "same", use_bias=False)(x))
    for channels, stride in ((8, 1), (16, 2), (16, 1)):
        x = residual(x, channels, stride)
    return Model(start, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


def mobilenet(width=8):
    """MobileNetV2's blocks (Sandler et al. 2018)."""
    x = start = layers.Input((24, 24, 3))
    x = layers.ReLU(6.0)(normalized(layers.Conv2D(width, 3, 2, "same", use_bias=False)(x), None))
    for channels, stride in ((width, 1), (2 * width, 2), (2 * width, 1)):
        y = layers.ReLU(6.0)(normalized(layers.Conv2D(3 * x.shape[-1], 1, use_bias=False)(x), None))
        y = layers.ReLU(6.0)(normalized(layers.DepthwiseConv2D(3, stride, "same", use_bias=False)(y), None))
        y = normalized(layers.Conv2D(channels, 1, use_bias=False)(y), None)
        x = layers.Add()([x, y]) if stride == 1 and x.shape[-1] == channels else y
    return Model(start, layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


def keywords():
    """DS-CNN of keyword spotting (Zhang et al. 2017)."""
    x = start = layers.Input((49, 10, 1))
    x = normalized(layers.Conv2D(16, (10, 4), 2, "same")(x))
    for _ in range(2):
        x = normalized(layers.DepthwiseConv2D(3, 1, "same")(x))
        x = normalized(layers.Conv2D(16, 1, 1, "same")(x))
    x = layers.Flatten()(layers.AveragePooling2D((25, 5))(x))
    return Model(start, layers.Dense(12, activation="softmax")(x))


def unet():
    x = start = layers.Input((16, 24, 3))
    kept = []
    for channels in (8, 12):
        x = layers.Conv2D(channels, 3, padding="same", activation="elu")(x)
        kept.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(16, 3, padding="same", dilation_rate=2, activation="relu")(x)
    x = layers.Conv2DTranspose(12, 2, 2, activation="relu")(x)
    x = layers.Conv2D(8, 3, padding="same")(layers.Concatenate()([x, kept.pop()]))
    x = layers.UpSampling2D(2, interpolation="bilinear")(layers.LeakyReLU()(x))
    x = layers.PReLU(shared_axes=[1, 2])(layers.Concatenate()([x, kept.pop()]))
    return Model(start, layers.Conv2D(4, 1, activation="sigmoid")(x))


def encoder(length=7, width=16, factor=2):
    """A layer of a transformer with a head of classes."""
    x = start = layers.Input((length, width))
    attention = layers.MultiHeadAttention(2, width // 2)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, attention]))
    hidden = layers.Dense(factor * width, activation="gelu")(x)
    x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(width)(hidden)]))
    return Model(start, layers.Dense(3)(layers.Flatten()(x)))


def sequence():
    """Unrolled, without loops."""
    x = start = layers.Input((9, 6))
    x = layers.LSTM(8, return_sequences=True, unroll=True)(x)
    return Model(start, layers.Dense(4)(layers.GRU(5, unroll=True)(x)))


def mlp():
    x = start = layers.Input((32,))
    for units in (48, 24):
        x = layers.Dense(units, activation="tanh")(x)
    return Model(start, [layers.Dense(6)(x), layers.Dense(2, activation="sigmoid")(x)])


def settled(model):
    """With statistics and biases that say something."""
    model.set_weights([w * 1.5 + floats(*w.shape) * 0.2 if w.ndim > 1 else np.abs(w) + 0.3 * np.abs(floats(*w.shape)) for w in model.get_weights()])
    return model


def pruned(model, share=0.8):
    for layer in model.layers:
        weights = [w * (np.abs(w) > np.quantile(np.abs(w), share)) if w.ndim > 1 else w for w in layer.get_weights()]
        layer.set_weights(weights)
    return model


def converter_of(model, *optimizations):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = list(optimizations)
    return converter


def float_file(model):
    return converter_of(model).convert()


def half_file(model):
    converter = converter_of(model, tf.lite.Optimize.DEFAULT)
    converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def hybrid_file(model):
    return converter_of(model, tf.lite.Optimize.DEFAULT).convert()


def sparse_file(model):
    return converter_of(model, tf.lite.Optimize.EXPERIMENTAL_SPARSITY).convert()


def int8_file(model):
    converter = converter_of(model, tf.lite.Optimize.DEFAULT)
    converter.representative_dataset = lambda: ([floats(1, *model.input_shape[1:])] for _ in range(50))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def with_float_weights(file):
    """The file with its quantised constants as float32."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(file, 0))
    count = 0
    for tensor in model.subgraphs[0].tensors:
        stored = model.buffers[tensor.buffer].data
        if tensor.type != schema.TensorType.INT8 or stored is None:
            continue
        scales = np.asarray(tensor.quantization.scale, np.float32)
        along = [-1 if axis == tensor.quantization.quantizedDimension else 1 for axis in range(len(tensor.shape))]
        values = np.frombuffer(bytes(stored), np.int8).reshape(tensor.shape)
        scaled = values.astype(np.float32) * (scales.reshape(along) if len(scales) > 1 else scales)
        assert tensor.sparsity is None
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(scaled.tobytes(), np.uint8)
        tensor.buffer, tensor.type, tensor.quantization = len(model.buffers), schema.TensorType.FLOAT32, None
        model.buffers.append(buffer)
        count += 1
    assert count > 0  # the converter leaves small weights alone
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def bare(file):
    """Without metadata and signatures."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(file, 0))
    model.metadata, model.metadataBuffer, model.signatureDefs = None, None, None
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


networks = {
    "resnet": (resnet, float_file),
    "resnet-int8": (resnet, int8_file),
    "mobilenet-float16": (mobilenet, half_file),
    "mobilenet-hybrid": (lambda: mobilenet(12), hybrid_file),
    "keywords": (keywords, float_file),
    "keywords-int8": (keywords, int8_file),
    "unet": (unet, float_file),
    "unet-float16": (unet, half_file),
    "encoder": (encoder, float_file),
    "encoder-hybrid": (lambda: encoder(factor=5), hybrid_file),
    "sequence": (sequence, float_file),
    "mlp": (mlp, float_file),
    "pruned-mlp-sparse": (lambda: pruned(mlp()), sparse_file),
    "pruned-resnet-sparse": (lambda: pruned(resnet()), sparse_file),
}


def main():
    tensors = {}
    for name, (make, file_of) in networks.items():
        tf.keras.utils.set_random_seed(7)
        model = settled(make()) if "pruned" not in name else make()
        file = bare(file_of(model))
        arrays = [floats(2, *model.input_shape[1:])]
        if name.endswith("int8"):
            _, (detail, *_) = details_of(file)
            scale, zero = detail["quantization"]
            arrays = [np.clip(np.round(array / scale) + zero, -128, 127).astype(np.int8) for array in arrays]
            tensors[f"{name}/input_0"] = real(arrays[0], scale, zero)
        results, ends = ran(with_float_weights(file) if name.endswith("hybrid") else file, arrays)
        tensors[f"{name}/model"] = np.frombuffer(file, np.uint8)
        for i, array in enumerate(arrays):
            tensors.setdefault(f"{name}/input_{i}", array)
        for i, (array, end) in enumerate(zip(results, ends)):
            scale, zero = end["quantization"]
            tensors[f"{name}/output_{i}"] = plain(real(array, scale or None, zero))
        print(name, len(file), [result.shape for result in results], np.abs(tensors[f"{name}/output_0"]).max())
    write(OUT, tensors)
    print(f"{len(networks)} networks, {os.path.getsize(OUT)} bytes")


def details_of(file):
    from tflite_model import interpreter_of

    interpreter = interpreter_of(file)
    return interpreter, interpreter.get_input_details()


main()
