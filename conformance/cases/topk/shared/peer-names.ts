/** What a library calls our weights; `transposed` ones have a column per feature. */
export interface Naming {
  readonly encoder: readonly [name: string, orientation: 'rows' | 'transposed'];
  readonly decoder: readonly [name: string, orientation: 'rows' | 'transposed'];
  readonly vectors: Readonly<Record<string, string>>;
}

export const saeLensNames: Naming = {
  encoder: ['W_enc', 'transposed'],
  decoder: ['W_dec', 'rows'],
  vectors: {
    encoderBias: 'b_enc',
    decoderBias: 'b_dec',
    threshold: 'threshold',
    gateBias: 'b_gate',
    magnitudeBias: 'b_mag',
    magnitudeScale: 'r_mag',
  },
};

export const openaiNames: Naming = {
  encoder: ['encoder.weight', 'rows'],
  decoder: ['decoder.weight', 'transposed'],
  vectors: { encoderBias: 'latent_bias', decoderBias: 'pre_bias' },
};

export const sparsifyNames: Naming = {
  encoder: ['encoder.weight', 'rows'],
  decoder: ['W_dec', 'rows'],
  vectors: { encoderBias: 'encoder.bias', decoderBias: 'b_dec', skip: 'W_skip' },
};

export const dictionaryLearningNames: Naming = {
  encoder: ['encoder.weight', 'rows'],
  decoder: ['decoder.weight', 'transposed'],
  vectors: { encoderBias: 'encoder.bias', decoderBias: 'b_dec' },
};

export const gatedNames: Naming = {
  ...dictionaryLearningNames,
  vectors: { decoderBias: 'decoder_bias', gateBias: 'gate_bias', magnitudeBias: 'mag_bias', magnitudeScale: 'r_mag' },
};

export const foreignNames: Naming = {
  encoder: ['W_enc', 'rows'],
  decoder: ['W_dec', 'transposed'],
  vectors: { encoderBias: 'b_enc', decoderBias: 'b_dec' },
};
