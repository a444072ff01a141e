import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GaussianMixture } from '@tfjs-sparse/packs';
import { savedModel, writePack, type PackGolden } from '@tfjs-sparse/packs/write-pack';
import { labels, waferSample } from '@tfjs-sparse/wafer-sscn';
import { architecture, noveltyQuantile, recipe } from './architecture.js';
import { fitClassMixture } from './class-mixture.js';
import { denseSample, sparseSample } from './dataset.js';
import { goldenMaps } from './golden-maps.js';
import { maskedDenseAnswers } from './masked-dense.js';
import { modelCard } from './model-card.js';
import { foldedNetwork } from './network.js';
import { areaUnderRoc, qualityOf, quantile } from './quality.js';
import { runNetwork, type Answer } from './run-network.js';
import { sizeQualities } from './size-quality.js';
import type { Split, Wafers } from './wafers.js';

export interface TrainedNetworks {
  readonly sparse: tf.LayersModel;
  readonly dense: tf.LayersModel;
  /** The network that was trained without a class. */
  readonly withoutClass: (label: number) => Promise<tf.LayersModel>;
}

const version = '1.0.0';
const citations = [
  'M.-J. Wu, J.-S. R. Jang, and J.-L. Chen, "Wafer Map Failure Pattern Recognition and Similarity Ranking for Large-Scale Data Sets," IEEE Transactions on Semiconductor Manufacturing, vol. 28, no. 1, pp. 1-12, Feb. 2015, doi: 10.1109/TSM.2014.2364237.',
  'MIR-WM811K: Dataset for wafer map failure pattern recognition, 2015, http://mirlab.org/dataset/public/',
];

/** Measures the trained networks and writes model, mixture, golden, manifest and model card into `folder`. */
export async function writeMeasuredPack(
  folder: string,
  wafers: Wafers,
  split: Split,
  networks: TrainedNetworks,
): Promise<void> {
  const mapsOf = (members: readonly number[]) => members.map((member) => wafers.maps[member]);
  const classesOf = (members: readonly number[]) => members.map((member) => wafers.classes[member]);
  const measured = async (network: tf.LayersModel, sampleOf: typeof sparseSample, members: readonly number[]) =>
    qualityOf(classesOf(members), labelsOf(await runNetwork(network, mapsOf(members), sampleOf)), labels.length);

  const quality = {
    sparse: await measured(networks.sparse, sparseSample, split.test),
    sparseValidation: await measured(networks.sparse, sparseSample, split.validation),
    dense: await measured(networks.dense, denseSample, split.test),
    denseValidation: await measured(networks.dense, denseSample, split.validation),
  };
  const sizes = await sizeQualities(mapsOf(split.test), async (maps) => {
    const answers = await runNetwork(networks.sparse, maps, sparseSample);
    return qualityOf(classesOf(split.test), labelsOf(answers), labels.length);
  });
  const mixture = await mixtureOf(networks.sparse, wafers, split.training);
  const validation = await runNetwork(networks.sparse, mapsOf(split.validation), sparseSample);
  const threshold = quantile(
    validation.map((answer) => novelty(mixture, answer)),
    noveltyQuantile,
  );
  const areas = await openSetAreas(wafers, split, networks);

  const manifest = {
    name: 'wafer-sscn',
    version,
    task: 'wafer-map defect classification',
    description: 'Submanifold sparse CNN that names the failure pattern of a wafer map and says how unusual it is.',
    input: {
      map: 'uint8 [64, 64]: 0 outside, 1 pass, 2 fail',
      spatialShape: [64, 64],
      sites: 'failing dies: coordinates int32 [sites, 3] (batch, row, column)',
      features:
        'float32 [sites, 5]: 1, row and column from -1 to 1 across the wafer, distance from its centre, share of failing dies',
    },
    outputs: [
      { name: 'probabilities', shape: [null, labels.length] },
      { name: 'latent', shape: [null, architecture.latent] },
    ],
    labels: [...labels],
    licence: 'Apache-2.0; training data: MIR-WM811K terms (redistribution with notice and the citations)',
    citations,
    trainingData: `WM-811K (MIR-WM811K), ${wafers.maps.length} maps of 64 x 64 without exact duplicates`,
    quality: {
      test: { accuracy: quality.sparse.accuracy, macroF1: quality.sparse.macroF1 },
      denseTwinTest: { accuracy: quality.dense.accuracy, macroF1: quality.dense.macroF1 },
      noveltyAuroc: Object.fromEntries(areas.map((area, label) => [labels[label], area])),
    },
    novelty: { threshold },
    plugins: ['@tfjs-sparse/sparse-conv'],
  };
  const model = await savedModel(foldedNetwork(networks.sparse, architecture), 'float32');
  const { files } = await writePack(folder, {
    manifest,
    model,
    novelty: mixture,
    golden: await golden(networks.sparse),
  });
  const card = {
    ...{ architecture, recipe, split, classes: wafers.classes },
    ...{ quality, sizes, areas, threshold, files, citations },
  };
  writeFileSync(join(folder, 'README.md'), modelCard(card, readFileSync(join(folder, 'train/card.md'), 'utf8')));
}

/** AUROC of each class among the test maps of the others, under a network and a mixture that never saw it. */
async function openSetAreas(wafers: Wafers, split: Split, networks: TrainedNetworks): Promise<number[]> {
  const areas: number[] = [];
  for (const label of labels.keys()) {
    const network = await networks.withoutClass(label);
    const known = (members: readonly number[]) => members.filter((member) => wafers.classes[member] !== label);
    const mixture = await mixtureOf(network, wafers, known(split.training));
    const score = async (members: readonly number[]) => {
      const maps = members.map((member) => wafers.maps[member]);
      return (await runNetwork(network, maps, sparseSample)).map((answer) => novelty(mixture, answer));
    };
    const leftOut = [...wafers.classes.keys()].filter((member) => wafers.classes[member] === label);
    areas.push(areaUnderRoc(await score(known(split.test)), await score(leftOut)));
    network.dispose();
  }
  return areas;
}

async function mixtureOf(
  network: tf.LayersModel,
  wafers: Wafers,
  members: readonly number[],
): Promise<GaussianMixture> {
  const maps = members.map((member) => wafers.maps[member]);
  const answers = await runNetwork(network, maps, sparseSample);
  return fitClassMixture(
    answers.map(({ latent }) => latent),
    members.map((member) => wafers.classes[member]),
  );
}

function novelty(mixture: GaussianMixture, { latent }: Answer): number {
  return -mixture.logDensity(latent);
}

function labelsOf(answers: readonly Answer[]): number[] {
  return answers.map(({ label }) => label);
}

/** Inputs drawn here and the answers of tfjs' dense operations. */
async function golden(network: tf.LayersModel): Promise<PackGolden> {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, map] of Object.entries(goldenMaps())) {
    const { coordinates, features } = waferSample(map);
    const { probabilities, latent } = await maskedDenseAnswers(network, architecture, map);
    const sites = coordinates.length / 3;
    tensors.set(`${name}/in_coords`, { dtype: 'I32', shape: [sites, 3], values: coordinates });
    tensors.set(`${name}/in_features`, { dtype: 'F32', shape: [sites, architecture.features], values: features });
    tensors.set(`${name}/probabilities`, { dtype: 'F32', shape: [1, labels.length], values: probabilities });
    tensors.set(`${name}/latent`, { dtype: 'F32', shape: [1, architecture.latent], values: latent });
  }
  return { tensors, source: 'dense operations of tfjs multiplied by the mask of active cells' };
}
