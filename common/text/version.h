/* The one version number of both programs. */
#ifndef LOPING_COMMON_TEXT_VERSION_H
#define LOPING_COMMON_TEXT_VERSION_H

#define LOPING_VERSION "0.1.0"

#endif
