// models.txt: which models there are, their inputs and the outputs expected of them.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { MAX_NAME = 64, MAX_RANK = 8, MAX_TENSORS = 8, MAX_MODELS = 32, MAX_PATH = 4096 };

enum value_type { VALUE_F32, VALUE_U8, VALUE_I32 };

// An input, or an expected output; tolerances are 0 for inputs. An element passes where
// |got - expected| <= atol + rtol * |expected|.
struct tensor {
  char name[MAX_NAME];
  enum value_type type;
  int64_t shape[MAX_RANK];
  size_t rank;
  size_t count;  // elements
  double rtol, atol;
  void* values;  // count elements of the type, owned
};

struct model {
  char name[MAX_NAME];
  char path[MAX_PATH];
  struct tensor inputs[MAX_TENSORS];
  size_t input_count;
  struct tensor outputs[MAX_TENSORS];
  size_t output_count;
};

struct manifest {
  struct model models[MAX_MODELS];
  size_t count;
};

// Bytes of one element.
size_t value_size(enum value_type type);

// The element as a double, exact for every type.
double value_at(enum value_type type, const void* values, size_t index);

// Reads FOLDER/models.txt and the value files it names. On an error prints one line that names the file, and
// the line where it has one, on standard error and returns NULL. Free with manifest_free.
struct manifest* manifest_read(const char* folder);

void manifest_free(struct manifest* manifest);
