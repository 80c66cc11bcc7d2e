/* Content lines of iCalendar (RFC 5545, section 3.1): NAME:VALUE and CRLF, folded so that none is
 * longer than 75 octets and no character is torn. */
#ifndef UDCG_BASE_ICAL_H
#define UDCG_BASE_ICAL_H

#include <udcg/base/strbuf.h>

/* The name has its parameters ("DTSTART;VALUE=DATE"), the value is valid UTF-8. */

/* The value as it is: a date, a word, a URI. */
void ical_append_value(struct strbuf *buffer, const char *name, struct bytes value);
/* The value as TEXT (section 3.3.11). Of its control characters only newline and tab can be said;
 * U+FFFD stands for another. */
void ical_append_text(struct strbuf *buffer, const char *name, struct bytes text);

#endif
