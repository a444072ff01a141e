import type { Dtype } from '../checkpoint/dtypes.js';
import type { TensorStorage } from '../checkpoint/stored-tensor.js';
import { PickleExtension } from './pickle/values.js';

/** A storage as pickles name it. */
export class StorageReference extends PickleExtension {
  constructor(
    /** Of its elements; null for an untyped one, of bytes. */
    readonly dtype: Dtype | null,
    readonly storage: TensorStorage,
    /** Elements that it is a view of from this one of the storage on; 0 but in old files. */
    readonly firstElement = 0,
  ) {
    super();
  }
}
