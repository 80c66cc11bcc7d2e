/* A service that says what a test of the HTTP layer needs, by path; linked in place of src/api.
 *
 *	/hello          cacheable, ETag "1"; its body tells the generation and how often it was made
 *	/big            the same with a megabyte
 *	/live           not cacheable
 *	/later?N        needs a query thread, for N milliseconds; cacheable
 *	/held           the same, until fake_service_release
 *	/stream?N       a stream of N parts, each "part\n"
 *	/broken         a stream that ends early after one part
 *	/slow-stream    a stream whose parts take 50 ms
 *	/events         live: an event of a kilobyte with the generation, at each reload
 *	/known          304 to anybody who says If-None-Match, cacheable otherwise
 *	anything else   404
 */
#ifndef TESTS_FAKE_SERVICE_H
#define TESTS_FAKE_SERVICE_H

#include <udcg/api/service.h>

struct service *fake_service_create(void);
void fake_service_reload(struct service *service);
/* How many times session_answer was called. */
unsigned fake_service_answers(const struct service *service);
/* Nothing is held any more, from now on. */
void fake_service_release(struct service *service);

#endif
