/* Which program this is. */
#ifndef UDCG_BASE_BUILD_ID_H
#define UDCG_BASE_BUILD_ID_H

/* 16 hexadecimal digits that change with any source; equal sources have equal ones. */
extern const char build_id[];

/* "0.1.0" */
extern const char build_version[];

#endif
