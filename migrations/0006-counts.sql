-- What documents about the dataset say of all its rows: counted once a load.

-- What the filters can be given, with the rows that each leaves by itself. Filled by the program, which
-- knows the filters.
CREATE TABLE vocabulary (
	resource TEXT NOT NULL, -- as the API calls it
	filter TEXT NOT NULL, -- the parameter
	value ANY, -- a word, or the row of a participant; null where it is not known
	count INTEGER NOT NULL -- rows of the resource
) STRICT;
CREATE INDEX vocabulary_value ON vocabulary (resource, filter, value);

-- How much there is, and from when to when; one row.
CREATE TABLE extent (
	row INTEGER PRIMARY KEY CHECK (row = 1), -- always 1
	sources INTEGER NOT NULL, -- records
	participants INTEGER NOT NULL, -- records
	meetings INTEGER NOT NULL, -- records
	attendance INTEGER NOT NULL, -- rows
	aid INTEGER NOT NULL, -- records
	claims INTEGER NOT NULL, -- records
	facts INTEGER NOT NULL, -- rows
	first_date TEXT, -- earliest day of a dated record
	last_date TEXT -- latest day
) STRICT;
INSERT INTO extent
SELECT 1, (SELECT count(*) FROM source), (SELECT count(*) FROM participant), (SELECT count(*) FROM meeting),
	(SELECT count(*) FROM attendance), (SELECT count(*) FROM aid), (SELECT count(*) FROM claim),
	(SELECT count(*) FROM fact), min(date_min), max(date_max) FROM chronicle;
