/* The timeline that comes with the program. */
#ifndef SHIPPED_H
#define SHIPPED_H

/* Its path, found from where the program lies: ../share/udcg of an installed one, ../data of one
 * that was built in the source tree. NULL where there is none; the caller frees it. */
char *shipped_timeline(void);

#endif
