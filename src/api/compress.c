#include "representation.h"

#include <udcg/base/gzip.h>

bool compress_body(struct strbuf *body)
{
	_cleanup_gzip_ struct gzip *gzip = gzip_create(GZIP_SMALL);
	struct strbuf out = {0};
	if (!gzip || !gzip_append(gzip, strbuf_bytes(body), true, &out)) {
		strbuf_free(&out);
		return false;
	}
	strbuf_free(body);
	*body = out;
	return true;
}
