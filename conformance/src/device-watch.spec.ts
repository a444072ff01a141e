import { watchDevice, type WatchedDevice } from './device-watch.js';

describe('watchDevice', () => {
  it('hands over what the device reports while it is watched', async () => {
    const device = deviceThat({});
    const errors = watchDevice(device);
    report(device, 'broken shader');
    expect(await errors()).toEqual(['webgpu: broken shader']);
    report(device, 'of the next case');
    expect(await errors()).toEqual(['webgpu: broken shader']);
  });

  it('says that the device was lost', async () => {
    const lost = Promise.resolve({ reason: 'destroyed', message: 'out of memory' });
    expect(await watchDevice(deviceThat({ lost }))()).toEqual([
      'webgpu: the device was lost (destroyed): out of memory',
    ]);
  });

  it('has nothing to say on other backends', async () => {
    expect(await watchDevice(null)()).toEqual([]);
  });
});

function deviceThat(change: Partial<WatchedDevice>): WatchedDevice {
  const healthy = {
    lost: new Promise<never>(() => undefined),
    queue: { onSubmittedWorkDone: () => Promise.resolve(undefined) },
  };
  return Object.assign(new EventTarget(), healthy, change);
}

function report(device: WatchedDevice, message: string): void {
  device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message } }));
}
