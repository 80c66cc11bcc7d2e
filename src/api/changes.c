#include "service_internal.h"

#include <string.h>

void service_tell(struct service *service, char version[static DIGEST_HEX_SIZE],
	struct strbuf *events)
{
	struct dataset *dataset = service_dataset(service);
	if (dataset && strcmp(dataset->card.version, version) != 0) {
		memcpy(version, dataset->card.version, DIGEST_HEX_SIZE);
		strbuf_append_format(events, "event: dataset\nid: %s\ndata: ", version);
		dataset_write(dataset, events);
		strbuf_append_text(events, "\n\n");
	}
	dataset_release(dataset);
}
