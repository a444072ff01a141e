import { serialization } from '@tensorflow/tfjs-core';
import '@tfjs-sparse/topk/layers';
import { CausalSelfAttention } from './layers/causal-self-attention.js';
import { CharacterEmbedding } from './layers/character-embedding.js';
import { CharacterScores } from './layers/character-scores.js';
import { LayerNorm } from './layers/layer-norm.js';
import { ReluMLP } from './layers/relu-mlp.js';

for (const layerClass of [CausalSelfAttention, CharacterEmbedding, CharacterScores, LayerNorm, ReluMLP]) {
  serialization.registerClass(layerClass);
}

export { CausalSelfAttention, type CausalSelfAttentionArgs } from './layers/causal-self-attention.js';
export { CharacterEmbedding, type CharacterEmbeddingArgs } from './layers/character-embedding.js';
export { CharacterScores, type CharacterScoresArgs } from './layers/character-scores.js';
export { LayerNorm } from './layers/layer-norm.js';
export { ReluMLP, type ReluMLPArgs } from './layers/relu-mlp.js';
