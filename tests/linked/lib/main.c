#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

uint32_t count_formats(void);
bool finds_one(void);

int main(void) {
    printf("%u %d\n", count_formats(), finds_one());
    return 0;
}
