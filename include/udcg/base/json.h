/* Appends JSON to a buffer: shortest escapes, UTF-8 as it is (RFC 8259, and RFC 8785 where the
 * caller orders the keys). */
#ifndef UDCG_BASE_JSON_H
#define UDCG_BASE_JSON_H

#include <udcg/base/strbuf.h>

/* Input is valid UTF-8. */
void json_append_string(struct strbuf *buffer, const char *text, size_t length);
void json_append_bytes(struct strbuf *buffer, struct bytes text);
void json_append_text(struct strbuf *buffer, const char *text);
void json_append_text_or_null(struct strbuf *buffer, const char *text);
/* null where data is NULL. */
void json_append_bytes_or_null(struct strbuf *buffer, struct bytes text);
/* "key": preceded by a comma unless the buffer's last byte is '{'. The key is not escaped. */
void json_append_key(struct strbuf *buffer, const char *key);

/* Decodes the string token at `token` (quotes included), as json_append_string wrote it. */
void json_decode_string(struct strbuf *buffer, struct bytes token);

#endif
