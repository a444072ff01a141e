#!/bin/sh
# ./run conformance --backend webgpu [...] or ./run bench subm-conv --backend webgpu [...]
# Unpacks the kit on first use: beside this file, or below $TMPDIR where that is read-only.
# Needs sh, tar, and one of xz, busybox or python3; a Vulkan driver; glibc 2.34 or newer.
set -eu

case "${1-}" in
  conformance | bench) program=$1 && shift ;;
  *) echo 'usage: ./run conformance|bench [options]; ./run <either> --help' >&2 && exit 2 ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
archive=$here/kit.tar.xz

decompress() {
  if command -v xz >/dev/null; then xz -dc "$archive"
  elif command -v busybox >/dev/null; then busybox xz -dc "$archive"
  elif command -v python3 >/dev/null; then
    python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)' "$archive"
  else echo 'run: needs xz, busybox or python3 to unpack' >&2 && return 1
  fi
}

kit=$here/unpacked
if [ ! -d "$kit" ] && [ ! -w "$here" ]; then kit=${TMPDIR:-/tmp}/tfjs-sparse-gpu-kit-$(id -u)-$(cksum <"$archive" | cut -d' ' -f1); fi
if [ ! -d "$kit" ]; then
  echo "run: unpacking into $kit (once)" >&2
  rm -rf "$kit.part" && mkdir -p "$kit.part"
  decompress | tar -x -C "$kit.part"
  [ -x "$kit.part/bin/node" ] || exit 1
  mv "$kit.part" "$kit"
fi

# Containers of NVIDIA's runtime have the driver's description where the loader does not look.
nvidia=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "${VK_DRIVER_FILES-}" ] && [ -f "$nvidia" ]; then export VK_ADD_DRIVER_FILES="${VK_ADD_DRIVER_FILES-$nvidia}"; fi

export LD_LIBRARY_PATH="$kit/lib${LD_LIBRARY_PATH+:$LD_LIBRARY_PATH}"
exec "$kit/bin/node" "$kit/app/$program/dist/cli.js" "$@"
