// AssemblyScript source of the tensor kernel; `kernel-bytes.ts` is its compiled form (test/tensor/compile-kernel.ts).
// Plain SIMD only: every operation is exactly specified, so equal inputs give equal bits on every machine.
// Pointers are byte offsets into the imported memory; matrices are row-major f32.

/** C[m,n] (+)= A B. A's element (i,k) lies at a + 4 (i*rowStride + k*columnStride); B and C rows are contiguous. */
export function gemm(
  a: usize, rowStride: usize, columnStride: usize, b: usize, bStride: usize, c: usize, cStride: usize,
  m: usize, k: usize, n: usize, accumulate: bool,
): void {
  const rows4 = m & ~3, columns8 = n & ~7, columns4 = n & ~3;
  const rs = rowStride << 2, cs = columnStride << 2, bs = bStride << 2, ds = cStride << 2;
  for (let i: usize = 0; i < rows4; i += 4) {
    const a0 = a + i * rs, a1 = a0 + rs, a2 = a1 + rs, a3 = a2 + rs;
    const c0 = c + i * ds, c1 = c0 + ds, c2 = c1 + ds, c3 = c2 + ds;
    let j: usize = 0;
    for (; j < columns8; j += 8) {
      const o = j << 2;
      let r00 = f32x4.splat(0), r01 = r00, r10 = r00, r11 = r00, r20 = r00, r21 = r00, r30 = r00, r31 = r00;
      if (accumulate) {
        r00 = v128.load(c0 + o); r01 = v128.load(c0 + o, 16); r10 = v128.load(c1 + o); r11 = v128.load(c1 + o, 16);
        r20 = v128.load(c2 + o); r21 = v128.load(c2 + o, 16); r30 = v128.load(c3 + o); r31 = v128.load(c3 + o, 16);
      }
      let pb = b + o, pa: usize = 0;
      for (let x: usize = 0; x < k; x++) {
        const b0 = v128.load(pb), b1 = v128.load(pb, 16);
        let s = v128.load32_splat(a0 + pa);
        r00 = f32x4.add(r00, f32x4.mul(s, b0)); r01 = f32x4.add(r01, f32x4.mul(s, b1));
        s = v128.load32_splat(a1 + pa);
        r10 = f32x4.add(r10, f32x4.mul(s, b0)); r11 = f32x4.add(r11, f32x4.mul(s, b1));
        s = v128.load32_splat(a2 + pa);
        r20 = f32x4.add(r20, f32x4.mul(s, b0)); r21 = f32x4.add(r21, f32x4.mul(s, b1));
        s = v128.load32_splat(a3 + pa);
        r30 = f32x4.add(r30, f32x4.mul(s, b0)); r31 = f32x4.add(r31, f32x4.mul(s, b1));
        pb += bs; pa += cs;
      }
      v128.store(c0 + o, r00); v128.store(c0 + o, r01, 16); v128.store(c1 + o, r10); v128.store(c1 + o, r11, 16);
      v128.store(c2 + o, r20); v128.store(c2 + o, r21, 16); v128.store(c3 + o, r30); v128.store(c3 + o, r31, 16);
    }
    for (let r: usize = 0; r < 4; r++) rest(a0 + r * rs, cs, b, bs, c0 + r * ds, j, columns4, k, n, accumulate);
  }
  for (let i = rows4; i < m; i++) rest(a + i * rs, cs, b, bs, c + i * ds, 0, columns4, k, n, accumulate);
}

/** Columns from `j` on of one row. */
function rest(
  a: usize, cs: usize, b: usize, bs: usize, c: usize, j: usize, columns4: usize, k: usize, n: usize, accumulate: bool,
): void {
  for (; j < columns4; j += 4) {
    const o = j << 2;
    let r = accumulate ? v128.load(c + o) : f32x4.splat(0);
    let pa = a, pb = b + o;
    for (let x: usize = 0; x < k; x++) {
      r = f32x4.add(r, f32x4.mul(v128.load32_splat(pa), v128.load(pb)));
      pa += cs; pb += bs;
    }
    v128.store(c + o, r);
  }
  for (; j < n; j++) {
    const o = j << 2;
    let r: f32 = accumulate ? load<f32>(c + o) : 0;
    let pa = a, pb = b + o;
    for (let x: usize = 0; x < k; x++) {
      r += load<f32>(pa) * load<f32>(pb);
      pa += cs; pb += bs;
    }
    store<f32>(c + o, r);
  }
}

/** to[i] (+)= Σ weight · from[ids[x]] over x in offsets[i]..offsets[i+1]. Rows have `width` (multiple of 4) columns. */
export function gatherSum(
  from: usize, width: usize, ids: usize, weights: usize, offsets: usize, count: usize, to: usize, accumulate: bool,
): void {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++) {
    const first = load<u32>(offsets + (i << 2)), last = load<u32>(offsets + (i << 2), 4);
    const target = to + i * bytes;
    if (!accumulate) memory.fill(target, 0, bytes);
    for (let x: usize = first; x < last; x++) {
      const source = from + <usize>load<u32>(ids + (x << 2)) * bytes, w = v128.load32_splat(weights + (x << 2));
      for (let o: usize = 0; o < bytes; o += 16)
        v128.store(target + o, f32x4.add(v128.load(target + o), f32x4.mul(w, v128.load(source + o))));
    }
  }
}

