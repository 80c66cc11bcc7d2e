/* The timeline that is served or exported. */
#ifndef SHIPPED_H
#define SHIPPED_H

#include "commands.h"

/* `given`; where that is NULL the one that comes with the program, which is found from where the
 * program lies: ../share/udcg of an installed one, ../data of one that was built in the source tree.
 * Complains where there is none. The caller frees the path. */
enum exit_status timeline_path(const char *given, char **ret_path);

#endif
