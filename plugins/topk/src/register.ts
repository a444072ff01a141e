// Threads get the binaries of the kernels here, once there are some.
export {};
