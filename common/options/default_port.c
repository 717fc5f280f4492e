/* The default port by the environment; see default_port.h. */
#include "common/options/default_port.h"

#include <stdio.h>
#include <string.h>

#include "common/net/address.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

bool default_port_read(const char *name, const char *value, uint16_t least, uint16_t *port, char *problem) {
  char shown[80];
  const char *why = "is not a port number";
  *port = ADDRESS_DEFAULT_PORT;
  if (value == NULL || value[0] == '\0') return true;
  enum address_status status = address_parse_port(value, port);
  if (status == ADDRESS_OK && *port >= least) return true;
  if (status == ADDRESS_OK) why = "is no port that anybody can have";
  if (status == ADDRESS_PORT_OUT_OF_RANGE) why = "is above 65535, the highest port that 16 bits can name";
  safe_text_copy(value, strlen(value), shown, sizeof shown);
  snprintf(
      problem, OPTIONS_PROBLEM_SIZE,
      "%s: '%s' %s; it sets the default port: give it a port from %d to 65535, name a port on the command line, or "
      "unset it: unset %s",
      name, shown, why, least, name);
  return false;
}
