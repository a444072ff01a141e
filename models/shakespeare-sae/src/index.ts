export {
  loadShakespeareSae,
  residualBlock,
  ShakespeareSae,
  type SaeKind,
  type ShakespeareSaeOptions,
} from './shakespeare-sae.js';
