#include "share.hpp"

#include <algorithm>

namespace ortforge::build_detail {
namespace {

std::size_t fitting(std::uint64_t memory, std::uint64_t process, std::size_t most) {
  if (process == 0 || memory / process >= most) return most;
  return static_cast<std::size_t>(memory / process);
}

}  // namespace

void Load::add(const Share& share) {
  ++steps;
  jobs += share.jobs;
  bytes += share.bytes;
  alone = alone || share.alone;
}

Share fitting_share(const Demand& demand, std::size_t jobs, std::uint64_t memory) {
  const std::uint64_t peak = std::max(demand.peak_bytes, demand.ordinary_bytes);
  Share share;
  share.heavy_jobs = std::max<std::size_t>(1, fitting(memory, peak, jobs));
  const std::uint64_t taken = share.heavy_jobs * peak;
  const std::size_t ordinary =
      fitting(memory - std::min(memory, taken), demand.ordinary_bytes, jobs - share.heavy_jobs);
  share.jobs = share.heavy_jobs + ordinary;
  share.bytes = taken + ordinary * demand.ordinary_bytes;
  return share;
}

}  // namespace ortforge::build_detail
