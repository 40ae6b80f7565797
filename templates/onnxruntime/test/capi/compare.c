#include "compare.h"

#include "profile.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

// Checks that `info` describes a tensor of the type and shape of `expected`; `label` names it in the message.
static int same_form(const struct library* library, const OrtTensorTypeAndShapeInfo* info,
                     const struct tensor* expected, const char* label) {
  ONNXTensorElementDataType wanted = element_type(expected->type);
  const OrtApi* api = library->api;
  ONNXTensorElementDataType type;
  size_t rank;
  int64_t shape[MAX_RANK];
  if (!succeeded(library, api->GetTensorElementType(info, &type), label) ||
      !succeeded(library, api->GetDimensionsCount(info, &rank), label)) {
    return 0;
  }
  if (type != wanted) {
    return printf("FAIL %s: element type %d, expected %d\n", label, (int)type, (int)wanted), 0;
  }
  if (rank != expected->rank)
    return printf("FAIL %s: rank %zu, expected %zu\n", label, rank, expected->rank), 0;
  if (!succeeded(library, api->GetDimensions(info, shape, rank), label)) return 0;
  for (size_t i = 0; i < rank; ++i) {
    if (shape[i] != expected->shape[i]) {
      printf("FAIL %s: axis %zu has length %lld, expected %lld\n", label, i, (long long)shape[i],
             (long long)expected->shape[i]);
      return 0;
    }
  }
  return 1;
}

// Compares element by element, with tolerances times `slack`. NaN never passes. A failure shows the element
// that is furthest beyond its allowance.
static int same_values(const struct tensor* expected, const void* got, double slack, const char* label) {
  double rtol = slack * expected->rtol, atol = slack * expected->atol;
  size_t wrong = 0, worst = 0;
  double largest = 0, worst_error = 0, worst_excess = -INFINITY;
  for (size_t i = 0; i < expected->count; ++i) {
    double want = value_at(expected->type, expected->values, i);
    double error = fabs(value_at(expected->type, got, i) - want);
    double excess = error - (atol + rtol * fabs(want));
    if (isnan(excess)) excess = INFINITY;
    if (excess > 0) ++wrong;
    if (error > largest) largest = error;
    if (excess > worst_excess) {
      worst_excess = excess;
      worst_error = error;
      worst = i;
    }
  }
  if (wrong == 0) {
    printf("ok %s: %zu values, largest error %.3g (allowed: %g + %g * |expected|)\n", label, expected->count,
           largest, atol, rtol);
    return 1;
  }
  printf(
      "FAIL %s: %zu of %zu values differ; worst at index %zu: got %.9g, expected %.9g, error %.9g "
      "(allowed: %g + %g * |expected|)\n",
      label, wrong, expected->count, worst, value_at(expected->type, got, worst),
      value_at(expected->type, expected->values, worst), worst_error, atol, rtol);
  return 0;
}

static int check_output(const struct library* library, const OrtValue* value, const struct tensor* expected,
                        const char* label) {
  const OrtApi* api = library->api;
  OrtTensorTypeAndShapeInfo* info = NULL;
  if (!succeeded(library, api->GetTensorTypeAndShape(value, &info), label)) return 0;
  int good = same_form(library, info, expected, label);
  api->ReleaseTensorTypeAndShapeInfo(info);
  void* got = NULL;
  return good && succeeded(library, api->GetTensorMutableData((OrtValue*)value, &got), label) &&
         same_values(expected, got, library->cuda ? 10 : 1, label);
}

static int check_placement(const struct session* session, const char* operators) {
  char* file = session_end_profile(session);
  int good = file && check_profile_file(file, operators, session->model->name);
  free(file);
  return good;
}

int check_model(const struct library* library, const struct model* model, const char* operators) {
  struct session session;
  if (!session_open(library, model, &session)) return 0;
  OrtValue* outputs[MAX_TENSORS] = {0};
  int ran = session_run(&session, outputs);
  size_t passed = 0;
  for (size_t i = 0; ran && i < model->output_count; ++i) {
    char label[2 * MAX_NAME];
    snprintf(label, sizeof label, "%s.%s", model->name, model->outputs[i].name);
    passed += (size_t)check_output(library, outputs[i], &model->outputs[i], label);
  }
  for (size_t i = 0; i < model->output_count; ++i) {
    if (outputs[i]) library->api->ReleaseValue(outputs[i]);
  }
  int placed = !library->profile || check_placement(&session, operators);
  session_close(&session);
  return ran && placed && passed == model->output_count;
}
