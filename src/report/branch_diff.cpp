#include "ortforge/report/branch_diff.hpp"

#include <algorithm>

#include "markdown.hpp"
#include "range_json.hpp"
#include "wrapped.hpp"

#include "ortforge/base/json_reader.hpp"
#include "ortforge/base/text.hpp"

namespace ortforge {
namespace {

const char* word(EntryChange::Kind kind) {
  switch (kind) {
    case EntryChange::Kind::gained:
      return "gained";
    case EntryChange::Kind::lost:
      return "lost";
    case EntryChange::Kind::changed:
      break;
  }
  return "changed";
}

std::string side_text(const DiffSide& side) {
  return fmt::format("{}/{} {}", side.product, side.branch, side.version);
}

bool inside_character(const std::string& text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

// A text on one line: line ends as "\n", other control characters as "?".
std::string on_one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (c == '\n') {
      line += "\\n";
    } else {
      line += control ? '?' : c;
    }
  }
  return line;
}

// At most `room` columns of a text (0: all), from a byte on; "…" stands for what is left out.
std::string window(const std::string& text, std::size_t from, std::size_t room) {
  if (room == 0 || text.size() <= room) return text;
  while (from > 0 && inside_character(text, from)) --from;
  const std::string start = from == 0 ? "" : "…";
  std::string shown = start + text.substr(from);
  std::size_t columns = 0;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    if (inside_character(shown, at)) continue;
    if (++columns < room) continue;
    std::size_t next = at + 1;
    while (inside_character(shown, next)) ++next;
    if (next < shown.size()) return shown.substr(0, at) + "…";
  }
  return shown;
}

// Where the windows of two texts begin: a little before they begin to differ.
std::size_t first_to_show(const std::string& before, const std::string& after, std::size_t room) {
  const auto [left, right] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto same = static_cast<std::size_t>(left - before.begin());
  return same < room * 2 / 3 ? 0 : same - room / 3;
}

// One member of an entry, below its name.
std::string change_text(const MemberChange& change, std::size_t indent, std::size_t width) {
  const std::string start = std::string(indent, ' ') + change.member + ":";
  const std::string before = on_one_line(change.before.value_or(""));
  const std::string after = on_one_line(change.after.value_or(""));
  const std::string line =
      fmt::format("{} {} -> {}", start, before.empty() ? "(none)" : before, after.empty() ? "(none)" : after);
  if (width == 0 || line.size() <= width) return line + "\n";
  std::string text = start + "\n";
  const std::string inner(indent + 2, ' ');
  const std::size_t room = width > indent + 12 ? width - indent - 4 : 8;
  const std::size_t from = first_to_show(before, after, room);
  if (change.before) text += inner + "- " + window(before, std::min(from, before.size()), room) + "\n";
  if (change.after) text += inner + "+ " + window(after, std::min(from, after.size()), room) + "\n";
  return text;
}

std::string entry_text(const EntryChange& entry, std::size_t width) {
  if (entry.kind == EntryChange::Kind::changed) {
    std::string text = entry.name.empty() ? "" : "  " + entry.name + "\n";
    for (const MemberChange& change : entry.members)
      text += change_text(change, entry.name.empty() ? 2 : 4, width);
    return text;
  }
  std::vector<std::string> values;
  for (const MemberChange& change : entry.members)
    values.push_back(on_one_line(change.after.value_or(change.before.value_or(""))));
  const char* sign = entry.kind == EntryChange::Kind::gained ? "+" : "-";
  return window(fmt::format("  {} {}: {}", sign, entry.name, join(values, ", ")), 0, width) + "\n";
}

std::string ranges_text(const std::vector<VariantRange>& ranges, char sign, std::size_t width) {
  std::string text;
  for (const VariantRange& range : ranges)
    text += report_detail::wrapped(fmt::format("  {} ", sign), describe(range), 4, width);
  return text;
}

Json side_json(const DiffSide& side) {
  return {{"product", side.product},
          {"branch", side.branch},
          {"version", side.version},
          {"variants", side.variants}};
}

Json ranges_json(const std::vector<VariantRange>& ranges) {
  Json list = Json::array();
  for (const VariantRange& range : ranges) list.push_back(report_detail::range_json(range));
  return list;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + report_detail::markdown_cell(cell) + " |";
  return row + "\n";
}

std::string section_markdown(const DiffSection& section, const BranchDiff& diff) {
  std::string text = fmt::format("\n## {}\n\n", section.name) +
                     markdown_row({"Name", "Member", side_text(diff.before), side_text(diff.after)}) +
                     "|---|---|---|---|\n";
  for (const EntryChange& entry : section.entries) {
    for (const MemberChange& change : entry.members) {
      text += markdown_row({entry.name.empty() ? "-" : "`" + entry.name + "`", change.member,
                            change.before.value_or("-"), change.after.value_or("-")});
    }
  }
  return text;
}

}  // namespace

std::string branch_diff_text(const BranchDiff& diff, std::size_t width) {
  std::string text = fmt::format("{} -> {}\n", side_text(diff.before), side_text(diff.after));
  if (diff.empty()) return text + "no difference\n";
  for (const DiffSection& section : diff.sections) {
    text += "\n" + section.name + "\n";
    for (const EntryChange& entry : section.entries) text += entry_text(entry, width);
  }
  if (diff.gained.empty() && diff.lost.empty()) return text;
  text += fmt::format("\nvariants: {} -> {}\n", diff.before.variants, diff.after.variants);
  return text + ranges_text(diff.lost, '-', width) + ranges_text(diff.gained, '+', width);
}

std::string branch_diff_json(const BranchDiff& diff) {
  Json json{{"schema", "diff/1"}, {"before", side_json(diff.before)}, {"after", side_json(diff.after)}};
  Json sections = Json::array();
  for (const DiffSection& section : diff.sections) {
    Json entries = Json::array();
    for (const EntryChange& entry : section.entries) {
      Json members = Json::array();
      for (const MemberChange& change : entry.members) {
        Json member{{"member", change.member}};
        member["before"] = change.before ? Json(*change.before) : Json(nullptr);
        member["after"] = change.after ? Json(*change.after) : Json(nullptr);
        members.push_back(std::move(member));
      }
      entries.push_back({{"state", word(entry.kind)}, {"name", entry.name}, {"members", std::move(members)}});
    }
    sections.push_back({{"section", section.name}, {"entries", std::move(entries)}});
  }
  json["sections"] = std::move(sections);
  json["gained"] = ranges_json(diff.gained);
  json["lost"] = ranges_json(diff.lost);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string branch_diff_markdown(const BranchDiff& diff) {
  std::string text = fmt::format("# {} -> {}\n", side_text(diff.before), side_text(diff.after));
  if (diff.empty()) return text + "\nNo difference.\n";
  for (const DiffSection& section : diff.sections) text += section_markdown(section, diff);
  if (diff.gained.empty() && diff.lost.empty()) return text;
  text += fmt::format("\n## variants\n\n{} -> {}\n\n", diff.before.variants, diff.after.variants);
  for (const VariantRange& range : diff.lost) text += fmt::format("- lost: {}\n", describe(range));
  for (const VariantRange& range : diff.gained) text += fmt::format("- gained: {}\n", describe(range));
  return text;
}

}  // namespace ortforge
