import type { SafetensorsTensor } from '@tfjs-sparse/core';

/** `[batches, tokens, heads * channels]` as `[batches, heads, tokens, channels]` */
export function inHeads(
  { shape: [batches, tokens, width], values }: SafetensorsTensor,
  heads: number,
): SafetensorsTensor {
  const channels = width / heads;
  const turned = new Float32Array(batches * tokens * width);
  for (let i = 0; i < turned.length; i++) {
    const [channel, head] = [i % channels, Math.floor(i / channels) % heads];
    const [token, batch] = [Math.floor(i / width) % tokens, Math.floor(i / width / tokens)];
    turned[((batch * heads + head) * tokens + token) * channels + channel] = Number(values[i]);
  }
  return { dtype: 'F32', shape: [batches, heads, tokens, channels], values: turned };
}
