import { add, dispose, matMul, sub, tidy, topk, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { encodeTopK, kSparseToDense, sparseDecode } from '@tfjs-sparse/topk';
import type { SparseAutoencoder } from '@tfjs-sparse/topk/layers';
import { median } from '../../src/numbers.js';
import type { Times } from './tasks.js';

const runs = 7;

/**
 * Medians of interleaved runs of the dense and the sparse way to encode and decode, each with the time to read its result.
 * Of `batchTopK` too, k of each character are chosen.
 *
 * @param residual `[characters, width]`
 */
export async function measureTimes(layer: SparseAutoencoder, residual: Tensor2D): Promise<Times> {
  const { encoder, decoder, encoderBias, decoderBias } = layer.autoencoderWeights();
  const [features, width] = encoder.shape;
  const k = Math.max(1, Math.round(layer.settings.k ?? 32));
  const x = tidy(() => (decoderBias ? sub(residual, decoderBias) : residual.clone()) as Tensor2D);
  const bias = { bias: encoderBias };
  const [values, indices] = tidy(() => {
    const chosen = encodeTopK(x, encoder, { k, ...bias });
    return [chosen.values, chosen.indices];
  });
  const code = { values, indices };
  const dense = tidy(() => kSparseToDense(code, { width: features }) as Tensor2D);
  const ways: (() => Tensor)[] = [
    () => topk(plus(matMul(x, encoder, false, true), encoderBias), k).values,
    () => encodeTopK(x, encoder, { k, ...bias }).values,
    () => plus(matMul(dense, decoder), decoderBias),
    () => sparseDecode(code, decoder, { bias: decoderBias }),
  ];
  const times: number[][] = ways.map(() => []);
  for (let round = -1; round < runs; round++) {
    for (const [i, way] of ways.entries()) {
      const start = performance.now();
      const y = tidy(way);
      await y.data();
      if (round >= 0) times[i].push(performance.now() - start); // the first round compiles
      y.dispose();
    }
  }
  dispose([x, values, indices, dense]);
  const [denseEncode, sparseEncode, denseDecode, sparseDecoded] = times.map(median);
  return {
    task: 'time',
    characters: residual.shape[0],
    features,
    width,
    k,
    runs,
    encode: { dense: denseEncode, sparse: sparseEncode },
    decode: { dense: denseDecode, sparse: sparseDecoded },
  };
}

function plus(x: Tensor, bias: Tensor | undefined): Tensor {
  return bias ? add(x, bias) : x;
}
