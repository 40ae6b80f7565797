// An ELF file as libelf has it open. Inner header of `audit`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "late_elf.hpp"

#include "ortforge/base/result.hpp"

namespace ortforge::audit_detail {

class ElfFile {
 public:
  // Maps the file, so that only what is looked at is read. Error: missing (unreadable, or the machine has no
  // libelf), bad_input (no ELF file, or its table of sections is not inside).
  static Result<ElfFile> open(const std::filesystem::path& file);
  // The same from the bytes of a file; `name` stands for it in messages. Errors: missing (no libelf),
  // bad_input as above.
  static Result<ElfFile> of_bytes(std::string_view bytes, const std::string& name);

  Elf* handle() const { return elf_.get(); }
  const std::string& name() const { return name_; }
  // "libdemo.so: damaged or cut short": what libelf cannot give, because an offset or a size leads outside.
  tl::unexpected<Error> damaged() const;

 private:
  struct EndElf {
    void operator()(Elf* elf) const;
  };
  class Descriptor {
   public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    int number() const { return number_; }

   private:
    int number_;
  };

  ElfFile(std::string name, Descriptor file, std::vector<char> image)
      : name_(std::move(name)), file_(std::move(file)), image_(std::move(image)) {}

  Result<void> check() const;

  std::string name_;
  Descriptor file_;          // none: the bytes are in memory
  std::vector<char> image_;  // libelf asks for memory it could write to
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Elf, EndElf> elf_;  // goes before what it reads
};

}  // namespace ortforge::audit_detail
