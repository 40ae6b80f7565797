// Says "ready", sleeps argv[1] milliseconds.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
  puts("ready");
  fflush(stdout);
  long left = argc > 1 ? atol(argv[1]) : 1000;
  for (; left > 0; left -= 100) usleep((useconds_t)(left < 100 ? left : 100) * 1000);
  return 0;
}
