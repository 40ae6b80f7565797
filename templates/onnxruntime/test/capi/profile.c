#include "profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUDA "CUDAExecutionProvider"
#define EVENT "\"cat\""  // begins every event
enum { MAX_WORD = 64, MAX_OPERATORS = 256 };

// The text that belongs to a quoted `key` between `event` and `end`.
static int text_of(const char* event, const char* end, const char* key, char* value) {
  const char* at = strstr(event, key);
  if (!at || at >= end) return 0;
  at += strlen(key);
  at += strspn(at, " :");
  size_t length = *at == '"' ? strcspn(at + 1, "\"") : 0;
  if (length == 0 || length >= MAX_WORD) return 0;
  memcpy(value, at + 1, length);
  value[length] = '\0';
  return 1;
}

// Where `operator_name` ran ("-": any operator): on CUDA, if it did at least once; else the provider it ran
// on.
static int find_provider(const char* profile, const char* operator_name, char* where) {
  int found = 0;
  for (const char* event = strstr(profile, EVENT); event;) {
    const char* next = strstr(event + 1, EVENT);
    const char* end = next ? next : event + strlen(event);
    char name[MAX_WORD], provider[MAX_WORD];
    if (text_of(event, end, "\"op_name\"", name) && text_of(event, end, "\"provider\"", provider) &&
        (strcmp(operator_name, "-") == 0 || strcmp(operator_name, name) == 0)) {
      memcpy(where, provider, sizeof provider);
      found = 1;
      if (strcmp(provider, CUDA) == 0) return 1;
    }
    event = next;
  }
  return found;
}

static int check_operator(const char* profile, const char* operator_name, const char* label) {
  char where[MAX_WORD] = "";
  const char* shown = strcmp(operator_name, "-") == 0 ? "some operator" : operator_name;
  if (!find_provider(profile, operator_name, where)) {
    return printf("FAIL %s: the profile does not show %s\n", label, shown), 0;
  }
  int good = strcmp(where, CUDA) == 0;
  printf("%s %s: %s ran on %s%s\n", good ? "ok" : "FAIL", label, shown, where,
         good ? "" : ", expected " CUDA);
  return good;
}

int check_profile(const char* profile, const char* operators, const char* label) {
  char names[MAX_OPERATORS];
  if (strlen(operators) >= sizeof names) return printf("FAIL %s: too many operators\n", label), 0;
  strcpy(names, operators);
  int good = names[0] != '\0';
  for (char* name = strtok(names, ","); name; name = strtok(NULL, ","))
    good &= check_operator(profile, name, label);
  return good;
}

static char* read_text(FILE* stream) {
  size_t used = 0, room = 1 << 16;
  char* text = malloc(room);
  while (text) {
    used += fread(text + used, 1, room - used - 1, stream);
    if (used + 1 < room) break;
    room *= 2;
    char* larger = realloc(text, room);
    if (!larger) free(text);
    text = larger;
  }
  if (text) text[used] = '\0';
  return text;
}

int check_profile_file(const char* path, const char* operators, const char* label) {
  FILE* stream = fopen(path, "r");
  if (!stream) return printf("FAIL %s: %s: %s\n", label, path, strerror(errno)), 0;
  char* text = read_text(stream);
  fclose(stream);
  int good = text && check_profile(text, operators, label);
  free(text);
  return good;
}
