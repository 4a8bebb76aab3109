/** Little-endian IEEE 754 half-precision numbers. (`Float16Array` is younger than the oldest browser that Attune runs in.) */

/** A byte left over is dropped. */
export function readFloat16(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: bytes.length >> 1 }, (_, at) => {
    const bits = bytes[2 * at]! | (bytes[2 * at + 1]! << 8);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
