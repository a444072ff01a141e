/** How the curve lies in a cell: axis i of the curve is axis `axes[i]` of space, backwards where `isReversed[i]`. */
interface CurveState {
  readonly axes: readonly number[];
  readonly isReversed: readonly number[];
}

/** The Hilbert curve of J. Skilling (Programming the Hilbert curve, 2004) as an automaton that takes cells from the top on. */
export interface HilbertStates {
  /** Levels of the cube that one step takes. */
  readonly levels: number;
  /**
   * Int32 `[states, 2^(levels * axes)]`: the cell, as a Z-order code, leads to `first entry of the next state << 8 | digits
   * of the Gray code`.
   */
  readonly entries: Int32Array;
  /** First entries of the states to start in: with whole steps, and with so many levels of zeros above the cube. */
  readonly starts: readonly number[];
}

/** By number of axes; they live as long as the page. */
const automata = new Map<number, HilbertStates>();

export function hilbertStates(axisCount: number): HilbertStates {
  let states = automata.get(axisCount);
  if (!states) automata.set(axisCount, (states = makeStates(axisCount)));
  return states;
}

/** Bits of a step: as many levels as the entries fit the nearest cache with, which are 12 kB of three axes, 24 of four. */
const stepBits: Readonly<Record<number, number>> = { 1: 6, 2: 6, 3: 6, 4: 4 };

function makeStates(axisCount: number): HilbertStates {
  const cells = 2 ** axisCount;
  const single = singleSteps(axisCount);
  const levels = stepBits[axisCount] / axisCount;
  let steps = single;
  for (let level = 1; level < levels; level++) {
    steps = steps.flatMap((upper) =>
      single.slice(upper.next * cells, (upper.next + 1) * cells).map((lower) => {
        return { next: lower.next, digit: upper.digit * cells + lower.digit };
      }),
    );
  }
  const entries = steps.map(({ next, digit }) => (next * cells ** levels * 256) | digit);
  const above = [0];
  while (above.length < levels) {
    const [below] = above.slice(-1);
    above.push(single.findIndex(({ next, digit }, i) => i % cells === 0 && next === below && digit === 0) / cells);
  }
  return { levels, entries: Int32Array.from(entries), starts: above.map((state) => state * cells ** levels) };
}

/** What a cell does in a state, `[states, 2^axes]`; state 0 is that of the whole cube. */
function singleSteps(axisCount: number): { next: number; digit: number }[] {
  const cells = 2 ** axisCount;
  const all = Array.from({ length: axisCount }, (_, axis) => axis);
  const states: CurveState[] = [{ axes: all, isReversed: all.map(() => 0) }];
  const numbers = new Map([[nameOf(states[0]), 0]]);
  const steps: { next: number; digit: number }[] = [];
  for (const state of states) {
    for (let cell = 0; cell < cells; cell++) {
      const bits = state.axes.map((axis, i) => ((cell >> (axisCount - 1 - axis)) & 1) ^ state.isReversed[i]);
      const inside = within(state, bits);
      let next = numbers.get(nameOf(inside));
      if (next === undefined) {
        numbers.set(nameOf(inside), (next = states.length));
        states.push(inside); // which the loop over states comes to
      }
      steps.push({ next, digit: bits.reduce((code, bit) => code * 2 + bit, 0) });
    }
  }
  return steps;
}

/** Where the bit of an axis is set, the lower bits of the first axis turn; else the two axes swap theirs. */
function within(state: CurveState, bits: readonly number[]): CurveState {
  const [axes, isReversed] = [[...state.axes], [...state.isReversed]];
  bits.forEach((bit, i) => {
    if (bit) isReversed[0] ^= 1;
    else {
      [axes[0], axes[i]] = [axes[i], axes[0]];
      [isReversed[0], isReversed[i]] = [isReversed[i], isReversed[0]];
    }
  });
  return { axes, isReversed };
}

function nameOf({ axes, isReversed }: CurveState): string {
  return [...axes, ...isReversed].join();
}
