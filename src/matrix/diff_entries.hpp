// JSON as named texts, and what tells two lists of them apart. Inner header of `matrix`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ortforge/base/json_reader.hpp"
#include "ortforge/matrix/branch_diff.hpp"

namespace ortforge::matrix_diff {

// Member and text: {"origins", "git https://example.org/a v1"}.
using Facts = std::vector<std::pair<std::string, std::string>>;

struct Entry {
  std::string name;
  Facts facts;
};

// A value in one text: scalars as they are, lists with commas, objects as their values one after another.
std::string text_of(const Json& value);

// The members of an object, nested ones as "environments.test"; elements of a list that have a name go by it:
// "toolkit.nvidia-cublas.sha256".
Facts facts_of(const Json& object);

// The members of an object, or the elements of a list by name, by source and file or by rule.
std::vector<Entry> entries_of(const Json& collection);

// Entries of one name are taken together, equal ones first; what is left over was lost or gained.
std::vector<EntryChange> diff_entries(const std::vector<Entry>& before, const std::vector<Entry>& after);

}  // namespace ortforge::matrix_diff
