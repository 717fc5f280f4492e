/* cmocka and the headers that it wants before it. */
#ifndef LOPING_TESTS_UNIT_UNIT_TEST_H
#define LOPING_TESTS_UNIT_UNIT_TEST_H

/* cmocka.h needs these four to have been included; a formatter must not sort them below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
