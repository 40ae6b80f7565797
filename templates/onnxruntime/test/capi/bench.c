#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static int by_value(const void* left, const void* right) {
  double a = *(const double*)left, b = *(const double*)right;
  return (a > b) - (a < b);
}

// One run, outputs dropped; its time in microseconds, or a negative number after a FAIL line.
static double time_run(const struct session* session) {
  OrtValue* outputs[MAX_TENSORS] = {0};
  double start = now_us();
  int good = session_run(session, outputs);
  double spent = now_us() - start;
  for (size_t i = 0; i < session->model->output_count; ++i) {
    if (outputs[i]) session->library->api->ReleaseValue(outputs[i]);
  }
  return good ? spent : -1.0;
}

// Fills times[runs]; the median is the middle of them, for an even number the mean of the two in the middle.
static double median_of_runs(const struct session* session, double* times, size_t runs) {
  for (size_t i = 0; i < runs / 10 + 3; ++i) {
    if (time_run(session) < 0) return -1.0;
  }
  for (size_t i = 0; i < runs; ++i) {
    times[i] = time_run(session);
    if (times[i] < 0) return -1.0;
  }
  qsort(times, runs, sizeof *times, by_value);
  return (times[(runs - 1) / 2] + times[runs / 2]) / 2;
}

// Such a model tells what a call costs, not how fast the library is.
static int is_single_operator(const struct model* model) {
  return strncmp(model->name, "op_", 3) == 0;
}

int bench_models(const struct library* library, const struct manifest* manifest, size_t runs) {
  double medians[MAX_MODELS] = {0};
  double* times = malloc(runs * sizeof *times);
  if (!times) return printf("FAIL bench: no memory for %zu times\n", runs), 0;
  int good = 1;
  for (size_t m = 0; good && m < manifest->count; ++m) {
    if (is_single_operator(&manifest->models[m])) continue;
    struct session session;
    good = session_open(library, &manifest->models[m], &session);
    if (!good) break;
    medians[m] = median_of_runs(&session, times, runs);
    session_close(&session);
    good = medians[m] >= 0;
  }
  free(times);
  if (!good) return 0;
  printf("{\"version\": \"%s\", \"threads\": 1, \"runs\": %zu, \"median_us\": {",
         library->base->GetVersionString(), runs);
  const char* separator = "";
  for (size_t m = 0; m < manifest->count; ++m) {
    if (is_single_operator(&manifest->models[m])) continue;
    printf("%s\"%s\": %.1f", separator, manifest->models[m].name, medians[m]);
    separator = ", ";
  }
  printf("}}\n");
  return 1;
}
