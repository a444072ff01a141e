import { requireRange } from '@tfjs-sparse/core';
import { ModuleTree, type Checkpoint, type WeightSources } from '@tfjs-sparse/converter/checkpoints';
import type { SerializedNetworkOptions } from '../../layers.js';
import { batchNormSources, linearSources, submConvSources } from '../sources-conversion.js';

export type Way = 'encoder' | 'decoder';

/** Sizes that the weights of a network of Pointcept's form say. */
export type Sizes = Required<
  Pick<SerializedNetworkOptions, 'channels' | 'encoderChannels' | 'encoderDepths' | 'decoderChannels' | 'decoderDepths'>
>;

/** A network of Pointcept's form: stem, `enc`, `dec` and perhaps the head of a segmentor. */
export class Stages {
  private constructor(
    private readonly op: string,
    readonly tree: ModuleTree,
  ) {}

  static in(op: string, checkpoint: Checkpoint): Stages | null {
    const tree = ModuleTree.around(checkpoint, 'embedding.stem.conv');
    return tree?.has('enc.enc1.down.proj', 'weight') ? new Stages(op, tree) : null;
  }

  /** Path of a stage, or of one of its blocks. */
  path(way: Way, stage: number, block?: number): string {
    const short = way === 'encoder' ? 'enc' : 'dec';
    return `${short}.${short}${stage}${block === undefined ? '' : `.block${block}`}`;
  }

  /** Whether a stage has a block with a module of the name. */
  hasInBlocks(way: Way, stage: number, name: string): boolean {
    return this.tree.has(`${this.path(way, stage, 0)}.${name}`);
  }

  /** Whether any block has a module of the name. */
  hasAnywhere(name: string): boolean {
    return this.tree.paths.some((path) => new RegExp(`^(enc|dec)\\.\\w+\\.block\\d+\\.`).test(path) && path.endsWith(`.${name}`)); // prettier-ignore
  }

  get sizes(): Sizes {
    const { tree, op } = this;
    const hasOneNorm = tree.has('embedding.stem.norm', 'running_mean');
    requireRange(hasOneNorm, op, 'normalizations must be of one data set', 'PDNorm (embedding.stem.norm.norm)');
    const stages = 1 + tree.count((stage) => `${this.path('encoder', 1 + stage)}.down`);
    const ups = tree.count((stage) => `${this.path('decoder', stage)}.up`);
    const stem = tree.shape(op, 'embedding.stem.conv', 'weight');
    const rows = (path: string) => tree.shape(op, path, 'weight')[0];
    const depth = (way: Way) => (_: unknown, stage: number) => tree.count((block) => this.path(way, stage, block));
    return {
      channels: stem[4],
      encoderChannels: Array.from({ length: stages }, (_, stage) =>
        stage === 0 ? stem[0] : rows(`${this.path('encoder', stage)}.down.proj`),
      ),
      encoderDepths: Array.from({ length: stages }, depth('encoder')),
      decoderChannels: Array.from({ length: ups }, (_, stage) => rows(`${this.path('decoder', stage)}.up.proj.0`)),
      decoderDepths: Array.from({ length: ups }, depth('decoder')),
    };
  }

  /** Hidden channels of feed-forward parts per channel of their block; undefined where no block has one. */
  get hiddenRatio(): number | undefined {
    const path = this.tree.paths.find((each) => each.endsWith('.mlp.0.fc1'));
    if (path === undefined) return undefined;
    const [hidden, channels] = this.tree.shape(this.op, path, 'weight');
    return hidden / channels;
  }

  /** The path of a segmentor's linear layer in the checkpoint (`seg_head` beside `backbone`), with its classes. */
  headIn(checkpoint: Checkpoint): { readonly path: string; readonly classes: number } | null {
    const head = ModuleTree.around(checkpoint, 'seg_head');
    if (!head?.has('seg_head', 'weight') || `${head.prefix}backbone.` !== this.tree.prefix) return null;
    return { path: `${head.prefix}seg_head`, classes: head.shape(this.op, 'seg_head', 'weight')[0] };
  }

  /** Sources of all layers but the head; those of blocks without the prefix. */
  sources(blockSources: (path: string, way: Way, stage: number) => WeightSources): Record<string, WeightSources> {
    const { encoderChannels, encoderDepths, decoderDepths } = this.sizes;
    const { prefix } = this.tree;
    const sources: Record<string, WeightSources> = {
      stem: submConvSources('', `${prefix}embedding.stem.conv`),
      stem_norm: batchNormSources('', `${prefix}embedding.stem.norm`),
    };
    for (let stage = 1; stage < encoderChannels.length; stage++) {
      const down = `${prefix}${this.path('encoder', stage)}.down`;
      sources[`pool${stage}`] = projection('', `${down}.proj`, `${down}.norm.0`);
    }
    decoderDepths.forEach((_, stage) => {
      const up = `${prefix}${this.path('decoder', stage)}.up`;
      sources[`unpool${stage}`] = {
        ...projection('fine_', `${up}.proj_skip.0`, `${up}.proj_skip.1`),
        ...projection('coarse_', `${up}.proj.0`, `${up}.proj.1`),
      };
    });
    for (const [way, depths] of [
      ['encoder', encoderDepths],
      ['decoder', decoderDepths],
    ] as const) {
      // prettier-ignore
      depths.forEach((depth, stage) => {
        for (let block = 0; block < depth; block++) {
          sources[`${way}${stage}_block${block}`] = blockSources(prefix + this.path(way, stage, block), way, stage);
        }
      });
    }
    return sources;
  }
}

function projection(start: string, linear: string, norm: string): WeightSources {
  return { ...linearSources(`${start}linear`, linear), ...batchNormSources(`${start}norm`, norm) };
}
