import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { popCoordinates, sparseInput, targetInput } from '@tfjs-sparse/layers';
import { PoolGeometryLayer, type SparsePoolArgs } from '../pool/layer.js';
import { unpoolOn } from './op.js';

/**
 * Unpooling (`sparseUnpool`) as a layer, with the geometry of the pooling that it undoes. Input:
 * `[features [coarse sites, channels], coords [coarse sites, 1 + rank], target coords [sites, 1 + rank]]`, output:
 * `[features [sites, channels], target coords]`. In a Sequential model features alone: it undoes the last strided layer.
 */
abstract class SparseUnpool extends PoolGeometryLayer {
  override call(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return tidy(() => {
      const x = sparseInput(this.name, inputs);
      if (!Array.isArray(inputs) || inputs.length < 2)
        return unpoolOn(x, this.geometry, popCoordinates(this.name)).features;
      const y = unpoolOn(x, this.geometry, targetInput(this.name, inputs));
      return [y.features, y.map.toTensor()];
    });
  }
}

export class SparseUnpool1D extends SparseUnpool {
  static className = 'SparseUnpool1D';
  constructor(args: SparsePoolArgs = {}) {
    super(1, args);
  }
}

export class SparseUnpool2D extends SparseUnpool {
  static className = 'SparseUnpool2D';
  constructor(args: SparsePoolArgs = {}) {
    super(2, args);
  }
}

export class SparseUnpool3D extends SparseUnpool {
  static className = 'SparseUnpool3D';
  constructor(args: SparsePoolArgs = {}) {
    super(3, args);
  }
}

export class SparseUnpool4D extends SparseUnpool {
  static className = 'SparseUnpool4D';
  constructor(args: SparsePoolArgs = {}) {
    super(4, args);
  }
}
