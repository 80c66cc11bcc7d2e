/* /v1/changes: nothing at first. What it says, it says when it happens: service_tell. */
#include <udcg/handlers/handlers.h>

bool changes_answer(struct exchange *exchange)
{
	(void)exchange;
	return true;
}
