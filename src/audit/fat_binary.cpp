#include "fat_binary.hpp"

namespace ortforge::audit_detail {
namespace {

constexpr std::uint64_t kMagic = 0xBA55ED50;
constexpr std::size_t kContainerHeader = 16;
constexpr std::size_t kEntryHeader = 48;  // what is read of it; it is longer
constexpr std::uint64_t kHighestSm = 9999;
constexpr std::uint64_t kArchitectureSpecific = 1U << 20U;
constexpr std::uint64_t kFamilySpecific = 1U << 21U;

class Walk {
 public:
  Walk(std::string_view bytes, const std::string& place) : bytes_(bytes), place_(place) {}

  Result<std::vector<std::vector<FatEntry>>> all() {
    while (skip_padding()) ORTFORGE_CHECK(container());
    return std::move(containers_);
  }

 private:
  template <class... Args>
  tl::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) const {
    return fail(ErrorKind::bad_input, "{} at {:#x}: {}", place_, at_,
                fmt::format(format, std::forward<Args>(args)...));
  }

  // The number in `count` bytes, which are inside, `offset` bytes further on.
  std::uint64_t number(std::size_t offset, std::size_t count) const {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;)
      value = (value << 8U) | static_cast<unsigned char>(bytes_[at_ + offset + i]);
    return value;
  }

  bool skip_padding() {
    while (at_ < bytes_.size() && bytes_[at_] == '\0') ++at_;
    return at_ < bytes_.size();
  }

  Result<void> container() {
    if (bytes_.size() - at_ < kContainerHeader) return wrong("a fat binary is cut short");
    if (number(0, 4) != kMagic)
      return wrong("expected a fat binary ({:08x}), found {:08x}", kMagic, number(0, 4));
    if (number(4, 2) != 1) return wrong("expected version 1 of a fat binary, found {}", number(4, 2));
    const std::size_t left = bytes_.size() - at_;
    const std::uint64_t header = number(6, 2);
    const std::uint64_t size = number(8, 8);
    if (header < kContainerHeader || header > left || size > left - header)
      return wrong("a fat binary of {} + {} bytes where {} are left", header, size, left);
    at_ += header;
    const std::size_t end = at_ + size;
    containers_.emplace_back();
    while (at_ < end) ORTFORGE_CHECK(entry(end - at_));
    return {};
  }

  Result<void> entry(std::size_t left) {
    if (left < kEntryHeader) return wrong("an entry is cut short");
    if (number(2, 2) != 0x0101) return wrong("expected version 0x101 of an entry, found {:#x}", number(2, 2));
    const std::uint64_t header = number(4, 4);
    const std::uint64_t payload = number(8, 8);
    if (header < kEntryHeader || header > left || payload > left - header)
      return wrong("an entry of {} + {} bytes where {} are left", header, payload, left);
    const std::uint64_t sm = number(28, 4);
    if (sm == 0 || sm > kHighestSm) return wrong("expected the number of an SM, found {}", sm);
    const std::uint64_t flags = number(40, 8);
    FatEntry found;
    found.kind = static_cast<std::uint16_t>(number(0, 2));
    found.minor = static_cast<std::uint16_t>(number(24, 2));
    found.major = static_cast<std::uint16_t>(number(26, 2));
    found.sm = static_cast<int>(sm);
    if ((flags & kFamilySpecific) != 0) found.suffix = "f";
    if ((flags & kArchitectureSpecific) != 0) found.suffix = "a";
    containers_.back().push_back(found);
    at_ += header + payload;
    return {};
  }

  std::string_view bytes_;
  const std::string& place_;
  std::size_t at_ = 0;
  std::vector<std::vector<FatEntry>> containers_;
};

}  // namespace

Result<std::vector<std::vector<FatEntry>>> read_fat_binaries(std::string_view bytes,
                                                             const std::string& place) {
  return Walk(bytes, place).all();
}

}  // namespace ortforge::audit_detail
