import { zipSync } from 'fflate';
import { colourOf, labels, unlabelled, type Label } from '@tfjs-sparse/lidar-minkunet';
import type { ResultFile } from '../../src/demo.js';
import type { Scan } from './demo.js';

/** The numbers of SemanticKITTI's classes: road, building, car, person, pole, vegetation. */
const semanticKitti: Readonly<Record<Label, number>> = {
  ground: 40,
  building: 50,
  vehicle: 10,
  person: 30,
  pole: 80,
  vegetation: 70,
};

/**
 * A scan's labels, one per point of its file, as SemanticKITTI has them (uint32, little-endian; 0 for points that are no
 * numbers), its points with the colours of their labels (PLY), and points and labels as arrays of NumPy.
 *
 * @param stem     of the files' names
 * @param ofPoints uint8 `[points]`: index into the labels of the pack
 */
export function labelFiles(stem: string, scan: Scan, ofPoints: Uint8Array): ResultFile[] {
  const arrays = {
    'points.npy': npy('<f4', [ofPoints.length, 3], new Uint8Array(Float32Array.from(scan.points).buffer)),
    'labels.npy': npy('|u1', [ofPoints.length], ofPoints),
    'names.npy': npy('|S10', [labels.length], fixedTexts(labels, 10)),
  };
  return [
    { name: `${stem}.label`, contents: kittiLabels(scan, ofPoints) },
    { name: `${stem}.ply`, contents: colouredPly(scan.points, ofPoints) },
    { name: `${stem}.npz`, contents: zipSync(arrays) },
  ];
}

function kittiLabels({ rows, rowCount }: Scan, ofPoints: Uint8Array): Uint8Array {
  const all = new DataView(new ArrayBuffer(4 * (rowCount ?? ofPoints.length)));
  ofPoints.forEach((label, i) => {
    all.setUint32(4 * (rows ? rows[i] : i), label === unlabelled ? 0 : semanticKitti[labels[label]], true);
  });
  return new Uint8Array(all.buffer);
}

function colouredPly(points: Float32Array, ofPoints: Uint8Array): Uint8Array {
  const properties = ['float x', 'float y', 'float z', 'uchar red', 'uchar green', 'uchar blue', 'uchar label'];
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    ...labels.map((label, i) => `comment label ${i} ${label}`),
    `element vertex ${ofPoints.length}`,
    ...properties.map((property) => `property ${property}`),
    'end_header',
  ];
  const text = new TextEncoder().encode(`${header.join('\n')}\n`);
  const rowBytes = 16;
  const file = new Uint8Array(text.length + rowBytes * ofPoints.length);
  file.set(text);
  const view = new DataView(file.buffer, text.length);
  ofPoints.forEach((label, i) => {
    for (let axis = 0; axis < 3; axis++) view.setFloat32(rowBytes * i + 4 * axis, points[3 * i + axis], true);
    [...colourOf(label), label].forEach((byte, j) => view.setUint8(rowBytes * i + 12 + j, byte));
  });
  return file;
}

/** An array in NumPy's format, version 1.0. */
function npy(type: string, shape: readonly number[], values: Uint8Array): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const start = 10; // magic, version, length of the header
  const headerBytes = Math.ceil((start + text.length + 1) / 64) * 64 - start;
  const file = new Uint8Array(start + headerBytes + values.length);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, headerBytes & 255, headerBytes >> 8]);
  file.set(new TextEncoder().encode(`${text.padEnd(headerBytes - 1)}\n`), start);
  file.set(values, start + headerBytes);
  return file;
}

function fixedTexts(texts: readonly string[], bytes: number): Uint8Array {
  const file = new Uint8Array(texts.length * bytes);
  texts.forEach((text, i) => file.set(new TextEncoder().encode(text), i * bytes));
  return file;
}
