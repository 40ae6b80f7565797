// Small text helpers; no word of the domain.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ortforge {

using Milliseconds = std::chrono::milliseconds;

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string trim(std::string_view text);

// "1 variant", "2 variants"; `plural` where it is not the noun with an s: "2 branches".
std::string counted(std::size_t count, std::string_view noun, std::string_view plural = {});

// Up to `count` names of `candidates` nearest to `name` (case-insensitive edit distance with transpositions),
// best first; a candidate further away than half the name's length is left out.
std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates,
                                 std::size_t count = 3);

// " (did you mean 'a' or 'b'?)" for use at the end of a message, or nothing when no candidate is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

// "512 B", "1.5 MiB", "2.3 GiB" (powers of 1024).
std::string format_bytes(std::uint64_t bytes);

// What a person means by "20G", "500M", "1.5GiB" or "1024": a number and a unit of powers of 1024 (K, M, G,
// T, also with iB; B or none for bytes). Nothing for any other text, and for more than 2^62 bytes.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// "850 ms", "12.3 s", "4 min 05 s", "1 h 02 min".
std::string format_duration(Milliseconds duration);

// What a person means by "90s", "30min" or "2h": a whole number and a unit. Nothing for any other text, for
// no time at all, and for more than a century.
std::optional<Milliseconds> parse_duration(std::string_view text);

// Order of dotted versions such as "550.54.14" and "13.0": numbers compare as numbers, missing parts as 0.
// <0, 0, >0.
int compare_versions(std::string_view left, std::string_view right);

}  // namespace ortforge
