import { serialization } from '@tensorflow/tfjs-core';
import './register.js';
import * as graphAggregate from './graph-aggregate/layer.js';

const modules = [graphAggregate];

for (const layers of modules) {
  for (const layerClass of Object.values(layers)) {
    if ('className' in layerClass) serialization.registerClass(layerClass);
  }
}

export * from './graph-aggregate/layer.js';
