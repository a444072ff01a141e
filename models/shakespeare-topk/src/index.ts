export { alphabet, characterIndices } from './alphabet.js';
export { changedScores, residualStream, type Change } from './residual-stream.js';
export {
  loadShakespeare,
  Shakespeare,
  type GenerateOptions,
  type Network,
  type ShakespeareOptions,
  type Steering,
} from './shakespeare.js';
