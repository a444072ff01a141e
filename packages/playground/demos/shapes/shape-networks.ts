import type { Pack } from '@tfjs-sparse/packs';
import {
  attentionView,
  ShapeClassifier,
  type AttentionPlace,
  type AttentionView,
  type ShapeClass,
} from '@tfjs-sparse/shapes-flatformer';
import { likeliest, type Likely } from '../../src/likeliest.js';
import { median } from '../../src/numbers.js';

/** What one network says of a cloud. */
export interface Answer {
  /** The likeliest classes, the likeliest first. */
  readonly likely: readonly Likely[];
  /** From the points to the probabilities; on the command line the median of some runs. */
  readonly ms: number;
}

/** What both networks say of a cloud, and how the transformer's layer sees it. */
export interface Answers {
  readonly transformer: Answer;
  readonly convolution: Answer;
  readonly cellCount: number;
  /** Of the place that was asked for; null where none was. */
  readonly attention: AttentionView | null;
}

const tableRuns = 5; // of each network, in turns, so that whatever else the machine does hits both

/** Names shapes by two packs, on the backend that is active. */
export class ShapeNetworks {
  readonly #transformer: ShapeClassifier;
  readonly #convolution: ShapeClassifier;

  constructor(
    private readonly pack: Pack,
    convolution: Pack,
  ) {
    this.#transformer = new ShapeClassifier(pack);
    this.#convolution = new ShapeClassifier(convolution);
  }

  /**
   * @param points float32 `[points, 3]`
   * @param place  the layer to look into; null for none
   */
  async run(points: Float32Array, place: AttentionPlace | null): Promise<Answers> {
    const runs = place ? 1 : tableRuns; // a page that looks into a layer runs while something is dragged
    const found: Found[] = [];
    for (let run = 0; run < runs; run++) {
      found.push(await timed(this.#transformer, points), await timed(this.#convolution, points));
    }
    return {
      transformer: answerOf(found.filter((_, i) => i % 2 === 0)),
      convolution: answerOf(found.filter((_, i) => i % 2 === 1)),
      cellCount: found[0].siteCount,
      attention: place && (await attentionView(this.pack.model, points, place)),
    };
  }
}

type Found = ShapeClass & { readonly ms: number };

async function timed(network: ShapeClassifier, points: Float32Array): Promise<Found> {
  const start = performance.now();
  const found = await network.classify(points, { columns: 3 });
  return { ...found, ms: performance.now() - start };
}

function answerOf(found: readonly Found[]): Answer {
  return { likely: likeliest(found[0].probabilities), ms: median(found.map(({ ms }) => ms)) };
}
