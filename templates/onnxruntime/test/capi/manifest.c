#include "manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD "%63s"  // MAX_NAME - 1
#define FILE_FIELD "%255s"
enum { MAX_FILE = 256, MAX_LINE = 1024 };

static const struct {
  const char* suffix;
  size_t size;
} kTypes[] = {[VALUE_F32] = {"f32", 4}, [VALUE_U8] = {"u8", 1}, [VALUE_I32] = {"i32", 4}};

size_t value_size(enum value_type type) {
  return kTypes[type].size;
}

double value_at(enum value_type type, const void* values, size_t index) {
  switch (type) {
    case VALUE_F32:
      return ((const float*)values)[index];
    case VALUE_U8:
      return ((const uint8_t*)values)[index];
    case VALUE_I32:
      return ((const int32_t*)values)[index];
  }
  abort();
}

static int parse_type(const char* text, enum value_type* type) {
  for (size_t i = 0; i < sizeof kTypes / sizeof kTypes[0]; ++i) {
    if (strcmp(text, kTypes[i].suffix) == 0) {
      *type = (enum value_type)i;
      return 1;
    }
  }
  return 0;
}

// "2,3,32,32" into shape, rank and count.
static int parse_shape(const char* text, struct tensor* tensor) {
  tensor->count = 1;
  for (tensor->rank = 0; tensor->rank < MAX_RANK; ++text) {
    char* end;
    long long length = strtoll(text, &end, 10);
    if (end == text || length < 1 || length > 1000000) return 0;
    tensor->shape[tensor->rank++] = length;
    tensor->count *= (size_t)length;
    if (tensor->count > 100000000) return 0;
    if (*end == '\0') return 1;
    if (*end != ',') return 0;
    text = end;
  }
  return 0;
}

static int join(char* path, const char* folder, const char* file) {
  return snprintf(path, MAX_PATH, "%s/%s", folder, file) < MAX_PATH;
}

static int read_values(const char* folder, const char* file, struct tensor* tensor) {
  char path[MAX_PATH];
  if (!join(path, folder, file)) return fprintf(stderr, "%s: path too long\n", file), 0;
  FILE* stream = fopen(path, "rb");
  if (!stream) return fprintf(stderr, "%s: %s\n", path, strerror(errno)), 0;
  size_t size = value_size(tensor->type);
  tensor->values = malloc(tensor->count * size);
  size_t got = tensor->values ? fread(tensor->values, size, tensor->count, stream) : 0;
  int whole = got == tensor->count && fgetc(stream) == EOF;
  fclose(stream);
  if (!whole) {
    fprintf(stderr, "%s: expected exactly %zu values of %zu bytes\n", path, tensor->count, size);
  }
  return whole;
}

// One input or output line of `model`.
static int read_tensor(const char* folder, const char* line, struct model* model) {
  char type[MAX_NAME], shape[MAX_NAME], file[MAX_FILE];
  int is_input = strncmp(line, "input ", 6) == 0;
  size_t* count = is_input ? &model->input_count : &model->output_count;
  struct tensor* tensor = (is_input ? model->inputs : model->outputs) + *count;
  if (*count == MAX_TENSORS) return 0;
  int fields = is_input ? sscanf(line, "input " FIELD FIELD FIELD FILE_FIELD, tensor->name, type, shape, file)
                        : sscanf(line, "output " FIELD FIELD FIELD "%lf %lf" FILE_FIELD, tensor->name, type,
                                 shape, &tensor->rtol, &tensor->atol, file);
  if (fields != (is_input ? 4 : 6) || !parse_type(type, &tensor->type) || !parse_shape(shape, tensor))
    return 0;
  ++*count;
  return read_values(folder, file, tensor);
}

static int read_line(const char* folder, const char* line, struct manifest* manifest) {
  char file[MAX_FILE];
  if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0') return 1;
  if (strncmp(line, "model ", 6) == 0) {
    if (manifest->count == MAX_MODELS) return 0;
    struct model* model = &manifest->models[manifest->count++];
    return sscanf(line, "model " FIELD FILE_FIELD, model->name, file) == 2 && join(model->path, folder, file);
  }
  if (strncmp(line, "input ", 6) != 0 && strncmp(line, "output ", 7) != 0) return 0;
  return manifest->count > 0 && read_tensor(folder, line, &manifest->models[manifest->count - 1]);
}

// A model without outputs would pass without a single comparison.
static int is_complete(const struct manifest* manifest, const char* path) {
  for (size_t m = 0; m < manifest->count; ++m) {
    const struct model* model = &manifest->models[m];
    if (model->output_count == 0) return fprintf(stderr, "%s: no output of %s\n", path, model->name), 0;
  }
  return manifest->count > 0 ? 1 : (fprintf(stderr, "%s: names no model\n", path), 0);
}

struct manifest* manifest_read(const char* folder) {
  char path[MAX_PATH], line[MAX_LINE];
  if (!join(path, folder, "models.txt")) return fprintf(stderr, "%s: path too long\n", folder), NULL;
  FILE* stream = fopen(path, "r");
  if (!stream) return fprintf(stderr, "%s: %s\n", path, strerror(errno)), NULL;
  struct manifest* manifest = calloc(1, sizeof *manifest);
  int good = manifest != NULL;
  for (int number = 1; good && fgets(line, sizeof line, stream); ++number) {
    good = read_line(folder, line, manifest);
    if (!good) fprintf(stderr, "%s:%d: cannot use this line: %s\n", path, number, line);
  }
  fclose(stream);
  if (good && is_complete(manifest, path)) return manifest;
  manifest_free(manifest);
  return NULL;
}

void manifest_free(struct manifest* manifest) {
  if (!manifest) return;
  for (size_t m = 0; m < manifest->count; ++m) {
    struct model* model = &manifest->models[m];
    for (size_t i = 0; i < model->input_count; ++i) free(model->inputs[i].values);
    for (size_t i = 0; i < model->output_count; ++i) free(model->outputs[i].values);
  }
  free(manifest);
}
