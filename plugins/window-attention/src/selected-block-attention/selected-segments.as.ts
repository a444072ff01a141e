// The segments of a panel of eight queries (attention-plan.ts), made of the blocks listed for each of them.

let segmentsEnd: usize = 0;
let bitsEnd: usize = 0;
let segmentsStart: usize = 0;
let bitsStart: usize = 0;

/** Bytes of the segments, and again of the bits, that a panel can have. */
export function selectedSegmentsBytes(keys: usize, keyBlock: usize): usize {
  const blocks = (keys + keyBlock - 1) / keyBlock;
  return min((keys >> 2) + 1, blocks * ((keyBlock >> 2) + 2)) * 12 + 16;
}

/**
 * @param blocks i32[blocks of queries, width]: blocks of keys, or negative  @param first first query of the panel
 * @param seenBlocks u8[blocks of keys], all 0 before and after  @param segments i32[.., 3]  @param bits u32[]
 * @param bitsBase what the words in segments count from
 * @returns where the segments end
 */
export function selectSegments(
  blocks: usize,
  width: usize,
  queryBlock: usize,
  keyBlock: usize,
  isCausal: bool,
  first: usize,
  count: usize,
  queries: usize,
  keys: usize,
  seenBlocks: usize,
  segments: usize,
  bits: usize,
  bitsBase: usize,
): usize {
  segmentsStart = segmentsEnd = segments;
  bitsStart = bitsBase;
  bitsEnd = bits;
  const keyBlocks = (keys + keyBlock - 1) / keyBlock;
  let least = keyBlocks, most: usize = 0;
  for (let query: usize = 0; query < count; query++) {
    const list = blocks + ((first + query) / queryBlock) * (width << 2);
    for (let i: usize = 0; i < width; i++) {
      const block = load<i32>(list + (i << 2));
      if (block < 0 || (block as usize) >= keyBlocks) continue;
      const byte = seenBlocks + (block as usize);
      store<u8>(byte, ((load<u8>(byte) as i32) | (1 << (query as i32))) as u8);
      least = min(least, block as usize);
      most = max(most, (block as usize) + 1);
    }
  }
  const all: i32 = (1 << (count as i32)) - 1;
  const position = (first + keys) as i32 - (queries as i32); // of the first query among the keys
  for (let block = least; block < most; block++) {
    const byte = load<u8>(seenBlocks + block) as i32;
    if (byte == 0) continue;
    store<u8>(seenBlocks + block, 0);
    let end = min((block + 1) * keyBlock, keys) as i32;
    if (isCausal) end = min(end, position + (count as i32));
    for (let key = (block * keyBlock) as i32; key < end; ) {
      const isWhole = (key & 3) == 0 && key + 4 <= end && byte == all && !(isCausal && key + 3 > position);
      if (isWhole) addFour(key >> 2);
      else addKey(key, isCausal ? byte & upTo(key - position) : byte);
      key += isWhole ? 4 : 1;
    }
  }
  return segmentsEnd;
}

/** Where the bits end that selectSegments wrote last. */
export function selectedBitsEnd(): usize {
  return bitsEnd;
}

/** Bits of the queries that are not before a key, which is `distance` behind the first query. */
function upTo(distance: i32): i32 {
  return distance <= 0 ? 255 : distance > 7 ? 0 : (255 << distance) & 255;
}

function addFour(four: i32): void {
  const last = segmentsEnd - 12;
  const follows = segmentsEnd > segmentsStart && load<i32>(last, 8) < 0 && load<i32>(last) + load<i32>(last, 4) == four;
  if (follows) store<i32>(last, load<i32>(last, 4) + 1, 4);
  else addSegment(four, -1);
}

function addKey(key: i32, byte: i32): void {
  if (byte == 0) return;
  const four = key >> 2;
  const last = segmentsEnd - 12;
  const isPartial = segmentsEnd > segmentsStart && load<i32>(last, 8) >= 0;
  const end = isPartial ? load<i32>(last) + load<i32>(last, 4) : 0;
  if (!isPartial || end != four + 1) {
    if (isPartial && end == four) store<i32>(last, load<i32>(last, 4) + 1, 4);
    else addSegment(four, ((bitsEnd - bitsStart) >> 2) as i32);
    store<u32>(bitsEnd, 0);
    bitsEnd += 4;
  }
  store<u8>(bitsEnd - 4 + ((key & 3) as usize), byte as u8);
}

function addSegment(four: i32, word: i32): void {
  store<i32>(segmentsEnd, four);
  store<i32>(segmentsEnd, 1, 4);
  store<i32>(segmentsEnd, word, 8);
  segmentsEnd += 12;
}
