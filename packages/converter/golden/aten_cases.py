"""The ops of make_aten_ops.py: by name a module or function, its inputs, dynamic shapes, and inputs of other sizes."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.export import Dim

aten = torch.ops.aten
cases = {}


def case(name, model, *inputs, dynamic=None, others=None):
    assert name not in cases, name
    cases[name] = (model, inputs, dynamic, others)


def floats(*shape, low=-2.0, high=2.0):
    return torch.rand(*shape) * (high - low) + low


def ints(*shape, low=0, high=5):
    return torch.randint(low, high, shape)


torch.manual_seed(2)
x, y, positive = floats(2, 3, 4), floats(2, 3, 4), floats(2, 3, 4, low=0.2, high=3.0)
unit = floats(2, 3, low=-0.9, high=0.9)
image = floats(2, 4, 6, 8)

# Elementwise
case("unary", lambda x: (x.abs(), x.neg(), x.exp(), x.expm1(), torch.exp2(x), x.floor(), x.ceil(), x.round(), x.trunc(), x.frac(), x.sign(), torch.sgn(x), x.square(), x.erf(), x.erfc(), torch.positive(x)), x)  # fmt: skip
case("trigonometry", lambda x: (x.sin(), x.cos(), x.tan(), x.asin(), x.acos(), x.atan(), x.sinh(), x.cosh(), x.asinh(), x.atanh()), unit)  # fmt: skip
case("logarithms", lambda x: (x.log(), x.log2(), x.log10(), x.log1p(), x.sqrt(), x.rsqrt(), x.reciprocal(), torch.acosh(x + 1)), positive)  # fmt: skip
case("integers", lambda a, b: (a.abs(), -a, a + b, a * 2, a // b, a % b, a / b, torch.fmod(a, b), torch.div(a, b, rounding_mode="trunc"), a.sqrt(), a.floor(), a**2, ~a, a.float().mean()), ints(7, low=-9, high=9), ints(7, low=1, high=5))  # fmt: skip
case("add", lambda x, y: (x + y, torch.add(x, y, alpha=2), x + 3, 2 - x, torch.sub(x, y, alpha=0.5), torch.rsub(x, y, alpha=2)), x, y)  # fmt: skip
case("mul", lambda x, y: (x * y, x * 0.5, x / y, 1 / y, torch.div(x, y, rounding_mode="floor"), torch.div(x, y, rounding_mode="trunc"), torch.floor_divide(x, y), torch.remainder(x, y), torch.fmod(x, y), torch.true_divide(x, 2)), x, positive)  # fmt: skip
case("pow", lambda x: (x**2, x**0.5, x**-1, x**-0.5, x**3, x**x, 2.0**x), positive)
case("extremes", lambda x, y: (torch.maximum(x, y), torch.minimum(x, y), torch.fmax(x, y), torch.fmin(x, y), torch.max(x, y), torch.min(x, y), torch.atan2(x, y), torch.hypot(x, y), torch.logaddexp(x, y)), x, y)  # fmt: skip
case("clamp", lambda x, y: (x.clamp(-1, 1), x.clamp(min=0.5), x.clamp(max=0.5), torch.clamp(x, min=y), torch.clamp(x, max=y), x.clamp_min(0), x.clamp_max(1), torch.clip(x, -0.5, 0.5)), x, y)  # fmt: skip
case("aliases", lambda x, y: (torch.absolute(x), torch.concat([x, y]), torch.concatenate([x, y], 1), torch.divide(x, y), torch.fix(x), torch.moveaxis(x, 0, 2), torch.multiply(x, y), torch.negative(x), torch.subtract(x, y, alpha=2)), x, positive)  # fmt: skip
case("numbers", lambda x, p, s: (torch.logit(p / 4), torch.logit(p, eps=0.2), s.nan_to_num(), s.nan_to_num(1, 2, 3), torch.linalg.norm(x), torch.linalg.norm(x, 1, dim=1), torch.inner(x, p[0, 0])), x, positive, torch.tensor([0.5, float("inf"), -float("inf"), float("nan")]))  # fmt: skip
case("crosses", lambda a, b: (torch.linalg.cross(a, b), torch.cross(a, b, dim=1), torch.linalg.cross(a[:, 1:], b[:, 1:]), aten.cross(a, b)), floats(2, 3, 3), floats(2, 3, 3))
case("addcmul", lambda x, y, z: (torch.addcmul(x, y, z, value=0.5), torch.addcdiv(x, y, z), torch.lerp(x, y, 0.25), torch.lerp(x, y, z)), x, y, positive)  # fmt: skip
case("compare", lambda x, y: (x == y, x != y, x < y, x <= y, x > y, x >= 0, aten.greater(x, y), aten.greater_equal(x, y), aten.less(x, y), aten.less_equal(x, y), aten.not_equal(x, y)), ints(9), ints(9))  # fmt: skip
case("logic", lambda a, b: (a & b, a | b, a ^ b, ~a, a.logical_not(), torch.logical_and(a, b), torch.logical_or(a, b), torch.logical_xor(a, b), torch.bitwise_and(a, b), torch.bitwise_or(a, b), torch.bitwise_xor(a, b)), ints(9) > 2, ints(9) > 2)  # fmt: skip
case("logic-of-numbers", lambda a: (torch.logical_not(a), torch.logical_and(a, a > 1), a.bool()), floats(5).round())
special = torch.tensor([0.0, 1.0, float("inf"), -float("inf"), float("nan")])
case("finite", lambda x: (x.isnan(), x.isinf(), x.isfinite()), special)
case("where", lambda x, y: (torch.where(x > 0, x, y), torch.where(x > 0, x, 0.0), x.masked_fill(x > 1, -float("inf")), x.masked_fill(x > 1, y.sum())), x, y)  # fmt: skip
case("casts", lambda x, a: (x.to(torch.int64), x.int(), a.float(), a.to(torch.float64) / 3, a.type_as(x), x.bool(), a.bool(), (a > 2).float(), x.half().float() * 0), x, ints(5))  # fmt: skip
case("in-place", lambda x, y: x.clone().add_(y).mul_(2).relu_().clamp_(max=3), x, y)


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x):
        with torch.no_grad():
            y, z = x * 2, x.sum(-1, keepdim=True) + self.layer.bias
            with torch.autocast("cpu", enabled=False):
                y = y.exp()
        return self.layer(y) + z, y.add_(1)


case("wrapped", Wrapped(), x)


def written(x, y):
    z = x.clone()
    z[:, 1:] = 2
    z[0] += y[0]
    z[..., 0].zero_()
    z[1, 1, 2:] = y[0, 0, 2:]
    z.view(-1)[:3].mul_(7)
    z[:, -1, 1:9].copy_(y[:, 0, 1:])
    w = torch.zeros(4)
    w[1] = z[0, 0, 0]
    return z, w


case("in-place-parts", written, x, y)
case("weak-types", lambda a, m: (a + 0.5, a * 2.0, m + 1, m * 0.5, torch.where(m, 1, 0), m.sum(), m.cumsum(0)), ints(4), ints(4) > 1)  # fmt: skip

# Activations
case("activations", lambda x: (F.relu(x), F.relu6(x * 4), torch.sigmoid(x), torch.tanh(x), F.hardtanh(x), F.hardsigmoid(x * 2), F.hardswish(x * 2), F.silu(x), F.mish(x), F.leaky_relu(x, 0.2), F.softplus(x), F.softplus(x, 2), F.softsign(x), F.tanhshrink(x)), x)  # fmt: skip
case("gelu", lambda x: (F.gelu(x), F.gelu(x, approximate="tanh")), x)
case("exponential-units", lambda x: (F.elu(x), F.elu(x, 0.7), F.celu(x, 0.7), F.selu(x), aten.elu(x, 1.5, 1.2, 0.5)), x)
case("shrinks", lambda x: (F.threshold(x, 0.5, -1), F.hardshrink(x), F.softshrink(x), F.logsigmoid(x), F.rrelu(x), F.glu(x, 2)), x)  # fmt: skip
case("_prelu", lambda x, w: (aten._prelu_kernel(x, w), aten.log_sigmoid_forward(x)[0]), x, floats(4))
case("prelu", nn.Sequential(nn.PReLU(4, 0.2), nn.PReLU()), image)
case("softmax", lambda x: (F.softmax(x, -1), F.softmax(x, 1), F.log_softmax(x, -1), F.softmin(x, 0), aten._safe_softmax(x.masked_fill(x > 1, -float("inf")), 2)), x)  # fmt: skip
case("native-dropout", lambda x: aten.native_dropout(x, 0.5, False)[0], x)
case("dropouts", nn.Sequential(nn.Dropout(), nn.Dropout2d(), nn.AlphaDropout(), nn.Dropout(inplace=True), nn.Identity()), image)

# Products
a, b, batch_a, batch_b = floats(3, 4), floats(4, 5), floats(2, 3, 4), floats(2, 4, 5)
case("products", lambda a, b, c, d: (a @ b, torch.mm(a, b), torch.bmm(c, d), torch.matmul(c, b), c @ b, a @ d), a, b, batch_a, batch_b)  # fmt: skip
case("vectors", lambda a, v, w: (torch.mv(a, v), torch.dot(v, v), torch.outer(v, w), a @ v, torch.addmv(w[:3], a, v)), a, floats(4), floats(5))  # fmt: skip
case("addmm", lambda a, b, c, d, e: (torch.addmm(e, a, b, beta=0.5, alpha=2), torch.baddbmm(e, c, d), torch.addmm(e, a, b)), a, b, batch_a, batch_b, floats(5))  # fmt: skip
case("linear", nn.Sequential(nn.Linear(4, 6), nn.Linear(6, 3, bias=False)), x)
case("bilinear", nn.Bilinear(4, 5, 3), floats(2, 4), floats(2, 5))
case("einsum", lambda a, c, d: (torch.einsum("bij,bjk->bik", c, d), torch.einsum("ij,bij->b", a, c), torch.einsum("...i,oi->...o", c, a)), a, batch_a, batch_b)  # fmt: skip
query, key, value = floats(2, 2, 5, 4), floats(2, 2, 6, 4), floats(2, 2, 6, 4)
case("attention", lambda q, k, v: (F.scaled_dot_product_attention(q, k, v), F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.3)), query, key, value)  # fmt: skip
case("attention-mask", lambda q, k, v, m: (F.scaled_dot_product_attention(q, k, v, attn_mask=m > 0), F.scaled_dot_product_attention(q, k, v, attn_mask=m)), query, key, value, floats(5, 6))  # fmt: skip
case("attention-flash", lambda q, k, v: aten._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, True)[0], query, key, value)  # fmt: skip
case("attention-groups", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, enable_gqa=True), floats(1, 4, 3, 4), floats(1, 2, 3, 4), floats(1, 2, 3, 4))  # fmt: skip
case("distances", lambda a, b: (torch.cdist(a, b), torch.cdist(a, b, p=1.0), F.cosine_similarity(a, b[:, :3], -1), F.pairwise_distance(a, b[:, :3]), F.normalize(a)), floats(2, 3, 4), floats(2, 5, 4))  # fmt: skip

# Convolutions
case("conv1d", nn.Sequential(nn.Conv1d(3, 4, 3, padding=1), nn.Conv1d(4, 2, 2, stride=2, bias=False)), floats(2, 3, 8))
case("conv2d", nn.Sequential(nn.Conv2d(4, 6, 3, padding=1, stride=2), nn.Conv2d(6, 6, 3, padding="same", dilation=2, groups=3), nn.Conv2d(6, 5, 1, bias=False)), image)  # fmt: skip
case("conv2d-words", nn.Sequential(nn.Conv2d(4, 3, (2, 4), padding="same"), nn.Conv2d(3, 2, 3, padding="valid")), image)
case("depthwise", nn.Sequential(nn.Conv2d(4, 8, (3, 1), padding=(1, 0), groups=4), nn.Conv2d(8, 8, 3, groups=8)), image)
case("conv3d", nn.Conv3d(2, 3, 2, padding=1, stride=2), floats(1, 2, 4, 5, 6))
case("conv-single", nn.Conv2d(4, 3, 3), floats(4, 5, 5))
case("conv-transpose", nn.Sequential(nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1), nn.ConvTranspose2d(6, 2, 2, stride=2, groups=2)), image)  # fmt: skip
case("conv-transpose1d", nn.ConvTranspose1d(3, 4, 4, stride=2, padding=1), floats(2, 3, 5))
case("_convolution", lambda x, w: aten._convolution(x, w, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, False, False, True, True), image, floats(3, 4, 3, 3))  # fmt: skip

# Poolings
case("max-pool", lambda x: (F.max_pool2d(x, 2), F.max_pool2d(x, 3, 2, 1), F.max_pool2d(x, 3, 2, ceil_mode=True), F.max_pool1d(x[0], 2), F.max_pool3d(x[None], 2)), image)  # fmt: skip
case("avg-pool", lambda x: (F.avg_pool2d(x, 2), F.avg_pool2d(x, 3, 2, 1), F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), F.avg_pool2d(x, 3, 2, ceil_mode=True), F.avg_pool2d(x, 2, divisor_override=3), F.avg_pool1d(x[0], 3, 1, 1), F.avg_pool3d(x[None], 2)), image)  # fmt: skip
case("adaptive-pool", lambda x: (F.adaptive_avg_pool2d(x, 1), F.adaptive_avg_pool2d(x, (3, 4)), F.adaptive_avg_pool2d(x, (4, 5)), F.adaptive_max_pool2d(x, 2), F.adaptive_max_pool2d(x, (4, 3)), F.adaptive_avg_pool1d(x[0], 3), F.adaptive_max_pool1d(x[0], 4), F.adaptive_avg_pool3d(x[None], (2, 3, 2))), image)  # fmt: skip
case("_adaptive-pool", lambda x: (aten._adaptive_avg_pool2d(x, [2, 2]), aten._adaptive_avg_pool3d(x[None], [1, 1, 1])), image)

# Normalizations


def trained(module):
    for each in module.modules():
        if isinstance(each, nn.modules.batchnorm._BatchNorm):
            nn.init.uniform_(each.running_mean, -1, 1)
            nn.init.uniform_(each.running_var, 0.5, 2)
        if isinstance(each, (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d)) and each.weight is not None:  # fmt: skip
            nn.init.uniform_(each.weight, 0.5, 1.5)
            nn.init.uniform_(each.bias, -1, 1)
    return module.eval()


case("batch-norm", trained(nn.Sequential(nn.BatchNorm2d(4), nn.BatchNorm2d(4, affine=False))), image)
case("batch-norm-of-weights", lambda x, w: F.conv2d(x, F.batch_norm(w.reshape(1, 3, -1), None, None, training=True).reshape_as(w)), image, floats(3, 4, 2, 2))  # fmt: skip
case("group-norm-of-places", trained(nn.Sequential(nn.Conv2d(4, 6, 1), nn.GroupNorm(3, 6), nn.GroupNorm(1, 6), nn.InstanceNorm2d(6), nn.Conv2d(6, 2, 1))), image)  # fmt: skip
case("batch-norm1d", trained(nn.BatchNorm1d(4)), floats(3, 4))
case("native-batch-norm", lambda x, m, v: aten.native_batch_norm(x, None, None, m, v, False, 0.1, 1e-3)[0], image, floats(4), floats(4, low=0.5))  # fmt: skip
case("layer-norm", trained(nn.Sequential(nn.LayerNorm(4), nn.LayerNorm([3, 4], elementwise_affine=False))), x)
case("rms-norm", nn.Sequential(nn.RMSNorm(4), nn.RMSNorm([3, 4], eps=1e-3)), x)
case("fused-rms-norm", lambda x, w: aten._fused_rms_norm(x, [4], w, 1e-5)[0], x, floats(4))
case("group-norm", trained(nn.Sequential(nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True), nn.InstanceNorm2d(4))), image)  # fmt: skip
case("local-response", nn.LocalResponseNorm(3, alpha=0.5), image)
case("weight-norm", nn.utils.parametrizations.weight_norm(nn.Linear(4, 3)), x)
case("_weight-norm", lambda v, g: (torch._weight_norm(v, g, 0), aten._weight_norm_interface(v, g, 0)[0]), floats(3, 4), positive[:1, :, :1].reshape(3, 1))

# Reductions
case("sums", lambda x: (x.sum(), x.sum(1), x.sum((0, 2), keepdim=True), x.mean(), x.mean(-1), x.prod(), x.prod(1), x.cumsum(1), x.cumprod(-1), x.logsumexp(1), torch.count_nonzero(x.round(), 1)), x)  # fmt: skip
case("extremes-along", lambda x: (x.amax(1), x.amin((0, 2), keepdim=True), x.max(), x.min(), x.max(1), x.min(2, keepdim=True), x.argmax(), x.argmax(1), x.argmin(2, keepdim=True), torch.aminmax(x, dim=1), torch.aminmax(x)), x)  # fmt: skip
case("truths", lambda x: ((x > 0).all(), (x > 0).any(1), (x > -3).all(2, keepdim=True), x.round().any()), x)
case("spreads", lambda x: (x.var(1), x.std(1), x.var(), x.var(2, unbiased=False), torch.var_mean(x, 1), torch.std_mean(x, (0, 2), keepdim=True), x.std(correction=0)), x)  # fmt: skip
case("norms", lambda x: (aten.norm.Scalar(x, 2), aten.norm.ScalarOpt_dim(x, 1, [1], True), x.norm(), x.norm(dim=1), torch.linalg.vector_norm(x, 1, dim=2), torch.linalg.vector_norm(x, float("inf"), dim=1, keepdim=True), torch.linalg.vector_norm(x, 3)), x)  # fmt: skip
case("sorts", lambda x: (x.topk(2), x.topk(2, dim=1, largest=False), x.sort(1), x.sort(descending=True), x.argsort(2)), x)

# Shapes
case("views", lambda x: (x.view(6, 4), x.reshape(-1), x.reshape(2, -1, 2), x.flatten(1), x.unflatten(2, (2, -1)), x.view_as(x), x[:1].squeeze(0), x[:1].squeeze(), x[:, :1, :1].squeeze((1, 2)), x.unsqueeze(1), x.unsqueeze(-1), x.reshape_as(x.transpose(0, 1)), torch.ravel(x)), x)  # fmt: skip
case("transposes", lambda x: (x.transpose(0, 2).contiguous(), x[0].t(), x[0].T, x.mT, x.permute(2, 0, 1), x.movedim(0, 2), torch.movedim(x, (0, 1), (1, 2)), x.swapaxes(0, 1), torch.swapdims(x, 1, 2)), x)  # fmt: skip
case("expands", lambda x, v: (v.expand(2, 3, 4), x[:, :1].expand(-1, 3, -1), v.expand_as(x), x.repeat(2, 1, 1), v.repeat(2, 3), torch.tile(x, (2,)), v.repeat_interleave(2), x.repeat_interleave(2, 1), torch.meshgrid(v, v[:2], indexing="ij"), torch.meshgrid(v, v[:2], indexing="xy")), x, floats(4))  # fmt: skip
case("joins", lambda x, y: (torch.cat([x, y], 1), torch.cat([x, y]), torch.stack([x, y]), torch.stack([x, y], -1), torch.hstack([x, y]), torch.vstack([x[0, 0], y[0, 0]])), x, y)  # fmt: skip
case("splits", lambda x: (x.split(2, 1), x.split([1, 3], 2), x.chunk(2, 2), x.unbind(0), x.unbind(1), aten.unsafe_chunk(x, 2, 2), aten.unsafe_split(x, 2, 1), aten.unsafe_split_with_sizes(x, [1, 2], 1)), x)  # fmt: skip
case("slices", lambda x: (x[:, 1:], x[..., ::2], x[-1], x[:, -2:-1], x[0, :, 1], x.narrow(2, 1, 2), x.diff(), x.diff(2, 1, prepend=x[:, :1]), x.select(1, -1), x[:, None, 1]), x)  # fmt: skip
case("scatter-parts", lambda x, y: (torch.slice_scatter(x, y[:, 1:], 1, 0, 2), torch.select_scatter(x, y[:, 0], 1, -1), torch.slice_scatter(x, y[:, 1:2], 1, 2)), x, y)  # fmt: skip
case("pads", lambda x: (F.pad(x, (1, 2)), F.pad(x, (1, 1, 2, 0), value=3.0), F.pad(x, (-1, 1)), F.pad(x, (1, 2), mode="reflect"), F.pad(x, (2, 1), mode="replicate"), F.pad(x, (1, 1), mode="circular")), x)  # fmt: skip
case("pads2d", nn.Sequential(nn.ReflectionPad2d((1, 2, 0, 1)), nn.ReplicationPad2d(1), nn.ZeroPad2d((0, 1, 2, 0))), image[:, :1])  # fmt: skip
case("named-pads", lambda x, v: (aten.reflection_pad1d(x, [1, 1]), aten.reflection_pad2d(x, [1, 1, 1, 0]), aten.reflection_pad3d(v, [1, 1, 1, 1, 1, 1]), aten.replication_pad1d(x, [1, 1]), aten.replication_pad2d(x, [1, 1, 1, 0]), aten.replication_pad3d(v, [1, 1, 1, 1, 1, 1])), x, floats(1, 2, 3, 2))  # fmt: skip
case("turns", lambda x: (x.flip(1), x.flip((0, 2)), x.roll(1, 2), x.roll((1, -1), (1, 2)), x.roll(5), x.tril(), x.triu(1), x[0].tril(-1)), x)  # fmt: skip
case("shuffles", lambda x: (F.pixel_shuffle(x, 2), F.pixel_unshuffle(x, 2), F.channel_shuffle(x, 2)), image)
case("windows", lambda x: (x[0].unfold(2, 3, 2), x.unfold(1, 2, 1), F.unfold(x, (2, 3), padding=1, stride=2), F.unfold(x, 2, dilation=2)), image[:, :2])  # fmt: skip
case("copies", lambda x, y: (torch.empty_like(x).copy_(y), torch.zeros_like(x).fill_(2), x.clone().zero_(), x.detach(), aten.alias(x), aten.lift_fresh_copy(x)), x, y)  # fmt: skip

# Gathers
case("gathers", lambda x, i, j: (x.index_select(1, i), x.gather(2, j), x.take(i), torch.take_along_dim(x, j, 2), x[i - 2], x[:, i], x[..., i], x[i % 2, i], x[:, i[:3], i[:3]], x[i % 2, :, i]), x, ints(4, high=3), ints(2, 3, 4, high=4))  # fmt: skip
case("embedding", nn.Embedding(7, 3, padding_idx=0), ints(2, 4, high=7))
case("one-hot", lambda i: F.one_hot(i, 6), ints(2, 3))
order = torch.stack([torch.randperm(4) for _ in range(6)]).view(2, 3, 4)
case("scatters", lambda x, y, j, i: (x.scatter(2, j, y), x.scatter(2, j[:, :, :2], 1.5), x.scatter_add(1, j % 3, y), x.index_add(1, i, y, alpha=2), x.index_copy(2, j[0, 0], y), torch.scatter(x, 2, j, y, reduce="add")), x, y, order, ints(3, high=3))  # fmt: skip
case("index-put", lambda x, i, y: (aten.index_put(x, [None, i], y[:, :2]), x.index_put((i,), y), x.index_put((i, i), y[:, 0]), x.index_put((i,), y, accumulate=True), x.index_put((x > 1,), torch.tensor(0.5))), x, torch.tensor([1, 0]), y)  # fmt: skip

case("unsafe", lambda x, i: (aten._unsafe_index(x, [None, i]), aten._unsafe_view(x, [6, 4]), aten.split.sizes(x, [1, 3], 2)), x, ints(4, high=3))  # fmt: skip

# Creation
case("creation", lambda x: (x + torch.zeros(4) + torch.ones(3, 1) + torch.full((2, 1, 1), 0.5), torch.zeros_like(x) + torch.ones_like(x) * torch.full_like(x, 2), x.new_zeros(2) + x.new_ones(2) + x.new_full((2,), 3), torch.arange(4), torch.arange(1, 3, 0.5), torch.linspace(0, 1, 5), torch.eye(3), torch.eye(2, 3), torch.scalar_tensor(2.5), torch.arange(5, 2, -1), torch.tensor([1, 2, 3])), x)  # fmt: skip
case("empties", lambda x: (torch.empty(2, 3).fill_(1), x.new_empty(2).zero_(), torch.empty_like(x) * 0), x)

# Resizes
case("nearest", lambda x: (F.interpolate(x, scale_factor=2), F.interpolate(x, size=(4, 5)), F.interpolate(x[0], scale_factor=1.5), F.interpolate(x[None], scale_factor=(1, 2, 0.5)), F.interpolate(x, size=(4, 11), mode="nearest-exact"), F.interpolate(x[0], 5, mode="nearest-exact"), F.interpolate(x[None], (3, 4, 5), mode="nearest-exact")), image[:, :2])  # fmt: skip
case("bilinear-resize", lambda x: (F.interpolate(x, scale_factor=2, mode="bilinear"), F.interpolate(x, size=(9, 5), mode="bilinear", align_corners=True), F.interpolate(x, scale_factor=1.3, mode="bilinear"), F.interpolate(x[0], 5, mode="linear"), F.interpolate(x[None], (2, 3, 12), mode="trilinear")), image[:, :2])  # fmt: skip
case("bicubic-resize", lambda x: (F.interpolate(x, scale_factor=2, mode="bicubic"), F.interpolate(x, size=(4, 5), mode="bicubic", align_corners=True)), image[:, :1])  # fmt: skip

# Recurrent
case("lstm", nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True), floats(2, 3, 3))
case("gru", nn.GRU(3, 4, bias=False), floats(3, 2, 3))
case("rnn", nn.RNN(3, 4, bidirectional=True), floats(3, 2, 3))
case("rnn-relu", nn.RNN(3, 4, nonlinearity="relu"), floats(3, 2, 3), floats(1, 2, 4))
case("lstm-cell", nn.LSTMCell(3, 4), floats(2, 3))
case("gru-cell", nn.GRUCell(3, 4), floats(2, 3), floats(2, 4))
case("rnn-cell", nn.RNNCell(3, 4), floats(2, 3))
case("rnn-cell-relu", nn.RNNCell(3, 4, nonlinearity="relu", bias=False), floats(2, 3))

# Sizes that a run knows
rows, columns = Dim("rows"), Dim("columns", min=3)


def sized(x):
    batch, count = x.shape[0], x.shape[1]
    places = torch.arange(count)
    return (
        x.view(batch * count, 4),
        x.reshape(batch, -1),
        x.transpose(0, 1).reshape(-1, batch, 2, 2),
        x + places[None, :, None],
        torch.zeros(batch, count),
        torch.full((count, count), -float("inf")).triu(1),
        x[:, :-1],
        x[:, 1:],
        x.mean(1) * batch,
        torch.cat([x[:, :1].expand(batch, 2, 4), x], 1),
        x.sum() / (count + 1),
        x.new_ones(count // 1).unsqueeze(0).expand(batch, -1),
        torch.eye(count),
        x.amax(1, keepdim=True).expand(-1, count, -1) - x,
    )


case("dynamic-sizes", sized, floats(2, 3, 4), dynamic={"inputs": ((rows, columns, Dim.STATIC),)}, others=(floats(3, 5, 4),))
case("dynamic-cut", lambda x, table: (x + table[: x.shape[1]], table[1 : x.shape[1]] * 2), floats(2, 4, 4), floats(8, 4), dynamic={"inputs": ((rows, Dim("length", min=3, max=7), Dim.STATIC), (Dim.STATIC, Dim.STATIC))}, others=(floats(3, 5, 4), floats(8, 4)))  # fmt: skip
case("dynamic-images", nn.Sequential(nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.MaxPool2d(2), nn.Conv2d(4, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()), floats(2, 3, 9, 11), dynamic={"input": (Dim("n"), Dim.STATIC, Dim("h", min=8), Dim("w", min=8))}, others=(floats(3, 3, 13, 9),))  # fmt: skip
