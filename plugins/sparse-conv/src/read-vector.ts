/**
 * WGSL `fn read<Name>(row : i32, channel : i32, width : i32) -> vec4<f32>`: 4 channels of a row of input `name`, 0 beyond
 * `width` and for row -1.
 *
 * @param isVector `name` is an `array<vec4<f32>>`, so `width` and `channel` are multiples of 4
 */
export function readVector(name: string, isVector: boolean): string {
  const head = `fn read${name[0].toUpperCase()}${name.slice(1)}(row : i32, channel : i32, width : i32) -> vec4<f32>`;
  if (isVector) {
    return /* wgsl */ `
    ${head} {
      if (row < 0 || channel >= width) { return vec4<f32>(0.0); }
      return ${name}[(row * width + channel) / 4];
    }`;
  }
  return /* wgsl */ `
    ${head} {
      var vector = vec4<f32>(0.0);
      if (row < 0) { return vector; }
      let first = row * width + channel;
      if (channel < width) { vector.x = ${name}[first]; }
      if (channel + 1 < width) { vector.y = ${name}[first + 1]; }
      if (channel + 2 < width) { vector.z = ${name}[first + 2]; }
      if (channel + 3 < width) { vector.w = ${name}[first + 3]; }
      return vector;
    }`;
}

/** WGSL `fn writeResult(row : i32, channel : i32, width : i32, vector : vec4<f32>)`: the channels below `width`. */
export function writeVector(isVector: boolean): string {
  const head = 'fn writeResult(row : i32, channel : i32, width : i32, vector : vec4<f32>)';
  if (isVector) {
    return /* wgsl */ `
    ${head} {
      if (channel < width) { result[(row * width + channel) / 4] = vector; }
    }`;
  }
  return /* wgsl */ `
    ${head} {
      let first = row * width + channel;
      if (channel < width) { result[first] = vector.x; }
      if (channel + 1 < width) { result[first + 1] = vector.y; }
      if (channel + 2 < width) { result[first + 2] = vector.z; }
      if (channel + 3 < width) { result[first + 3] = vector.w; }
    }`;
}
