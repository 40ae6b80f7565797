#include "support/fat_binary.hpp"

#include <cstddef>

namespace ortforge {
namespace {

// A little-endian number.
void put(std::string& bytes, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
}

// Elf64_Shdr.
std::string section_header(std::size_t name, std::uint32_t type, std::size_t offset, std::size_t size) {
  std::string header;
  put(header, name, 4);
  put(header, type, 4);
  put(header, 0, 8 + 8);  // flags, address
  put(header, offset, 8);
  put(header, size, 8);
  put(header, 0, 4 + 4);  // link, info
  put(header, 1, 8);      // alignment
  put(header, 0, 8);
  return header;
}

}  // namespace

std::string fat_binary(const std::vector<FatCode>& codes) {
  std::string entries;
  for (const FatCode& code : codes) {
    std::string entry;
    put(entry, code.kind, 2);
    put(entry, 0x101, 2);
    put(entry, code.header, 4);
    put(entry, code.payload, 8);
    put(entry, 0, 4 + 4);
    put(entry, code.minor, 2);
    put(entry, code.major, 2);
    put(entry, code.sm, 4);
    put(entry, 0, 4 + 4);
    put(entry, code.flags, 8);
    entry.resize(code.header, '\0');
    entries += entry + std::string(code.payload, 'x');
  }
  std::string bytes;
  put(bytes, 0xBA55ED50, 4);
  put(bytes, 1, 2);
  put(bytes, 16, 2);
  put(bytes, entries.size(), 8);
  return bytes + entries;
}

std::string elf_file(const std::vector<std::pair<std::string, std::string>>& sections) {
  constexpr std::size_t kHeader = 64;
  std::string contents;
  std::string names(1, '\0');
  std::string table(kHeader, '\0');  // of no section
  for (const auto& [name, content] : sections) {
    table += section_header(names.size(), 1, kHeader + contents.size(), content.size());
    contents += content;
    names += name + '\0';
  }
  const std::size_t own_name = names.size();
  names += std::string(".shstrtab") + '\0';
  table += section_header(own_name, 3, kHeader + contents.size(), names.size());
  contents += names;
  contents.resize((contents.size() + 7) / 8 * 8, '\0');

  std::string header = "\177ELF\2\1\1";  // 64 bits, little-endian
  header.resize(16, '\0');
  put(header, 3, 2);   // shared object
  put(header, 62, 2);  // x86-64
  put(header, 1, 4);
  put(header, 0, 8 + 8);
  put(header, kHeader + contents.size(), 8);
  put(header, 0, 4);
  put(header, kHeader, 2);
  put(header, 0, 2 + 2);
  put(header, 64, 2);
  put(header, sections.size() + 2, 2);
  put(header, sections.size() + 1, 2);
  return header + contents + table;
}

}  // namespace ortforge
