#include "representation.h"

#include <limits.h>
#include <zlib.h>

/* gzip without a name and a time, so that equal bodies give equal bytes. */
enum { GZIP_WINDOW = 15 + 16, LEVEL = 6, MEMORY = 8 };

bool compress_body(struct strbuf *body)
{
	z_stream zip = {0};
	struct strbuf out = {0};
	if (body->length > INT_MAX
		|| deflateInit2(&zip, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY)
			!= Z_OK)
		return false;
	strbuf_reserve(&out, deflateBound(&zip, body->length) + 1);
	bool good = !out.failed;
	if (good) {
		zip.next_in = (unsigned char *)body->data;
		zip.avail_in = (unsigned)body->length;
		zip.next_out = (unsigned char *)out.data;
		zip.avail_out = (unsigned)(out.capacity - 1);
		good = deflate(&zip, Z_FINISH) == Z_STREAM_END;
	}
	out.length = zip.total_out;
	deflateEnd(&zip);
	if (!good) {
		strbuf_free(&out);
		return false;
	}
	strbuf_free(body);
	*body = out;
	return true;
}
