/** Element types of checkpoints, by torch's names, and their bytes. */
export const dtypeBytes = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e8m0fnu: 1,
  complex128: 16,
  complex64: 8,
  complex32: 4,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  qint8: 1,
  quint8: 1,
  qint32: 4,
} as const;

export type Dtype = keyof typeof dtypeBytes;

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(dtypeBytes, name);
}
