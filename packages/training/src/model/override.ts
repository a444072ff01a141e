/**
 * Puts the method `replacement` on one object, over `original` of its class. The returned function takes it away again; a
 * method that was put over it in the meantime stays.
 */
export function override<Values extends unknown[], Result>(
  owner: object,
  name: string,
  original: (...values: Values) => Result,
  replacement: (...values: Values) => Result,
): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  let isActive = true;
  const value = (...values: Values): Result => (isActive ? replacement : original)(...values);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    isActive = false;
    if (Object.getOwnPropertyDescriptor(owner, name)?.value !== value) return;
    if (before) Object.defineProperty(owner, name, before);
    else Reflect.deleteProperty(owner, name);
  };
}
