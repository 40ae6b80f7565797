// Ranges of variants as JSON. Inner header of `report`.
#pragma once

#include "ortforge/base/json_reader.hpp"
#include "ortforge/matrix/variant_range.hpp"

namespace ortforge::report_detail {

Json range_json(const VariantRange& range);

}  // namespace ortforge::report_detail
