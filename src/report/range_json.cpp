#include "range_json.hpp"

namespace ortforge::report_detail {

Json range_json(const VariantRange& range) {
  return {{"line", range.line},     {"cuda", or_null(range.cuda)}, {"python", or_null(range.python)},
          {"sms", Json(range.sms)}, {"isas", Json(range.isas)},    {"count", range.count()}};
}

}  // namespace ortforge::report_detail
