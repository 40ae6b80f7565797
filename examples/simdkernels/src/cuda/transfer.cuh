#pragma once

#include <cstddef>
#include <cstdint>

#include "device.cuh"

namespace simdkernels::cuda {

// A row-major matrix on the host: rows x cols elements of element bytes, leading elements from row to row.
struct HostMatrix {
  const void* data;
  std::int64_t rows;
  std::int64_t cols;
  std::int64_t leading;
  std::size_t element;

  std::size_t row_bytes() const { return static_cast<std::size_t>(cols) * element; }
  std::size_t pitch() const { return static_cast<std::size_t>(leading) * element; }
  std::size_t bytes() const { return static_cast<std::size_t>(rows) * row_bytes(); }
  bool dense() const { return leading == cols || rows == 1; }
};

// Copies the matrix into the buffer, rows without gaps. An empty matrix is no copy.
inline cudaError_t copy_in(const HostMatrix& from, DeviceBuffer& to) {
  if (from.bytes() == 0) return cudaSuccess;
  const cudaError_t error = to.reserve(from.bytes());
  if (error != cudaSuccess) return error;
  if (from.dense()) return cudaMemcpy(to.data(), from.data, from.bytes(), cudaMemcpyHostToDevice);
  return cudaMemcpy2D(to.data(), from.row_bytes(), from.data, from.pitch(), from.row_bytes(),
                      static_cast<std::size_t>(from.rows), cudaMemcpyHostToDevice);
}

// Copies the buffer, rows without gaps, to data, which is laid out as the matrix says; waits for the device.
inline cudaError_t copy_out(const DeviceBuffer& from, const HostMatrix& layout, void* data) {
  if (layout.dense()) return cudaMemcpy(data, from.data(), layout.bytes(), cudaMemcpyDeviceToHost);
  return cudaMemcpy2D(data, layout.pitch(), from.data(), layout.row_bytes(), layout.row_bytes(),
                      static_cast<std::size_t>(layout.rows), cudaMemcpyDeviceToHost);
}

// Copies the operands of a product to the device, calls launch(a, b, c, m, n, k) on the dense copies, and
// copies c back. A is m x k, B is k x n, or n x k when b_transposed. launch starts one kernel.
template <class A, class B, class C, class Launch>
sk_status run_product(void* opaque, const sk_product& p, bool b_transposed, sk_message* why, Launch launch) {
  State& state = *static_cast<State*>(opaque);
  const DeviceScope scope(state.device);
  const HostMatrix a{p.a, p.m, p.k, p.lda, sizeof(A)};
  const HostMatrix b = b_transposed ? HostMatrix{p.b, p.n, p.k, p.ldb, sizeof(B)}
                                    : HostMatrix{p.b, p.k, p.n, p.ldb, sizeof(B)};
  const HostMatrix c{p.c, p.m, p.n, p.ldc, sizeof(C)};

  sk_status status = status_of(scope.error(), "choosing the device", why);
  if (status == SK_OK) status = status_of(copy_in(a, state.a), "copying a to the device", why);
  if (status == SK_OK) status = status_of(copy_in(b, state.b), "copying b to the device", why);
  if (status == SK_OK) status = status_of(state.c.reserve(c.bytes()), "allocating c on the device", why);
  if (status != SK_OK) return status;

  launch(static_cast<const A*>(state.a.data()), static_cast<const B*>(state.b.data()),
         static_cast<C*>(state.c.data()), p.m, p.n, p.k);
  status = status_of(cudaGetLastError(), "starting the kernel", why);
  if (status != SK_OK) return status;
  return status_of(copy_out(state.c, c, p.c), "computing c and copying it back", why);
}

}  // namespace simdkernels::cuda
