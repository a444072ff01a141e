import { CustomCallback } from '@tensorflow/tfjs-layers';
import { SingleBar } from 'cli-progress';

/**
 * A callback for `fit` in Node: one progress bar per epoch on stderr, with the loss and the metrics of the last batch,
 * then of the epoch. Where stderr is no terminal it prints one line per epoch.
 *
 * @param title written before the bar
 */
export function progressBar(title = ''): CustomCallback {
  const isTerminal = process.stderr.isTTY;
  let bar: SingleBar;
  const callback = new CustomCallback({
    onEpochBegin: async (epoch) => {
      const format = `${title} epoch ${epoch + 1}/${callback.params.epochs} {bar} {percentage}% {eta_formatted} {logs}`;
      bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: false });
      if (isTerminal) bar.start(Number(callback.params.steps), 0, { logs: '' });
    },
    onBatchEnd: async (batch, logs) => {
      if (isTerminal) bar.update(batch + 1, { logs: described(logs, ['batch', 'size']) });
    },
    onEpochEnd: async (epoch, logs) => {
      if (isTerminal) {
        bar.update(Number(callback.params.steps), { logs: described(logs) });
        bar.stop();
      } else process.stderr.write(`${title} epoch ${epoch + 1}/${callback.params.epochs} ${described(logs)}\n`);
    },
  });
  return callback;
}

function described(logs: object | undefined, left: readonly string[] = []): string {
  return Object.entries(logs ?? {})
    .filter(([name]) => !left.includes(name))
    .map(([name, value]) => `${name} ${Number(value).toFixed(4)}`)
    .join('  ');
}
