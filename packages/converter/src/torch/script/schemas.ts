// Written by golden/torchscript/make_schemas.py from the schemas of PyTorch 2.15.0.

/**
 * Arguments of the overloads of ops: `T` tensor, `n` number, `b` boolean, `s` text, `o` what does not matter here; `[]` a list, `?`
 * or None, `=` with a default. Those behind a star come by name alone.
 */
export const schemaText = `
__and__(Scalar: T self, n other | Tensor: T self, T other); __or__(Tensor: T self, T other | Scalar: T self, n other);
__xor__(Tensor: T self, T other | Scalar: T self, n other); _adaptive_avg_pool2d(: T self, n[] output_size);
_adaptive_avg_pool3d(: T self, n[] output_size); _cdist_forward(: T x1, T x2, n p, n? compute_mode); _convolution(deprecated:
T input, T weight, T? bias, n[] stride, n[] padding, n[] dilation, b transposed, n[] output_padding, n groups, b benchmark, b
deterministic, b cudnn_enabled | : T input, T weight, T? bias, n[] stride, n[] padding, n[] dilation, b transposed, n[]
output_padding, n groups, b benchmark, b deterministic, b cudnn_enabled, b allow_tf32); _fused_rms_norm(: T input, n[]
normalized_shape, T? weight, n? eps); _log_softmax(: T self, n dim, b half_to_float); _native_batch_norm_legit(no_stats: T
input, T? weight, T? bias, b training, n momentum, n eps); _native_batch_norm_legit_no_training(: T input, T? weight, T? bias,
T running_mean, T running_var, n momentum, n eps); _prelu_kernel(: T self, T weight); _safe_softmax(: T self, n dim, n?
dtype=); _scaled_dot_product_flash_attention_for_cpu(: T query, T key, T value, n dropout_p=, b is_causal=, *, T? attn_mask=,
n? scale=); _softmax(: T self, n dim, b half_to_float); _to_copy(: T self, *, n? dtype=, o layout=, o device=, b? pin_memory=,
b non_blocking=, o memory_format=); _trilinear(: T i1, T i2, T i3, n[] expand1, n[] expand2, n[] expand3, n[] sumdim, n
unroll_dim=); _unsafe_index(Tensor: T self, T?[] indices | Tensor_hacked_twin: T self, T[] indices); _unsafe_view(: T self,
n[] size); _upsample_nearest_exact1d(: T self, n[] output_size, n? scales= | vec: T input, n[]? output_size, n[]?
scale_factors); _upsample_nearest_exact2d(: T self, n[] output_size, n? scales_h=, n? scales_w= | vec: T input, n[]?
output_size, n[]? scale_factors); _upsample_nearest_exact3d(: T self, n[] output_size, n? scales_d=, n? scales_h=, n?
scales_w= | vec: T input, n[]? output_size, n[]? scale_factors); _weight_norm(: T v, T g, n dim=); _weight_norm_interface(: T
v, T g, n dim=); abs(: T self); absolute(: T self); acos(: T self); acosh(: T self); adaptive_avg_pool1d(: T self, n[]
output_size); adaptive_avg_pool2d(: T self, n[] output_size); adaptive_avg_pool3d(: T self, n[] output_size);
adaptive_max_pool1d(: T self, n[] output_size); adaptive_max_pool2d(: T self, n[] output_size); add(Tensor: T self, T other,
*, n alpha= | Scalar: T self, n other, n alpha=); addcdiv(: T self, T tensor1, T tensor2, *, n value=); addcmul(: T self, T
tensor1, T tensor2, *, n value=); addmm(: T self, T mat1, T mat2, *, n beta=, n alpha= | dtype: T self, T mat1, T mat2, n
out_dtype, *, n beta=, n alpha=); addmv(: T self, T mat, T vec, *, n beta=, n alpha=); alias(: T self); all(: T self | dim: T
self, n dim, b keepdim= | dims: T self, n[]? dim=, b keepdim=); alpha_dropout(: T input, n p, b train); amax(: T self, n[]
dim=, b keepdim=); amin(: T self, n[] dim=, b keepdim=); aminmax(: T self, *, n? dim=, b keepdim=); any(: T self | dim: T
self, n dim, b keepdim= | dims: T self, n[]? dim=, b keepdim=); arange(: n end, *, n? dtype=, o layout=, o device=, b?
pin_memory= | start: n start, n end, *, n? dtype=, o layout=, o device=, b? pin_memory= | start_step: n start, n end, n step=,
*, n? dtype=, o layout=, o device=, b? pin_memory=); argmax(: T self, n? dim=, b keepdim=); argmin(: T self, n? dim=, b
keepdim=); argsort(: T self, n dim=, b descending= | stable: T self, *, b stable, n dim=, b descending=); asin(: T self);
asinh(: T self); atan(: T self); atan2(: T self, T other); atanh(: T self); avg_pool1d(: T self, n[] kernel_size, n[] stride=,
n[] padding=, b ceil_mode=, b count_include_pad=); avg_pool2d(: T self, n[] kernel_size, n[] stride=, n[] padding=, b
ceil_mode=, b count_include_pad=, n? divisor_override=); avg_pool3d(: T self, n[] kernel_size, n[] stride=, n[] padding=, b
ceil_mode=, b count_include_pad=, n? divisor_override=); baddbmm(: T self, T batch1, T batch2, *, n beta=, n alpha= | dtype: T
self, T batch1, T batch2, n out_dtype, *, n beta=, n alpha=); batch_norm(: T input, T? weight, T? bias, T? running_mean, T?
running_var, b training, n momentum, n eps, b cudnn_enabled); bilinear(: T input1, T input2, T weight, T? bias=);
bitwise_and(Tensor: T self, T other | Scalar: T self, n other | Scalar_Tensor: n self, T other); bitwise_not(: T self);
bitwise_or(Tensor: T self, T other | Scalar: T self, n other | Scalar_Tensor: n self, T other); bitwise_xor(Tensor: T self, T
other | Scalar: T self, n other | Scalar_Tensor: n self, T other); bmm(: T self, T mat2 | dtype: T self, T mat2, n out_dtype);
cat(: T[] tensors, n dim=); cdist(: T x1, T x2, n p=, n? compute_mode=); ceil(: T self); celu(: T self, n alpha=);
channel_shuffle(: T self, n groups); chunk(: T self, n chunks, n dim=); clamp(: T self, n? min=, n? max= | Tensor: T self, T?
min=, T? max=); clamp_max(: T self, n max | Tensor: T self, T max); clamp_min(: T self, n min | Tensor: T self, T min); clip(:
T self, n? min=, n? max= | Tensor: T self, T? min=, T? max=); clone(: T self, *, o memory_format=); concat(: T[] tensors, n
dim=); concatenate(: T[] tensors, n dim=); constant_pad_nd(: T self, n[] pad, n value=); contiguous(: T self, *, o
memory_format=); conv1d(: T input, T weight, T? bias=, n[] stride=, n[] padding=, n[] dilation=, n groups= | padding: T input,
T weight, T? bias=, n[] stride=, s padding=, n[] dilation=, n groups=); conv2d(: T input, T weight, T? bias=, n[] stride=, n[]
padding=, n[] dilation=, n groups= | padding: T input, T weight, T? bias=, n[] stride=, s padding=, n[] dilation=, n groups=);
conv3d(: T input, T weight, T? bias=, n[] stride=, n[] padding=, n[] dilation=, n groups= | padding: T input, T weight, T?
bias=, n[] stride=, s padding=, n[] dilation=, n groups=); conv_transpose1d(: T input, T weight, T? bias=, n[] stride=, n[]
padding=, n[] output_padding=, n groups=, n[] dilation=); conv_transpose2d(input: T input, T weight, T? bias=, n[] stride=,
n[] padding=, n[] output_padding=, n groups=, n[] dilation=); convolution(: T input, T weight, T? bias, n[] stride, n[]
padding, n[] dilation, b transposed, n[] output_padding, n groups); copy(: T self, T src, b non_blocking=); cos(: T self);
cosh(: T self); cosine_similarity(: T x1, T x2, n dim=, n eps=); count_nonzero(: T self, n? dim= | dim_IntList: T self, n[]
dim); cross(: T self, T other, n? dim=); cumprod(: T self, n dim, *, n? dtype=); cumsum(: T self, n dim, *, n? dtype=);
detach(: T self); diff(: T self, n n=, n dim=, T? prepend=, T? append=); div(Tensor: T self, T other | Scalar: T self, n other
| Tensor_mode: T self, T other, *, s? rounding_mode | Scalar_mode: T self, n other, *, s? rounding_mode); divide(Tensor: T
self, T other | Scalar: T self, n other | Tensor_mode: T self, T other, *, s? rounding_mode | Scalar_mode: T self, n other, *,
s? rounding_mode); dot(: T self, T tensor); dropout(: T input, n p, b train); einsum(: s equation, T[] tensors, *, n[]?
path=); elu(: T self, n alpha=, n scale=, n input_scale=); embedding(: T weight, T indices, n padding_idx=, b
scale_grad_by_freq=, b sparse=); empty(memory_format: n[] size, *, n? dtype=, o layout=, o device=, b? pin_memory=, o
memory_format=); empty_like(: T self, *, n? dtype=, o layout=, o device=, b? pin_memory=, o memory_format=); empty_permuted(:
n[] size, n[] physical_layout, *, n? dtype=, o layout=, o device=, b? pin_memory=); eq(Tensor: T self, T other | Scalar: T
self, n other); erf(: T self); erfc(: T self); exp(: T self); exp2(: T self); expand(: T self, n[] size, *, b implicit=);
expand_as(: T self, T other); expm1(: T self); eye(: n n, *, n? dtype=, o layout=, o device=, b? pin_memory= | m: n n, n m, *,
n? dtype=, o layout=, o device=, b? pin_memory=); feature_dropout(: T input, n p, b train); fill(Scalar: T self, n value |
Tensor: T self, T value); fix(: T self); flatten(using_ints: T self, n start_dim=, n end_dim=); flip(: T self, n[] dims);
floor(: T self); floor_divide(: T self, T other | Scalar: T self, n other); fmax(: T self, T other); fmin(: T self, T other);
fmod(Tensor: T self, T other | Scalar: T self, n other); frac(: T self); full(: n[] size, n fill_value, *, n? dtype=, o
layout=, o device=, b? pin_memory=); full_like(: T self, n fill_value, *, n? dtype=, o layout=, o device=, b? pin_memory=, o
memory_format=); gather(: T self, n dim, T index, *, b sparse_grad=); ge(Tensor: T self, T other | Scalar: T self, n other);
gelu(: T self, *, s approximate=); glu(: T self, n dim=); greater(Tensor: T self, T other | Scalar: T self, n other);
greater_equal(Tensor: T self, T other | Scalar: T self, n other); group_norm(: T input, n num_groups, T? weight=, T? bias=, n
eps=, b cudnn_enabled=); gru(input: T input, T hx, T[] params, b has_biases, n num_layers, n dropout, b train, b
bidirectional, b batch_first | data: T data, T batch_sizes, T hx, T[] params, b has_biases, n num_layers, n dropout, b train,
b bidirectional); gru_cell(: T input, T hx, T w_ih, T w_hh, T? b_ih=, T? b_hh=); gt(Tensor: T self, T other | Scalar: T self,
n other); hardshrink(: T self, n lambd=); hardsigmoid(: T self); hardswish(: T self); hardtanh(: T self, n min_val=, n
max_val=); hstack(: T[] tensors); hypot(: T self, T other); im2col(: T self, n[] kernel_size, n[] dilation, n[] padding, n[]
stride); index(Tensor: T self, T?[] indices | Tensor_hacked_twin: T self, T[] indices); index_add(: T self, n dim, T index, T
source, *, n alpha=); index_copy(: T self, n dim, T index, T source); index_put(: T self, T?[] indices, T values, b
accumulate= | hacked_twin: T self, T[] indices, T values, b accumulate=); index_select(: T self, n dim, T index); inner(: T
self, T other); instance_norm(: T input, T? weight, T? bias, T? running_mean, T? running_var, b use_input_stats, n momentum, n
eps, b cudnn_enabled); isfinite(: T self); isinf(: T self); isnan(: T self); layer_norm(: T input, n[] normalized_shape, T?
weight=, T? bias=, n eps=, b cudnn_enable=); le(Tensor: T self, T other | Scalar: T self, n other); leaky_relu(: T self, n
negative_slope=); lerp(Scalar: T self, T end, n weight | Tensor: T self, T end, T weight); less(Tensor: T self, T other |
Scalar: T self, n other); less_equal(Tensor: T self, T other | Scalar: T self, n other); lift_fresh_copy(: T self);
linalg_cross(: T self, T other, *, n dim=); linalg_norm(: T self, n? ord=, n[]? dim=, b keepdim=, *, n? dtype= | ord_str: T
self, s ord, n[]? dim=, b keepdim=, *, n? dtype=); linalg_vector_norm(: T self, n ord=, n[]? dim=, b keepdim=, *, n? dtype=);
linear(: T input, T weight, T? bias=); linspace(Tensor_Tensor: T start, T end, n steps, *, n? dtype=, o layout=, o device=, b?
pin_memory= | Tensor_Scalar: T start, n end, n steps, *, n? dtype=, o layout=, o device=, b? pin_memory= | Scalar_Tensor: n
start, T end, n steps, *, n? dtype=, o layout=, o device=, b? pin_memory= | : n start, n end, n steps, *, n? dtype=, o
layout=, o device=, b? pin_memory=); log(: T self); log10(: T self); log1p(: T self); log2(: T self); log_sigmoid(: T self);
log_sigmoid_forward(: T self); log_softmax(int: T self, n dim, n? dtype=); logaddexp(: T self, T other); logical_and(: T self,
T other); logical_not(: T self); logical_or(: T self, T other); logical_xor(: T self, T other); logit(: T self, n? eps=);
logsumexp(: T self, n[] dim, b keepdim=); lstm(input: T input, T[] hx, T[] params, b has_biases, n num_layers, n dropout, b
train, b bidirectional, b batch_first | data: T data, T batch_sizes, T[] hx, T[] params, b has_biases, n num_layers, n
dropout, b train, b bidirectional); lstm_cell(: T input, T[] hx, T w_ih, T w_hh, T? b_ih=, T? b_hh=); lt(Tensor: T self, T
other | Scalar: T self, n other); mT(: T self); masked_fill(Scalar: T self, T mask, n value | Tensor: T self, T mask, T
value); matmul(: T self, T other); max(other: T self, T other | : T self | dim: T self, n dim, b keepdim=); max_pool1d(: T
self, n[] kernel_size, n[] stride=, n[] padding=, n[] dilation=, b ceil_mode=); max_pool2d(: T self, n[] kernel_size, n[]
stride=, n[] padding=, n[] dilation=, b ceil_mode=); max_pool2d_with_indices(: T self, n[] kernel_size, n[] stride=, n[]
padding=, n[] dilation=, b ceil_mode=); max_pool3d(: T self, n[] kernel_size, n[] stride=, n[] padding=, n[] dilation=, b
ceil_mode=); max_pool3d_with_indices(: T self, n[] kernel_size, n[] stride=, n[] padding=, n[] dilation=, b ceil_mode=);
maximum(: T self, T other); mean(: T self, *, n? dtype= | dim: T self, n[]? dim, b keepdim=, *, n? dtype=); meshgrid(: T[]
tensors | indexing: T[] tensors, *, s indexing); min(other: T self, T other | : T self | dim: T self, n dim, b keepdim=);
minimum(: T self, T other); mish(: T self); mm(: T self, T mat2 | dtype: T self, T mat2, n out_dtype); moveaxis(intlist: T
self, n[] source, n[] destination | int: T self, n source, n destination); movedim(int: T self, n source, n destination |
intlist: T self, n[] source, n[] destination); mul(Tensor: T self, T other | Scalar: T self, n other); multiply(Tensor: T
self, T other | Scalar: T self, n other); mv(: T self, T vec); nan_to_num(: T self, n? nan=, n? posinf=, n? neginf=); narrow(:
T self, n dim, n start, n length | Tensor: T self, n dim, T start, n length); native_batch_norm(: T input, T? weight, T? bias,
T? running_mean, T? running_var, b training, n momentum, n eps); native_dropout(: T input, n p, b? train); native_group_norm(:
T input, T? weight, T? bias, n N, n C, n HxW, n group, n eps); native_layer_norm(: T input, n[] normalized_shape, T? weight,
T? bias, n eps); ne(Tensor: T self, T other | Scalar: T self, n other); neg(: T self); negative(: T self); new_empty(: T self,
n[] size, *, n? dtype=, o layout=, o device=, b? pin_memory=); new_full(: T self, n[] size, n fill_value, *, n? dtype=, o
layout=, o device=, b? pin_memory=); new_ones(: T self, n[] size, *, n? dtype=, o layout=, o device=, b? pin_memory=);
new_zeros(: T self, n[] size, *, n? dtype=, o layout=, o device=, b? pin_memory=); norm(Scalar: T self, n p= | ScalarOpt_dim:
T self, n? p, n[] dim, b keepdim= | ScalarOpt_dim_dtype: T self, n? p, n[] dim, b keepdim, *, n dtype | ScalarOpt_dtype: T
self, n? p, *, n dtype); not_equal(Tensor: T self, T other | Scalar: T self, n other); numpy_T(: T self); one_hot(: T self, n
num_classes=); ones(: n[] size, *, n? dtype=, o layout=, o device=, b? pin_memory=); ones_like(: T self, *, n? dtype=, o
layout=, o device=, b? pin_memory=, o memory_format=); outer(: T self, T vec2); pad(: T self, n[] pad, s mode=, n? value=);
pairwise_distance(: T x1, T x2, n p=, n eps=, b keepdim=); permute(: T self, n[] dims); pixel_shuffle(: T self, n
upscale_factor); pixel_unshuffle(: T self, n downscale_factor); positive(: T self); pow(Tensor_Tensor: T self, T exponent |
Tensor_Scalar: T self, n exponent | Scalar: n self, T exponent); prelu(: T self, T weight); prod(: T self, *, n? dtype= |
dim_int: T self, n dim, b keepdim=, *, n? dtype=); ravel(: T self); reciprocal(: T self); reflection_pad1d(: T self, n[]
padding); reflection_pad2d(: T self, n[] padding); reflection_pad3d(: T self, n[] padding); relu(: T self); relu6(: T self);
remainder(Tensor: T self, T other | Scalar: T self, n other | Scalar_Tensor: n self, T other); repeat(: T self, n[] repeats);
repeat_interleave(Tensor: T repeats, *, n? output_size= | self_Tensor: T self, T repeats, n? dim=, *, n? output_size= |
self_int: T self, n repeats, n? dim=, *, n? output_size=); replication_pad1d(: T self, n[] padding); replication_pad2d(: T
self, n[] padding); replication_pad3d(: T self, n[] padding); reshape(: T self, n[] shape); reshape_as(: T self, T other);
rms_norm(: T input, n[] normalized_shape, T? weight=, n? eps=); rnn_relu(input: T input, T hx, T[] params, b has_biases, n
num_layers, n dropout, b train, b bidirectional, b batch_first | data: T data, T batch_sizes, T hx, T[] params, b has_biases,
n num_layers, n dropout, b train, b bidirectional); rnn_relu_cell(: T input, T hx, T w_ih, T w_hh, T? b_ih=, T? b_hh=);
rnn_tanh(input: T input, T hx, T[] params, b has_biases, n num_layers, n dropout, b train, b bidirectional, b batch_first |
data: T data, T batch_sizes, T hx, T[] params, b has_biases, n num_layers, n dropout, b train, b bidirectional);
rnn_tanh_cell(: T input, T hx, T w_ih, T w_hh, T? b_ih=, T? b_hh=); roll(: T self, n[] shifts, n[] dims=); round(: T self |
decimals: T self, *, n decimals); rrelu(: T self, n lower=, n upper=, b training=, o generator=);
rrelu_with_noise_functional(: T self, T noise, n lower=, n upper=, b training=, o generator=); rsqrt(: T self); rsub(Tensor: T
self, T other, *, n alpha= | Scalar: T self, n other, n alpha=); scalar_tensor(: n s, *, n? dtype=, o layout=, o device=, b?
pin_memory=); scaled_dot_product_attention(: T query, T key, T value, T? attn_mask=, n dropout_p=, b is_causal=, *, n? scale=,
b enable_gqa=); scatter(value: T self, n dim, T index, n value | src: T self, n dim, T index, T src | reduce: T self, n dim, T
index, T src, *, s reduce | value_reduce: T self, n dim, T index, n value, *, s reduce); scatter_add(: T self, n dim, T index,
T src); select(int: T self, n dim, n index); select_scatter(: T self, T src, n dim, n index); selu(: T self); sgn(: T self);
sigmoid(: T self); sign(: T self); silu(: T self); sin(: T self); sinh(: T self); slice(Tensor: T self, n dim=, n? start=, n?
end=, n step=); slice_scatter(: T self, T src, n dim=, n? start=, n? end=, n step=); softmax(int: T self, n dim, n? dtype=);
softplus(: T self, n beta=, n threshold=); softshrink(: T self, n lambd=); sort(: T self, n dim=, b descending= | stable: T
self, *, b? stable, n dim=, b descending=); split(Tensor: T self, n split_size, n dim= | sizes: T self, n[] split_size, n dim=
| : T self, n[] split_sizes, n dim=); split_with_sizes(: T self, n[] split_sizes, n dim=); sqrt(: T self); square(: T self);
squeeze(: T self | dim: T self, n dim | dims: T self, n[] dim); stack(: T[] tensors, n dim=); std(: T self, b unbiased= | dim:
T self, n[]? dim, b unbiased=, b keepdim= | correction: T self, n[]? dim=, *, n? correction=, b keepdim=); std_mean(: T self,
b unbiased= | dim: T self, n[]? dim, b unbiased=, b keepdim= | correction: T self, n[]? dim=, *, n? correction=, b keepdim=);
sub(Tensor: T self, T other, *, n alpha= | Scalar: T self, n other, n alpha=); subtract(Tensor: T self, T other, *, n alpha= |
Scalar: T self, n other, n alpha=); sum(dim_IntList: T self, n[]? dim, b keepdim=, *, n? dtype= | : T self, *, n? dtype=);
swapaxes(: T self, n axis0, n axis1); swapdims(: T self, n dim0, n dim1); t(: T self); take(: T self, T index);
take_along_dim(: T self, T indices, n? dim=); tan(: T self); tanh(: T self); threshold(: T self, n threshold, n value); tile(:
T self, n[] dims); to(device: T self, o device, n dtype, b non_blocking=, b copy=, o memory_format= | dtype: T self, n dtype,
b non_blocking=, b copy=, o memory_format= | other: T self, T other, b non_blocking=, b copy=, o memory_format= |
dtype_layout: T self, *, n? dtype=, o layout=, o device=, b? pin_memory=, b non_blocking=, b copy=, o memory_format= |
prim_Device: T self, o device, n? dtype=, b non_blocking=, b copy= | prim_dtype: T self, n? dtype=, b non_blocking=, b copy= |
prim_other: T self, b non_blocking=, b copy=); topk(: T self, n k, n dim=, b largest=, b sorted=); transpose(int: T self, n
dim0, n dim1); tril(: T self, n diagonal=); triu(: T self, n diagonal=); true_divide(Tensor: T self, T other | Scalar: T self,
n other); trunc(: T self); type_as(: T self, T other); unbind(int: T self, n dim=); unflatten(int: T self, n dim, n[] sizes);
unfold(: T self, n dimension, n size, n step); unsafe_chunk(: T self, n chunks, n dim=); unsafe_split(Tensor: T self, n
split_size, n dim=); unsafe_split_with_sizes(: T self, n[] split_sizes, n dim=); unsqueeze(: T self, n dim);
upsample_bicubic2d(: T self, n[] output_size, b align_corners, n? scales_h=, n? scales_w= | vec: T input, n[]? output_size, b
align_corners, n[]? scale_factors); upsample_bilinear2d(: T self, n[] output_size, b align_corners, n? scales_h=, n? scales_w=
| vec: T input, n[]? output_size, b align_corners, n[]? scale_factors); upsample_linear1d(: T self, n[] output_size, b
align_corners, n? scales= | vec: T input, n[]? output_size, b align_corners, n[]? scale_factors); upsample_nearest1d(: T self,
n[] output_size, n? scales= | vec: T input, n[]? output_size, n[]? scale_factors); upsample_nearest2d(: T self, n[]
output_size, n? scales_h=, n? scales_w= | vec: T input, n[]? output_size, n[]? scale_factors); upsample_nearest3d(: T self,
n[] output_size, n? scales_d=, n? scales_h=, n? scales_w= | vec: T input, n[]? output_size, n[]? scale_factors);
upsample_trilinear3d(: T self, n[] output_size, b align_corners, n? scales_d=, n? scales_h=, n? scales_w= | vec: T input, n[]?
output_size, b align_corners, n[]? scale_factors); var(: T self, b unbiased= | dim: T self, n[]? dim, b unbiased=, b keepdim=
| correction: T self, n[]? dim=, *, n? correction=, b keepdim=); var_mean(: T self, b unbiased= | dim: T self, n[]? dim, b
unbiased=, b keepdim= | correction: T self, n[]? dim=, *, n? correction=, b keepdim=); view(: T self, n[] size | dtype: T
self, n dtype); view_as(: T self, T other); vstack(: T[] tensors); where(self: T condition, T self, T other | ScalarOther: T
condition, T self, n other | ScalarSelf: T condition, n self, T other | Scalar: T condition, n self, n other | : T condition);
zero(: T self); zeros(: n[] size, *, n? dtype=, o layout=, o device=, b? pin_memory=); zeros_like(: T self, *, n? dtype=, o
layout=, o device=, b? pin_memory=, o memory_format=);
`;