/** The transpose of gatherSum: from[ids[x]] += weight · gradient[i]. */
export function scatterSum(
  gradient: usize, width: usize, ids: usize, weights: usize, offsets: usize, count: usize, to: usize,
): void {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++) {
    const first = load<u32>(offsets + (i << 2)), last = load<u32>(offsets + (i << 2), 4);
    const source = gradient + i * bytes;
    for (let x: usize = first; x < last; x++) {
      const target = to + <usize>load<u32>(ids + (x << 2)) * bytes, w = v128.load32_splat(weights + (x << 2));
      for (let o: usize = 0; o < bytes; o += 16)
        v128.store(target + o, f32x4.add(v128.load(target + o), f32x4.mul(w, v128.load(source + o))));
    }
  }
}

/** c (+)= a ∘ b over `count` (multiple of 4) elements. */
export function multiply(a: usize, b: usize, c: usize, count: usize, accumulate: bool): void {
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const product = f32x4.mul(v128.load(a + o), v128.load(b + o));
    v128.store(c + o, accumulate ? f32x4.add(v128.load(c + o), product) : product);
  }
}

/** c += factor · a over `count` (multiple of 4) elements. */
export function addScaled(a: usize, factor: f32, c: usize, count: usize): void {
  const f = f32x4.splat(factor);
  for (let o: usize = 0, end = count << 2; o < end; o += 16)
    v128.store(c + o, f32x4.add(v128.load(c + o), f32x4.mul(f, v128.load(a + o))));
}

/** Softsign x / (1 + |x|): smooth, bounded, exactly specified. `count` is a multiple of 4. */
export function softsign(a: usize, c: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = v128.load(a + o);
    v128.store(c + o, f32x4.div(x, f32x4.add(one, f32x4.abs(x))));
  }
}

/** gradient(x) += gradient(y) (1 - |y|)², with y = softsign(x). */
export function softsignBackward(y: usize, dy: usize, dx: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const slope = f32x4.sub(one, f32x4.abs(v128.load(y + o)));
    const step = f32x4.mul(v128.load(dy + o), f32x4.mul(slope, slope));
    v128.store(dx + o, f32x4.add(v128.load(dx + o), step));
  }
}

export function relu(a: usize, c: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) v128.store(c + o, f32x4.max(v128.load(a + o), zero));
}

/** gradient(x) += gradient(y) where y > 0. */
export function reluBackward(y: usize, dy: usize, dx: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const step = v128.and(v128.load(dy + o), f32x4.gt(v128.load(y + o), zero));
    v128.store(dx + o, f32x4.add(v128.load(dx + o), step));
  }
}

/** Log-softmax within each segment offsets[i]..offsets[i+1]; sums in f64. */
export function logSoftmax(a: usize, offsets: usize, count: usize, c: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const first = load<u32>(offsets + (i << 2)), last = load<u32>(offsets + (i << 2), 4);
    let most: f32 = -Infinity;
    for (let x: usize = first; x < last; x++) most = max(most, load<f32>(a + (x << 2)));
    let sum: f64 = 0;
    for (let x: usize = first; x < last; x++) sum += NativeMath.exp(<f64>(load<f32>(a + (x << 2)) - most));
    const normaliser = <f64>most + NativeMath.log(sum);
    for (let x: usize = first; x < last; x++) store<f32>(c + (x << 2), <f32>(<f64>load<f32>(a + (x << 2)) - normaliser));
  }
}

/** gradient(x) += gradient(y) - softmax · Σ gradient(y) per segment, with y = logSoftmax(x). */
export function logSoftmaxBackward(y: usize, dy: usize, offsets: usize, count: usize, dx: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const first = load<u32>(offsets + (i << 2)), last = load<u32>(offsets + (i << 2), 4);
    let sum: f64 = 0;
    for (let x: usize = first; x < last; x++) sum += <f64>load<f32>(dy + (x << 2));
    for (let x: usize = first; x < last; x++) {
      const o = x << 2;
      const step = <f64>load<f32>(dy + o) - NativeMath.exp(<f64>load<f32>(y + o)) * sum;
      store<f32>(dx + o, load<f32>(dx + o) + <f32>step);
    }
  }
}

/** Adam (Kingma & Ba 2015, algorithm 1): `rate` and `epsilon` already hold the bias corrections. */
export function adam(
  weights: usize, gradient: usize, mean: usize, square: usize, count: usize,
  rate: f32, beta1: f32, beta2: f32, epsilon: f32, scale: f32,
): void {
  const b1 = f32x4.splat(beta1), n1 = f32x4.splat(1 - beta1), b2 = f32x4.splat(beta2), n2 = f32x4.splat(1 - beta2);
  const r = f32x4.splat(rate), e = f32x4.splat(epsilon), s = f32x4.splat(scale);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const g = f32x4.mul(v128.load(gradient + o), s);
    const m = f32x4.add(f32x4.mul(b1, v128.load(mean + o)), f32x4.mul(n1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(square + o)), f32x4.mul(n2, f32x4.mul(g, g)));
    v128.store(mean + o, m);
    v128.store(square + o, v);
    const step = f32x4.div(f32x4.mul(r, m), f32x4.add(f32x4.sqrt(v), e));
    v128.store(weights + o, f32x4.sub(v128.load(weights + o), step));
  }
}

export function sumOfSquares(a: usize, count: usize): f64 {
  let sum: f64 = 0;
  for (let o: usize = 0, end = count << 2; o < end; o += 4) {
    const x = <f64>load<f32>(a + o);
    sum += x * x;
  }
  return sum;
}
