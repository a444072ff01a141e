import { floatOrderCode, workgroupThreads } from '@tfjs-sparse/core';

/**
 * WGSL that writes the indices of the greatest values of each row to `result` `[rows, k]`, one workgroup per row.
 *
 * Each thread keeps the maxima of `maxima` chunks of the row. At least k values reach the k-th greatest of all these, and
 * those that do are listed, in any order, and ranked. Where they are more than `capacity`, mostly because many are equal,
 * bisection over the keys and, among equal ones, over the indices finds the last entry exactly: up to 64 more passes.
 *
 * @param count WGSL: how many of `row`, at most k and at most `capacity`
 */
export function selectionCode(maxima: number, capacity: number, count: string): string {
  const chunks = workgroupThreads * maxima;
  return /* wgsl */ `
    ${floatOrderCode}
    const noKey = -2147483647 - 1; // below the key of any float
    var<workgroup> maxima : array<i32, ${chunks}>;
    var<workgroup> keys : array<i32, ${capacity}>;
    var<workgroup> places : array<i32, ${capacity}>;
    var<workgroup> bound : i32;
    var<workgroup> counter : atomic<i32>;
    var<workgroup> total : i32;

    // How many of what the threads counted; the same for all of them.
    fn totalOf(own : i32, thread : i32) -> i32 {
      if (thread == 0) { atomicStore(&counter, 0); }
      workgroupBarrier();
      atomicAdd(&counter, own);
      workgroupBarrier();
      if (thread == 0) { total = atomicLoad(&counter); }
      return workgroupUniformLoad(&total);
    }

    fn keyAt(row : i32, place : i32) -> i32 { return keyOf(x[row * uniforms.width + place]); }

    fn main(index : i32) {
      let thread = index % ${workgroupThreads};
      let row = index / ${workgroupThreads};
      // A workgroup beyond the last row does nothing, but comes to every barrier.
      let width = select(0, uniforms.width, row < uniforms.rows);
      var count = 0;
      if (row < uniforms.rows) { count = ${count}; }

      for (var chunk = thread; chunk < ${chunks}; chunk += ${workgroupThreads}) {
        var greatest = noKey;
        for (var place = chunk; place < width; place += ${chunks}) { greatest = max(greatest, keyAt(row, place)); }
        maxima[chunk] = greatest;
      }
      if (thread == 0) { bound = noKey; }
      workgroupBarrier();
      for (var chunk = thread; chunk < ${chunks}; chunk += ${workgroupThreads}) {
        var rank = 0;
        for (var other = 0; other < ${chunks}; other++) {
          if (maxima[other] > maxima[chunk] || (maxima[other] == maxima[chunk] && other < chunk)) { rank++; }
        }
        if (rank == count - 1) { bound = maxima[chunk]; }
      }
      let least = workgroupUniformLoad(&bound);

      var reaching = 0;
      for (var place = thread; place < width; place += ${workgroupThreads}) { reaching += i32(keyAt(row, place) >= least); }
      let most = totalOf(reaching, thread);
      var lastKey = least;
      var lastPlace = width;
      if (most > ${capacity}) {
        // Loops with barriers have as many turns in every workgroup. From lowKey on there are count values or more, from
        // highKey on fewer.
        var lowKey = least;
        var highKey = 0x7fffffff;
        for (var step = 0; step < 32; step++) {
          let middle = (lowKey & highKey) + ((lowKey ^ highKey) >> 1u);
          var own = 0;
          for (var place = thread; place < width; place += ${workgroupThreads}) { own += i32(keyAt(row, place) >= middle); }
          if (totalOf(own, thread) >= count) { lowKey = middle; } else { highKey = middle; }
        }
        lastKey = lowKey;
        var above = 0;
        for (var place = thread; place < width; place += ${workgroupThreads}) { above += i32(keyAt(row, place) > lastKey); }
        let equals = count - totalOf(above, thread);
        // Among the first lowPlace values fewer than equals are equal to the last, among the first lastPlace as many.
        var lowPlace = 0;
        for (var step = 0; step < 32; step++) {
          let middle = (lowPlace + lastPlace) / 2;
          var own = 0;
          for (var place = thread; place < middle; place += ${workgroupThreads}) { own += i32(keyAt(row, place) == lastKey); }
          if (totalOf(own, thread) >= equals) { lastPlace = middle; } else { lowPlace = middle; }
        }
      }

      if (thread == 0) { atomicStore(&counter, 0); }
      workgroupBarrier();
      for (var place = thread; place < width; place += ${workgroupThreads}) {
        let key = keyAt(row, place);
        if (key > lastKey || (key == lastKey && place < lastPlace)) {
          let slot = atomicAdd(&counter, 1);
          keys[slot] = key;
          places[slot] = place;
        }
      }
      workgroupBarrier();
      let listed = atomicLoad(&counter);
      for (var slot = thread; slot < listed; slot += ${workgroupThreads}) {
        var rank = 0;
        for (var other = 0; other < listed; other++) {
          let isBefore = keys[other] > keys[slot] || (keys[other] == keys[slot] && places[other] < places[slot]);
          rank += i32(isBefore); // of equal values the lower index first
        }
        if (rank < count) { result[row * uniforms.k + rank] = places[slot]; }
      }
      if (row < uniforms.rows) {
        for (var free = count + thread; free < uniforms.k; free += ${workgroupThreads}) { result[row * uniforms.k + free] = -1; }
      }
    }`;
}
