// Any text as a template: it is rendered, with nothing but known keys, or is an error with words.
#include <cstdlib>
#include <string_view>

#include "ortforge/recipe/template.hpp"

namespace {

// Names that the shipped templates use, so that their tags are reached.
ortforge::TemplateValues values() {
  ortforge::TemplateValues row;
  row.texts = {{"name", "core"}, {"value", "a \"quoted\" ${value}"}, {"directory", "src"}};
  ortforge::TemplateValues all;
  all.texts = {{"variant", "simdkernels-cpu-avx2"},
               {"branch", "1.0"},
               {"version", "1.0.0"},
               {"flags", "-mavx2;-mfma"}};
  all.switches = {{"cuda", true}, {"python", false}};
  all.lists = {{"options", {row, row}}, {"steps", {row}}, {"patches", {}}};
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const ortforge::TemplateValues known = values();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto language : {ortforge::TemplateLanguage::plain, ortforge::TemplateLanguage::cmake}) {
    const auto rendered = ortforge::render_template(text, "input", language, known);
    if (!rendered && !rendered.error().message.starts_with("input:")) std::abort();
  }
  return 0;
}
