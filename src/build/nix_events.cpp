#include "ortforge/build/nix_events.hpp"

#include <utility>

#include "ortforge/base/json_reader.hpp"

namespace ortforge {
namespace {

// Numbers of Nix's own (src/libutil/logging.hh), the same since 2.0.
constexpr std::int64_t kBuild = 105;
constexpr std::int64_t kBuilds = 104;
constexpr std::int64_t kSubstitute = 108;
constexpr std::int64_t kLogLine = 101;
constexpr std::int64_t kPhase = 104;
constexpr std::int64_t kProgress = 105;
constexpr std::string_view kStart = "@nix ";

std::int64_t member_number(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string member_text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string text_field(const Json& json, std::size_t index) {
  const auto fields = json.find("fields");
  if (fields == json.end() || !fields->is_array() || fields->size() <= index) return {};
  const Json& field = (*fields)[index];
  return field.is_string() ? without_colours(field.get<std::string>()) : std::string();
}

std::int64_t number_field(const Json& json, std::size_t index) {
  const auto fields = json.find("fields");
  if (fields == json.end() || !fields->is_array() || fields->size() <= index) return 0;
  const Json& field = (*fields)[index];
  return field.is_number_integer() ? field.get<std::int64_t>() : 0;
}

void read_start(const Json& json, NixEvent& event) {
  const std::int64_t type = member_number(json, "type");
  if (type == kBuild) {
    event.kind = NixEvent::Kind::building;
    event.text = text_field(json, 0);
  } else if (type == kSubstitute) {
    event.kind = NixEvent::Kind::fetching;
    event.text = text_field(json, 0);
    event.from = text_field(json, 1);
  } else if (type == kBuilds) {
    event.kind = NixEvent::Kind::builds;
  }
}

void read_result(const Json& json, NixEvent& event) {
  const std::int64_t type = member_number(json, "type");
  if (type == kLogLine || type == kPhase) {
    event.kind = type == kPhase ? NixEvent::Kind::phase : NixEvent::Kind::log_line;
    event.text = text_field(json, 0);
  } else if (type == kProgress) {
    event.kind = NixEvent::Kind::counts;
    event.done = number_field(json, 0);
    event.expected = number_field(json, 1);
    event.failed = number_field(json, 3);
  }
}

// The message without Nix's excerpt of the expression, where it has a raw form.
void read_message(const Json& json, NixEvent& event) {
  event.kind = NixEvent::Kind::message;
  const std::string shown = without_colours(member_text(json, "msg"));
  const std::string raw = member_text(json, "raw_msg");
  // The level does not tell errors from warnings.
  event.error = shown.starts_with("error:");
  event.text = raw.empty() ? shown : without_colours(raw);
  event.file = member_text(json, "file");
  event.line = member_number(json, "line");
}

}  // namespace

NixEvent parse_nix_line(std::string_view line) {
  NixEvent event;
  event.kind = NixEvent::Kind::plain;
  event.text = without_colours(line);
  if (!line.starts_with(kStart)) return event;
  const Json json = Json::parse(line.substr(kStart.size()), nullptr, false);
  if (!json.is_object()) return event;
  event = {};
  event.activity = static_cast<std::uint64_t>(member_number(json, "id"));
  const std::string action = member_text(json, "action");
  if (action == "start") {
    read_start(json, event);
  } else if (action == "stop") {
    event.kind = NixEvent::Kind::stopped;
  } else if (action == "result") {
    read_result(json, event);
  } else if (action == "msg") {
    read_message(json, event);
  }
  return event;
}

std::string without_colours(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\033') {
      plain += text[i];
      continue;
    }
    if (i + 1 >= text.size() || text[i + 1] != '[') continue;
    // Parameters and intermediates up to a final byte.
    for (i += 2; i < text.size() && (text[i] < '@' || text[i] > '~'); ++i) {
    }
  }
  return plain;
}

std::string nix_name(std::string_view path) {
  constexpr std::size_t kHash = 32;
  constexpr std::string_view kDerivation = ".drv";
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.size() > kHash && name[kHash] == '-') name.remove_prefix(kHash + 1);
  if (name.ends_with(kDerivation)) name.remove_suffix(kDerivation.size());
  return std::string(name);
}

void NixEventReader::feed(std::string_view text) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    line_ += text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::string line = std::exchange(line_, {});
    if (!line.empty()) take_(parse_nix_line(line));
  }
  line_ += text;
}

void NixEventReader::finish() {
  const std::string line = std::exchange(line_, {});
  if (!line.empty()) take_(parse_nix_line(line));
}

}  // namespace ortforge
