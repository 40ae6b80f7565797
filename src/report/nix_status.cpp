#include <ostream>

#include "ortforge/base/text.hpp"
#include "ortforge/report/nix_build.hpp"

namespace ortforge {

std::string nix_status_line(const NixProgress& view, std::size_t width) {
  std::string line = fmt::format("[{}/{}]", view.done, view.total);
  if (view.failed > 0) line += fmt::format(" {} failed", view.failed);
  std::string said;
  if (!view.running.empty()) {
    const NixProgress::Running& first = view.running.front();
    line += " " + first.name;
    if (!first.phase.empty()) line += " " + first.phase;
    if (view.running.size() > 1) line += fmt::format(" +{} more", view.running.size() - 1);
    said = first.line;
  }
  const std::string time = ", " + format_duration(Milliseconds{view.elapsed_ms});
  // What it printed last gives way before all else.
  if (width == 0) {
    if (!said.empty()) line += ": " + said;
  } else if (!said.empty() && line.size() + time.size() + 8 < width) {
    const std::size_t room = width - line.size() - time.size() - 2;
    line += ": " + (said.size() > room ? said.substr(0, room - 1) + "…" : said);
  }
  line += time;
  if (width > 1 && line.size() > width + 2) line = line.substr(0, width - 1) + "…";
  return line;
}

void NixReporter::print(const std::string& line) {
  if (!shown_.empty()) stream_ << "\r\033[K";
  stream_ << line << '\n';
  if (!shown_.empty()) stream_ << shown_;
  stream_.flush();
}

void NixReporter::show(const std::string& line) {
  if (line == shown_) return;
  stream_ << "\r\033[K" << line << std::flush;
  shown_ = line;
}

std::string NixReporter::painted(const char* code, const std::string& word) const {
  return style_.colours ? fmt::format("\033[{}m{}\033[0m", code, word) : word;
}

void NixReporter::evaluating(const std::string& variant) {
  if (style_.terminal && !style_.quiet) show("evaluating " + variant);
}

void NixReporter::started(const std::string& name) {
  if (!style_.quiet && !style_.terminal) print("start  " + name);
}

void NixReporter::output(const std::string& name, std::string_view line) {
  if (style_.verbose) print(fmt::format("{}> {}", name, line));
}

void NixReporter::built(const std::string& name, Milliseconds took) {
  if (!style_.quiet) print(fmt::format("{}  {}: {}", painted("32", "built"), name, format_duration(took)));
}

void NixReporter::failed(const std::string& name, const NixFailure& failure, const std::string& tail,
                         const std::string& log) {
  std::string text = fmt::format("{} {}: {}", painted("1;31", "failed"), name, failure.words);
  if (!trim(tail).empty()) {
    for (const std::string& line : split(trim(tail), '\n')) text += "\n  | " + line;
  }
  if (!log.empty()) text += fmt::format("\n  log:   {}/{}", home_, log);
  if (!failure.derivation.empty()) text += "\n  nix:   nix-store --read-log " + failure.derivation;
  if (!failure.hint.empty()) text += "\n  " + failure.hint;
  print(text);
}

void NixReporter::progress(const NixProgress& view) {
  if (style_.quiet || view.running.empty()) return;
  if (style_.terminal) return show(nix_status_line(view, style_.width));
  if (view.elapsed_ms < next_status_ms_) return;
  next_status_ms_ = view.elapsed_ms + 60000;
  print(nix_status_line(view, 0));
}

void NixReporter::close() {
  if (!shown_.empty()) stream_ << "\r\033[K" << std::flush;
  shown_.clear();
}

}  // namespace ortforge
