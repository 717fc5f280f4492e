/* cmocka and the headers that it wants before it. */
#ifndef LOPING_TESTS_UNIT_UNIT_TEST_H
#define LOPING_TESTS_UNIT_UNIT_TEST_H

/* cmocka.h needs these four to have been included; a formatter must not sort them below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* cmocka 2 has it by another name, and calls this one deprecated. */
#ifdef assert_uint_in_range
#undef assert_in_range
#define assert_in_range(value, least, most) assert_uint_in_range(value, least, most)
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
