import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import { regularizers, type constraints, type initializers, type layers } from '@tensorflow/tfjs-layers';

/** What Keras calls a serialised object: a class name of tfjs' registry and its config. */
export interface SerializedObject {
  readonly className: string;
  readonly config: serialization.ConfigDict;
}

export type Initializer = ReturnType<typeof initializers.zeros>;
export type Regularizer = ReturnType<typeof regularizers.l2>;
export type Constraint = ReturnType<typeof constraints.nonNeg>;

/** An activation of tfjs' registry (`relu`, `softmax`, …). */
export interface Activation extends serialization.Serializable {
  apply(x: Tensor): Tensor;
}

/** An object, its name (`'relu'`, `'glorotUniform'`) or its serialised form. */
export type Identifier<T> = T | string | SerializedObject;

export function initializerOf(identifier: Identifier<Initializer>): Initializer {
  return fromRegistry(identifier);
}

export function activationOf(identifier: Identifier<Activation> | undefined): Activation | null {
  return identifier == null ? null : fromRegistry(identifier);
}

export function regularizerOf(identifier: Identifier<Regularizer> | undefined): Regularizer | undefined {
  if (identifier == null) return undefined;
  if (identifier === 'l1') return regularizers.l1();
  if (identifier === 'l2') return regularizers.l2();
  if (identifier === 'l1l2') return regularizers.l1l2();
  return fromRegistry(identifier);
}

export function layerOf(identifier: Identifier<layers.Layer>): layers.Layer {
  return fromRegistry(identifier);
}

export function constraintOf(identifier: Identifier<Constraint> | undefined): Constraint | undefined {
  return identifier == null ? undefined : fromRegistry(identifier);
}

/** The serialised form of `object`, for `getConfig`. */
export function serialized(object: serialization.Serializable | null | undefined): serialization.ConfigDict | null {
  return object ? { className: object.getClassName(), config: object.getConfig() } : null;
}

function fromRegistry<T extends serialization.Serializable>(identifier: Identifier<T>): T {
  if (identifier instanceof serialization.Serializable) return identifier;
  const { className, config } =
    typeof identifier === 'string' ? { className: identifier, config: {} } : (identifier as SerializedObject);
  const classes = serialization.SerializationMap.getMap().classNameMap;
  const capitalized = className.charAt(0).toUpperCase() + className.slice(1);
  const entry = classes[className] ?? classes[capitalized];
  if (!entry) {
    const kinds = 'an initializer, regularizer, constraint, activation or layer';
    throw new RangeError(`layers: ${kinds} must be registered, got ${className}`);
  }
  const [registeredClass, fromConfig] = entry;
  return fromConfig(registeredClass, config) as T;
}
